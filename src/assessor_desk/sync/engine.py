"""One sync from start to end: push, pull, fetch, compare."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from assessor_desk.seals.sealing import SealingKey
from assessor_desk.store.activity import Happening
from assessor_desk.store.store import Store
from assessor_desk.sync.hub import Hub
from assessor_desk.sync.pull import Pull, Pulled, pull
from assessor_desk.sync.push import Pushed, push
from assessor_desk.sync.reconcile import Compared, compare, read_again
from assessor_desk.sync.transfer import Fetched, Progress, Transfer, fetch


@dataclass(frozen=True, slots=True)
class Sync:
    """What a sync needs beside store and hub."""

    now: Callable[[], datetime]
    sealing: SealingKey | None = None
    accept_removals: bool = False
    progress: Callable[[Progress], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class SyncReport:
    """What a sync did."""

    pushed: Pushed = field(default_factory=Pushed)
    pulled: Pulled = field(default_factory=Pulled)
    fetched: Fetched = field(default_factory=Fetched)
    compared: Compared = field(default_factory=Compared)

    @property
    def words(self) -> str:
        """Return the sync in a sentence."""
        records = sum(self.pulled.changed.values())
        sent = f"{self.pushed.accepted} sent" + (f", {self.pushed.refused} not accepted" if self.pushed.refused else "")
        return f"{sent}, {records} received, {self.fetched.artifacts} files fetched."


def sync(store: Store, hub: Hub, how: Sync) -> SyncReport:
    """Run one sync; whatever stops it, what was done stays and the next one goes on from there.

    Raises:
        StoreBusyError: another process syncs this store
        HubError: the hub is out of reach, refuses, or would take most of the work away
    """
    report = SyncReport()
    with store.syncing():
        report.pushed = push(store, hub, how.now, how.cancelled)
        report.pulled = _pull(store, hub, how)
        if report.pulled.epoch_renewed or report.pushed.epoch_renewed:
            again = push(store, hub, how.now, how.cancelled)
            report.pushed.accepted += again.accepted
            report.pushed.refused += again.refused
            report.pulled = _pull(store, hub, how)
        report.fetched = fetch(store, hub, Transfer(how.progress, how.cancelled))
        report.compared = _compared(store, hub, how)
    _say(store, report, how.now())
    return report


def _pull(store: Store, hub: Hub, how: Sync) -> Pulled:
    return pull(store, hub, Pull(how.sealing, how.now, how.accept_removals, how.cancelled))


def _compared(store: Store, hub: Hub, how: Sync) -> Compared:
    """Compare, and read the whole feed once more where the two sides differ."""
    compared = compare(store, hub)
    if compared.equal or how.cancelled():
        return compared
    read_again(store)
    _pull(store, hub, how)
    return compare(store, hub)


def _say(store: Store, report: SyncReport, at: datetime) -> None:
    with store.transaction() as tx:
        tx.activity.say(Happening(at, "sync", report.words))
        if not report.compared.equal:
            kinds = ", ".join(report.compared.differing)
            tx.activity.say(Happening(at, "sync", f"The hub and this laptop hold different records of: {kinds}."))
        if report.compared.ledger_warning:
            tx.activity.say(Happening(at, "ledger", report.compared.ledger_warning))
