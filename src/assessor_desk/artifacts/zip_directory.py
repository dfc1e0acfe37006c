"""The directory of a ZIP archive, read without trust: what it says must fit what is really there."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from assessor_desk.artifacts.entry_names import refused
from assessor_desk.artifacts.source import Source, read_at, size_of
from assessor_desk.errors import ArchiveError

STORED, DEFLATED = 0, 8

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_LARGEST_DIRECTORY = 64 * 1024 * 1024
_ELSEWHERE16, _ELSEWHERE32 = 0xFFFF, 0xFFFFFFFF

_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_SIZES_FOLLOW = 0x0008
_UTF8 = 0x0800


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as the directory tells it; `mode` holds the kind of file where the packing system told it."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    compressed: int
    size: int
    offset: int
    mode: int
    attributes: int

    @property
    def encrypted(self) -> bool:
        """Return whether the entry needs a password."""
        return bool(self.flags & _ENCRYPTED)


@dataclass(frozen=True, slots=True)
class _End:
    entries: int
    size: int
    offset: int
    position: int


def read_directory(source: Source, most_entries: int) -> tuple[Record, ...]:
    """Return what the directory tells, refusing a directory that is damaged, ambiguous or too long."""
    end = _end_of(source)
    if end.entries > most_entries:
        raise ArchiveError(f"The archive holds {end.entries:,} entries, more than the {most_entries:,} that are taken.")
    if end.size > _LARGEST_DIRECTORY or end.offset + end.size != end.position:
        raise damaged()
    directory = read_at(source, end.offset, end.size)
    records = tuple(_records(directory))
    if len(records) != end.entries:
        raise damaged()
    return records


def check_layout(source: Source, records: tuple[Record, ...]) -> dict[int, int]:
    """Return where the data of each entry starts, by its offset, once every entry lies apart from all others."""
    starts: dict[int, int] = {}
    free_from = 0
    for record in sorted(records, key=lambda each: each.offset):
        if record.offset < free_from:
            raise refused(record.name, "shares its bytes with another entry")
        starts[record.offset] = _data_start(source, record)
        free_from = starts[record.offset] + record.compressed
    # Whatever lies behind the last entry is the directory, which begins no earlier than `free_from`.
    if records and free_from > _end_of(source).offset:
        raise damaged()
    return starts


def damaged() -> ArchiveError:
    """Return the error for an archive that does not hold together."""
    return ArchiveError(
        "The archive is damaged or cut short.",
        safe="Nothing was unpacked.",
        next="Ask for the archive to be sent again.",
    )


def _end_of(source: Source) -> _End:
    size = size_of(source)
    start = max(0, size - _LONGEST_COMMENT - _END.size)
    tail = read_at(source, start, size - start)
    found = [at for at in _places(tail, b"PK\x05\x06") if _ends_here(tail, at)]
    if len(found) > 1:
        raise ArchiveError("The archive can be read in two ways and so was not taken.", safe="Nothing was unpacked.")
    if not found:
        raise damaged()
    _, disk, first_disk, here, entries, length, offset, _ = _END.unpack_from(tail, found[0])
    position = start + found[0]
    if _ELSEWHERE16 in (entries, disk) or _ELSEWHERE32 in (length, offset):
        return _end64_of(source, position)
    if disk or first_disk or here != entries:
        raise ArchiveError("The archive is one piece of several and so was not taken.", safe="Nothing was unpacked.")
    return _End(entries, length, offset, position)


def _end64_of(source: Source, end_position: int) -> _End:
    locator = read_at(source, max(0, end_position - _END64_LOCATOR.size), _END64_LOCATOR.size)
    if len(locator) < _END64_LOCATOR.size or not locator.startswith(b"PK\x06\x07"):
        raise damaged()
    _, _, position, _ = _END64_LOCATOR.unpack(locator)
    record = read_at(source, position, _END64.size)
    if position >= end_position or len(record) < _END64.size or not record.startswith(b"PK\x06\x06"):
        raise damaged()
    _, _, _, _, disk, first_disk, here, entries, length, offset = _END64.unpack(record)
    if disk or first_disk or here != entries:
        raise damaged()
    return _End(entries, length, offset, position)


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def _ends_here(tail: bytes, at: int) -> bool:
    if at + _END.size > len(tail):
        return False
    comment: int = _END.unpack_from(tail, at)[-1]
    return at + _END.size + comment == len(tail)


def _records(directory: bytes) -> Iterator[Record]:
    at = 0
    while at < len(directory):
        if at + _CENTRAL.size > len(directory) or directory[at : at + 4] != b"PK\x01\x02":
            raise damaged()
        fields = _CENTRAL.unpack_from(directory, at)
        _, _, system, _, _, flags, method, _, _, crc, compressed, size = fields[:12]
        name_size, extra_size, comment_size, _, _, attributes, offset = fields[12:]
        name_at = at + _CENTRAL.size
        at = name_at + name_size + extra_size + comment_size
        if at > len(directory):
            raise damaged()
        raw_name = directory[name_at : name_at + name_size]
        extra = directory[name_at + name_size : name_at + name_size + extra_size]
        size, compressed, offset = _wide(extra, size, compressed, offset)
        mode = attributes >> 16 if system in (3, 19) or attributes >> 16 else 0
        name = _decoded(raw_name, flags)
        yield Record(name, raw_name, flags, method, crc, compressed, size, offset, mode, attributes & 0xFFFF)


def _wide(extra: bytes, *narrow: int) -> tuple[int, int, int]:
    """Return size, compressed size and offset, each from the ZIP64 field where the short one does not reach."""
    wide = iter(_zip64_numbers(extra))
    numbers = [next(wide, -1) if number == _ELSEWHERE32 else number for number in narrow]
    if -1 in numbers:
        raise damaged()
    size, compressed, offset = numbers
    return size, compressed, offset


def _zip64_numbers(extra: bytes) -> tuple[int, ...]:
    at = 0
    while at + 4 <= len(extra):
        mark, length = struct.unpack_from("<2H", extra, at)
        if mark == 1:
            field = extra[at + 4 : at + 4 + length]
            return struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8])
        at += 4 + length
    return ()


def _decoded(raw: bytes, flags: int) -> str:
    """Return a name; many packers write UTF-8 without saying so."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        if flags & _UTF8:
            raise damaged() from None
        return raw.decode("cp437")


def _data_start(source: Source, record: Record) -> int:
    header = read_at(source, record.offset, _LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise damaged()
    flags, method, crc, compressed, size, name_size, extra_size = _local_fields(header)
    name = read_at(source, record.offset + _LOCAL.size, name_size)
    if name != record.raw_name:
        raise refused(record.name, "goes by two different names")
    told_here = not flags & _SIZES_FOLLOW
    sizes = (record.crc, min(record.compressed, _ELSEWHERE32), min(record.size, _ELSEWHERE32))
    if (
        method != record.method
        or (flags ^ record.flags) & _ENCRYPTED
        or (told_here and not _agree(sizes, (crc, compressed, size)))
    ):
        raise refused(record.name, "is described in two different ways")
    return record.offset + _LOCAL.size + name_size + extra_size


def _local_fields(header: bytes) -> tuple[int, int, int, int, int, int, int]:
    _, _, flags, method, _, _, crc, compressed, size, name_size, extra_size = _LOCAL.unpack(header)
    return flags, method, crc, compressed, size, name_size, extra_size


def _agree(central: tuple[int, ...], local: tuple[int, ...]) -> bool:
    return all(there in (here, _ELSEWHERE32) for here, there in zip(central, local, strict=True))
