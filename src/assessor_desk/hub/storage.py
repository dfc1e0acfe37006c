"""The hub's files by their content: each written once, verified while written, never changed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO, cast

from assessor_desk.domain.ids import Digest
from assessor_desk.errors import TamperedError
from assessor_desk.seals.digests import Pieces, pieces, sha256_file


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of files named by their SHA-256, in folders by its first two and next two digits."""

    root: Path

    def put(self, stream: BinaryIO, expected: Digest | None = None) -> Pieces:
        """Store a stream's bytes durably and return their digests; refuse them when they are not the expected ones."""
        with self._incoming() as file:
            found = pieces(cast("BinaryIO", _Copying(stream, file)))
            if expected is not None and found.sha256 != expected:
                raise TamperedError("The file's content is not what its digest says.")
            _flush(file)
            self._keep(Path(file.name), Digest(found.sha256))
        return found

    def path(self, digest: Digest) -> Path:
        """Return where a file with that content lies, or would lie."""
        return self.root / digest[:2] / digest[2:4] / digest

    def has(self, digest: Digest) -> bool:
        """Return whether the content is here."""
        return self.path(digest).is_file()

    def open(self, digest: Digest) -> BinaryIO:
        """Open stored content for reading."""
        return self.path(digest).open("rb")

    def intact(self, digest: Digest) -> bool:
        """Return whether the content is here and still what its name says."""
        return self.has(digest) and sha256_file(self.path(digest)) == digest

    def _keep(self, written: Path, digest: Digest) -> None:
        place = self.path(digest)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            written.replace(place)
            for folder in (place.parent, place.parent.parent, self.root):
                _flush_folder(folder)

    @contextmanager
    def _incoming(self) -> Iterator[IO[bytes]]:
        folder = self.root / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        # Made by the standard library with mode 0600 and an unpredictable name.
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            try:
                yield file
            finally:
                Path(file.name).unlink(missing_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all, readable by its owner only."""
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            _flush(file)
            Path(file.name).replace(path)
        finally:
            Path(file.name).unlink(missing_ok=True)
    _flush_folder(path.parent)


class _Copying:
    """A stream that leaves a copy of what is read from it in a file."""

    def __init__(self, source: BinaryIO, copy: IO[bytes]) -> None:
        self._source = source
        self._copy = copy

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self._copy.write(data)
        return data


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    # A rename lasts only once the folder is on disk; Windows has no handle for folders and needs none.
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
