"""What the database drivers raise, said in the desk's own errors; a fault of our own making passes through, loud."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2 as driver

from assessor_desk.errors import DiskFullError, StoreBusyError, StoreDamagedError, StoreError

KEPT = "Everything that was saved before is still there; what was being written just now was not saved."
LEAST_ROOM = 4 * 1024 * 1024  # with less than this free, a failed write means a full disk


def disk_full() -> DiskFullError:
    """Return the error for a disk without room."""
    return DiskFullError("The disk is full.", safe=KEPT, next="Free some space and try again.")


def busy() -> StoreBusyError:
    """Return the error for a database that someone else is writing to."""
    return StoreBusyError(
        "Another process is writing to the database.",
        safe=KEPT,
        next="Wait until the other window or command is done, then try again.",
    )


def damaged() -> StoreDamagedError:
    """Return the error for a file that does not hold together, or that another key encrypts."""
    return StoreDamagedError(
        "The database cannot be read: it is damaged, or it belongs to another key.",
        safe="The file was left as it is; everything that reached the hub is safe there.",
        next="Do not delete it; run `assessor-desk verify`, and ask the hub's staff if the damage is confirmed.",
    )


def unwritable() -> StoreError:
    """Return the error for a disk that refuses."""
    return StoreError(
        "The disk refused to read or write the database.",
        safe=KEPT,
        next="Check the disk and the folder's permissions, then try again.",
    )


def out_of_reach() -> StoreError:
    """Return the error for a database server that is away."""
    return StoreError(
        "The database server does not answer.",
        safe=KEPT,
        next="Check that PostgreSQL runs and that its address is right, then try again.",
    )


Making = Callable[[], StoreError]

BY_SQLITE_CODE: dict[int, Making] = {
    driver.SQLITE_BUSY: busy,
    driver.SQLITE_LOCKED: busy,
    driver.SQLITE_PROTOCOL: busy,
    driver.SQLITE_FULL: disk_full,
    driver.SQLITE_CORRUPT: damaged,
    driver.SQLITE_NOTADB: damaged,
    driver.SQLITE_IOERR: unwritable,
    driver.SQLITE_CANTOPEN: unwritable,
    driver.SQLITE_READONLY: unwritable,
    driver.SQLITE_PERM: unwritable,
    driver.SQLITE_NOLFS: unwritable,
}

# SQLSTATE, or the class that its first two characters name.
BY_SQLSTATE: dict[str, Making] = {
    "08": out_of_reach,
    "28": out_of_reach,
    "3D": out_of_reach,
    "40": busy,
    "53": unwritable,
    "53100": disk_full,
    "53300": out_of_reach,
    "55P03": busy,
    "57": out_of_reach,
    "57014": busy,
    "58": unwritable,
    "XX001": damaged,
    "XX002": damaged,
}


def of_sqlite(error: BaseException, path: Path | None = None) -> StoreError | None:
    """Return what an error of the SQLite driver means, or nothing when the fault is ours."""
    code = getattr(error, "sqlite_errorcode", None)
    making = BY_SQLITE_CODE.get(code & 0xFF) if code is not None else None
    if making is unwritable and path is not None and _no_room(path):
        return disk_full()
    return making() if making else None


def of_postgresql(error: BaseException) -> StoreError | None:
    """Return what an error of the PostgreSQL driver means, or nothing when the fault is ours."""
    state = getattr(error, "sqlstate", None)
    if state is None:  # no answer came at all
        return out_of_reach() if type(error).__name__ == "OperationalError" else None
    making = BY_SQLSTATE.get(state) or BY_SQLSTATE.get(state[:2])
    return making() if making else None


@contextmanager
def sqlite_failures(path: Path | None = None) -> Iterator[None]:
    """Turn the driver's errors inside the block into the desk's."""
    try:
        yield
    except driver.Error as error:
        meaning = of_sqlite(error, path)
        if meaning is None:
            raise
        raise meaning from error


def _no_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < LEAST_ROOM
    except OSError:
        return False
