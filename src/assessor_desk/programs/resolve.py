"""Builds the domain's objects from files that hold, and notes what the domain itself refuses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from assessor_desk.domain.ids import Digest
from assessor_desk.domain.program import MicroCredential, Program
from assessor_desk.errors import RuleError
from assessor_desk.programs import build
from assessor_desk.programs.codec import micro_credential_bytes
from assessor_desk.programs.faults import FaultKind
from assessor_desk.programs.folder import Folder, ProgramFile
from assessor_desk.seals.digests import sha256

_Piece: TypeAlias = tuple[tuple[str | int, ...], FaultKind, Callable[[Any], object]]


@dataclass(frozen=True, slots=True)
class Resolved:
    """One version of a micro-credential as it is pinned: its bytes, their SHA-256, and what it is for."""

    micro_credential: MicroCredential
    status: str
    body: bytes
    sha256: Digest
    file: ProgramFile


def check_pieces(folder: Folder) -> None:
    """Note what the domain refuses in a folder's files: settings that contradict each other, dates that are none."""
    for file in (*folder.programs, *folder.micro_credentials):
        for path, kind, make in _pieces(file):
            try:
                make(file.root.at(path).plain())
            except RuleError as refusal:
                file.report.add(kind, file.root.line_of(*path), refusal.detail, refusal.next)
            except ValueError:
                what = "There is no such date."
                file.report.add(FaultKind.NO_SUCH_DATE, file.root.line_of(*path), what, "Write a date of the calendar.")


def _pieces(file: ProgramFile) -> Iterator[_Piece]:
    said = file.said
    if "policy" in said:
        yield ("policy",), FaultKind.POLICY, build.policy
    if "team" in said:
        yield ("team",), FaultKind.TEAM, build.team
    if "credit" in said:
        yield ("credit",), FaultKind.CREDIT, build.credit
    for at in range(len(said.get("endorsements", ()))):
        yield ("endorsements", at), FaultKind.ENDORSEMENT, build.endorsement
    for at in range(len(said.get("pilot", {}).get("goals", ()))):
        yield ("pilot", "goals", at, "by"), FaultKind.NO_SUCH_DATE, build.day


def programs(folder: Folder) -> dict[str, Program]:
    """Return the versions of a folder's program that hold."""
    return {file.version: build.program(file.said) for file in folder.programs if not file.report.faults}


def micro_credentials(folder: Folder) -> Iterator[Resolved]:
    """Return every version in the folder that holds, each resolved with the program version it belongs to."""
    offered = programs(folder)
    for file in folder.micro_credentials:
        program = offered.get(file.said["program"])
        if program is not None and not file.report.faults:
            made = build.micro_credential(file.said, program)
            body = micro_credential_bytes(made)
            yield Resolved(made, file.said["status"], body, Digest(sha256(body)), file)
