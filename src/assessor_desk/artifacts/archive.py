"""ZIP archives taken in safely: sizes are read before anything is unpacked, and counted while it is."""

import errno
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assessor_desk.artifacts.entry_names import is_litter, on_disk, parts_of, refused, same_place
from assessor_desk.artifacts.source import Source, opened, read_at
from assessor_desk.artifacts.zip_directory import DEFLATED, STORED, Record, check_layout, damaged, read_directory
from assessor_desk.errors import ArchiveError, DiskFullError

_PIECE = 256 * 1024
_RATIO_COUNTS_FROM = 4 * 1024 * 1024
_WINDOWS_LINK = 0x0400
_WINDOWS_DEVICE = 0x0040


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold: entries, bytes in all, bytes in one entry, and how often bytes may multiply."""

    entries: int = 2_000
    total: int = 8 * 1024**3
    one: int = 4 * 1024**3
    ratio: int = 250


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive: its name as it was given, with `/` between folders, and its size."""

    name: str
    size: int
    record: Record = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """What an archive holds, and which litter of operating systems was left out."""

    entries: tuple[Entry, ...]
    dropped: tuple[str, ...]

    @property
    def total(self) -> int:
        """Return how many bytes the entries take when unpacked."""
        return sum(entry.size for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Extracted:
    """One unpacked file: the name it had in the archive, and where it lies now."""

    name: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was unpacked, and which litter was left out."""

    files: tuple[Extracted, ...]
    dropped: tuple[str, ...]


class Archive:
    """A ZIP archive whose whole directory was found to be sound before anything is read from it."""

    def __init__(self, source: Source, limits: ArchiveLimits) -> None:
        self._source = source
        records = read_directory(source, limits.entries)
        _check_records(records, limits)
        self._starts = check_layout(source, records)
        self.listing = _listing(records)

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """Yield an entry's bytes, and refuse it as soon as they are more or other than its directory says."""
        seen, crc = 0, 0
        for chunk in self._inflated(entry):
            seen, crc = seen + len(chunk), zlib.crc32(chunk, crc)
            if seen > entry.size:
                raise refused(entry.name, "holds more than it says")
            yield chunk
        if seen != entry.size or crc != entry.record.crc:
            raise refused(entry.name, "is damaged")

    def _inflated(self, entry: Entry) -> Iterator[bytes]:
        if entry.record.method == STORED:
            yield from self._packed(entry)
            return
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for packed in self._packed(entry):
                waiting = packed
                while waiting and not inflate.eof:
                    yield inflate.decompress(waiting, _PIECE)
                    waiting = inflate.unconsumed_tail
            while not inflate.eof and (rest := inflate.decompress(inflate.unconsumed_tail, _PIECE)):
                yield rest
        except zlib.error:
            raise refused(entry.name, "is damaged") from None
        if not inflate.eof or inflate.unused_data:
            raise refused(entry.name, "is damaged")

    def _packed(self, entry: Entry) -> Iterator[bytes]:
        start, left = self._starts[entry.record.offset], entry.record.compressed
        while left:
            piece = read_at(self._source, start, min(left, _PIECE))
            if not piece:
                raise damaged()
            start, left = start + len(piece), left - len(piece)
            yield piece


def inspect(path: Path, limits: ArchiveLimits) -> Listing:
    """Return what a ZIP archive holds, or refuse it, without unpacking anything."""
    with _file_failures(), opened(path) as source:
        return Archive(source, limits).listing


def extract(path: Path, to_folder: Path, limits: ArchiveLimits) -> Extraction:
    """Unpack a ZIP archive into a folder that is new or empty; a refused archive leaves nothing there."""
    with _file_failures(), opened(path) as source:
        archive = Archive(source, limits)
        to_folder.mkdir(parents=True, exist_ok=True)
        if any(to_folder.iterdir()):
            raise ArchiveError("The folder to unpack to is not empty.", safe="Nothing was unpacked.")
        done: list[Extracted] = []
        try:
            for entry in archive.listing.entries:
                done.append(_unpack(archive, entry, to_folder))
        except (ArchiveError, OSError):
            _clear(to_folder)
            raise
    return Extraction(tuple(done), archive.listing.dropped)


def _unpack(archive: Archive, entry: Entry, to_folder: Path) -> Extracted:
    path = to_folder.joinpath(*on_disk(parts_of(entry.name)))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        path.chmod(0o600)
        for chunk in archive.chunks(entry):
            file.write(chunk)
    return Extracted(entry.name, path, entry.size)


def _clear(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def _check_records(records: tuple[Record, ...], limits: ArchiveLimits) -> None:
    for record in records:
        _check_record(record, limits)
    total = sum(record.size for record in records)
    if total > limits.total:
        raise ArchiveError(
            f"The archive would unpack to {_amount(total)}, more than the {_amount(limits.total)} taken."
        )
    folders: set[tuple[str, ...]] = set()
    files: set[tuple[str, ...]] = set()
    for record in records:
        place = same_place(parts_of(record.name))
        if record.name.endswith(("/", "\\")):
            folders.add(place)
        elif place in files:
            raise refused(record.name, "has the same name as another entry")
        else:
            files.add(place)
            folders.update(place[:deep] for deep in range(1, len(place)))
    if clash := files & folders:
        raise refused("/".join(min(clash)), "is a file and a folder at once")


def _check_record(record: Record, limits: ArchiveLimits) -> None:
    kind = stat.S_IFMT(record.mode)
    if kind == stat.S_IFLNK or record.attributes & _WINDOWS_LINK:
        raise refused(record.name, "is a link to another place")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or record.attributes & _WINDOWS_DEVICE:
        raise refused(record.name, "is a device and not a file")
    if record.encrypted:
        raise refused(record.name, "has a password")
    if record.method not in (STORED, DEFLATED) or (record.method == STORED and record.size != record.compressed):
        raise refused(record.name, "is packed in a way that is not taken")
    if record.size > limits.one:
        raise refused(record.name, f"would unpack to {_amount(record.size)}, more than the {_amount(limits.one)} taken")
    if record.size > max(_RATIO_COUNTS_FROM, record.compressed * limits.ratio):
        raise refused(record.name, f"would unpack to {record.size // max(record.compressed, 1):,} times its size")
    if record.name.endswith(("/", "\\")) and record.size:
        raise refused(record.name, "is a file and a folder at once")


def _listing(records: tuple[Record, ...]) -> Listing:
    files = [record for record in records if not record.name.endswith(("/", "\\"))]
    named = [(parts_of(record.name), record) for record in files]
    return Listing(
        entries=tuple(Entry("/".join(parts), rec.size, rec) for parts, rec in named if not is_litter(parts)),
        dropped=tuple("/".join(parts) for parts, _ in named if is_litter(parts)),
    )


def _amount(size: int) -> str:
    return f"{size / 1024**3:,.1f} GiB" if size >= 1024**3 else f"{size / 1024**2:,.1f} MiB"


@contextmanager
def _file_failures() -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError("There is no room on the disk to unpack the archive.") from failure
        raise ArchiveError(f"The archive cannot be read or unpacked: {failure.strerror}.") from failure
