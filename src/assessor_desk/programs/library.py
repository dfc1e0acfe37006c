"""Holds programs against each other: no descriptor twice, no circle of micro-credentials, no check twice."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from assessor_desk.programs.faults import FaultKind
from assessor_desk.programs.folder import Folder, ProgramFile
from assessor_desk.programs.references import known_names
from assessor_desk.programs.texts import descriptors


def check_library(folders: Sequence[Folder]) -> None:
    """Note in the files' reports what does not go together."""
    files = [file for folder in folders for file in folder.micro_credentials]
    # What a program lists counts as known even where its own file could not be read: one fault is told once.
    known = {id for folder in folders for file in folder.programs for id in file.said["micro_credentials"]}
    _check_shared(files)
    _check_builds_on(files, known)
    for folder in folders:
        _check_checks(folder)


def _check_shared(files: Iterable[ProgramFile]) -> None:
    seen: dict[str, tuple[ProgramFile, int]] = {}
    for file in files:
        for path, text in descriptors(file.said):
            line = file.root.line_of(*path)
            first, first_line = seen.setdefault(_normalized(text), (file, line))
            other_version = first is not file and first.id == file.id
            if other_version or (first is file and first_line == line):
                continue
            what = f"The same descriptor stands in {first.report.file}, line {first_line}."
            write = "Say what can be seen here and nowhere else."
            file.report.add(FaultKind.SHARED_DESCRIPTOR, line, what, write)


def _normalized(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def _check_builds_on(files: Sequence[ProgramFile], listed: set[str]) -> None:
    ids = sorted(listed | {file.id for file in files})
    builds: dict[str, set[str]] = {id: set() for id in ids}
    for file in files:
        for at, rule in enumerate(file.said["rules"]):
            if rule["rule"] == "builds-on":
                named = enumerate(rule["micro_credentials"])
                paths = ((("rules", at, "micro_credentials", inner), id) for inner, id in named)
                known_names(file.root, paths, ids, "micro-credential", file.report)
                builds[file.id].update(rule["micro_credentials"])
    for file in files:
        for at, rule in enumerate(file.said["rules"]):
            if rule["rule"] == "builds-on" and file.id in _reached(builds, file.id) and file.id not in builds[file.id]:
                what = "What it builds on builds on it in turn."
                line = file.root.line_of("rules", at, "micro_credentials")
                file.report.add(FaultKind.CIRCLE, line, what, "Name only micro-credentials that come before.")


def _reached(builds: Mapping[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = list(builds[start])
    while waiting:
        id = waiting.pop()
        if id not in reached:
            reached.add(id)
            waiting.extend(builds.get(id, ()))
    return reached


def _check_checks(folder: Folder) -> None:
    for file in folder.micro_credentials:
        program = folder.program(file.said["program"])
        shared = {each["id"] for each in program.said.get("checks", ())} if program else set()
        for at, check in enumerate(file.said.get("checks", ())):
            if check["id"] in shared:
                what = f"The program already has a completion check “{check['id']}”."
                line = file.root.line_of("checks", at, "id")
                file.report.add(FaultKind.DUPLICATE_ID, line, what, "Give it another id, or leave it out.")
