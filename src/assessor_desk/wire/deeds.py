"""What a desk tells the hub, and what the hub answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from assessor_desk.domain.ids import AssignmentId, DecisionId, Digest, RoundId
from assessor_desk.seals.digests import Part
from assessor_desk.seals.signatures import Signed
from assessor_desk.wire.problems import Problem


class DeedKind(StrEnum):
    """What a desk can tell the hub."""

    EDIT = "edit"  # records.SealedEdit
    DECISION = "decision"  # DecisionDeed
    SIGN_OFF = "sign-off"  # Signed of domain.decision.SignOff
    WITHDRAWAL = "withdrawal"  # Signed of domain.decision.Withdrawal
    OPENED = "opened"  # DecisionOpened
    CONFLICT_OF_INTEREST = "conflict-of-interest"  # ConflictOfInterest
    PURGE_RECEIPT = "purge-receipt"  # PurgeReceipt


@dataclass(frozen=True, slots=True)
class DecisionDeed:
    """A signed decision with the parts whose digests it holds."""

    signed: Signed
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class DecisionOpened:
    """An approver has opened a decision, so that its author can no longer ask it back."""

    decision: DecisionId
    round: RoundId


@dataclass(frozen=True, slots=True)
class ConflictOfInterest:
    """A person steps back from an assignment."""

    assignment: AssignmentId
    reason: str


@dataclass(frozen=True, slots=True)
class PurgeReceipt:
    """A desk says what it removed."""

    assignment: AssignmentId
    removed_at: datetime
    artifacts: tuple[Digest, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed with the key that makes repeating it harmless; `sha256` is over the bytes of `body`."""

    key: str
    kind: str
    version: int
    sha256: Digest
    body: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a desk sends in one request, in the order in which it was done."""

    deeds: tuple[Deed, ...]


class ReceiptStatus(StrEnum):
    """What became of a deed."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The hub's answer to one deed; it names the content, so that it can't be taken for another."""

    key: str
    kind: str
    sha256: Digest
    status: ReceiptStatus
    received_at: datetime
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Receipts:
    """The answers to one request's deeds, in the same order."""

    epoch: str
    time: datetime
    receipts: tuple[Receipt, ...]
