"""One sync from start to end: push, pull, fold in, fetch, compare."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from assessor_desk.errors import HubBrakeError, HubError
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.store.activity import Happening
from assessor_desk.store.store import Store
from assessor_desk.store.transaction import Transaction
from assessor_desk.sync import drafts, upgrade
from assessor_desk.sync.drafts import Folded
from assessor_desk.sync.hub import Hub
from assessor_desk.sync.pull import Pull, Pulled, pull
from assessor_desk.sync.push import Push, Pushed, collect, push
from assessor_desk.sync.reconcile import Compared, compare
from assessor_desk.sync.transfer import Fetched, Progress, Transfer, fetch
from assessor_desk.sync.waits import Jitter, any_jitter
from assessor_desk.wire.deeds import DeedKind
from assessor_desk.wire.records import RecordKind

LEDGER_TOLD = "ledger warning told"
LATELY = 50
"""Among so many lines of the log the same words are not repeated: hours without a hub are one line."""

_FOLDED = frozenset({RecordKind.SEALED_EDIT, RecordKind.ASSIGNMENT})
"""An edit can be folded in when it has come and when its assignment has."""


@dataclass(frozen=True, slots=True)
class Sync:
    """What a sync needs beside store and hub.

    Attributes:
        sealing: opens edits from this person's other desks; without it they wait
        accept_removals: whether it is fine that the hub takes most of the open work away
        automatic: whether nobody asked for it, so that what failed lately waits its time
        carried: whether the hub's word came in a package, so that nothing can be told to it now
    """

    now: Callable[[], datetime]
    sealing: SealingKey | None = None
    accept_removals: bool = False
    automatic: bool = False
    carried: bool = False
    progress: Callable[[Progress], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False
    jitter: Jitter = any_jitter


@dataclass(slots=True)
class SyncReport:
    """What a sync did."""

    pushed: Pushed = field(default_factory=Pushed)
    pulled: Pulled = field(default_factory=Pulled)
    folded: Folded = field(default_factory=Folded)
    fetched: Fetched = field(default_factory=Fetched)
    compared: Compared = field(default_factory=Compared)

    @property
    def words(self) -> str:
        """Return the sync in plain words."""
        sent = f"{self.pushed.accepted} sent" + (f", {self.pushed.refused} not accepted" if self.pushed.refused else "")
        records = counted(sum(self.pulled.changed.values()), "record", "records")
        told = [f"{sent}, {records} received, {counted(self.fetched.artifacts, 'file', 'files')} fetched."]
        told += [f"Still waiting: {problem}" for problem in self.pushed.problems]
        if unread := sum(self.pulled.unread.values()):
            kept = counted(unread, "record is kept that needs", "records are kept that need")
            told.append(f"{kept} a newer version of Assessor Desk.")
        if closed := self.folded.closed:
            kept = counted(closed, "change from your other laptop was", "changes from your other laptop were")
            told.append(f"{kept} kept and could not be opened.")
        return " ".join(told)

    @property
    def moved(self) -> bool:
        """Return whether anything went or came."""
        pushed = self.pushed.accepted or self.pushed.refused
        return bool(pushed or self.pulled.changed or self.fetched.artifacts)


def sync(store: Store, hub: Hub, how: Sync) -> SyncReport:
    """Run one sync; whatever stops it, what was done stays and the next one goes on from there.

    Raises:
        StoreBusyError: another process syncs this store
        HubError: the hub is out of reach, refuses, or would take most of the work away
    """
    run = _Run(store, hub, how)
    with store.syncing():
        try:
            run.all()
        except HubError as error:
            run.broke_off(error)
            raise
    run.ended()
    return run.report


class _Run:
    """One sync."""

    def __init__(self, store: Store, hub: Hub, how: Sync) -> None:
        self.report = SyncReport()
        self._store = store
        self._hub = hub
        self._how = how
        self._to_fold = True  # what came while the key was locked does not wait for the hub

    def all(self) -> None:
        """Do every stage in its order."""
        upgrade.read_again(self._store, self._how.now)
        self._fold_in()
        if not self._how.automatic and not self._how.carried:
            with self._store.transaction() as tx:
                tx.outbox.try_now()
        self._push()
        self._pull()
        if self.report.pulled.epoch_renewed or self.report.pushed.epoch_renewed:
            self._push()
            self._pull()
        self._fold_in()
        self.report.fetched = fetch(self._store, self._hub, Transfer(self._how.progress, self._how.cancelled))
        if not self._how.cancelled():
            self.report.compared = compare(self._store, self._hub, self._pull)
            self._fold_in()
            self._tell_ledger(self.report.compared.ledger_warning)

    def broke_off(self, error: HubError) -> None:
        """Say what waits now, to who asked and in the log."""
        with self._store.transaction() as tx:
            waiting = _waiting(tx)
            if not isinstance(error, HubBrakeError):
                error.safe = " ".join(part for part in (error.safe, waiting) if part)
            done = self.report.words if self.report.moved else ""
            self._say(tx, "sync", " ".join(part for part in (done, error.detail, waiting) if part), once=True)

    def ended(self) -> None:
        """Say in the log what was done, and what went wrong if it was not said before."""
        compared = self.report.compared
        with self._store.transaction() as tx:
            if self.report.moved or not self._how.automatic:
                self._say(tx, "sync", self.report.words)
            for problem in (*self.report.pushed.problems, *self.report.fetched.problems.values()):
                self._say(tx, "sync", problem, once=True)
            if compared.differing and not compared.known:
                kinds = ", ".join(compared.differing)
                self._say(tx, "sync", f"The hub and this laptop hold different records of: {kinds}.")

    def _tell_ledger(self, warning: str) -> None:
        with self._store.reading() as tx:
            told = tx.meta.get(LEDGER_TOLD) or ""
        if bool(warning) != bool(told):
            with self._store.transaction() as tx:
                tx.meta.put(LEDGER_TOLD, warning)
                self._say(tx, "ledger", warning or "The hub's ledger goes on from where it was.")

    def _say(self, tx: Transaction, kind: str, words: str, *, once: bool = False) -> None:
        """Add a line to the log; what would be said again and again is said once."""
        if not once or words not in {each.words for each in tx.activity.latest(LATELY)}:
            tx.activity.say(Happening(self._how.now(), kind, words))

    def _push(self) -> None:
        stage = collect if self._how.carried else push
        how = Push(self._how.now, self._how.jitter, self._how.cancelled)
        self.report.pushed.add(stage(self._store, self._hub, how))

    def _pull(self) -> int:
        done = pull(self._store, self._hub, Pull(self._how.now, self._how.accept_removals, self._how.cancelled))
        self.report.pulled.add(done)
        self._to_fold |= not _FOLDED.isdisjoint(done.changed)
        return sum(done.changed.values())

    def _fold_in(self) -> None:
        if self._how.sealing is not None and self._to_fold:
            folded = drafts.fold_waiting(self._store, self._how.sealing, self._how.cancelled)
            self.report.folded = Folded(self.report.folded.spots | folded.spots, folded.closed)
            self._to_fold = False


def _waiting(tx: Transaction) -> str:
    """Return in words what the hub has not got yet."""
    unsent = tx.outbox.unsent()
    drafted = sum(each.deed.kind == DeedKind.EDIT for each in unsent)
    signed = len(unsent) - drafted
    told = [counted(signed, "decision or other act", "decisions and other acts")] if signed else []
    told += [counted(drafted, "change to a draft", "changes to drafts")] if drafted else []
    return f"Waiting to be sent: {', '.join(told)}." if told else ""


def counted(count: int, one: str, many: str) -> str:
    """Return a count with the word that fits it."""
    return f"{count} {one if count == 1 else many}"
