"""The optional `portfolio.yaml` that comes with a portfolio: what it is, whose, and which file is what."""

import re
from dataclasses import dataclass, field

import msgspec

from assessor_desk.errors import ManifestError
from assessor_desk.programs.faults import Report
from assessor_desk.programs.marked import Node, read

NAME = "portfolio.yaml"
_PATH = re.compile(r"\.(\w+)|\[(\d+)\]")
_SAFE = "Nothing was taken in."


# A member that nobody reads is refused, so that a typing fault in a name is told and not passed over.
class Participant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who hands in."""

    name: str
    external_id: str = ""


class ArtifactEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One file of the folder and the slot that it fills."""

    file: str
    slot: str
    title: str = ""
    shared: bool = False


class PointerEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A place that the participant names for a criterion."""

    criterion: str
    file: str
    place: str
    words: str = ""


class PortfolioFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a `portfolio.yaml` says; options of the import win over it."""

    external_id: str = ""
    micro_credential: str = ""
    round: int = 0
    participants: tuple[Participant, ...] = ()
    team: str = ""
    organization: str = ""
    consent: str = ""
    context_note: str = ""
    artifacts: tuple[ArtifactEntry, ...] = ()
    pointers: tuple[PointerEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The file's content with the lines that faults found later are told with."""

    content: PortfolioFile
    lines: dict[str, int] = field(default_factory=dict)

    def line(self, file: str) -> int:
        """Return the line on which an artifact's file is named."""
        return self.lines.get(file, 1)


def read_manifest(data: bytes) -> Manifest:
    """Return what the file says, or raise one sentence with the line and what to write instead."""
    report = Report(NAME)
    node = read(data, report)
    if report.faults or node is None:
        fault = min(report.faults)
        raise ManifestError(f"{NAME}, line {fault.line}: {fault.what}", safe=_SAFE, next=fault.write)
    try:
        content = msgspec.convert(node.plain(), PortfolioFile)
    except msgspec.ValidationError as error:
        raise _misshapen(node, str(error)) from error
    return Manifest(content, _lines(node))


def faulty(line: int, what: str, write: str) -> ManifestError:
    """Return the error for something in the file that does not fit the portfolio."""
    return ManifestError(f"{NAME}, line {line}: {what}", safe=_SAFE, next=write)


def _misshapen(node: Node, error: str) -> ManifestError:
    what, _, place = error.partition(" - at `$")
    steps: list[str | int] = [name or int(index) for name, index in _PATH.findall(place)]
    line = node.line_of(*steps) if steps else node.line
    told = what.replace("`", "“", 1).replace("`", "”", 1)
    return faulty(line, f"{told}.", "See the guide on running a small hub for its shape.")


def _lines(node: Node) -> dict[str, int]:
    found: dict[str, int] = {}
    entries = node.value["artifacts"].value if isinstance(node.value, dict) and "artifacts" in node.value else ()
    for entry in entries if isinstance(entries, tuple) else ():
        file = entry.at(["file"])
        found[str(file.value)] = file.line
    return found
