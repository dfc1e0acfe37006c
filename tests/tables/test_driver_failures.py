"""Every error that a database driver knows is either said in the desk's words or left loud on purpose."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlcipher3 import dbapi2 as driver

from assessor_desk.errors import DiskFullError, StoreBusyError, StoreDamagedError, StoreError
from assessor_desk.tables import sqlite
from assessor_desk.tables.failures import of_postgresql, of_sqlite, sqlite_failures

# What these say is a fault in our statements, or a constraint that the code above asks about: they stay as they are.
OURS_SQLITE = {
    "ABORT", "AUTH", "CONSTRAINT", "EMPTY", "ERROR", "FORMAT", "INTERNAL", "INTERRUPT", "MISMATCH", "MISUSE", "NOMEM",
    "NOTFOUND", "RANGE", "SCHEMA", "TOOBIG",
}  # fmt: skip
NO_ERRORS = {"OK", "ROW", "DONE", "DENY", "IGNORE"}  # results, and what an authorizer answers
ACTIONS = ("CREATE_", "DROP_", "OPEN_")
OTHER_ACTIONS = {
    "ALTER_TABLE", "ANALYZE", "ATTACH", "DELETE", "DETACH", "FUNCTION", "INSERT", "PRAGMA", "READ", "RECURSIVE",
    "REINDEX", "SAVEPOINT", "SELECT", "TRANSACTION", "UPDATE",
}  # fmt: skip
OURS_POSTGRESQL_CLASSES = {
    "01", "02", "03", "0A", "0B", "0F", "0L", "0P", "0Z", "20", "21", "22", "23", "24", "25", "26", "27", "2B", "2D",
    "2F", "34", "38", "39", "3B", "3F", "42", "44", "54", "55", "72", "F0", "HV", "P0", "XX", "09", "10",
}  # fmt: skip

FILL = """
import resource, signal, sys
from pathlib import Path
from assessor_desk.errors import StoreError
from assessor_desk.tables import sqlite
from assessor_desk.tables.failures import sqlite_failures

path = Path(sys.argv[1])
connection = sqlite.connect(path, None)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    with sqlite_failures(path):
        connection.execute("INSERT INTO kept VALUES (zeroblob(1000000))")
except StoreError as error:
    print(type(error).__name__)
"""


def result_codes() -> dict[str, int]:
    names = {name.removeprefix("SQLITE_"): value for name, value in vars(driver).items() if name.startswith("SQLITE_")}
    return {
        name: value
        for name, value in names.items()
        if name not in NO_ERRORS | OTHER_ACTIONS and not name.startswith(ACTIONS)
    }


def with_code(code: int) -> driver.Error:
    error = driver.OperationalError("as the driver says it")
    error.sqlite_errorcode = code
    return error


def every_class(root: type[BaseException]) -> Iterator[type[BaseException]]:
    yield root
    for below in root.__subclasses__():
        yield from every_class(below)


def by_name(root: type[BaseException]) -> list[type[BaseException]]:
    return sorted(set(every_class(root)), key=lambda each: each.__name__)


@pytest.mark.parametrize(("name", "code"), sorted(result_codes().items()))
def test_every_result_of_sqlite_is_translated_or_ours(name: str, code: int) -> None:
    translated = of_sqlite(with_code(code))

    assert (translated is None) == (name in OURS_SQLITE), name


@pytest.mark.parametrize("extended", [0, 1, 2, 5, 10])
def test_an_extended_code_means_what_its_family_means(extended: int) -> None:
    assert isinstance(of_sqlite(with_code(driver.SQLITE_BUSY | extended << 8)), StoreBusyError)
    assert isinstance(of_sqlite(with_code(driver.SQLITE_CORRUPT | extended << 8)), StoreDamagedError)


@pytest.mark.parametrize("kind", by_name(driver.Error))
def test_every_class_of_the_sqlite_driver_is_translated_by_its_code(kind: type[BaseException]) -> None:
    error = kind("as the driver says it")
    error.sqlite_errorcode = driver.SQLITE_FULL  # type: ignore[attr-defined]

    with pytest.raises(DiskFullError), sqlite_failures():
        raise error


@pytest.mark.parametrize("kind", by_name(driver.Error))
def test_an_error_without_a_code_is_ours_and_stays_loud(kind: type[BaseException]) -> None:
    with pytest.raises(kind), sqlite_failures():
        raise kind("Cannot operate on a closed database.")


@pytest.mark.parametrize("kind", by_name(psycopg.Error))
def test_every_class_of_the_postgresql_driver_is_translated_or_ours(kind: type[psycopg.Error]) -> None:
    translated = of_postgresql(kind("as the driver says it"))

    state = kind.sqlstate
    if state is None:
        assert (translated is not None) == (kind.__name__ == "OperationalError")
    elif translated is None:
        assert state[:2] in OURS_POSTGRESQL_CLASSES, state


def test_postgresql_names_a_full_disk_a_busy_row_and_a_lost_server() -> None:
    assert isinstance(of_postgresql(psycopg.errors.DiskFull()), DiskFullError)
    assert isinstance(of_postgresql(psycopg.errors.SerializationFailure()), StoreBusyError)
    assert isinstance(of_postgresql(psycopg.errors.DataCorrupted()), StoreDamagedError)
    assert type(of_postgresql(psycopg.errors.AdminShutdown())) is StoreError


def test_a_failed_write_on_a_disk_without_room_is_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=0))

    assert isinstance(of_sqlite(with_code(driver.SQLITE_IOERR), tmp_path / "store.db"), DiskFullError)


def test_a_disk_that_refuses_a_write_is_one_sentence_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    connection = sqlite.connect(path, None, create=True)
    connection.execute("CREATE TABLE kept (words BLOB)")
    connection.execute("INSERT INTO kept VALUES (x'01')")

    refused = subprocess.run([sys.executable, "-c", FILL, str(path)], capture_output=True, text=True, check=False)

    assert refused.stdout.strip() == "StoreError", refused.stderr
    assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)
    connection.close()
