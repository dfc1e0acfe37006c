"""The strict reader of YAML."""

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.programs.check import check
from assessor_desk.programs.faults import FaultKind, Report
from assessor_desk.programs.marked import Plain, read

SOUND = Path(__file__).parent / "sound"


def plain(text: str) -> Plain:
    report = Report("file.yaml")
    node = read(text.encode(), report)
    assert node is not None
    assert not report.faults
    return node.plain()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("3", 3),
        ("-3", -3),
        ("0.5", 0.5),
        ("yes", "yes"),
        ("on", "on"),
        ("NO", "NO"),
        ("010", "010"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("2026-12-01", "2026-12-01"),
        ('"3"', "3"),
        ("'true'", "true"),
    ],
)
def test_only_what_is_plainly_a_number_or_true_or_false_is_not_text(written: str, meant: Plain) -> None:
    assert plain(f"value: {written}") == {"value": meant}


def test_every_value_knows_its_line_and_every_key_too() -> None:
    root = read(b"a: 1\nb:\n  - x\n  - c: >-\n      long\n      text\n", Report("file.yaml"))

    assert root is not None
    assert root.line_of("b") == 2
    assert root.line_of("b", 1) == 4
    assert root.line_of("b", 1, "c") == 4
    assert root.at(("b", 1, "c")).value == "long text"


def test_aliases_are_refused_before_they_can_multiply() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    report = Report("bomb.yaml")

    assert read(bomb.encode(), report) is None
    assert [fault.kind for fault in report.faults] == [FaultKind.ANCHOR]


def test_a_merge_key_has_nothing_to_merge() -> None:
    report = Report("file.yaml")

    read(b"a: {x: 1}\nb:\n  <<: *a\n", report)

    assert [(fault.kind, fault.line) for fault in report.faults] == [(FaultKind.ANCHOR, 3)]


def test_ten_thousand_brackets_are_one_fault() -> None:
    report = Report("file.yaml")

    assert read(b"[" * 10_000, report) is None
    assert [fault.kind for fault in report.faults] == [FaultKind.TOO_DEEP]


def test_lines_of_windows_and_a_byte_order_mark_are_read_as_usual() -> None:
    assert read(b"\xef\xbb\xbfa: 1\r\nb: two\r\n", report := Report("file.yaml")) is not None
    assert report.faults == []


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_explained(data: bytes) -> None:
    report = Report("file.yaml")

    assert (read(data, report) is not None) or report.faults


@pytest.mark.parametrize("seed", range(40))
def test_a_file_with_lines_lost_or_doubled_is_explained_not_stumbled_over(seed: int, tmp_path: Path) -> None:
    place = tmp_path / "programs"
    shutil.copytree(SOUND, place)
    chance = random.Random(seed)  # noqa: S311 -- which lines go is no secret
    path = chance.choice(sorted((place / "sample").iterdir()))
    lines = path.read_text("utf-8").splitlines()
    for _ in range(3):
        at = chance.randrange(len(lines))
        lines[at : at + 1] = chance.choice(([], [lines[at]] * 2, [chance.choice(lines)]))
    path.write_text("\n".join(lines), "utf-8")

    assert all(fault.line >= 1 and fault.what and fault.write for fault in check(place))
