"""Writing a received round: the first of a new portfolio, or the next of one that is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import randbelow, token_bytes
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, select

from assessor_desk.domain.case import CaseEvent, CaseState, advance
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.ids import ArtifactId, PortfolioCode, PortfolioId, RoundId
from assessor_desk.domain.portfolio import Pointer, Round
from assessor_desk.domain.program import MicroCredential
from assessor_desk.domain.rubric import Outcome
from assessor_desk.errors import InputError, RuleError
from assessor_desk.hub import acts, tables
from assessor_desk.hub.attempts import another_is_left
from assessor_desk.hub.cases import Case, move
from assessor_desk.hub.codes import new_code
from assessor_desk.hub.manifest import PortfolioFile
from assessor_desk.hub.people import organization_named
from assessor_desk.hub.sorting import Sorted, Taken
from assessor_desk.programs.codec import read_micro_credential
from assessor_desk.seals.canonical import canonical
from assessor_desk.seals.codes import parse_portfolio_code
from assessor_desk.seals.digests import sha256
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionState

_SAFE = "Nothing was taken in."


@dataclass(frozen=True, slots=True)
class Known:
    """A round that holds the same content already."""

    code: PortfolioCode
    round: Round


@dataclass(frozen=True, slots=True)
class Target:
    """Where a round goes: the portfolio it belongs to, if there is one, and what it is judged by."""

    portfolio: PortfolioId | None
    micro_credential: MicroCredential
    rubric_sha256: str
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """The round that was written, and which of its files other portfolios hold too."""

    id: RoundId
    code: PortfolioCode
    number: int
    shared_with: Mapping[ArtifactId, Sequence[PortfolioCode]]


def target(connection: Connection, said: PortfolioFile, code: str) -> Target:
    """Return where a round goes; a portfolio that is known keeps the rubric version of its first round."""
    known = _portfolio(connection, said.external_id, code)
    rubric = _pinned(connection, known) if known else _newest(connection, said.micro_credential)
    if known and said.micro_credential not in ("", known.micro_credential):
        raise InputError(
            f"The portfolio {known.code} is for {known.micro_credential}, not for {said.micro_credential}.",
            safe=_SAFE,
            next="Leave the micro-credential out, or hand it in as a new portfolio.",
        )
    portfolio = PortfolioId(known.id) if known else None
    return Target(portfolio, read_micro_credential(rubric.body), rubric.sha256)


def content_sha256(files: Sequence[Sorted]) -> str:
    """Return a digest over what was handed in, so that the same round sent twice is known."""
    return sha256(canonical(sorted([each.slot, each.file.name, each.sha256] for each in files)))


def meant(connection: Connection, where: Target, said: PortfolioFile, content: str) -> Target:
    """Return the target with the round that holds the same content, if one does.

    A portfolio that came without an id of its own is known by nothing but its content.
    """
    portfolio, of = tables.portfolio.c, tables.round_.c
    query = (
        select(of.body, portfolio.code, portfolio.id.label("portfolio"))
        .join(tables.portfolio, portfolio.id == of.portfolio)
        .where(of.content_sha256 == content)
        .order_by(of.number)
        .limit(1)
    )
    if where.portfolio is not None:
        query = query.where(of.portfolio == where.portfolio)
    elif not said.external_id:
        query = query.where(portfolio.external_id.is_(None), portfolio.micro_credential == where.micro_credential.id)
    else:
        return where
    row = connection.execute(query).one_or_none()
    if row is None:
        return where
    return replace(where, portfolio=row.portfolio, known=Known(row.code, codec.from_bytes(row.body, Round)))


def require_next(connection: Connection, where: Target, said: PortfolioFile) -> None:
    """Raise what stands against the next round of a portfolio."""
    last = _last(connection, where.portfolio)
    _require_number(said, 1 if last is None else last.number + 1)
    if last is not None:
        _next(connection, Case.read(connection, RoundId(last.id)))


def add(
    connection: Connection,
    where: Target,
    said: PortfolioFile,
    taken: Sequence[Taken],
    pointers: tuple[Pointer, ...],
    content: str,
    at: datetime,
) -> Added | Known:
    """Write the round with its artifacts, or return the one that holds the same already."""
    last = _last(connection, where.portfolio)
    number = 1 if last is None else last.number + 1
    if last is None:
        advance(None, CaseEvent.INTAKE, Facts())
    else:
        case = Case.take(connection, RoundId(last.id))
        where = meant(connection, where, said, content)
        if where.known is not None:
            return where.known
        _require_number(said, number)
        move(connection, case, CaseEvent.NEXT_ROUND, _next(connection, case), at)
    portfolio = where.portfolio or _new_portfolio(connection, where, said, at)
    new = Round(
        id=RoundId(str(uuid4())),
        number=number,
        received_at=at,
        artifacts=tuple(each.artifact for each in taken),
        pointers=pointers,
        context_note=said.context_note,
    )
    _insert(connection, portfolio, new, said, content, at)
    _insert_artifacts(connection, new, taken, at)
    code = connection.execute(select(tables.portfolio.c.code).where(tables.portfolio.c.id == portfolio)).scalar_one()
    return Added(new.id, PortfolioCode(code), number, _elsewhere(connection, portfolio, taken))


def _portfolio(connection: Connection, external_id: str, code: str) -> Row[Any] | None:
    portfolio = tables.portfolio
    if code:
        row = connection.execute(select(portfolio).where(portfolio.c.code == parse_portfolio_code(code))).one_or_none()
        if row is None:
            raise InputError(f"This hub has no portfolio {code}.", safe=_SAFE, next="Look it up with `hub status`.")
        return row
    if not external_id:
        return None
    return connection.execute(select(portfolio).where(portfolio.c.external_id == external_id)).one_or_none()


def _newest(connection: Connection, micro_credential: str) -> Row[Any]:
    if not micro_credential:
        raise InputError(
            "Nothing says which micro-credential this portfolio is for.",
            safe=_SAFE,
            next="Name it with --micro-credential or in portfolio.yaml.",
        )
    versions = tables.micro_credential
    rows = connection.execute(select(versions).where(versions.c.id == micro_credential)).all()
    if not rows:
        raise InputError(
            f"This hub does not offer “{micro_credential}”.", safe=_SAFE, next="Add its program with `hub add-program`."
        )
    return max(rows, key=lambda row: tuple(int(part) for part in row.version.split(".")))


def _pinned(connection: Connection, portfolio: Row[Any]) -> Row[Any]:
    versions = tables.micro_credential
    return connection.execute(
        select(versions).where(versions.c.id == portfolio.micro_credential, versions.c.version == portfolio.version)
    ).one()


def _last(connection: Connection, portfolio: PortfolioId | None) -> Row[str, int] | None:
    if portfolio is None:
        return None
    of = tables.round_.c
    query = select(of.id, of.number).where(of.portfolio == portfolio).order_by(of.number.desc()).limit(1)
    return connection.execute(query).one_or_none()


def _require_number(said: PortfolioFile, number: int) -> None:
    if said.round not in (0, number):
        raise InputError(
            f"This says that it is round {said.round}, and the next round of this portfolio is {number}.",
            safe=_SAFE,
            next="Correct the number, or leave it out.",
        )


def _next(connection: Connection, case: Case) -> Facts:
    """Return the facts with which the next round reaches a case, or raise why it cannot yet."""
    if case.state not in (CaseState.RELEASED, CaseState.INCOMPLETE):
        raise RuleError(
            f"Round {case.round.number} of {case.portfolio.code} is still open ({case.state}).",
            safe=_SAFE,
            next="Hand in the next round once its result is released.",
        )
    signed = (each.outcome for each in case.decisions if each.state is DecisionState.SIGNED)
    outcome = next(signed, None)
    if case.state is CaseState.RELEASED and outcome is Outcome.EARNED:
        raise RuleError(f"{case.portfolio.code} is earned, so no further round is taken.", safe=_SAFE)
    facts = Facts(outcome=outcome, attempts_left=another_is_left(connection, case))
    advance(case.state, CaseEvent.NEXT_ROUND, facts)
    return facts


def _new_portfolio(connection: Connection, where: Target, said: PortfolioFile, at: datetime) -> PortfolioId:
    portfolio = PortfolioId(str(uuid4()))
    connection.execute(
        tables.portfolio.insert().values(
            id=portfolio,
            code=new_code(connection, token_bytes),
            external_id=said.external_id or None,
            program=where.micro_credential.program.id,
            micro_credential=where.micro_credential.id,
            version=where.micro_credential.version,
            rubric_sha256=where.rubric_sha256,
            team_of=max(1, len(said.participants)),
            team=said.team,
            organization=organization_named(connection, said.organization) if said.organization else None,
            made_at=at,
        )
    )
    if said.participants:
        connection.execute(
            tables.participant.insert(),
            [
                {
                    "id": str(uuid4()),
                    "portfolio": portfolio,
                    "name": each.name,
                    "external_id": each.external_id or None,
                }
                for each in said.participants
            ],
        )
    return portfolio


def _insert(
    connection: Connection, portfolio: PortfolioId, new: Round, said: PortfolioFile, content: str, at: datetime
) -> None:
    body = codec.to_bytes(new)
    connection.execute(
        tables.round_.insert().values(
            id=new.id,
            portfolio=portfolio,
            number=new.number,
            state=CaseState.RECEIVED.value,
            received_at=at,
            context_note=new.context_note,
            consent=said.consent,
            content_sha256=content,
            draw=randbelow(100),
            body=body,
        )
    )
    acts.record(connection, acts.ActKind.ROUND_RECEIVED, new.id, sha256(body), at)


def _insert_artifacts(connection: Connection, new: Round, taken: Sequence[Taken], at: datetime) -> None:
    stored = tables.stored_file
    sizes = {each.artifact.sha256: each.artifact.size for each in taken}
    there = set(connection.execute(select(stored.c.sha256).where(stored.c.sha256.in_(list(sizes)))).scalars())
    files = [{"sha256": each, "size": size, "stored_at": at} for each, size in sizes.items() if each not in there]
    if files:
        connection.execute(stored.insert(), files)
    connection.execute(tables.artifact.insert(), [_artifact(new, each) for each in taken])


def _artifact(new: Round, taken: Taken) -> dict[str, object]:
    return {
        "id": taken.artifact.id,
        "round": new.id,
        "slot": taken.artifact.slot,
        "original_name": taken.original_name,
        "sha256": taken.artifact.sha256,
        "findings": canonical(codec.to_json(taken.findings)),
    }


def _elsewhere(
    connection: Connection, portfolio: PortfolioId, taken: Sequence[Taken]
) -> dict[ArtifactId, tuple[PortfolioCode, ...]]:
    """Return which other portfolios of this hub hold the same files."""
    query = (
        select(tables.artifact.c.sha256, tables.portfolio.c.code)
        .join(tables.round_, tables.round_.c.id == tables.artifact.c.round)
        .join(tables.portfolio, tables.portfolio.c.id == tables.round_.c.portfolio)
        .where(
            tables.artifact.c.sha256.in_([each.artifact.sha256 for each in taken]),
            tables.portfolio.c.id != portfolio,
        )
        .distinct()
        .order_by(tables.portfolio.c.code)
    )
    codes: dict[str, list[PortfolioCode]] = {}
    for row in connection.execute(query):
        codes.setdefault(row.sha256, []).append(PortfolioCode(row.code))
    return {each.artifact.id: tuple(codes[each.artifact.sha256]) for each in taken if each.artifact.sha256 in codes}
