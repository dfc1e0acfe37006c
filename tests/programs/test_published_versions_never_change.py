"""The list of what was published."""

import json
import shutil
from pathlib import Path

import pytest

from assessor_desk.programs.check import check, checked
from assessor_desk.programs.faults import FaultKind
from assessor_desk.programs.pinned import PINNED, with_new_pins

SOUND = Path(__file__).parent / "sound"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = Path(shutil.copytree(SOUND, tmp_path / "programs"))
    (place / PINNED).write_text(with_new_pins("{}", checked(place).versions), "utf-8")
    return place


def edited(place: Path, file: str, old: str, new: str) -> None:
    path = place / "sample" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_what_was_published_as_it_stands_holds(place: Path) -> None:
    assert check(place) == ()


def test_comments_and_order_are_no_change(place: Path) -> None:
    edited(place, "plans-1.0.yaml", "wording: own\n", "")
    edited(place, "plans-1.0.yaml", "outcomes:\n", "# moved up\nwording: own\noutcomes:\n")

    assert check(place) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("plans-1.0.yaml", "Each person has a task", "Every person has a task", {"plans-1.0.yaml"}),
        ("plans-1.0.yaml", "words_at_least: 300", "words_at_least: 301", {"plans-1.0.yaml"}),
        ("program-1.0.yaml", "assess_days: 5", "assess_days: 6", {"plans-1.0.yaml", "talks-1.0.yaml"}),
    ],
)
def test_a_change_in_a_published_version_or_its_policy_is_found(
    place: Path, file: str, old: str, new: str, changed: set[str]
) -> None:
    edited(place, file, old, new)

    faults = check(place)

    assert {fault.kind for fault in faults} == {FaultKind.CHANGED}
    assert {Path(fault.file).name for fault in faults} == changed


def test_what_a_program_says_of_its_pilot_may_change(place: Path) -> None:
    edited(place, "program-1.0.yaml", "status: in pilot", "status: full")

    assert check(place) == ()


def test_retiring_a_version_changes_nothing_in_it(place: Path) -> None:
    edited(place, "plans-1.0.yaml", "status: published", "status: retired")

    assert check(place) == ()


def test_new_pins_leave_the_old_ones_alone(place: Path) -> None:
    listed = (place / PINNED).read_text("utf-8")
    edited(place, "plans-1.0.yaml", "words_at_least: 300", "words_at_least: 301")

    assert with_new_pins(listed, checked(place).versions) == listed


def test_one_programs_folder_is_held_against_the_list_above_it(place: Path) -> None:
    edited(place, "plans-1.0.yaml", "words_at_least: 300", "words_at_least: 301")

    (fault,) = check(place / "sample")

    assert fault.kind is FaultKind.CHANGED


@pytest.mark.parametrize("content", ["[]", '{"sample.plans": 3}', '{"sample.plans": {"1.0": "short"}}', "{"])
def test_a_damaged_list_is_a_fault_of_the_list(place: Path, content: str) -> None:
    (place / PINNED).write_text(content, "utf-8")

    assert {fault.file for fault in check(place)} == {PINNED}


def test_the_list_is_json(place: Path) -> None:
    assert set(json.loads((place / PINNED).read_text("utf-8"))) == {"sample.plans", "sample.talks"}
