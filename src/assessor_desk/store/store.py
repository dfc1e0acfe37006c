"""The door to one store: made once, opened with its data key, worked on in transactions."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

from assessor_desk.domain.ids import Digest, PortfolioId
from assessor_desk.environment.files import disk_failures, flush_folder
from assessor_desk.environment.lock import StoreLock
from assessor_desk.environment.paths import StorePaths
from assessor_desk.errors import StoreDamagedError, StoreError, StoreMissingError
from assessor_desk.seals.keyfile import KeyRing, Keys
from assessor_desk.store import keys as key_file
from assessor_desk.store.artifacts import ArtifactState
from assessor_desk.store.blobs import blob_path, remove_blobs, strays
from assessor_desk.store.check import Findings, check
from assessor_desk.store.downloads import Download
from assessor_desk.store.purge import Purged
from assessor_desk.store.transaction import Transaction
from assessor_desk.store.upgrade import is_current, upgrade
from assessor_desk.tables.lanes import Lanes
from assessor_desk.tables.sqlite import connect

STORE_ID = "store id"


class Store:
    """One person's work with one hub.

    Share it between threads; each piece of work opens a transaction of its own. Other processes may have the same
    store open and append edits; only the holder of `syncing` talks to the hub.
    """

    def __init__(self, paths: StorePaths, data_key: bytes) -> None:
        self.paths = paths
        self._wrapping = key_file.portfolio_wrapping(data_key)
        self._lanes = Lanes(paths.database, data_key)

    @classmethod
    def create(
        cls, paths: StorePaths, keys: Keys, ring: KeyRing, prepare: Callable[[Transaction], None] = lambda _: None
    ) -> Self:
        """Make a store with these keys and what `prepare` puts in.

        The key file comes last: until it is there, there is no store.
        """
        if paths.exists:
            raise StoreError("There is a store here already.", next="Open it, or choose another home folder.")
        paths.create()
        _remove_database(paths)
        connect(paths.database, keys.data, create=True).close()
        upgrade(paths.database, keys.data)
        store = cls(paths, keys.data)
        try:
            with store.transaction() as tx:
                tx.meta.put(STORE_ID, paths.id)
                prepare(tx)
            with disk_failures():
                for folder in (paths.folder, paths.folder.parent, paths.folder.parent.parent):
                    flush_folder(folder)
            key_file.write_ring(paths, ring)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open(cls, paths: StorePaths, data_key: bytes) -> Self:
        """Open a store, bring its tables up to date, and finish what a purge may have left."""
        if not paths.exists:
            raise StoreMissingError("There is no store here.")
        if not paths.database.exists():
            raise StoreDamagedError(
                "The database of this store is missing.",
                safe="Everything that reached the hub is safe there.",
                next="Bring the file back from a backup, or pair this laptop anew.",
            )
        store = cls(paths, data_key)
        try:
            with store._lanes.reading() as bare:
                current = is_current(bare)
            if not current:
                upgrade(paths.database, data_key)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def unlock(cls, paths: StorePaths, passphrase: str) -> tuple[Self, Keys]:
        """Open a store with the passphrase; return it with the keys for sealing and signing."""
        keys = key_file.unlock(paths, passphrase)
        return cls.open(paths, keys.data), keys

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Yield the store to be changed; when the block has ended well, what it did is durable."""
        with self._lanes.writing() as bare:
            yield Transaction(bare, self.paths, self._wrapping)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Yield the store as it is at this moment; writers are not held up, and writing is refused."""
        with self._lanes.reading() as bare:
            yield Transaction(bare, self.paths, self._wrapping)

    def syncing(self) -> StoreLock:
        """Return the right to talk to the hub, to be held in a `with` block; one process has it at a time."""
        return StoreLock(self.paths.lock)

    def download(self, portfolio: PortfolioId, sha256: Digest) -> Download:
        """Begin to take an artifact in, or go on where an earlier attempt was cut."""
        with self.transaction() as tx:
            held = tx.artifacts.begin(portfolio, sha256)
            key = tx.artifacts.blob_key(held)
        return Download(self.transaction, blob_path(self.paths, held.blob or ""), held, key)

    def purge(
        self, portfolios: Iterable[PortfolioId], at: datetime, *, with_refused: bool = False
    ) -> tuple[Purged, ...]:
        """Take portfolios off this laptop and return the receipts; none goes while work on one exists only here."""
        with self.transaction() as tx:
            extents = [tx.purges.remove(each, at, with_refused=with_refused) for each in portfolios]
        remove_blobs(self.paths, [blob for extent in extents for blob in extent.blobs])
        self.finish_purges(at)
        with self.reading() as tx:
            receipts = tx.purges.receipts()
        return receipts[len(receipts) - len(extents) :]

    def finish_purges(self, at: datetime) -> bool:
        """Erase what removed portfolios left in the raw files; return whether nothing is left.

        A reader that still looks at an earlier state stands in the way; then the next call does it.
        """
        with self.reading() as tx:
            if not tx.purges.unfinished():
                return True
            left = strays(self.paths, tx.artifacts.blobs())
        remove_blobs(self.paths, left)
        if not self._lanes.erase():
            return False
        with self.transaction() as tx:
            tx.purges.erased(at)
        return True

    def check(self, *, read_artifacts: bool = False) -> Findings:
        """Return whether the store holds together; nothing is changed."""
        with self.reading() as tx:
            return check(tx, self.paths, read_artifacts=read_artifacts)

    def mend(self, findings: Findings) -> None:
        """Do what can be done without a person: fetch broken artifacts again, fold anew, remove strays."""
        with self.transaction() as tx:
            for held in findings.artifacts:
                tx.artifacts.give_up(held, ArtifactState.DAMAGED)
            for assessment in tx.journal.assessments():
                tx.journal.settle_again(assessment)
            left = strays(self.paths, tx.artifacts.blobs())
        remove_blobs(self.paths, left)

    def close(self) -> None:
        """Let go of the files."""
        self._lanes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _remove_database(paths: StorePaths) -> None:
    # Left by a first run that was cut short: without its keys it can never be opened.
    with disk_failures():
        for ending in ("", "-wal", "-shm"):
            paths.database.with_name(paths.database.name + ending).unlink(missing_ok=True)
