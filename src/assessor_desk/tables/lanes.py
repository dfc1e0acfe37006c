"""The lanes to one encrypted file: one that writes, a turn at a time, and beside it as many readers as are needed."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident

from assessor_desk.tables.failures import busy, sqlite_failures
from assessor_desk.tables.sqlite import BUSY_SECONDS, Bare, connect

TURN_SECONDS = 30.0
READER_MILLISECONDS = 200  # how long a checkpoint, which can come again, waits for readers


class Lanes:
    """Hands out the driver's own connections; safe to share between threads.

    Other processes may have lanes to the same file: a writer there is waited for, and a reader never waits.
    """

    def __init__(self, path: Path, key: bytes | None) -> None:
        self.path = path
        self._key = key
        self._turn = Lock()
        self._holder: int | None = None
        self._readers: deque[Bare] = deque()  # the last used is taken first: its pages are warm
        self._writer = connect(path, key)

    @contextmanager
    def writing(self) -> Iterator[Bare]:
        """Yield the connection that writes; what the block did is durable when it has ended well, undone if not."""
        with self._alone(), sqlite_failures(self.path):
            # IMMEDIATE: what is read inside is still the newest when it is written over.
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:  # a full disk has already undone it
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[Bare]:
        """Yield a connection that sees one unchanging state and refuses to write."""
        with sqlite_failures(self.path):
            reader = self._reader()
            try:
                reader.execute("BEGIN")
                yield reader
            finally:
                if reader.in_transaction:
                    reader.execute("ROLLBACK")
                self._readers.append(reader)

    def erase(self) -> bool:
        """Leave nothing of deleted rows in the raw files; return false when a reader stood in the way of it.

        Overwriting what is deleted is not enough: when SQLite moves rows from page to page, it leaves copies in the
        gaps. Only pages written anew are free of them. The log is then emptied into the file and cut.
        """
        with self._alone(), sqlite_failures(self.path):
            self._writer.execute("VACUUM")
            self._writer.execute(f"PRAGMA busy_timeout = {READER_MILLISECONDS}").fetchall()
            try:
                row = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._writer.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}").fetchall()
            return row is not None and row[0] == 0

    def close(self) -> None:
        """Close every connection that is not in use; the last one to close leaves a single file."""
        while self._readers:
            self._readers.pop().close()
        with self._alone():
            self._writer.close()

    def _reader(self) -> Bare:
        try:
            return self._readers.pop()
        except IndexError:
            reader = connect(self.path, self._key)
            reader.execute("PRAGMA query_only = ON")
            return reader

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._holder == get_ident():
            raise RuntimeError("this thread is already writing to the store")
        if not self._turn.acquire(timeout=TURN_SECONDS):
            raise busy()
        self._holder = get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._turn.release()
