"""The disk of the power-loss test forgets what it should, and nothing else."""

import random
import sys
from pathlib import Path

import pytest

from tests.durability.disk import FOLDER, Disk, Event, Fate, Flush, FlushNames, Name, Resize, Said, Write
from tests.durability.recording import Recording

ONE, TWO = 1, 2
NEW = (Name((("a", ONE),)), FlushNames(""))


def after(*events: Event, fate: Fate = Fate.DROPPED, seed: int = 0) -> dict[str, bytes | None]:
    disk = Disk()
    for event in events:
        disk.take(event)
    return disk.cut(fate, random.Random(seed))  # noqa: S311


def test_what_was_flushed_stays_and_what_was_not_goes() -> None:
    assert after(*NEW, Write(ONE, 0, b"kept"), Flush(ONE), Write(ONE, 0, b"gone")) == {"a": b"kept"}


def test_flushing_a_file_does_not_save_its_name() -> None:
    assert after(Name((("a", ONE),)), Write(ONE, 0, b"x"), Flush(ONE)) == {}


def test_flushing_a_folder_saves_its_names_and_no_content() -> None:
    assert after(*NEW, Write(ONE, 0, b"x")) == {"a": b""}


def test_a_file_in_a_folder_that_is_not_there_is_not_there() -> None:
    made = (Name((("f", FOLDER),)), Name((("f/a", ONE),)), FlushNames("f"))

    assert after(*made) == {}
    assert after(*made, FlushNames("")) == {"f": None, "f/a": b""}


def test_a_rename_is_whole_or_did_not_happen() -> None:
    both = (
        *NEW,
        Write(ONE, 0, b"old"),
        Flush(ONE),
        Name((("b", TWO),)),
        FlushNames(""),
        Write(TWO, 0, b"new"),
        Flush(TWO),
    )
    renamed = Name((("b", None), ("a", TWO)))

    assert after(*both, renamed) == {"a": b"old", "b": b"new"}
    assert after(*both, renamed, FlushNames("")) == {"a": b"new"}


def test_a_name_that_left_its_folder_does_not_come_back() -> None:
    folder = (Name((("f", FOLDER),)), FlushNames(""))
    moved = (Name((("f/part", ONE),)), Name((("f/part", None), ("whole", ONE))), FlushNames(""))

    assert after(*folder, *moved) == after(*folder, *moved, fate=Fate.KEPT) == {"f": None, "whole": b""}


def test_names_reach_the_disk_in_their_order() -> None:
    waiting = [Name(((name, number),)) for number, name in enumerate("abcd", start=1)]

    found = {"".join(after(*waiting, fate=Fate.SAMPLED, seed=seed)) for seed in range(60)}

    assert found == {"", "a", "ab", "abc", "abcd"}


@pytest.mark.parametrize("fate", [Fate.CUT, Fate.SAMPLED, Fate.TORN])
def test_what_is_left_of_a_write_is_made_of_old_and_new_sectors(fate: Fate) -> None:
    old, new = b"o" * 9_000, b"n" * 9_000
    events = (*NEW, Write(ONE, 0, old), Flush(ONE), Write(ONE, 0, new))

    found = {after(*events, fate=fate, seed=seed)["a"] for seed in range(60)}

    sectors = {each[start : start + 512] for each in found if each for start in range(0, 9_000, 512)}
    assert sectors <= {b"o" * 512, b"n" * 512, b"o" * 296, b"n" * 296}
    assert len(found) > 1


def test_a_cut_file_is_short_only_once_that_was_flushed() -> None:
    events = (*NEW, Write(ONE, 0, b"long"), Flush(ONE), Resize(ONE, 1))

    assert after(*events) == {"a": b"long"}
    assert after(*events, Flush(ONE)) == {"a": b"l"}


def test_a_recording_has_content_names_flushes_and_words_in_their_order(tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    recording = Recording(folder, tmp_path)

    code = recording.live((sys.executable, "-c", PROGRAM, str(folder)))

    assert code == 3
    assert recording.events == [
        Name((('a\n"b', ONE),)),
        Write(ONE, 0, b"one\0"),
        Write(ONE, 4, b"two"),
        Write(ONE, 1, b"N"),
        Resize(ONE, 5),
        Flush(ONE),
        Said("a promise"),
        Name((('a\n"b', None), ("c", ONE))),
        FlushNames(""),
        Name((("c", None),)),
    ]


PROGRAM = """
import os, sys
file = os.open(sys.argv[1] + '/a\\n"b', os.O_RDWR | os.O_CREAT)
os.write(file, b"one\\0")
os.write(file, b"two")
os.pwrite(file, b"N", 1)
os.ftruncate(file, 5)
os.fsync(file)
os.write(1, b"a promise\\n")
os.rename(sys.argv[1] + '/a\\n"b', sys.argv[1] + "/c")
os.fsync(os.open(sys.argv[1], os.O_RDONLY))
os.unlink(sys.argv[1] + "/c")
sys.exit(3)
"""
