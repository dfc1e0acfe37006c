"""What became of decisions: those made on this laptop, those an approver may read, and what came back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain.decision import Manifest, Reason, Verdict
from assessor_desk.domain.ids import DecisionId
from assessor_desk.domain.portfolio import Part
from assessor_desk.domain.rubric import Outcome
from assessor_desk.errors import DeskError
from assessor_desk.operations.vouching import sign_off_of
from assessor_desk.operations.workplace import Work
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionDeed, DeedKind
from assessor_desk.wire.records import DecisionRecord, RecordKind, SignOffRecord


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision and how it stands: on its way, at the hub, or refused with the hub's reason."""

    decision: DecisionId
    outcome: Outcome
    state: str
    at: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A decision that an approver sent back, and why; a return whose signature does not hold gives only its fault."""

    decision: DecisionId
    at: datetime
    reasons: tuple[Reason, ...]
    fault: str = ""


def decided(tx: Transaction, work: Work) -> tuple[Decided, ...]:
    """Return the decisions on a portfolio that this laptop made, or that its approver may read; oldest first."""
    return tuple(_readable(tx, work) if work.assignment.part is Part.APPROVER else _own(tx, work))


def returned(tx: Transaction, work: Work) -> tuple[Returned, ...]:
    """Return why decisions on this assessment came back, oldest first."""
    records = (
        codec.from_bytes(body, SignOffRecord)
        for _, body in tx.records.of_assessment(work.assessment, RecordKind.SIGN_OFF)
    )
    return tuple(back for each in sorted(records, key=lambda each: each.received_at) if (back := _returned(tx, each)))


def _returned(tx: Transaction, record: SignOffRecord) -> Returned | None:
    try:
        sign_off = sign_off_of(tx, record)
    except DeskError as fault:
        return Returned(record.decision, record.received_at, (), fault.detail)
    if sign_off.verdict is Verdict.APPROVE:
        return None
    return Returned(record.decision, record.received_at, sign_off.reasons)


def _own(tx: Transaction, work: Work) -> Iterator[Decided]:
    for each in tx.outbox.of(work.assessment):
        if each.deed.kind == DeedKind.DECISION:
            manifest = codec.from_signed(codec.from_bytes(each.deed.body, DecisionDeed).signed.body, Manifest)
            yield Decided(manifest.id, manifest.outcome, each.state.value, manifest.claimed_at, each.problem or "")


def _readable(tx: Transaction, work: Work) -> Iterator[Decided]:
    records = [codec.from_bytes(body, DecisionRecord) for _, body in tx.records.of_kind(RecordKind.DECISION)]
    for record in sorted(records, key=lambda each: each.received_at):
        manifest = codec.from_signed(record.signed.body, Manifest)
        if manifest.round == work.assignment.round.id:
            yield Decided(record.id, manifest.outcome, record.state.value, record.received_at, "")
