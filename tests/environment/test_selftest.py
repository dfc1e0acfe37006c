"""The self-test names what is missing, whatever way a library fails."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from assessor_desk.environment import selftest


@pytest.mark.parametrize("purpose", ["demo", "test"])
def test_nothing_is_missing_where_the_tests_run(purpose: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert selftest.main([purpose, "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {}


@pytest.mark.parametrize("end", ["import os; os.abort()", "raise ImportError", "import sys; sys.exit(1)"])
def test_a_library_that_fails_in_any_way_is_one_sentence(
    end: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start = selftest._start
    monkeypatch.setattr(selftest, "_start", lambda command: start([sys.executable, "-I", "-c", end]))

    assert selftest.main(["demo"]) == 1

    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(selftest.probes("demo", sys.platform))
    assert all(sentence.endswith(".") for sentence in said)


def test_a_database_library_that_does_not_encrypt_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "_load", lambda name: sqlite3)

    with pytest.raises(RuntimeError):
        selftest.sqlcipher()


def test_an_old_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "OLDEST_SQLITE", (99, 0, 0))

    with pytest.raises(RuntimeError):
        selftest.sqlcipher()


def test_postgresql_is_found_where_debian_keeps_it_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "15" / "bin"
    home.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (home / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(selftest, "POSTGRESQL_HOMES", (f"{tmp_path}/*/bin",))

    assert selftest.postgresql() == home


def test_half_of_postgresql_is_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "initdb").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(selftest, "POSTGRESQL_HOMES", ())

    with pytest.raises(FileNotFoundError):
        selftest.postgresql()


def test_a_wrong_call_is_answered_with_the_usage() -> None:
    module = [sys.executable, "-I", "-m", "assessor_desk.environment.selftest"]

    done = subprocess.run([*module, "everything"], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "demo|test" in done.stderr
