"""Checks a folder of programs, one program or one file, and explains every fault."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assessor_desk.environment.packaged import packaged
from assessor_desk.programs.faults import Fault, FaultKind, Report, in_order
from assessor_desk.programs.folder import Folder, read_folder
from assessor_desk.programs.library import check_library
from assessor_desk.programs.pinned import PINNED, check_pinned
from assessor_desk.programs.resolve import Resolved, check_pieces, micro_credentials
from assessor_desk.programs.schema import Shapes


@dataclass(frozen=True, slots=True)
class Checked:
    """What a place holds: its programs' folders, every version that holds, and what is wrong."""

    folders: tuple[Folder, ...]
    versions: tuple[Resolved, ...]
    faults: tuple[Fault, ...]


def check(path: Path) -> tuple[Fault, ...]:
    """Return every fault of a folder of programs, of one program's folder or of one file."""
    if path.is_file():
        name = path.name
        return tuple(fault for fault in checked(path.parent).faults if Path(fault.file).name == name)
    return checked(path).faults


def checked(path: Path) -> Checked:
    """Return what a folder holds, with its faults."""
    if not path.is_dir():
        return Checked((), (), (Fault(path.name, 1, FaultKind.MISSING, "There is no such folder.", "Name another."),))
    shapes = Shapes(packaged("rubrics"))
    single = any(path.glob("*.yaml"))
    places = [path] if single else [each for each in sorted(path.iterdir()) if any(each.glob("*.y*ml"))]
    folders = tuple(read_folder(each, "" if single else f"{each.name}/", shapes) for each in places)
    reports = [report for folder in folders for report in folder.reports]
    if not folders:
        empty = Report(path.name)
        empty.add(FaultKind.NO_PROGRAM, 1, "There is no program here.", "Name a folder with programs' folders in it.")
        reports.append(empty)
    check_library(folders)
    for folder in folders:
        check_pieces(folder)
    versions = tuple(each for folder in folders for each in micro_credentials(folder))
    reports.extend(_pins(path, single, versions, any(report.faults for report in reports)))
    return Checked(folders, versions, in_order(reports))


def _pins(path: Path, single: bool, versions: tuple[Resolved, ...], faulty: bool) -> Iterator[Report]:
    listed = (path.parent if single else path) / PINNED
    if listed.is_file():
        yield check_pinned(listed, versions, whole=not single and not faulty)
