"""One process syncs at a time, and a dead one holds nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from assessor_desk.environment.lock import StoreLock
from assessor_desk.errors import StoreBusyError

HOLDER = """
import sys
from pathlib import Path
from assessor_desk.environment.lock import StoreLock
with StoreLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_lock_is_refused_until_the_first_is_let_go(tmp_path: Path) -> None:
    first, second = StoreLock(tmp_path / "lock"), StoreLock(tmp_path / "lock")

    assert first.try_acquire()
    assert first.try_acquire()
    assert not second.try_acquire()
    first.release()
    first.release()
    assert second.try_acquire()
    assert (first.held, second.held) == (False, True)
    second.release()


def test_a_busy_store_is_told_in_words(tmp_path: Path) -> None:
    with StoreLock(tmp_path / "lock") as held:
        assert held.held
        with pytest.raises(StoreBusyError, match="Another Assessor Desk"), StoreLock(tmp_path / "lock"):
            pass
    assert not held.held


def test_a_killed_process_lets_its_lock_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = StoreLock(path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[3] / "src")},
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert not lock.try_acquire()
        holder.kill()
        holder.wait()

    assert lock.try_acquire()
    lock.release()


def test_another_reader_of_the_lock_file_does_not_let_it_go(tmp_path: Path) -> None:
    with StoreLock(tmp_path / "lock"):
        (tmp_path / "lock").read_bytes()

        assert not StoreLock(tmp_path / "lock").try_acquire()
