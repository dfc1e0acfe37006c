"""What a record of the feed means to the store: whose it is, and whether it is an assignment."""

from assessor_desk.domain.ids import AssessmentId, AssignmentId
from assessor_desk.domain.portfolio import Assignment
from assessor_desk.errors import HubProtocolError
from assessor_desk.store.records import Item
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionRecord, FeedItem, RecordKind, SealedEdit, SignOffRecord


def item_of(record: FeedItem) -> Item:
    """Return a record as the store keeps it; a kind from a newer hub is kept raw, to be read after an upgrade."""
    body = bytes(record.body)
    plain = Item(record.kind, record.id, body)
    if record.kind == RecordKind.ASSIGNMENT:
        assignment = codec.from_bytes(body, Assignment)
        _require_id(record, assignment.id)
        return Item(
            record.kind,
            record.id,
            body,
            portfolio=assignment.portfolio.id,
            assessment=AssessmentId(assignment.id),
            assignment=assignment,
        )
    named = _assessment(record)
    return plain if named is None else Item(record.kind, record.id, body, assessment=named)


def _assessment(record: FeedItem) -> AssessmentId | None:
    match record.kind:
        case RecordKind.DECISION:
            return codec.from_bytes(record.body, DecisionRecord).assessment
        case RecordKind.SIGN_OFF:
            return codec.from_bytes(record.body, SignOffRecord).assessment
        case RecordKind.SEALED_EDIT:
            return codec.from_bytes(record.body, SealedEdit).assessment
    return None


def _require_id(record: FeedItem, named: AssignmentId) -> None:
    if named != record.id:
        raise HubProtocolError("The hub sent an assignment under another name than its own.")
