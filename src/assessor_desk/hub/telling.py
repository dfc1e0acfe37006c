"""Telling people what was given to them and how it stands, in the transaction in which it changed."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from assessor_desk.domain.ids import PersonId
from assessor_desk.domain.portfolio import Assignment, AssignmentState, Part, Round
from assessor_desk.hub import feed, tables
from assessor_desk.hub.cases import Case, Given
from assessor_desk.wire import codec
from assessor_desk.wire.records import RecordKind


def set_state(connection: Connection, case: Case, given: Given, state: AssignmentState, reason: str = "") -> None:
    """Change how an assignment stands and tell its person."""
    change(connection, case, given, state=state, reason=reason)


def change(connection: Connection, case: Case, given: Given, **changed: Any) -> None:
    """Change members of an assignment and tell its person."""
    table = tables.assignment
    plain = {name: value.value if isinstance(value, StrEnum) else value for name, value in changed.items()}
    connection.execute(table.update().where(table.c.id == given.id).values(**plain))
    tell(connection, case, replace(given, **changed))


def tell(connection: Connection, case: Case, given: Given) -> None:
    """Write an assignment's record to its person's feed."""
    record = Assignment(
        id=given.id,
        part=given.part,
        state=given.state,
        portfolio=case.portfolio,
        round=case.round,
        due_at=given.due_at,
        handed_at=given.handed_at,
        earlier_rounds=_earlier_rounds(connection, case, given),
        reason=given.reason,
    )
    feed.write(connection, [given.person], RecordKind.ASSIGNMENT, given.id, codec.to_bytes(record))


def give_rubric(connection: Connection, case: Case, people: Iterable[PersonId]) -> None:
    """Write the rubric that a case is judged by to the feeds of those who do not have it; it never changes."""
    pin = case.portfolio.rubric
    record = f"{pin.micro_credential}@{pin.version}"
    missing = set(people) - set(feed.holders(connection, RecordKind.MICRO_CREDENTIAL, record))
    feed.write(connection, missing, RecordKind.MICRO_CREDENTIAL, record, case.rubric)


def _earlier_rounds(connection: Connection, case: Case, given: Given) -> tuple[Round, ...]:
    """Return the earlier rounds that this person may see: an approver all, an assessor as the program says."""
    if case.round.number == 1:
        return ()
    query = (
        select(tables.round_.c.id, tables.round_.c.body)
        .where(tables.round_.c.portfolio == case.portfolio.id, tables.round_.c.number < case.round.number)
        .order_by(tables.round_.c.number)
    )
    rows = connection.execute(query).all()
    if given.part is not Part.APPROVER and not _sees_earlier(connection, case, given, [row.id for row in rows]):
        return ()
    return tuple(codec.from_bytes(row.body, Round) for row in rows)


def _sees_earlier(connection: Connection, case: Case, given: Given, rounds: list[str]) -> bool:
    table = tables.assignment
    query = select(table.c.id).where(table.c.person == given.person, table.c.round.in_(rounds)).limit(1)
    returning = connection.execute(query).first() is not None
    return case.policy.round_two.returning_assessor_sees if returning else case.policy.round_two.new_assessor_sees
