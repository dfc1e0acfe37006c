"""ZIP archives for tests, made byte by byte so that they can lie."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field


@dataclass
class Lie:
    """One entry, with what its directory says where that differs from the truth."""

    name: str
    data: bytes = b"words"
    local_name: str | None = None
    method: int = 0
    flags: int = 0x0800
    mode: int = 0o100644
    attributes: int = 0
    size: int | None = None
    crc: int | None = None
    offset: int | None = None
    packed: bytes | None = None
    extra: bytes = field(default=b"")


def lying_zip(*entries: Lie, comment: bytes = b"", told_entries: int | None = None) -> bytes:
    """Return an archive with exactly these entries."""
    body, directory = b"", b""
    for entry in entries:
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        packed = entry.data if entry.packed is None else entry.packed
        size = len(entry.data) if entry.size is None else entry.size
        name, local = entry.name.encode(), (entry.local_name or entry.name).encode()
        fields = (entry.flags, entry.method, 0, 0x21, crc, len(packed), size)
        offset = len(body) if entry.offset is None else entry.offset
        body += struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, *fields, len(local), 0) + local + packed
        external = entry.mode << 16 | entry.attributes
        directory += struct.pack(
            "<4s4B4H3L5H2L",
            b"PK\x01\x02",
            20,
            3,
            20,
            0,
            *fields,
            len(name),
            len(entry.extra),
            0,
            0,
            0,
            external,
            offset,
        )
        directory += name + entry.extra
    count = len(entries) if told_entries is None else told_entries
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), len(comment))
    return body + directory + end + comment


def honest_zip(files: dict[str, bytes | str]) -> bytes:
    """Return an archive as any packer makes it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()
