"""Fetching artifacts: nearest due date first, small before large, resumed at the byte where an answer was cut."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from threading import Lock

from assessor_desk.domain.ids import Digest
from assessor_desk.errors import (
    ArtifactError,
    DeskError,
    HubError,
    HubProtocolError,
    HubRefusedError,
    HubUnreachableError,
    TamperedError,
)
from assessor_desk.store.artifacts import Held
from assessor_desk.store.downloads import Download
from assessor_desk.store.store import Store
from assessor_desk.sync.ahead import read_ahead
from assessor_desk.sync.hub import Hub, Incoming

AT_ONCE = 3
BAD_ANSWERS = 3
"""So often a file may arrive changed before the desk gives it up for this sync."""

POOR_ANSWERS = 3
POOR = 16 * 1024
"""So often in a row an answer may be cut before this many bytes came; then the connection is no good."""

SMALL = 1 << 20
"""A file up to this size is not worth a thread of its own."""

_ABOUT_THE_DESK = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what is to be fetched is here, in bytes."""

    received: int
    total: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """How to fetch: whom to tell of progress (by several threads, one at a time), and when to stop."""

    progress: Callable[[Progress], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Fetched:
    """How many artifacts and bytes came over the wire, and why others did not."""

    artifacts: int = 0
    bytes: int = 0
    problems: dict[Digest, str] = field(default_factory=dict)


def fetch(store: Store, hub: Hub, how: Transfer) -> Fetched:
    """Fetch what open assignments still lack; what came before a cut stays, and the next fetch goes on there.

    Raises:
        HubUnreachableError: the hub is out of reach
        HubRefusedError: the hub does not let this desk in
        StoreError: what comes cannot be kept
    """
    with store.reading() as tx:
        wanted = tx.artifacts.to_fetch()
    run = _Run(store, hub, how, sum(held.size for held in wanted))
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="transfer") as lanes:
        try:
            for running in [lanes.submit(run.fetch, held) for held in wanted]:
                running.result()
        except BaseException:
            run.stopped = True
            raise
    if run.ended_by is not None:
        raise run.ended_by
    return run.done


class _Run:
    """One fetch of everything; its lanes share what was done."""

    def __init__(self, store: Store, hub: Hub, how: Transfer, total: int) -> None:
        self.done = Fetched()
        self.ended_by: HubError | None = None
        self.stopped = False
        self._store = store
        self._hub = hub
        self._how = how
        self._total = total
        self._here = 0
        self._lock = Lock()

    def fetch(self, held: Held) -> None:
        """Fetch one artifact, or note why it did not come."""
        if self._over():
            return
        try:
            with self._store.download(held.portfolio, held.sha256) as download:
                self._count(download.received)
                self._fetch(download)
        except HubUnreachableError as error:
            self.ended_by = error
        except HubRefusedError as error:
            if error.status in _ABOUT_THE_DESK:
                self.ended_by = error
            self._note(held, error)
        except (HubError, TamperedError, ArtifactError) as error:
            self._note(held, error)

    def _fetch(self, download: Download) -> None:
        bad = poor = 0
        while not self._over() and download.received < download.held.size:
            before = download.received
            try:
                self._take(download)
            except TamperedError:
                bad += 1
                if bad == BAD_ANSWERS:
                    raise
            except HubUnreachableError:
                poor = poor + 1 if download.received - before < POOR else 0
                if poor == POOR_ANSWERS or download.received == before:
                    raise
        if download.received == download.held.size:
            download.finish()
            with self._lock:
                self.done.artifacts += 1

    def _take(self, download: Download) -> None:
        """Take one answer to its end; what of it is here already is passed over."""
        size = download.held.size
        with self._hub.artifact(download.held.sha256, download.received) as incoming:
            ahead = download.received - incoming.start
            _require_fit(ahead, incoming, size)
            with closing(_parts(incoming, size - incoming.start)) as parts:
                for part in parts:
                    if self._over():
                        return
                    passed = min(ahead, len(part))
                    ahead -= passed
                    self._write(download, part, passed)
        if download.received < size:
            raise TamperedError("This file ended before all of it had come.")

    def _write(self, download: Download, part: bytes, passed: int) -> None:
        before = download.received
        try:
            download.write(memoryview(part)[passed:])
        finally:
            self._count(download.received - before, len(part))

    def _note(self, held: Held, error: DeskError) -> None:
        self.done.problems[held.sha256] = f"“{held.title}” did not come. {error}"

    def _over(self) -> bool:
        return self.stopped or self.ended_by is not None or self._how.cancelled()

    def _count(self, fresh: int, wire: int = 0) -> None:
        with self._lock:
            self._here += fresh
            self.done.bytes += wire
            self._how.progress(Progress(self._here, self._total))


def _require_fit(ahead: int, incoming: Incoming, size: int) -> None:
    if ahead < 0:
        raise HubProtocolError("The hub sent another part of this file than was asked for.")
    if incoming.total not in (None, size):
        raise TamperedError("This file has another size at the hub than was announced.")


def _parts(incoming: Incoming, size: int) -> Generator[bytes]:
    """Yield an answer's parts; of a large one the next are read while the last are written."""
    yield from read_ahead(incoming.parts) if size > SMALL else incoming.parts
