"""The guards over every test catch what they are there for."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring.backends.fail
import pytest

from tests import guards

WAIT_FOR_INPUT = [sys.executable, "-I", "-c", "import sys; sys.stdin.read()"]
LEAVE_AN_ORPHAN = f"import subprocess; subprocess.Popen({WAIT_FOR_INPUT!r})"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "GRACE", 0.2)


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(WAIT_FOR_INPUT, stdin=subprocess.PIPE) as process:
        yield process


def test_a_thread_that_does_not_end_is_named() -> None:
    before, release = set(threading.enumerate()), threading.Event()
    thread = threading.Thread(target=release.wait, name="straggler")
    thread.start()

    try:
        assert guards.lingering_threads(before) == ["straggler"]
    finally:
        release.set()
        thread.join()


def test_a_child_that_does_not_end_is_named_with_its_test(child: subprocess.Popen[bytes]) -> None:
    [found] = guards.lingering_children(guards.children() - {child.pid})

    assert "sys.stdin.read()" in found
    assert "test_guards.py" in found


def test_an_orphan_is_found_by_the_mark_it_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(guards.MARK, "a suite of its own")
    read_end, write_end = os.pipe()

    with os.fdopen(read_end) as inherited, os.fdopen(write_end, "w"):
        subprocess.run([sys.executable, "-I", "-c", LEAVE_AN_ORPHAN], stdin=inherited, check=True)
        found = guards.lingering_family("a suite of its own")

    assert len(found) == 1
    assert guards.lingering_family("a suite of its own") == []


def test_every_test_has_an_empty_home_and_no_key_store(home: Path) -> None:
    assert Path.home() == home
    assert list(home.iterdir()) == []
    assert isinstance(keyring.get_keyring(), keyring.backends.fail.Keyring)
