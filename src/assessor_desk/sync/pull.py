"""Bringing the hub's records in, page by page, each with its cursor in one transaction."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from assessor_desk.domain.ids import AssessmentId, AssignmentId
from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.errors import HubBrakeError, HubProtocolError
from assessor_desk.store.meta import Position
from assessor_desk.store.records import Applied, Arrived, Item
from assessor_desk.store.store import Store
from assessor_desk.store.transaction import Transaction
from assessor_desk.sync.hub import Hub
from assessor_desk.sync.reading import is_read, item_of
from assessor_desk.wire.records import FeedPage, RecordKind

BRAKE_FROM = 5
"""Fewer open assignments than this may all end in one sync without a question."""


@dataclass(slots=True)
class Pulled:
    """What came: counts of records by kind, and of those that this version cannot read; whether the epoch is new."""

    changed: dict[str, int] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)
    epoch_renewed: bool = False

    def add(self, other: "Pulled") -> None:
        """Count what another pull brought, too."""
        for kind, count in other.changed.items():
            self.changed[kind] = self.changed.get(kind, 0) + count
        for kind, count in other.unread.items():
            self.unread[kind] = self.unread.get(kind, 0) + count
        self.epoch_renewed |= other.epoch_renewed


@dataclass(frozen=True, slots=True)
class Pull:
    """How to pull: the clock, whether many ended assignments are fine, and when to stop."""

    now: Callable[[], datetime]
    accept_removals: bool = False
    cancelled: Callable[[], bool] = lambda: False


def pull(store: Store, hub: Hub, how: Pull) -> Pulled:
    """Read the feed to its end; what came before a failure stays, and the next pull goes on from there.

    Raises:
        HubBrakeError: most of the open work would be taken away; nothing of that was applied
    """
    run = _Run(store, how)
    for page in _pages(hub, run.cursor, how.cancelled):
        run.take(page)
    if not how.cancelled():
        run.release()
    return run.done


def _pages(hub: Hub, cursor: str, cancelled: Callable[[], bool]) -> Iterator[FeedPage]:
    """Yield the feed's pages; while one is being kept, the next is already asked for."""
    with ThreadPoolExecutor(1, thread_name_prefix="feed") as lane:
        coming = None if cancelled() else lane.submit(hub.changes_since, cursor)
        while coming is not None and not cancelled():
            page = coming.result()
            if page.more and page.cursor == cursor:
                raise HubProtocolError("The hub's feed does not go on where it says that there is more.")
            cursor = page.cursor
            coming = lane.submit(hub.changes_since, cursor) if page.more else None
            yield page


class _Run:
    """One pull. From the first page on that takes open work away, pages are held back until all is known."""

    def __init__(self, store: Store, how: Pull) -> None:
        self.done = Pulled()
        self._store = store
        self._how = how
        self._ended: set[AssignmentId] = set()
        self._held: list[tuple[FeedPage, Sequence[Item]]] = []
        with store.reading() as tx:
            self.cursor = tx.meta.position().cursor

    def take(self, page: FeedPage) -> None:
        """Apply a page, or hold it back."""
        items = [item_of(record) for record in page.items]
        ends = {AssignmentId(item.id) for item in items if _ends(item)}
        self._ended |= ends & self._open if ends else ends
        if self._ended and not self._how.accept_removals and len(self._open) >= BRAKE_FROM:
            self._require_few()
            self._held.append((page, items))
        else:
            self._apply(page, items)

    @cached_property
    def _open(self) -> frozenset[AssignmentId]:
        """Return what this person could work on before this pull."""
        with self._store.reading() as tx:
            return frozenset(row.id for row in tx.queue.rows() if row.hub_state.open)

    @cached_property
    def _gone(self) -> set[AssessmentId]:
        """Return what was taken off this laptop and not given back so far."""
        with self._store.reading() as tx:
            purged = {AssessmentId(each) for receipt in tx.purges.receipts() for each in receipt.assignments}
            return {each for each in purged if tx.records.body(RecordKind.ASSIGNMENT, each) is None}

    def release(self) -> None:
        """Apply what was held back."""
        for page, items in self._held:
            self._apply(page, items)

    def _require_few(self) -> None:
        if len(self._ended) >= BRAKE_FROM and 2 * len(self._ended) > len(self._open):
            raise HubBrakeError(
                f"The hub would take most of the {len(self._open)} portfolios that are open on this laptop away.",
                safe="None was taken away, and your drafts are all here.",
                next="Ask the program office whether that is meant; if it is, sync again and accept it.",
            )

    def _apply(self, page: FeedPage, items: Sequence[Item]) -> None:
        with self._store.transaction() as tx:
            before = tx.meta.position().epoch
            # Assignments first: one that is given back to work on brings back what is about it.
            given = self._keep(tx, page, [item for item in items if item.assignment is not None])
            self._gone -= {AssessmentId(each) for each in given.assignments}
            others = self._keep(tx, page, [item for item in items if item.assignment is None])
            if before != page.epoch:
                self.done.epoch_renewed = True
                tx.outbox.offer_again(page.epoch)
        self._count((*given.changed, *others.changed), items)

    def _keep(self, tx: Transaction, page: FeedPage, items: Sequence[Item]) -> Applied:
        """Keep records and the cursor, but nothing of portfolios that were taken off this laptop."""
        position = Position(page.cursor, page.epoch, page.time)
        kept = [replace(item, withheld=self._is_gone(item)) for item in items]
        return tx.records.apply(Arrived(kept, position, self._how.now()))

    def _is_gone(self, item: Item) -> bool:
        given = item.assignment is not None and item.assignment.state.open
        return item.assessment is not None and item.assessment in self._gone and not given

    def _count(self, changed: Sequence[tuple[str, str]], items: Sequence[Item]) -> None:
        unread = {(item.kind, item.id) for item in items if not is_read(item)}
        for kind, identity in changed:
            self.done.changed[kind] = self.done.changed.get(kind, 0) + 1
            if (kind, identity) in unread:
                self.done.unread[kind] = self.done.unread.get(kind, 0) + 1


def _ends(item: Item) -> bool:
    return item.assignment is not None and item.assignment.state is AssignmentState.WITHDRAWN
