"""The hub's files by their content: each written once, verified while written, never changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO, cast

from assessor_desk.domain.ids import Digest
from assessor_desk.environment.files import disk_failures, flush_folder, flush_to_disk
from assessor_desk.errors import TamperedError
from assessor_desk.seals.digests import Pieces, pieces, sha256_file


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of files named by their SHA-256, in folders by its first two and next two digits."""

    root: Path

    def put(self, stream: BinaryIO, expected: Digest | None = None) -> Pieces:
        """Store a stream's bytes durably and return their digests; refuse them when they are not the expected ones."""
        with disk_failures(), self._incoming() as file:
            found = pieces(cast("BinaryIO", _Copying(stream, file)))
            if expected is not None and found.sha256 != expected:
                raise TamperedError("The file's content is not what its digest says.")
            file.flush()
            flush_to_disk(file.fileno())
            file.close()  # Windows moves no open file
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
        # Also when it was there: who put it may have been killed before its name was on the disk.
        for folder in (place.parent, *place.parent.parents[:3]):  # up to the one that holds the root
            flush_folder(folder)

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


class _Copying:
    """A stream that leaves a copy of what is read from it in a file."""

    def __init__(self, source: BinaryIO, copy: IO[bytes]) -> None:
        self._source = source
        self._copy = copy

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self._copy.write(data)
        return data
