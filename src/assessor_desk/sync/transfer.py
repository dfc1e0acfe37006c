"""Fetching artifacts: nearest due date first, small before large, resumed where the good bytes end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from assessor_desk.domain.ids import Digest
from assessor_desk.errors import HubRefusedError, HubUnreachableError, TamperedError
from assessor_desk.store.artifacts import Held
from assessor_desk.store.downloads import Download
from assessor_desk.store.store import Store
from assessor_desk.sync.hub import Hub

AT_ONCE = 3
BAD_ANSWERS = 3
"""So often a file may arrive changed before the desk gives it up for this sync."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what is to be fetched is here, in bytes."""

    received: int
    total: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """How to fetch: whom to tell of progress, and when to stop."""

    progress: Callable[[Progress], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Fetched:
    """How many artifacts and bytes came over the wire, and why others did not."""

    artifacts: int = 0
    bytes: int = 0
    problems: dict[Digest, str] = field(default_factory=dict)
    unreachable: HubUnreachableError | None = None


def fetch(store: Store, hub: Hub, how: Transfer) -> Fetched:
    """Fetch what open assignments still lack; what came before a cut stays, and the next fetch goes on there."""
    with store.reading() as tx:
        wanted = tx.artifacts.to_fetch()
    run = _Run(store, hub, how, sum(held.size for held in wanted))
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="transfer") as lanes:
        for running in [lanes.submit(run.fetch, held) for held in wanted]:
            running.result()
    if run.done.unreachable is not None:
        raise run.done.unreachable
    return run.done


class _Run:
    """One fetch of everything; its lanes share what was done."""

    def __init__(self, store: Store, hub: Hub, how: Transfer, total: int) -> None:
        self.done = Fetched()
        self._store = store
        self._hub = hub
        self._how = how
        self._total = total
        self._received = 0
        self._lock = Lock()

    def fetch(self, held: Held) -> None:
        """Fetch one artifact, or note why it did not come."""
        if self._how.cancelled() or self.done.unreachable is not None:
            return
        try:
            self._fetch(held)
        except HubUnreachableError as error:
            self.done.unreachable = error
        except (HubRefusedError, TamperedError) as error:
            self.done.problems[held.sha256] = str(error)

    def _fetch(self, held: Held) -> None:
        with self._store.download(held.portfolio, held.sha256) as download:
            self._count(download.received, over_the_wire=False)
            for attempt in range(1, BAD_ANSWERS + 1):
                try:
                    self._take(download)
                    break
                except TamperedError:
                    if attempt == BAD_ANSWERS:
                        raise
            if self._how.cancelled() and download.received < held.size:
                return
            download.finish()
        with self._lock:
            self.done.artifacts += 1

    def _take(self, download: Download) -> None:
        """Take bytes until all are here; of an answer that starts earlier, what is here already is passed over."""
        if download.received == download.held.size:
            return
        with self._hub.artifact(download.held.sha256, download.received) as incoming:
            ahead = download.received - incoming.start
            for part in incoming.parts:
                if self._how.cancelled():
                    return
                fresh = part[ahead:] if ahead < len(part) else b""
                ahead = max(0, ahead - len(part))
                download.write(fresh)
                self._count(len(part), over_the_wire=True)

    def _count(self, size: int, *, over_the_wire: bool) -> None:
        with self._lock:
            self._received += size
            if over_the_wire:
                self.done.bytes += size
            told = Progress(min(self._received, self._total), self._total)
        self._how.progress(told)
