"""Taking what only its author can read, and what a desk says about itself: sealed edits, stepping back, purges."""

import msgspec
from sqlalchemy import Connection, select

from assessor_desk.domain.ids import AssignmentId, PersonId
from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.errors import RuleError
from assessor_desk.hub import acts, assignment, feed, tables
from assessor_desk.hub.deeds import Desk
from assessor_desk.seals.digests import sha256
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import ConflictOfInterest, PurgeReceipt
from assessor_desk.wire.records import RecordKind, SealedEdit


def take_edit(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Keep a sealed edit for its author's other desks; it is taken whatever became of the assignment."""
    edit = codec.from_bytes(body, SealedEdit)
    if edit.hub != desk.hub or edit.device != desk.actor.device:
        raise RuleError("This edit comes from another hub or laptop than it says.")
    _require_own(connection, desk.actor.person, AssignmentId(edit.assessment))
    connection.execute(
        tables.sealed_edit.insert().values(
            id=edit.id,
            assignment=edit.assessment,
            device=edit.device,
            received_at=desk.received_at,
            body=bytes(body),
        )
    )
    feed.write(
        connection, [desk.actor.person], RecordKind.SEALED_EDIT, edit.id, bytes(body), from_device=desk.actor.device
    )


def take_conflict_of_interest(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Take a portfolio back from a person who says that they should not judge it."""
    told = codec.from_bytes(body, ConflictOfInterest)
    row = _require_own(connection, desk.actor.person, told.assignment)
    if not AssignmentState(row).open:
        raise RuleError("This portfolio is no longer with you.")
    assignment.withdraw(connection, told.assignment, assignment.STEPPED_BACK, desk.received_at)


def take_purge_receipt(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Note in the ledger that a laptop no longer holds a portfolio."""
    receipt = codec.from_bytes(body, PurgeReceipt)
    _require_own(connection, desk.actor.person, receipt.assignment)
    digest = sha256(bytes(body))
    acts.record(connection, acts.ActKind.PURGED, receipt.assignment, digest, desk.received_at, desk.actor.device)


def _require_own(connection: Connection, person: PersonId, assignment_id: AssignmentId) -> str:
    state = connection.execute(
        select(tables.assignment.c.state).where(
            tables.assignment.c.id == assignment_id, tables.assignment.c.person == person
        )
    ).scalar_one_or_none()
    if state is None:
        raise RuleError("This is about a portfolio that was never given to you.")
    return str(state)
