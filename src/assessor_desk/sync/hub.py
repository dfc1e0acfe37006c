"""The hub as the engine sees it: the HTTP client fits, and so does the test double."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from assessor_desk.domain.ids import Digest
from assessor_desk.wire.deeds import Deed, Receipts
from assessor_desk.wire.pairing import Hello, InvitationFound, PairingAnswer, PairingRequest
from assessor_desk.wire.records import Counts, FeedPage


@dataclass(frozen=True, slots=True)
class Incoming:
    """An artifact's bytes as they arrive: where they start, how long the whole is if told, the parts one by one."""

    start: int
    total: int | None
    parts: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class News:
    """An open line to the hub: a cursor for each time that something is new; `end` cuts the line from any thread."""

    cursors: Iterator[str]
    end: Callable[[], None]


class Hub(Protocol):
    """What a paired desk asks of the hub; every call raises only errors of the `HubError` family."""

    def changes_since(self, cursor: str) -> FeedPage:
        """Return the next page of records after the cursor; the first cursor is empty."""

    def counts(self) -> Counts:
        """Return how many records of each kind the hub holds for this person."""

    def tell(self, deeds: tuple[Deed, ...]) -> Receipts:
        """Send deeds and return a receipt for each; repeating it is harmless."""

    def artifact(self, sha256: Digest, start: int) -> AbstractContextManager[Incoming]:
        """Open an artifact's bytes from a position; `Incoming.start` is 0 when the hub sends the whole."""


class Announcing(Protocol):
    """A hub that says when there is something to fetch."""

    def news(self, cursor: str) -> AbstractContextManager[News]:
        """Open a line that tells of everything after the cursor."""


class Doorstep(Protocol):
    """What a desk asks before it is paired."""

    def hello(self) -> Hello:
        """Return who the hub is."""

    def look(self, code: str) -> InvitationFound:
        """Return whose invitation a code is, without spending it."""

    def pair(self, request: PairingRequest) -> PairingAnswer:
        """Spend the invitation and become a desk of the hub."""
