"""An artifact on its way into the store: checked piece by piece, encrypted at once, and resumed after any cut."""

import hashlib
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from assessor_desk.environment.files import disk_failures, flush_to_disk
from assessor_desk.errors import ArtifactError, StoreError, TamperedError
from assessor_desk.seals.digests import PIECE_SIZE
from assessor_desk.seals.streams import CHUNK, EncryptedWriter, whole_chunks
from assessor_desk.store.artifacts import ArtifactState, Held
from assessor_desk.store.blobs import open_blob
from assessor_desk.store.transaction import Transactions

SAVE_EVERY = 16 * 1024 * 1024


class Download:
    """Takes an artifact's bytes from `received` on; leaving the block keeps what is good.

    Only bytes whose piece the hub's record vouches for are encrypted: other content under the same key and place
    would give both away. After a changed piece `received` is back where good content ends.
    """

    def __init__(self, transactions: Transactions, path: Path, held: Held, key: bytes) -> None:
        if held.blob is None or len(held.pieces) != -(-held.size // PIECE_SIZE):
            raise TamperedError("The hub's description of this file does not hold together.")
        self.held = held
        self.finished = False
        self._transactions = transactions
        self._file = open_blob(path)
        self._whole = hashlib.sha256()
        self._piece = hashlib.sha256()
        self._hashed = 0
        with disk_failures():
            chunks = whole_chunks(self._file, key, held.blob, self._count)
            self._writer = EncryptedWriter(self._file, key, held.blob, chunks=chunks)
        self._buffer = memoryview(bytearray(PIECE_SIZE))
        self._filled = 0
        self._saved = self._hashed

    @property
    def received(self) -> int:
        """Return from which byte on the artifact is still wanted."""
        return self._hashed + self._filled

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take the next bytes."""
        rest = memoryview(data).cast("B")
        if self.received + len(rest) > self.held.size:
            self._filled = 0
            raise TamperedError("More of this file arrived than the hub announced.")
        while rest:
            taken = min(len(rest), self._piece_end() - self.received)
            self._buffer[self._filled : self._filled + taken] = rest[:taken]
            self._filled += taken
            rest = rest[taken:]
            if self.received == self._piece_end():
                self._take_piece()

    def save(self) -> None:
        """Make what has come so far outlive a power cut, and note how much it is."""
        with disk_failures():
            flush_to_disk(self._file.fileno())
        # The writer holds the last chunk back until it knows whether another follows.
        self._saved = max(0, -(-self._hashed // CHUNK) - 1) * CHUNK
        with self._transactions() as tx:
            tx.artifacts.progress(self.held, self._saved)

    def finish(self) -> None:
        """Check the whole, make it durable, and only then call it here."""
        if self.received != self.held.size or self._filled:
            raise TamperedError("This file ended before all of it had come.")
        if self._whole.hexdigest() != self.held.sha256:
            with self._transactions() as tx:
                tx.artifacts.give_up(self.held, ArtifactState.DAMAGED)
            raise TamperedError("This file is not the one that the hub announced.")
        with disk_failures():
            self._writer.finish()
            flush_to_disk(self._file.fileno())
        with self._transactions() as tx:
            tx.artifacts.complete(self.held)
        self.finished = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not self.finished and self._hashed > self._saved:
                # A convenience only: what is good is found again by reading the file.
                with suppress(StoreError, ArtifactError):
                    self.save()
        finally:
            self._file.close()

    def _piece_end(self) -> int:
        return min(self.held.size, (self._hashed // PIECE_SIZE + 1) * PIECE_SIZE)

    def _take_piece(self) -> None:
        content = self._buffer[: self._filled]
        piece = self._piece.copy()
        piece.update(content)
        if piece.hexdigest() != self.held.pieces[self._hashed // PIECE_SIZE]:
            self._filled = 0
            raise TamperedError("A part of this file arrived changed.")
        with disk_failures():
            self._writer.write(content)
        self._whole.update(content)
        self._piece = hashlib.sha256()
        self._hashed += self._filled
        self._filled = 0
        if self._hashed - self._saved >= SAVE_EVERY:
            self.save()

    def _count(self, content: memoryview) -> None:
        """Take in a chunk that an earlier attempt had written; none reaches over the end of a piece."""
        self._whole.update(content)
        self._piece.update(content)
        self._hashed += len(content)
        if self._hashed % PIECE_SIZE == 0:
            self._piece = hashlib.sha256()
