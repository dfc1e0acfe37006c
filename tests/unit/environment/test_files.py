"""Files are whole, private, and their failures told in words."""

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from assessor_desk.environment.files import atomic_write, disk_failures, private_folder
from assessor_desk.errors import DiskFullError, StoreError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_written_file_is_private_and_alone(tmp_path: Path) -> None:
    atomic_write(tmp_path / "keys.json", b"one")
    atomic_write(tmp_path / "keys.json", b"two")

    assert (tmp_path / "keys.json").read_bytes() == b"two"
    assert mode(tmp_path / "keys.json") == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_a_failed_write_leaves_what_was_there_and_nothing_beside_it(tmp_path: Path) -> None:
    taken = tmp_path / "keys.json"
    taken.mkdir()

    with pytest.raises(StoreError, match="could not be read or written"):
        atomic_write(taken, b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_a_write_syncs_the_file_before_its_name_and_its_name_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def spy_fsync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def spy_replace(self: Path, target: Path) -> Path:
        steps.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", spy_fsync)
    monkeypatch.setattr(Path, "replace", spy_replace)

    atomic_write(tmp_path / "keys.json", b"one")

    assert steps == ["file", "name", "folder"] or sys.platform != "linux"


def test_a_full_disk_is_told_in_words() -> None:
    with (
        Path("/dev/full").open("wb", buffering=0) as full,
        pytest.raises(DiskFullError) as caught,
        disk_failures(),
    ):
        full.write(b"x")

    assert "no room" in caught.value.detail
    assert caught.value.next


def test_a_full_quota_counts_as_a_full_disk() -> None:
    with pytest.raises(DiskFullError), disk_failures():
        raise OSError(errno.EDQUOT, "Disk quota exceeded")


def test_a_private_folder_is_closed_even_if_it_was_open(tmp_path: Path) -> None:
    folder = tmp_path / "stores"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)

    private_folder(folder)

    assert mode(folder) == 0o700
