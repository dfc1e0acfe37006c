"""The encrypted files of artifacts: random names, readable by their owner only, swept when nothing owns them."""

import os
import secrets
from collections.abc import Iterable
from io import FileIO
from pathlib import Path

from assessor_desk.environment.files import PRIVATE_FILE, disk_failures, flush_folder
from assessor_desk.environment.paths import StorePaths

_BINARY = getattr(os, "O_BINARY", 0)  # Windows alone has text files


def new_blob_name() -> str:
    """Return a random name; a digest as a name would confirm to anyone that a known file is here."""
    return secrets.token_hex(16)


def blob_path(paths: StorePaths, blob: str) -> Path:
    """Return the encrypted file of an artifact."""
    return paths.blobs / blob


def open_blob(path: Path) -> FileIO:
    """Open an encrypted file to write on, made if it is missing; what is written goes straight to the system."""
    with disk_failures():
        file = FileIO(os.open(path, os.O_RDWR | os.O_CREAT | _BINARY, PRIVATE_FILE), "r+b")
        try:
            # Also when it was there: who made it may have been killed before its name was on the disk.
            flush_folder(path.parent)
        except BaseException:
            file.close()
            raise
        return file


def remove_blobs(paths: StorePaths, blobs: Iterable[str]) -> None:
    """Remove encrypted files, those that are there, and make that durable."""
    with disk_failures():
        for blob in blobs:
            blob_path(paths, blob).unlink(missing_ok=True)
        flush_folder(paths.blobs)


def strays(paths: StorePaths, owned: frozenset[str]) -> tuple[str, ...]:
    """Return the files that nothing owns, left by a purge or a download that was cut short.

    A file is made after the row that owns it is committed, so that whatever has no row may go.
    """
    with disk_failures():
        found = sorted(path.name for path in paths.blobs.iterdir()) if paths.blobs.is_dir() else []
    return tuple(name for name in found if name not in owned)
