"""Each rule of the checker against a file that breaks it, laid over a program that holds.

A line marked `# fault` is where the fault must be found.
"""

import shutil
from pathlib import Path

import pytest

from assessor_desk.programs.check import check
from assessor_desk.programs.faults import Fault, FaultKind
from assessor_desk.programs.marked import LARGEST_FILE

HERE = Path(__file__).parent
SOUND = HERE / "sound"
FAULTY = HERE / "faulty"

# A missing folder and a file of a megabyte are made by the tests below.
WITHOUT_A_FILE = {FaultKind.MISSING, FaultKind.TOO_LARGE}


def marked_lines(folder: Path) -> set[tuple[str, int]]:
    """Return where the overlay says that a fault is, as file and line."""
    return {
        (path.relative_to(folder).as_posix(), number)
        for path in folder.rglob("*.yaml")
        if path.is_file()
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
        if b"# fault" in line
    }


def overlaid(kind: FaultKind, place: Path) -> Path:
    """Return a copy of the sound program with the faulty file laid over it."""
    shutil.copytree(SOUND, place)
    shutil.copytree(FAULTY / kind, place, dirs_exist_ok=True)
    return place


def test_the_program_under_the_faulty_files_holds() -> None:
    assert check(SOUND) == ()


def test_every_rule_has_a_faulty_file() -> None:
    there = {path.name for path in FAULTY.iterdir()}

    assert there == {kind.value for kind in FaultKind} - WITHOUT_A_FILE


@pytest.mark.parametrize("kind", sorted(set(FaultKind) - WITHOUT_A_FILE))
def test_a_faulty_file_is_explained_at_its_line(kind: FaultKind, tmp_path: Path) -> None:
    faults = check(overlaid(kind, tmp_path / "programs"))

    assert {fault.kind for fault in faults} == {kind}
    if marked := marked_lines(FAULTY / kind):
        assert {(fault.file, fault.line) for fault in faults} == marked
    assert all(is_a_sentence(fault.what) and is_a_sentence(fault.write) for fault in faults)


def is_a_sentence(text: str) -> bool:
    return text[0] in "“" or (text[0].isupper() and text.rstrip("”}").endswith((".", "?")))


def test_a_folder_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    (fault,) = check(tmp_path / "nowhere")

    assert fault.kind is FaultKind.MISSING


def test_a_file_of_more_than_a_megabyte_is_not_read(tmp_path: Path) -> None:
    place = tmp_path / "programs"
    shutil.copytree(SOUND, place)
    with (place / "sample" / "plans-1.0.yaml").open("ab") as file:
        file.write(b"#" * LARGEST_FILE)

    (fault,) = check(place)

    assert (fault.file, fault.kind) == ("sample/plans-1.0.yaml", FaultKind.TOO_LARGE)


def test_a_fault_is_told_as_file_line_what_and_what_to_write(tmp_path: Path) -> None:
    (fault,) = check(overlaid(FaultKind.UNKNOWN_FIELD, tmp_path / "programs"))

    assert str(fault) == "sample/plans-1.0.yaml:6: “staus” is not known here. Did you mean status?"


def test_the_id_of_a_first_occasion_is_taken(tmp_path: Path) -> None:
    place = tmp_path / "programs"
    shutil.copytree(SOUND, place)
    plans = place / "sample" / "plans-1.0.yaml"
    plans.write_text(plans.read_text("utf-8").replace("id: planning", "id: using-first"), "utf-8")

    (fault,) = check(place)

    assert (fault.kind, fault.line) == (FaultKind.DUPLICATE_ID, 29)


def test_one_file_is_checked_within_its_folder(tmp_path: Path) -> None:
    place = overlaid(FaultKind.NOT_ALLOWED, tmp_path / "programs")

    assert check(place / "sample" / "talks-1.0.yaml") == ()
    (fault,) = check(place / "sample" / "plans-1.0.yaml")
    assert fault == Fault(
        "plans-1.0.yaml",
        5,
        FaultKind.NOT_ALLOWED,
        "“status” cannot be “final”.",
        "Write draft (may change), published (never changes again) or retired (never changes; no new portfolios).",
    )
