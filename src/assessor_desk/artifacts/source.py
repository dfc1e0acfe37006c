"""The bytes of an artifact, read by position, wherever they lie."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Source(Protocol):
    """What this room asks of an open file: the store's decrypting reader and a plain binary file both fit."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to a position and return it."""
        ...

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, fewer than asked for where that is all there is at hand."""
        ...


@contextmanager
def opened(source: Source | Path) -> Iterator[Source]:
    """Yield an open source for a path, or the source itself, which stays open afterwards."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    else:
        yield source


def size_of(source: Source) -> int:
    """Return how many bytes the source holds."""
    return source.seek(0, os.SEEK_END)


def read_at(source: Source, offset: int, size: int) -> bytes:
    """Return the bytes at a position, fewer only at the end."""
    source.seek(offset)
    parts = []
    while size > 0 and (part := source.read(min(size, io.DEFAULT_BUFFER_SIZE * 128))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
