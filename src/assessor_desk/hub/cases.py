"""One case as the hub's tables hold it: the round, its portfolio, its assignments and its decisions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Connection, Row, select

from assessor_desk.domain.case import CaseEvent, CaseState, advance
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.ids import PortfolioCode, PortfolioId, ProgramId, RoundId
from assessor_desk.domain.portfolio import Part, Portfolio, Round, RubricPin
from assessor_desk.domain.program import MicroCredential
from assessor_desk.errors import InputError
from assessor_desk.hub import tables
from assessor_desk.programs.codec import read_micro_credential
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionState

STANDING = frozenset({DecisionState.AWAITING.value, DecisionState.SIGNED.value})


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one round, read in the transaction that will change it."""

    round: Round
    state: CaseState
    draw: int
    portfolio: Portfolio
    organization: str | None
    micro_credential: MicroCredential
    rubric: bytes
    assignments: tuple[Row[Any], ...]
    decisions: tuple[Row[Any], ...]

    @classmethod
    def load(cls, connection: Connection, round_id: RoundId) -> Self:
        """Read a case and lock its round, so that two events on it come one after the other."""
        row = connection.execute(_case_query().where(tables.round_.c.id == round_id).with_for_update()).one()
        return cls(
            round=codec.from_bytes(row.body, Round),
            state=CaseState(row.state),
            draw=row.draw,
            portfolio=_portfolio(row),
            organization=row.organization,
            micro_credential=read_micro_credential(row.rubric),
            rubric=row.rubric,
            assignments=_rows(connection, tables.assignment, round_id),
            decisions=_rows(connection, tables.decision, round_id),
        )

    def assignment(self, assignment_id: str) -> Row[Any] | None:
        """Return one of the case's assignments."""
        return next((row for row in self.assignments if row.id == assignment_id), None)

    def standing_decision(self, part: Part) -> Row[Any] | None:
        """Return the decision that stands for a part of the case, if one does."""
        of_part = {row.id for row in self.assignments if row.part == part.value}
        return next((row for row in self.decisions if row.assignment in of_part and row.state in STANDING), None)


def move(connection: Connection, case: Case, event: CaseEvent, facts: Facts, at: datetime) -> CaseState:
    """Take the step that the case's table allows and keep the new state; raise what stands against it."""
    state = advance(case.state, event, facts)
    released = {"released_at": at} if state in (CaseState.RELEASED, CaseState.INCOMPLETE) else {}
    connection.execute(
        tables.round_.update().where(tables.round_.c.id == case.round.id).values(state=state.value, **released)
    )
    return state


def newest_round(connection: Connection, code: str) -> RoundId:
    """Return the newest round of the portfolio with that code."""
    row = connection.execute(
        select(tables.round_.c.id)
        .join(tables.portfolio, tables.portfolio.c.id == tables.round_.c.portfolio)
        .where(tables.portfolio.c.code == code)
        .order_by(tables.round_.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise InputError(f"This hub has no portfolio with the code {code}.", next="Look it up with `hub status`.")
    return RoundId(row.id)


def _case_query() -> Any:
    return (
        select(
            tables.round_.c.body,
            tables.round_.c.state,
            tables.round_.c.draw,
            tables.portfolio.c.id.label("portfolio_id"),
            tables.portfolio.c.code,
            tables.portfolio.c.program,
            tables.portfolio.c.micro_credential,
            tables.portfolio.c.version,
            tables.portfolio.c.rubric_sha256,
            tables.portfolio.c.team_of,
            tables.portfolio.c.organization,
            tables.micro_credential.c.body.label("rubric"),
        )
        .join(tables.portfolio, tables.portfolio.c.id == tables.round_.c.portfolio)
        .join(
            tables.micro_credential,
            (tables.micro_credential.c.id == tables.portfolio.c.micro_credential)
            & (tables.micro_credential.c.version == tables.portfolio.c.version),
        )
    )


def _portfolio(row: Row[Any]) -> Portfolio:
    pin = RubricPin(row.micro_credential, row.version, row.rubric_sha256)
    return Portfolio(
        PortfolioId(row.portfolio_id), PortfolioCode(row.code), ProgramId(row.program), pin, team_of=row.team_of
    )


def _rows(connection: Connection, table: Any, round_id: RoundId) -> tuple[Row[Any], ...]:
    return tuple(connection.execute(select(table).where(table.c.round == round_id).order_by(table.c.id)))
