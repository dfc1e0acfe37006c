"""The decisions that wait for an approver, each held against the directory and against the case."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assessor_desk.domain.decision import Judgment, Manifest, PartName, SignOff
from assessor_desk.domain.ids import AssessmentId, DecisionId, RoundId
from assessor_desk.domain.portfolio import Assignment, Part
from assessor_desk.errors import DeskError, InputError, SignatureError
from assessor_desk.operations.assessing import waits
from assessor_desk.operations.vouching import decisions_here, manifest_of
from assessor_desk.operations.workplace import assignment_of
from assessor_desk.seals.codes import parse_portfolio_code
from assessor_desk.seals.signatures import Signed
from assessor_desk.store.deeds import OutboxState
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DeedKind
from assessor_desk.wire.records import DecisionRecord, DecisionState, RecordKind, SignOffRecord

SHORTEST_BEGINNING = 6
_GONE = frozenset({OutboxState.RECALLED, OutboxState.REFUSED})


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision as an approver sees it: whose, what was decided, and the content that was signed.

    `fault` is the sentence for which it cannot be signed off; nothing when signature and content hold. `others` are
    the decisions of other assessors on the same round, which hold too and show what they came to.
    """

    record: DecisionRecord
    manifest: Manifest
    assignment: Assignment
    assessor_name: str
    fault: str = ""
    others: tuple[DecisionRecord, ...] = ()

    @property
    def judgment(self) -> Judgment:
        """Return the content of the decision, part by part; nothing of one that does not hold."""
        return {} if self.fault else judgment_of(self.record)


def judgment_of(record: DecisionRecord) -> Judgment:
    """Return the content of a decision, part by part, without what was erased."""
    return codec.from_json({part.name: part.value for part in record.parts}, dict[PartName, Any])


def waiting(tx: Transaction) -> tuple[Approval, ...]:
    """Return the decisions that wait for this approver, the nearest due first; one that does not hold says so."""
    mine = _mine(tx)
    read = [(record, manifest) for record, manifest in decisions_here(tx) if manifest.round in mine]
    found = [
        _approval(tx, record, manifest, mine[manifest.round], tuple(_beside(record, manifest, read)))
        for record, manifest in read
        if record.state is DecisionState.AWAITING and not _signed_already(tx, record.id, mine[manifest.round])
    ]
    return tuple(sorted(found, key=lambda each: (each.assignment.due_at, each.record.id)))


def find(tx: Transaction, called: str) -> Approval:
    """Return one decision that waits, by its id, the beginning of its id, or its portfolio's code."""
    fitting = [each for each in waiting(tx) if _is_called(each, called.strip())]
    if len(fitting) != 1:
        what = "More than one decision" if fitting else "No decision that waits for you"
        raise InputError(f"{what} is called “{called}”.", next="Look at the list with `assessor-desk approvals`.")
    return fitting[0]


def _is_called(approval: Approval, name: str) -> bool:
    if len(name) >= SHORTEST_BEGINNING and approval.record.id.startswith(name.lower()):
        return True
    try:
        return parse_portfolio_code(name) == approval.assignment.portfolio.code
    except InputError:
        return False


def _mine(tx: Transaction) -> dict[RoundId, Assignment]:
    """Return the rounds that this approver may sign off."""
    rows = (row for row in tx.queue.rows() if row.part is Part.APPROVER and row.hub_state.open)
    assignments = (assignment_of(tx, row.id) for row in rows)
    return {each.round.id: each for each in assignments if not waits(tx, each, DeedKind.CONFLICT_OF_INTEREST)}


def _beside(
    record: DecisionRecord, manifest: Manifest, read: Sequence[tuple[DecisionRecord, Manifest]]
) -> Iterator[DecisionRecord]:
    for other, its in read:
        if its.round == manifest.round and other.id != record.id and other.state is DecisionState.RECEIVED:
            yield other


def _signed_already(tx: Transaction, decision: DecisionId, assignment: Assignment) -> bool:
    """Return whether a sign-off of this laptop on the decision stands, sent or not, and was not taken back since."""
    deeds = (each for each in tx.outbox.of(AssessmentId(assignment.id)) if each.deed.kind == DeedKind.SIGN_OFF)
    standing = (each.deed for each in deeds if each.state not in _GONE)
    return any(_decision_of(deed.body) == decision and not _withdrawn(tx, deed.key) for deed in standing)


def _decision_of(body: bytes) -> DecisionId:
    return codec.from_signed(codec.from_bytes(body, Signed).body, SignOff).decision


def _withdrawn(tx: Transaction, sign_off: str) -> bool:
    body = tx.records.body(RecordKind.SIGN_OFF, sign_off)
    return body is not None and codec.from_bytes(body, SignOffRecord).withdrawn


def _approval(
    tx: Transaction,
    record: DecisionRecord,
    manifest: Manifest,
    assignment: Assignment,
    others: tuple[DecisionRecord, ...],
) -> Approval:
    try:
        _, entry = manifest_of(tx, record)
        _require_own_case(manifest, assignment)
        for other in others:
            manifest_of(tx, other)
    except DeskError as fault:
        return Approval(record, manifest, assignment, "", fault.detail)
    return Approval(record, manifest, assignment, entry.person_name, others=others)


def _require_own_case(manifest: Manifest, assignment: Assignment) -> None:
    """Hold what was judged against what this laptop has of the case."""
    portfolio = assignment.portfolio
    if (manifest.portfolio, manifest.rubric) != (portfolio.id, portfolio.rubric):
        raise SignatureError("This decision is about another portfolio or another version of the rubric.")
    if dict(manifest.artifacts) != {each.id: each.sha256 for each in assignment.round.artifacts}:
        raise SignatureError("This decision names other artifacts than the round has.")
