"""Deeds on their way to the hub, as the store keeps them: frozen bytes that are never made anew."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessor_desk.domain.ids import AssessmentId, Digest
from assessor_desk.seals.digests import sha256


class OutboxState(StrEnum):
    """How a deed stands on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A deed to tell the hub.

    Attributes:
        key: what the hub remembers it by; for an edit, the edit's id
        version: of the body's schema
        assessment: this person's assignment that it belongs to, if any; a purge asks for it
    """

    key: str
    kind: str
    version: int
    body: bytes
    assessment: AssessmentId | None = None

    @property
    def sha256(self) -> Digest:
        """Return the digest that the hub's receipt must name."""
        return Digest(sha256(self.body))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A deed in the outbox, and how it fared so far; `problem` is the hub's reason or the last failure, in words."""

    deed: Outgoing
    state: OutboxState
    made_at: datetime
    attempts: int
    next_try_at: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """The hub's answer to one deed; `body` are its bytes as they came, `problem` why it was refused, in words."""

    key: str
    sha256: Digest
    accepted: bool
    received_at: datetime
    body: bytes
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the receipts that were handed in; `foreign` names deeds that are unknown or hold other bytes."""

    accepted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
