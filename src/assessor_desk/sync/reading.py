"""What a record of the feed means to the store: whose it is, and whether it is an assignment."""

import re

from assessor_desk.domain.ids import AssessmentId
from assessor_desk.domain.portfolio import Assignment
from assessor_desk.errors import HubProtocolError
from assessor_desk.store.records import Item
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionRecord, FeedItem, RecordKind, SealedEdit, SignOffRecord

_KNOWN = frozenset(RecordKind)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def item_of(record: FeedItem) -> Item:
    """Return a record as the store keeps it; what this version cannot read is kept raw, to be read by a later one."""
    try:
        return _read(record)
    except HubProtocolError:
        return Item(record.kind, record.id, bytes(record.body))


def is_read(item: Item) -> bool:
    """Return whether this version knows what the record says."""
    if item.kind == RecordKind.ASSIGNMENT:
        return item.assignment is not None
    return item.kind in _KNOWN and (item.kind not in _ABOUT_ASSESSMENTS or item.assessment is not None)


def _read(record: FeedItem) -> Item:
    body = bytes(record.body)
    if record.kind == RecordKind.ASSIGNMENT:
        assignment = codec.from_bytes(body, Assignment)
        _require_own_name(record, assignment.id)
        _require_sound(assignment)
        return Item(
            record.kind,
            record.id,
            body,
            portfolio=assignment.portfolio.id,
            assessment=AssessmentId(assignment.id),
            assignment=assignment,
        )
    if record.kind not in _ABOUT_ASSESSMENTS:
        return Item(record.kind, record.id, body)
    read = codec.from_bytes(body, _ABOUT_ASSESSMENTS[RecordKind(record.kind)])
    _require_own_name(record, read.id)
    return Item(record.kind, record.id, body, assessment=read.assessment)


_ABOUT_ASSESSMENTS: dict[RecordKind, type[DecisionRecord | SignOffRecord | SealedEdit]] = {
    RecordKind.DECISION: DecisionRecord,
    RecordKind.SIGN_OFF: SignOffRecord,
    RecordKind.SEALED_EDIT: SealedEdit,
}


def _require_sound(assignment: Assignment) -> None:
    """Refuse an assignment whose files are not described as files are; the work on all others goes on."""
    for each in (*assignment.earlier_rounds, assignment.round):
        for artifact in each.artifacts:
            digests = (artifact.sha256, *artifact.pieces)
            if artifact.size < 0 or not all(map(_DIGEST.fullmatch, digests)):
                raise HubProtocolError("The hub described a file as no file is.")


def _require_own_name(record: FeedItem, named: str) -> None:
    if named != record.id:
        raise HubProtocolError("The hub sent a record under another name than its own.")
