"""Decisions as the hub keeps them: their parts, the record that is handed out, and who is told of a change."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from assessor_desk.domain.decision import Judgment, PartName
from assessor_desk.domain.ids import AssessmentId, DecisionId, PersonId
from assessor_desk.hub import feed, tables
from assessor_desk.hub.cases import Case, Judged
from assessor_desk.seals.canonical import parse
from assessor_desk.seals.digests import Part
from assessor_desk.seals.signatures import Signed
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionRecord, DecisionState, RecordKind


def record_of(connection: Connection, decision: DecisionId) -> DecisionRecord:
    """Return a decision with the parts that were not erased, as it is handed to who may read it."""
    query = (
        select(tables.decision, tables.assignment.c.person, tables.device.c.key_id)
        .join(tables.assignment, tables.assignment.c.id == tables.decision.c.assignment)
        .join(tables.device, tables.device.c.id == tables.decision.c.device)
        .where(tables.decision.c.id == decision)
    )
    row = connection.execute(query).one()
    return DecisionRecord(
        id=decision,
        assessment=AssessmentId(row.assignment),
        assessor=PersonId(row.person),
        signed=Signed(row.body, row.key_id, row.signature),
        parts=parts_of(connection, decision),
        received_at=row.received_at,
        state=DecisionState(row.state),
    )


def parts_of(connection: Connection, decision: DecisionId) -> tuple[Part, ...]:
    """Return the parts of a decision that were not erased."""
    part = tables.decision_part
    query = select(part).where(part.c.decision == decision, part.c.body.is_not(None)).order_by(part.c.name)
    return tuple(Part(row.name, row.salt, parse(row.body)) for row in connection.execute(query))


def judgment_of(parts: tuple[Part, ...]) -> Judgment:
    """Return the content of a decision from its parts."""
    return codec.from_json({part.name: part.value for part in parts}, dict[PartName, Any])


def show(connection: Connection, decision: DecisionId, people: Iterable[PersonId]) -> None:
    """Write a decision to the feeds of people who may read it."""
    if readers := tuple(people):
        feed.write(connection, readers, RecordKind.DECISION, decision, codec.to_bytes(record_of(connection, decision)))


def set_state(connection: Connection, case: Case, judged: Judged, state: DecisionState) -> Case:
    """Change how a decision stands, write it again to everyone who has it, and return the case with the change."""
    connection.execute(tables.decision.update().where(tables.decision.c.id == judged.id).values(state=state.value))
    show(connection, judged.id, feed.holders(connection, RecordKind.DECISION, judged.id))
    return case.with_decision(replace(judged, state=state))
