"""One case as the hub's tables hold it: the round, its portfolio, its assignments and its decisions."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

from sqlalchemy import Connection, Row, select

from assessor_desk.domain.case import CaseEvent, CaseState, advance
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.ids import (
    AssignmentId,
    DecisionId,
    Digest,
    OrganizationId,
    PersonId,
    PortfolioCode,
    PortfolioId,
    ProgramId,
    RoundId,
)
from assessor_desk.domain.policy import Policy
from assessor_desk.domain.portfolio import AssignmentState, Part, Portfolio, Round, RubricPin
from assessor_desk.domain.program import MicroCredential
from assessor_desk.domain.rubric import Outcome
from assessor_desk.errors import InputError
from assessor_desk.hub import tables
from assessor_desk.programs.codec import read_micro_credential
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionState

STANDING = frozenset({DecisionState.RECEIVED, DecisionState.AWAITING, DecisionState.SIGNED})
"""The states in which a decision counts."""

# A published version never changes, and many cases share one.
_read = lru_cache(maxsize=64)(read_micro_credential)


@dataclass(frozen=True, slots=True)
class Given:
    """The part of one person in a case."""

    id: AssignmentId
    person: PersonId
    part: Part
    state: AssignmentState
    due_at: datetime
    handed_at: datetime
    reason: str = ""
    stepped_back: bool = False

    @property
    def standing(self) -> bool:
        """Return whether it was not taken back."""
        return self.state is not AssignmentState.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision of a case as the hub's books have it, without its content."""

    id: DecisionId
    assignment: AssignmentId
    outcome: Outcome
    state: DecisionState
    received_at: datetime
    sha256: Digest
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one round in the transaction that reads or changes it."""

    round: Round
    state: CaseState
    draw: int
    portfolio: Portfolio
    team: str
    organization: OrganizationId | None
    micro_credential: MicroCredential
    rubric: bytes
    assignments: tuple[Given, ...]
    decisions: tuple[Judged, ...]

    @classmethod
    def read(cls, connection: Connection, round_id: RoundId) -> Self:
        """Return a case to be looked at."""
        return cls._of(connection, round_id, _case_query())

    @classmethod
    def take(cls, connection: Connection, round_id: RoundId) -> Self:
        """Return a case to be changed; events on one round come one after the other, and its lock is the first."""
        return cls._of(connection, round_id, _case_query().with_for_update(of=tables.round_))

    @classmethod
    def _of(cls, connection: Connection, round_id: RoundId, query: Any) -> Self:
        row = connection.execute(query.where(tables.round_.c.id == round_id)).one_or_none()
        if row is None:
            raise InputError("The hub does not know the round that this is about.")
        return cls(
            round=codec.from_bytes(row.body, Round),
            state=CaseState(row.state),
            draw=row.draw,
            portfolio=_portfolio(row),
            team=row.team,
            organization=row.organization,
            micro_credential=_read(row.rubric),
            rubric=row.rubric,
            assignments=_assignments(connection, round_id),
            decisions=_decisions(connection, round_id),
        )

    @property
    def policy(self) -> Policy:
        """Return what the program decided about the work when the portfolio was received."""
        return self.micro_credential.policy

    def given(self, assignment: AssignmentId) -> Given | None:
        """Return one of the case's assignments."""
        return next((each for each in self.assignments if each.id == assignment), None)

    def part_of(self, person: PersonId, part: Part) -> Given | None:
        """Return the assignment with which a person has a part in the case, if it was not taken back."""
        return next((each for each in self.having(part) if each.person == person), None)

    def having(self, *parts: Part) -> tuple[Given, ...]:
        """Return who has one of these parts and was not taken off the case."""
        return tuple(each for each in self.assignments if each.part in parts and each.standing)

    def decision(self, decision: DecisionId) -> Judged | None:
        """Return one of the case's decisions."""
        return next((each for each in self.decisions if each.id == decision), None)

    def standing(self, part: Part) -> Judged | None:
        """Return the decision that counts for a part of the case, if one does."""
        of_part = {each.id for each in self.assignments if each.part is part}
        return next((each for each in self.decisions if each.assignment in of_part and each.state in STANDING), None)

    @property
    def going_on(self) -> Judged | None:
        """Return the decision that an approver signs: the adjudicator's where there is one, else the first's."""
        return self.standing(Part.ADJUDICATOR) or self.standing(Part.FIRST)

    def with_decision(self, changed: Judged) -> Self:
        """Return the case with a decision added or changed."""
        others = tuple(each for each in self.decisions if each.id != changed.id)
        return replace(self, decisions=(*others, changed))


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
            tables.portfolio.c.team,
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


def _assignments(connection: Connection, round_id: RoundId) -> tuple[Given, ...]:
    table = tables.assignment
    rows = connection.execute(select(table).where(table.c.round == round_id).order_by(table.c.handed_at, table.c.id))
    return tuple(
        Given(
            id=row.id,
            person=row.person,
            part=Part(row.part),
            state=AssignmentState(row.state),
            due_at=row.due_at,
            handed_at=row.handed_at,
            reason=row.reason,
            stepped_back=row.stepped_back,
        )
        for row in rows
    )


def _decisions(connection: Connection, round_id: RoundId) -> tuple[Judged, ...]:
    of = tables.decision.c
    query = select(of.id, of.assignment, of.outcome, of.state, of.received_at, of.sha256, of.opened_at)
    rows = connection.execute(query.where(of.round == round_id).order_by(of.received_at, of.id))
    return tuple(
        Judged(
            id=row.id,
            assignment=row.assignment,
            outcome=Outcome(row.outcome),
            state=DecisionState(row.state),
            received_at=row.received_at,
            sha256=row.sha256,
            opened_at=row.opened_at,
        )
        for row in rows
    )
