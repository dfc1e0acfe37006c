import os
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as driver

from assessor_desk.errors import StoreBusyError, StoreDamagedError, StoreError, StoreMissingError
from assessor_desk.tables import sqlite
from assessor_desk.tables.failures import sqlite_failures

KEY = bytes(range(32))
WORDS = "a rationale nobody else may read"


def filled(path: Path, key: bytes | None) -> None:
    connection = sqlite.connect(path, key, create=True)
    connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, words TEXT)")
    connection.executemany("INSERT INTO kept (words) VALUES (?)", [(WORDS,) for _ in range(400)])
    connection.close()


def read(path: Path, key: bytes | None) -> int:
    with sqlite_failures(path):
        connection = sqlite.connect(path, key)
        try:
            found = connection.execute("SELECT count(words) FROM kept WHERE words = ?", (WORDS,)).fetchone()
            return int(found[0]) if found else 0
        finally:
            connection.close()


@pytest.mark.parametrize("key", [KEY, None], ids=["encrypted", "plain"])
def test_what_was_written_is_read_back_with_every_setting_made(tmp_path: Path, key: bytes | None) -> None:
    filled(tmp_path / "a b#%3F.db", key)

    connection = sqlite.connect(tmp_path / "a b#%3F.db", key)

    settings = ("foreign_keys", "journal_mode", "synchronous", "secure_delete", "temp_store", "busy_timeout")
    made = [connection.execute(f"PRAGMA {name}").fetchone() for name in settings]
    connection.close()
    assert made == [(1,), ("wal",), (2,), (1,), (2,), (5000,)]
    assert read(tmp_path / "a b#%3F.db", key) == 400


def test_only_the_owner_may_read_the_file_and_its_log(tmp_path: Path) -> None:
    connection = sqlite.connect(tmp_path / "store.db", KEY, create=True)
    connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY)")

    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}

    connection.close()
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}


def test_an_encrypted_file_shows_nothing_and_stock_sqlite_cannot_open_it(tmp_path: Path) -> None:
    filled(tmp_path / "store.db", KEY)

    raw = (tmp_path / "store.db").read_bytes()

    assert WORDS.encode() not in raw
    assert not raw.startswith(b"SQLite format 3")
    stock = sqlite3.connect(tmp_path / "store.db")
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        stock.execute("SELECT count(*) FROM sqlite_master")
    stock.close()


def test_a_missing_file_is_not_made_by_looking_for_it(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError):
        sqlite.connect(tmp_path / "store.db", KEY)

    assert list(tmp_path.iterdir()) == []


def test_a_key_of_another_length_is_refused_before_a_file_is_made(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sqlite.connect(tmp_path / "store.db", b"short", create=True)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", [os.urandom(32), None], ids=["another key", "no key"])
def test_the_wrong_key_is_one_sentence_and_silent(
    tmp_path: Path, key: bytes | None, capfd: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path / "store.db", KEY)

    with pytest.raises(StoreDamagedError):
        sqlite.connect(tmp_path / "store.db", key)

    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("place", [20, 5000, 4096 * 3 + 9])
def test_one_flipped_bit_anywhere_is_noticed_and_the_file_left_alone(tmp_path: Path, place: int) -> None:
    filled(tmp_path / "store.db", KEY)
    damaged = bytearray((tmp_path / "store.db").read_bytes())
    damaged[place] ^= 1
    (tmp_path / "store.db").write_bytes(damaged)

    with pytest.raises(StoreDamagedError):
        read(tmp_path / "store.db", KEY)

    assert (tmp_path / "store.db").read_bytes() == damaged


def test_a_file_that_another_writer_holds_is_busy_and_not_broken(tmp_path: Path) -> None:
    filled(tmp_path / "store.db", KEY)
    holder, other = (sqlite.connect(tmp_path / "store.db", KEY) for _ in range(2))
    holder.execute("BEGIN IMMEDIATE")
    other.execute("PRAGMA busy_timeout = 0")

    with pytest.raises(StoreBusyError), sqlite_failures(tmp_path):
        other.execute("BEGIN IMMEDIATE")

    holder.close()
    other.close()


@pytest.mark.parametrize(
    ("version", "safe"), [("3.51.3", True), ("3.53.4", True), ("4.0.0", True), ("3.51.2", False), ("3.40.1", False)]
)
def test_a_library_that_can_corrupt_the_log_is_refused(version: str, safe: bool) -> None:
    assert sqlite.safe_version(version) is safe


def test_the_version_is_asked_of_the_open_connection(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sqlite, "OLDEST_SAFE_SQLITE", (99, 0, 0))

    with pytest.raises(StoreError, match=driver.sqlite_version):
        sqlite.connect(tmp_path / "store.db", KEY, create=True)
