"""Bringing the hub's records in, page by page, each with its cursor in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.errors import HubBrakeError
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.store.meta import Position
from assessor_desk.store.records import Arrived, Item
from assessor_desk.store.store import Store
from assessor_desk.sync import drafts
from assessor_desk.sync.hub import Hub
from assessor_desk.sync.reading import item_of
from assessor_desk.wire.records import FeedPage, RecordKind

BRAKE_FROM = 5
"""Fewer open assignments than this may all end in one sync without a question."""


@dataclass(slots=True)
class Pulled:
    """What came: counts of records by kind, fields that got edits from another desk, and whether the epoch is new."""

    changed: dict[str, int] = field(default_factory=dict)
    folded: int = 0
    pages: int = 0
    epoch_renewed: bool = False


@dataclass(frozen=True, slots=True)
class Pull:
    """How to pull: what opens sealed edits, the clock, whether many ended assignments are fine, and when to stop."""

    sealing: SealingKey | None
    now: Callable[[], datetime]
    accept_removals: bool = False
    cancelled: Callable[[], bool] = lambda: False


def pull(store: Store, hub: Hub, how: Pull) -> Pulled:
    """Read the feed to its end; what came before a failure stays, and the next pull goes on from there."""
    done = Pulled()
    ended: set[str] = set()
    with store.reading() as tx:
        cursor = tx.meta.position().cursor
        open_here = {row.id for row in tx.queue.rows() if row.hub_state.open}
    while not how.cancelled():
        page = hub.changes_since(cursor)
        items = [item_of(record) for record in page.items]
        ended |= {item.id for item in items if item.id in open_here and _ends(item)}
        if not how.accept_removals and len(ended) >= BRAKE_FROM and 2 * len(ended) > len(open_here):
            raise _brake(len(ended), len(open_here))
        _apply(store, page, items, how, done)
        cursor = page.cursor
        if not page.more:
            break
    return done


def _apply(store: Store, page: FeedPage, items: Sequence[Item], how: Pull, done: Pulled) -> None:
    with store.transaction() as tx:
        before = tx.meta.position()
        applied = tx.records.apply(Arrived(items, Position(page.cursor, page.epoch, page.time), how.now()))
        sealed = [each for kind, each in applied.changed if kind == RecordKind.SEALED_EDIT]
        if how.sealing is not None and sealed:
            done.folded += len(drafts.fold_in(tx, how.sealing, sealed))
        if before.epoch not in ("", page.epoch):
            done.epoch_renewed = True
            tx.outbox.offer_again(page.epoch)
    done.pages += 1
    for kind, _ in applied.changed:
        done.changed[kind] = done.changed.get(kind, 0) + 1


def _ends(item: Item) -> bool:
    return item.assignment is not None and item.assignment.state is AssignmentState.WITHDRAWN


def _brake(ended: int, open_here: int) -> HubBrakeError:
    return HubBrakeError(
        f"The hub would take {ended} of the {open_here} portfolios that are open on this laptop away.",
        safe="Nothing was changed, and your drafts are all here.",
        next="Ask the program office whether that is meant; if it is, sync again and accept it.",
    )
