"""The files of one program's folder: found, read, held against the schema, and against their names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assessor_desk.programs.faults import FaultKind, Report
from assessor_desk.programs.marked import Node, read
from assessor_desk.programs.references import check_references, ids_once, known_names
from assessor_desk.programs.schema import MICRO_CREDENTIAL, PROGRAM, Shapes
from assessor_desk.programs.texts import check_descriptors, check_texts, check_wording

_FILE_NAME = re.compile(r"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)-(?P<version>[1-9][0-9]*\.(?:0|[1-9][0-9]*))\.yaml")


@dataclass(frozen=True, slots=True)
class ProgramFile:
    """One version of a program or of a micro-credential as its file says it, shape and names checked."""

    path: Path
    root: Node
    said: Mapping[str, Any]
    report: Report

    @property
    def id(self) -> str:
        """Return the id it is known by."""
        return str(self.said["id"])

    @property
    def version(self) -> str:
        """Return its version."""
        return str(self.said["version"])


@dataclass(slots=True)
class Folder:
    """One program's folder: its versions and those of its micro-credentials, as far as they could be read."""

    name: str
    reports: list[Report] = field(default_factory=list)
    programs: list[ProgramFile] = field(default_factory=list)
    micro_credentials: list[ProgramFile] = field(default_factory=list)

    def program(self, version: str) -> ProgramFile | None:
        """Return the program's file of this version."""
        return next((each for each in self.programs if each.version == version), None)

    @property
    def newest(self) -> ProgramFile | None:
        """Return the program's newest version."""
        return max(self.programs, key=lambda each: version_key(each.version), default=None)


def version_key(version: str) -> tuple[int, int]:
    """Return what versions are ordered by."""
    major, minor = version.split(".")
    return int(major), int(minor)


def read_folder(path: Path, shown: str, shapes: Shapes) -> Folder:
    """Return a program's folder with all that is wrong inside single files noted; `shown` goes before file names."""
    folder = Folder(path.name)
    for each in sorted(path.iterdir()):
        if each.suffix in (".yaml", ".yml"):
            _read_file(each, f"{shown}{each.name}", shapes, folder)
    _check_listing(folder, f"{shown}program-1.0.yaml")
    return folder


def _read_file(path: Path, shown: str, shapes: Shapes, folder: Folder) -> None:
    report = Report(shown)
    folder.reports.append(report)
    name = _FILE_NAME.fullmatch(path.name)
    if name is None:
        what = f"“{path.name}” is not the name of a program's file."
        report.add(FaultKind.FILE_NAME, 1, what, "Name it after slug and version, such as moves-plan-1.0.yaml.")
        return
    root = _read_root(path, report)
    schema = PROGRAM if name["slug"] == "program" else MICRO_CREDENTIAL
    if root is None or report.faults or not shapes.check(schema, root, report):
        return
    said: Any = root.plain()
    file = ProgramFile(path, root, said, report)
    check_texts(root, report)
    if schema == PROGRAM:
        folder.programs.append(file)
        _check_program(file, name, folder)
    else:
        folder.micro_credentials.append(file)
        _check_micro_credential(file, name, folder)


def _read_root(path: Path, report: Report) -> Node | None:
    try:
        data = path.read_bytes()
    except OSError as fault:
        what = f"The file cannot be read: {fault.strerror}."
        report.add(FaultKind.UNREADABLE, 1, what, "See that it is a file that you may read.")
        return None
    return read(data, report)


def _check_program(file: ProgramFile, name: re.Match[str], folder: Folder) -> None:
    _check_version(file, name)
    if file.id != folder.name:
        line = file.root.line_of("id")
        write = f"Name the folder {file.id}, or write id: {folder.name}."
        file.report.add(FaultKind.FOLDER, line, f"The folder {folder.name} holds the program “{file.id}”.", write)
    for kind in ("checks", "endorsements"):
        found = enumerate(file.said.get(kind, ()))
        ids_once(file.root, (((kind, at, "id"), each["id"]) for at, each in found), file.report)
    for at, stack in enumerate(file.said.get("endorsements", ())):
        named = (
            (("endorsements", at, "micro_credentials", inner), id)
            for inner, id in enumerate(stack["micro_credentials"])
        )
        known_names(file.root, named, file.said["micro_credentials"], "micro-credential of this program", file.report)


def _check_micro_credential(file: ProgramFile, name: re.Match[str], folder: Folder) -> None:
    _check_version(file, name)
    program, _, slug = file.id.partition(".")
    line = file.root.line_of("id")
    if slug != name["slug"]:
        write = f"Name the file {slug}-{file.version}.yaml, or write id: {program}.{name['slug']}."
        file.report.add(FaultKind.FILE_NAME, line, f"The file {file.path.name} holds “{file.id}”.", write)
    if program != folder.name:
        write = f"Write id: {folder.name}.{slug}."
        file.report.add(FaultKind.FOREIGN_ID, line, f"“{file.id}” lies in the folder {folder.name}.", write)
    check_references(file.root, file.said, file.report)
    check_descriptors(file.root, file.said, file.report)
    check_wording(file.root, file.said, file.report)


def _check_version(file: ProgramFile, name: re.Match[str]) -> None:
    if file.version != name["version"]:
        what = f"The file {file.path.name} says version {file.version}."
        write = f'Name the file {name["slug"]}-{file.version}.yaml, or write version: "{name["version"]}".'
        file.report.add(FaultKind.FILE_NAME, file.root.line_of("version"), what, write)


def _check_listing(folder: Folder, wanted: str) -> None:
    newest = folder.newest
    if newest is None:
        if not any(_is_program(report.file) for report in folder.reports):
            report = Report(wanted)
            report.add(FaultKind.NO_PROGRAM, 1, "The folder has no program file.", "Add it; see program.schema.json.")
            folder.reports.append(report)
        return
    _check_listed(folder, newest)
    for file in folder.micro_credentials:
        if f"program-{file.said['program']}.yaml" not in {Path(report.file).name for report in folder.reports}:
            what = f"There is no program-{file.said['program']}.yaml."
            write = f'Write program: "{newest.version}", or add that file.'
            file.report.add(FaultKind.PROGRAM_VERSION, file.root.line_of("program"), what, write)


def _check_listed(folder: Folder, newest: ProgramFile) -> None:
    listed = newest.said["micro_credentials"]
    there = {file.id for file in folder.micro_credentials}
    unread = {Path(report.file).name for report in folder.reports if report.faults}
    for at, id in enumerate(listed):
        if id not in there and not _may_be_among(id, unread):
            what = f"No file holds “{id}”."
            line = newest.root.line_of("micro_credentials", at)
            newest.report.add(FaultKind.NO_FILE, line, what, "Add its file, or take it off the list.")
    for file in folder.micro_credentials:
        if file.id not in listed and file.id.startswith(f"{folder.name}."):
            what = f"“{file.id}” is not on the list in {Path(newest.report.file).name}."
            file.report.add(FaultKind.NOT_LISTED, file.root.line_of("id"), what, "Add it to micro_credentials there.")


def _may_be_among(id: str, names: Iterable[str]) -> bool:
    slug = id.partition(".")[2]
    return any(re.fullmatch(rf"{re.escape(slug)}-[0-9.]+yaml", name) for name in names)


def _is_program(shown: str) -> bool:
    return Path(shown).name.startswith("program-")
