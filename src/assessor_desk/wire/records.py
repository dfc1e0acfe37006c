"""What the feed brings: whole records, each of one kind, in commit order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import msgspec

from assessor_desk.domain.assessment import Value
from assessor_desk.domain.ids import AssessmentId, DecisionId, DeviceId, Digest, EditId, HubId, PersonId, SignOffId
from assessor_desk.seals.digests import Part
from assessor_desk.seals.signatures import Signed


class RecordKind(StrEnum):
    """The kinds of records this version knows; others are kept raw and read again after an upgrade."""

    ASSIGNMENT = "assignment"  # domain.portfolio.Assignment
    MICRO_CREDENTIAL = "micro-credential"  # canonical bytes of one pinned version
    DEVICE = "device"  # Signed of domain.directory.DeviceEntry
    DECISION = "decision"  # DecisionRecord
    SIGN_OFF = "sign-off"  # SignOffRecord
    SEALED_EDIT = "sealed-edit"  # SealedEdit


class DecisionState(StrEnum):
    """How a decision stands at the hub; one that is received counts, but is not the one that goes on to be signed."""

    RECEIVED = "received"
    AWAITING = "awaiting sign-off"
    SIGNED = "signed"
    RETURNED = "returned"
    SUPERSEDED = "superseded"
    RECALLED = "recalled"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision with its parts, as handed to who may read it. A part that was erased is missing from `parts`."""

    id: DecisionId
    assessment: AssessmentId
    assessor: PersonId
    signed: Signed
    parts: tuple[Part, ...]
    received_at: datetime
    state: DecisionState


@dataclass(frozen=True, slots=True)
class SignOffRecord:
    """An approver's act on a decision."""

    id: SignOffId
    decision: DecisionId
    assessment: AssessmentId
    signed: Signed
    received_at: datetime
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class SealedEdit:
    """One edit as the hub may see it: which, whose, from where; what it says is sealed to its author.

    `sealed` holds an `EditBody`, padded; the associated data are this envelope's other members.
    """

    hub: HubId
    assessment: AssessmentId
    id: EditId
    device: DeviceId
    sealed: bytes

    def associated(self) -> tuple[str, ...]:
        """Return the members that the seal binds, in their order."""
        return (self.hub, self.assessment, self.id, self.device)


@dataclass(frozen=True, slots=True)
class EditBody:
    """The sealed inside of an edit."""

    field: str
    value: Value
    parents: tuple[EditId, ...]
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """The hub's chain of acts up to one entry."""

    hub: HubId
    number: int
    sha256: Digest
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One record of the feed; `body` are its canonical bytes."""

    kind: str
    id: str
    body: msgspec.Raw


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Records that came after a cursor, in commit order; `more` says that the next page can be asked for at once."""

    epoch: str
    time: datetime
    cursor: str
    more: bool
    items: tuple[FeedItem, ...]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many records of one kind the hub holds for a person, and a digest over them.

    `sha256` is over the lines `id SP sha256(body) LF`, sorted.
    """

    count: int
    sha256: Digest


@dataclass(frozen=True, slots=True)
class Counts:
    """What both sides compare at the end of a sync; `ledger_head` is a signed `LedgerHead`, which desks remember."""

    epoch: str
    cursor: str
    kinds: Mapping[str, KindCount] = field(default_factory=dict)
    ledger_head: Signed | None = None
