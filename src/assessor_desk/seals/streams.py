"""Large content in authenticated chunks: written once in constant memory, read from any position."""

import io
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assessor_desk.errors import SealError, TamperedError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 256 * 1024
TAG = 16
STEP = CHUNK + TAG
KEY_SIZE = 32
CACHED_CHUNKS = 4

_LABEL = b"assessor-desk blob 1\x00"


class Source(Protocol):
    """Anything that fills a buffer, such as a file opened for binary reading."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill the buffer from its beginning and return how much was filled, 0 at the end."""


class RandomSource(Source, Protocol):
    """A source that can be read from any position, such as a file opened for binary reading."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a position and return it."""

    def close(self) -> None:
        """Let the file go."""


def new_blob_key() -> bytes:
    """Return a fresh key; it may encrypt one blob and nothing else."""
    return AESGCM.generate_key(KEY_SIZE * 8)


def encrypted_size(size: int) -> int:
    """Return how many bytes content of this size takes once encrypted."""
    return size + TAG * max(1, -(-size // CHUNK))


class EncryptedWriter:
    """Writes one blob chunk by chunk into a file.

    A blob that was cut goes on after its first `chunks` whole ones, with the same key and the same content only:
    other content under the same key would give both away.
    """

    def __init__(self, file: BinaryIO, key: bytes, blob_id: str, *, chunks: int = 0) -> None:
        self._file = file
        self._cipher = _Cipher(key, blob_id)
        self._chunks = chunks
        # One byte more than a chunk: only what follows tells whether a full chunk is the last one.
        self._buffer = memoryview(bytearray(CHUNK + 1))
        self._filled = 0
        self._encrypted = memoryview(bytearray(STEP))
        file.seek(chunks * STEP)
        file.truncate()

    @property
    def size(self) -> int:
        """How much content the blob has so far, resumed chunks included."""
        return self._chunks * CHUNK + self._filled

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Take more content."""
        rest = memoryview(data).cast("B")
        while rest:
            taken = min(len(rest), len(self._buffer) - self._filled)
            self._buffer[self._filled : self._filled + taken] = rest[:taken]
            self._advance(taken)
            rest = rest[taken:]
        return memoryview(data).nbytes

    def take(self, source: Source) -> None:
        """Take all that the source still has."""
        while taken := source.readinto(self._buffer[self._filled :]):
            self._advance(taken)

    def finish(self) -> int:
        """Write the last chunk and return the content's size; making it durable is the caller's."""
        self._write_chunk(self._filled, last=True)
        self._file.flush()
        return self._chunks * CHUNK + self._filled

    def _advance(self, taken: int) -> None:
        self._filled += taken
        if self._filled > CHUNK:
            self._write_chunk(CHUNK, last=False)
            self._buffer[0] = self._buffer[CHUNK]
            self._chunks += 1
            self._filled = 1

    def _write_chunk(self, size: int, *, last: bool) -> None:
        encrypted = self._encrypted[: size + TAG]
        self._cipher.encrypt(self._chunks, self._buffer[:size], encrypted, last=last)
        _write_all(self._file, encrypted)


class EncryptedReader(io.RawIOBase):
    """Reads one blob from any position, decrypting as asked and keeping a few chunks.

    Opening checks the last chunk, so that the size is trusted from then on. The file is closed with the reader.
    One thread at a time.
    """

    def __init__(self, file: RandomSource, key: bytes, blob_id: str, *, cached_chunks: int = CACHED_CHUNKS) -> None:
        super().__init__()
        self._file = file
        self._cache: OrderedDict[int, memoryview] = OrderedDict()
        self._cached_chunks = max(1, cached_chunks)
        self._cipher = _Cipher(key, blob_id)
        self._encrypted = memoryview(bytearray(STEP))
        self._position = 0
        encrypted_size = file.seek(0, io.SEEK_END)
        self._count = max(1, -(-encrypted_size // STEP))
        self.size = encrypted_size - self._count * TAG
        if self.size < 0 or 0 < self.size <= (self._count - 1) * CHUNK:
            raise _tampered()
        self._chunk(self._count - 1)

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position in the content."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a position in the content; nothing is read yet."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise ValueError("a position before the beginning")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill the buffer as far as the content reaches."""
        done = self._fill(self._position, memoryview(buffer).cast("B"))
        self._position += done
        return done

    def readall(self) -> bytes:
        """Return everything from the position to the end."""
        data = self.read_at(self._position, self.size)
        self._position += len(data)
        return data

    def read_at(self, position: int, size: int) -> bytes:
        """Return content by position, without moving."""
        data = bytearray(max(0, min(size, self.size - position)))
        self._fill(position, memoryview(data))
        return bytes(data)

    def close(self) -> None:
        """Close the file and forget what was decrypted."""
        if not self.closed:
            self._cache.clear()
            self._file.close()
        super().close()

    def _fill(self, position: int, target: memoryview) -> int:
        if self.closed:
            raise ValueError("the reader is closed")
        target = target[: max(0, self.size - position)]
        done = 0
        while done < len(target):
            index, start = divmod(position + done, CHUNK)
            done += self._fill_from(index, start, target[done:])
        return done

    def _fill_from(self, index: int, start: int, target: memoryview) -> int:
        size = self._chunk_size(index)
        if start == 0 and len(target) >= size and index not in self._cache:
            self._decrypt(index, target[:size])
            return size
        part = self._chunk(index)[start : start + len(target)]
        target[: len(part)] = part
        return len(part)

    def _chunk(self, index: int) -> memoryview:
        if index in self._cache:
            self._cache.move_to_end(index)
            return self._cache[index]
        spare = self._cache.popitem(last=False)[1].obj if len(self._cache) >= self._cached_chunks else bytearray(CHUNK)
        chunk = memoryview(spare)[: self._chunk_size(index)]
        self._decrypt(index, chunk)
        self._cache[index] = chunk
        return chunk

    def _chunk_size(self, index: int) -> int:
        return min(CHUNK, self.size - index * CHUNK)

    def _decrypt(self, index: int, target: memoryview) -> None:
        encrypted = self._encrypted[: len(target) + TAG]
        self._file.seek(index * STEP)
        if _read_all(self._file, encrypted) != len(encrypted):
            raise _tampered()
        self._cipher.decrypt(index, encrypted, target, last=index == self._count - 1)


def whole_chunks(file: RandomSource, key: bytes, blob_id: str, each: Callable[[memoryview], object] = len) -> int:
    """Return how many leading chunks of an unfinished blob are good, and show each one's content as it is read."""
    cipher = _Cipher(key, blob_id)
    encrypted, content = memoryview(bytearray(STEP)), memoryview(bytearray(CHUNK))
    file.seek(0)
    count = 0
    while _read_all(file, encrypted) == STEP:
        try:
            cipher.decrypt(count, encrypted, content, last=False)
        except TamperedError:
            break
        each(content)
        count += 1
    return count


class _Cipher:
    """The key of one blob, and what binds a chunk to its place in it."""

    __slots__ = ("_aead", "_blob")

    def __init__(self, key: bytes, blob_id: str) -> None:
        if len(key) != KEY_SIZE:
            raise SealError("A blob's key has 32 bytes.")
        self._aead = AESGCM(key)
        self._blob = _LABEL + blob_id.encode()

    def encrypt(self, index: int, content: memoryview, target: memoryview, *, last: bool) -> None:
        self._aead.encrypt_into(_nonce(index, last), content, self._place(index, last), target)

    def decrypt(self, index: int, encrypted: memoryview, target: memoryview, *, last: bool) -> None:
        try:
            self._aead.decrypt_into(_nonce(index, last), encrypted, self._place(index, last), target)
        except InvalidTag as fault:
            raise _tampered() from fault

    def _place(self, index: int, last: bool) -> bytes:
        return self._blob + index.to_bytes(8, "big") + bytes([last])


def _nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([last])


def _tampered() -> TamperedError:
    return TamperedError("The encrypted file was changed, cut short, put together differently, or is another one.")


def _read_all(file: Source, target: memoryview) -> int:
    done = 0
    while done < len(target) and (count := file.readinto(target[done:])):
        done += count
    return done


def _write_all(file: BinaryIO, data: memoryview) -> None:
    while data:
        data = data[file.write(data) :]
