"""The one place where an SQLite file is opened, encrypted or not, by the bare driver and without an ORM."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from sqlcipher3 import dbapi2 as driver

from assessor_desk.environment.files import PRIVATE_FILE, disk_failures, flush_folder
from assessor_desk.errors import StoreError, StoreMissingError
from assessor_desk.tables.failures import sqlite_failures

OLDEST_SAFE_SQLITE = (3, 51, 3)  # up to 3.51.2 a reset of the write-ahead log could corrupt the file
BUSY_SECONDS = 5.0
SETTINGS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # NORMAL survives every kill and loses acknowledged work when the power goes
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",  # of 4 KiB: pages that are written again and again reach the file once
    *(("PRAGMA fullfsync = ON", "PRAGMA checkpoint_fullfsync = ON") if sys.platform == "darwin" else ()),
)


class Rows(Protocol):
    """The driver's cursor, as far as the rooms above use it."""

    rowcount: int
    lastrowid: int

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the next row, or none."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return what is left."""

    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...


class Bare(Protocol):
    """The driver's connection, as far as the rooms above use it; in autocommit until a statement says BEGIN."""

    in_transaction: bool

    def execute(self, statement: str, values: Sequence[object] = ..., /) -> Rows:
        """Run one statement."""

    def executemany(self, statement: str, values: Iterable[Sequence[object]], /) -> Rows:
        """Run one statement for each row of values."""

    def close(self) -> None:
        """Let go of the file."""


def connect(path: Path, key: bytes | None, *, create: bool = False) -> Bare:
    """Return an open connection with every setting made and the library's version checked.

    Args:
        path: the database file
        key: 32 bytes that encrypt it; none for a file that the operator encrypts
        create: whether a missing file is made, readable by its owner only
    """
    if key is not None and len(key) != 32:
        raise ValueError("a store's key has 32 bytes")
    _present(path, create)
    with sqlite_failures(path):
        connection = driver.connect(
            path.absolute().as_uri() + "?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=BUSY_SECONDS,
            check_same_thread=False,
        )
        try:
            _prepare(connection, key)
        except BaseException:
            connection.close()
            raise
        return cast("Bare", connection)


def _present(path: Path, create: bool) -> None:
    if path.exists():
        return
    if not create:
        raise StoreMissingError(f"There is no database at {path.name}.")
    # Made here and not by SQLite, so that no moment exists in which others may read it; its WAL inherits the mode.
    with disk_failures():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_FILE))
        flush_folder(path.parent)  # without this, the file's name may be gone after a power cut


def _prepare(connection: Bare, key: bytes | None) -> None:
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("PRAGMA cipher_memory_security = OFF")
    refuse_unsafe_library(connection)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the first read proves the key
    for setting in SETTINGS:
        connection.execute(setting).fetchall()


def refuse_unsafe_library(connection: Bare) -> None:
    """Refuse to work with an SQLite library that is known to corrupt its files."""
    found = connection.execute("SELECT sqlite_version()").fetchone()
    version = str(found[0]) if found else "unknown"
    if not safe_version(version):
        raise StoreError(
            f"The SQLite library of this installation ({version}) can damage a database.",
            safe="Nothing was opened or changed.",
            next="Install Assessor Desk again from its locked requirements.",
        )


def safe_version(version: str) -> bool:
    """Return whether this version of SQLite keeps its files whole."""
    parts = tuple(int(part) for part in version.split(".") if part.isdigit())
    return parts >= OLDEST_SAFE_SQLITE
