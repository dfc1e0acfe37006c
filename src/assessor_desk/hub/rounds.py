"""Writing a received round: the first of a new portfolio, or the next of one that is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import randbelow, token_bytes
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, select

from assessor_desk.domain.case import CaseEvent, CaseState, advance
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.ids import ArtifactId, OrganizationId, PortfolioCode, PortfolioId, RoundId
from assessor_desk.domain.portfolio import Artifact, Pointer, Round
from assessor_desk.domain.program import MicroCredential
from assessor_desk.domain.rubric import Outcome
from assessor_desk.errors import InputError, RuleError
from assessor_desk.hub import acts, tables
from assessor_desk.hub.cases import Case, move
from assessor_desk.hub.codes import new_code
from assessor_desk.hub.manifest import PortfolioFile
from assessor_desk.programs.codec import read_micro_credential
from assessor_desk.seals.canonical import canonical
from assessor_desk.seals.codes import parse_portfolio_code
from assessor_desk.seals.digests import sha256
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionState

_SAFE = "Nothing was taken in."


@dataclass(frozen=True, slots=True)
class Taken:
    """One stored file with the name it came with and what the hub found out about it."""

    artifact: Artifact
    original_name: str
    findings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a round goes: the portfolio it belongs to, if there is one, and what it is judged by."""

    portfolio: PortfolioId | None
    micro_credential: MicroCredential
    rubric_sha256: str


@dataclass(frozen=True, slots=True)
class Added:
    """The round that was written, or the one that was there already with the same content."""

    id: RoundId
    code: PortfolioCode
    number: int
    known: bool
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


def add(
    connection: Connection,
    where: Target,
    said: PortfolioFile,
    taken: Sequence[Taken],
    pointers: tuple[Pointer, ...],
    at: datetime,
) -> Added:
    """Write the round with its artifacts, or return the one that holds the same already."""
    content = _content_sha256(taken)
    portfolio = where.portfolio or _new_portfolio(connection, where, said, at)
    code = PortfolioCode(
        connection.execute(select(tables.portfolio.c.code).where(tables.portfolio.c.id == portfolio)).scalar_one()
    )
    last = _last_round(connection, portfolio)
    if last is not None and last.content_sha256 == content:
        return Added(RoundId(last.id), code, last.number, True, {})
    number = _next_number(connection, said, last, at)
    shared = _elsewhere(connection, portfolio, taken)
    new = Round(
        id=RoundId(str(uuid4())),
        number=number,
        received_at=at,
        artifacts=tuple(each.artifact for each in taken),
        pointers=pointers,
        context_note=said.context_note,
    )
    _insert(connection, portfolio, new, taken, content, at)
    return Added(new.id, code, number, False, shared)


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
    rows = connection.execute(
        select(versions).where(versions.c.id == micro_credential).order_by(versions.c.added_at)
    ).all()
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


def _content_sha256(taken: Sequence[Taken]) -> str:
    """Return a digest over what was handed in, so that the same round sent twice is known."""
    files = sorted([each.artifact.slot, each.original_name, each.artifact.sha256] for each in taken)
    return sha256(canonical(files))


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
            organization=_organization(connection, said.organization),
            made_at=at,
        )
    )
    for each in said.participants:
        connection.execute(
            tables.participant.insert().values(
                id=str(uuid4()), portfolio=portfolio, name=each.name, external_id=each.external_id or None
            )
        )
    return portfolio


def _organization(connection: Connection, name: str) -> OrganizationId | None:
    if not name:
        return None
    organization = tables.organization
    known = connection.execute(select(organization.c.id).where(organization.c.name == name)).scalar_one_or_none()
    if known is None:
        known = str(uuid4())
        connection.execute(organization.insert().values(id=known, name=name))
    return OrganizationId(known)


def _last_round(connection: Connection, portfolio: PortfolioId) -> Row[Any] | None:
    return connection.execute(
        select(tables.round_)
        .where(tables.round_.c.portfolio == portfolio)
        .order_by(tables.round_.c.number.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()


def _next_number(connection: Connection, said: PortfolioFile, last: Row[Any] | None, at: datetime) -> int:
    number = last.number + 1 if last is not None else 1
    if said.round not in (0, number):
        raise InputError(
            f"This says that it is round {said.round}, and the next round of this portfolio is {number}.",
            safe=_SAFE,
            next="Correct the number, or leave it out.",
        )
    if last is not None:
        case = Case.load(connection, RoundId(last.id))
        if case.state not in (CaseState.RELEASED, CaseState.INCOMPLETE):
            raise RuleError(
                f"Round {last.number} of {case.portfolio.code} is still open ({case.state}).",
                safe=_SAFE,
                next="Hand in the next round once its result is released.",
            )
        move(connection, case, CaseEvent.NEXT_ROUND, _facts_of_next(connection, case), at)
    else:
        advance(None, CaseEvent.INTAKE, Facts())
    return number


def _facts_of_next(connection: Connection, case: Case) -> Facts:
    outcome = connection.execute(
        select(tables.decision.c.outcome)
        .where(tables.decision.c.round == case.round.id, tables.decision.c.state == DecisionState.SIGNED.value)
        .order_by(tables.decision.c.received_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return Facts(
        outcome=Outcome(outcome) if outcome else None,
        attempts_left=case.micro_credential.policy.attempts.allows(case.round.number + 1),
    )


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


def _insert(
    connection: Connection, portfolio: PortfolioId, new: Round, taken: Sequence[Taken], content: str, at: datetime
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
            content_sha256=content,
            draw=randbelow(100),
            body=body,
        )
    )
    for each in taken:
        _insert_artifact(connection, new.id, each, at)
    acts.record(connection, acts.ActKind.ROUND_RECEIVED, new.id, sha256(body), at)


def _insert_artifact(connection: Connection, round_id: RoundId, taken: Taken, at: datetime) -> None:
    stored = tables.stored_file
    artifact = taken.artifact
    if connection.execute(select(stored.c.sha256).where(stored.c.sha256 == artifact.sha256)).first() is None:
        connection.execute(stored.insert().values(sha256=artifact.sha256, size=artifact.size, stored_at=at))
    connection.execute(
        tables.artifact.insert().values(
            id=artifact.id,
            round=round_id,
            slot=artifact.slot,
            original_name=taken.original_name,
            sha256=artifact.sha256,
            findings=canonical(codec.to_json(taken.findings)),
        )
    )
