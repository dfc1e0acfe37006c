"""The programs of a folder, ready to be offered: every version of every micro-credential, resolved and pinned."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assessor_desk.domain.ids import Digest, MicroCredentialId, ProgramId
from assessor_desk.domain.program import MicroCredential, PilotStatus, Program
from assessor_desk.errors import ProgramFileError
from assessor_desk.programs.check import checked
from assessor_desk.programs.folder import version_key
from assessor_desk.programs.resolve import Resolved
from assessor_desk.programs.resolve import programs as resolved_programs


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a micro-credential: what it says, its canonical bytes, and the SHA-256 that pins it."""

    micro_credential: MicroCredential
    status: str
    body: bytes
    sha256: Digest

    @property
    def offered(self) -> bool:
        """Return whether new portfolios may be received for it."""
        return self.status == "published"


@dataclass(frozen=True, slots=True)
class Row:
    """One micro-credential as a list shows it."""

    program: ProgramId
    program_title: str
    pilot: PilotStatus
    id: MicroCredentialId
    version: str
    status: str
    title: str
    levels: tuple[tuple[str, ...], ...]
    groups: int
    criteria: int
    credit: tuple[str, ...]
    sha256: Digest


@dataclass(frozen=True, slots=True)
class Catalog:
    """Programs, in the order of their ids, and all versions of their micro-credentials."""

    programs: tuple[Program, ...]
    versions: Mapping[MicroCredentialId, tuple[Version, ...]]

    def version(self, id: str, version: str | None = None) -> Version:
        """Return one version of a micro-credential; without a number, the newest that is published."""
        found = self.versions.get(MicroCredentialId(id), ())
        if not found:
            known = ", ".join(sorted(self.versions))
            raise ProgramFileError(f"No program here offers “{id}”.", next=f"Name one of: {known}.")
        fitting = [
            each for each in found if version == each.micro_credential.version or (version is None and each.offered)
        ]
        if not fitting:
            there = ", ".join(f"{each.micro_credential.version} ({each.status})" for each in found)
            asked = "published version" if version is None else f"version {version}"
            raise ProgramFileError(f"“{id}” has no {asked}.", next=f"It has: {there}.")
        return fitting[-1]

    def micro_credential(self, id: str, version: str | None = None) -> MicroCredential:
        """Return what one version of a micro-credential says; without a number, the newest that is published."""
        return self.version(id, version).micro_credential

    def rows(self) -> tuple[Row, ...]:
        """Return every micro-credential in the programs' order, in its newest published version or else its newest."""
        return tuple(
            _row(program, _shown(self.versions[id])) for program in self.programs for id in program.micro_credentials
        )


def load(path: Path) -> Catalog:
    """Return the programs of a folder, or refuse with every fault that was found."""
    place = checked(path)
    if place.faults:
        first, more = place.faults[0], len(place.faults) - 1
        count = f" There are {more} more faults." if more > 1 else " There is one more fault." if more else ""
        raise ProgramFileError(
            f"{first.file}, line {first.line}: {first.what}{count}",
            next=first.write,
            faults=tuple(map(str, place.faults)),
        )
    programs = (max(resolved_programs(each).items(), key=_by_version)[1] for each in place.folders)
    versions: dict[MicroCredentialId, list[Version]] = {}
    for each in sorted(place.versions, key=lambda each: version_key(each.micro_credential.version)):
        versions.setdefault(each.micro_credential.id, []).append(_version(each))
    return Catalog(tuple(programs), {id: tuple(found) for id, found in versions.items()})


def _by_version(item: tuple[str, Program]) -> tuple[int, int]:
    return version_key(item[0])


def _version(resolved: Resolved) -> Version:
    return Version(resolved.micro_credential, resolved.status, resolved.body, resolved.sha256)


def _shown(versions: tuple[Version, ...]) -> Version:
    offered = [each for each in versions if each.offered]
    return offered[-1] if offered else versions[-1]


def _row(program: Program, version: Version) -> Row:
    made = version.micro_credential
    return Row(
        program=program.id,
        program_title=program.title,
        pilot=program.pilot.status,
        id=made.id,
        version=made.version,
        status=version.status,
        title=made.title,
        levels=made.rubric.level_sets,
        groups=len(made.rubric.groups),
        criteria=len(made.rubric.criteria),
        credit=tuple(f"{each.amount} ({each.title})" for each in made.credit.kinds),
        sha256=version.sha256,
    )
