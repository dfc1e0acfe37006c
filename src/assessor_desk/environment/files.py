"""Files that are whole or not there, private, and durable once written."""

import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from assessor_desk.errors import DiskFullError, StoreError

if sys.platform == "darwin":
    from fcntl import F_FULLFSYNC, fcntl

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextlib.contextmanager
def disk_failures() -> Iterator[None]:
    """Tell in words what the disk refuses within the block."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _FULL:
            raise DiskFullError(
                "The disk has no room left.",
                safe="What was saved before is untouched; the last step was not saved.",
                next="Free some space on this disk, then do the step again.",
            ) from fault
        raise StoreError(
            f"A file could not be read or written: {fault.strerror or fault}.",
            safe="What was saved before is untouched.",
            next="Check that the folder of Assessor Desk is on a working disk and belongs to you.",
        ) from fault


def atomic_write(path: Path, data: bytes) -> None:
    """Replace a private file durably: after any failure it has either the old content or the new one."""
    with disk_failures():
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                flush_to_disk(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        flush_folder(path.parent)


def flush_to_disk(descriptor: int) -> None:
    """Return only when the file's content is on the disk itself."""
    if sys.platform == "darwin":
        # There fsync stops at the drive's cache.
        fcntl(descriptor, F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def flush_folder(folder: Path) -> None:
    """Return only when the folder's entries are on the disk itself."""
    if sys.platform == "win32":
        # A folder cannot be opened there; NTFS keeps its entries in a log of its own.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        flush_to_disk(descriptor)
    finally:
        os.close(descriptor)


def lasting_folder(path: Path, mode: int = 0o777) -> Path:
    """Return the folder, made if needed with those above it; each new one's name is on the disk itself."""
    with disk_failures():
        missing = [each for each in (path, *path.parents) if not each.exists()]
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        for each in missing:
            flush_folder(each.parent)
    return path


def private_folder(path: Path) -> Path:
    """Return the folder, made if needed, and closed to everyone else."""
    lasting_folder(path, PRIVATE_FOLDER)
    with disk_failures():
        path.chmod(PRIVATE_FOLDER)
    return path
