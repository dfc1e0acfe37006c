"""Taking what only its author can read, and what a desk says about itself: sealed edits, stepping back, purges."""

import msgspec
from sqlalchemy import Connection, select

from assessor_desk.domain.ids import AssignmentId, PersonId, RoundId
from assessor_desk.errors import DeviceRevokedError, RuleError, SignatureError
from assessor_desk.hub import acts, assignment, feed, tables
from assessor_desk.hub.cases import Case
from assessor_desk.hub.deeds import Desk
from assessor_desk.seals.digests import sha256
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import ConflictOfInterest, PurgeReceipt
from assessor_desk.wire.records import RecordKind, SealedEdit


def take_edit(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Keep a sealed edit for its author's other desks; it is taken whatever became of the assignment."""
    edit = codec.from_bytes(body, SealedEdit)
    _require_standing(desk)
    if (edit.hub, edit.device) != (desk.hub, desk.actor.device):
        raise SignatureError("This edit comes from another hub or laptop than it says.")
    _round(connection, desk.actor.person, AssignmentId(edit.assessment))
    written = codec.to_bytes(edit)
    connection.execute(
        tables.sealed_edit.insert().values(
            id=edit.id,
            assignment=edit.assessment,
            device=edit.device,
            received_at=desk.received_at,
            body=written,
        )
    )
    feed.write(connection, [desk.actor.person], RecordKind.SEALED_EDIT, edit.id, written, desk.actor.device)


def take_conflict_of_interest(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Take a portfolio back from a person who says that they should not judge it."""
    told = codec.from_bytes(body, ConflictOfInterest)
    _require_standing(desk)
    case = Case.take(connection, _round(connection, desk.actor.person, told.assignment))
    given = case.given(told.assignment)
    if given is None or not given.state.open:
        raise RuleError("This portfolio is no longer with you.")
    assignment.withdraw(connection, case, given, told.reason, desk.received_at, stepped_back=True)


def take_purge_receipt(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Note in the ledger that a laptop no longer holds a portfolio."""
    receipt = codec.from_bytes(body, PurgeReceipt)
    _round(connection, desk.actor.person, receipt.assignment)
    digest = sha256(bytes(body))
    acts.record(connection, acts.ActKind.PURGED, receipt.assignment, digest, desk.received_at, desk.actor.device)


def _require_standing(desk: Desk) -> None:
    if desk.actor.revoked:
        raise DeviceRevokedError("This laptop's key was ended, so the hub takes no more drafts from it.")


def _round(connection: Connection, person: PersonId, assignment_id: AssignmentId) -> RoundId:
    """Return the round that was once given to the person."""
    table = tables.assignment
    query = select(table.c.round).where(table.c.id == assignment_id, table.c.person == person)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise RuleError("This is about a portfolio that was never given to you.")
    return RoundId(found)
