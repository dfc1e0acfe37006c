"""Sorting what came in: which file is what, under which title, and what its content shows."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO
from uuid import uuid4

from assessor_desk.artifacts.sniff import sniff
from assessor_desk.domain.ids import ArtifactId, CriterionId, Digest, Slot
from assessor_desk.domain.portfolio import Artifact, Pointer
from assessor_desk.domain.program import MicroCredential
from assessor_desk.hub.incoming import Incoming, IncomingFile
from assessor_desk.hub.manifest import ArtifactEntry, PortfolioFile
from assessor_desk.hub.storage import Files
from assessor_desk.seals.digests import sha256_file

OTHER = Slot("other")
"""The slot of a file that nothing is said about; a person finds its place."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """One file that came in, with its slot and the title that people see instead of its name."""

    file: IncomingFile
    slot: Slot
    title: str
    shared: bool
    sha256: Digest


@dataclass(frozen=True, slots=True)
class Taken:
    """One stored file with the name it came with and what the hub found out about it."""

    artifact: Artifact
    original_name: str
    findings: Mapping[str, object] = field(default_factory=dict)


def sorted_out(
    came: Incoming, said: PortfolioFile, expected: MicroCredential
) -> tuple[tuple[Sorted, ...], tuple[str, ...]]:
    """Return the files with their slots, and the names of those that a manifest with artifacts does not name."""
    entries = _entries(came, said, expected)
    _require_pointers(came, said, expected)
    named = [file for file in came.files if file.name in entries or not said.artifacts]
    counted: dict[Slot, int] = {}
    files = []
    for file in named:
        entry = entries.get(file.name)
        slot = Slot(entry.slot) if entry else OTHER
        counted[slot] = counted.get(slot, 0) + 1
        title = (entry.title if entry else "") or _title(expected, slot, counted[slot])
        files.append(Sorted(file, slot, title, bool(entry and entry.shared), Digest(sha256_file(file.path))))
    return tuple(files), tuple(file.name for file in came.files if file not in named)


def store(files: Files, each: Sorted) -> Taken:
    """Keep a file, refusing one that changed since it was looked at, and note what its content shows."""
    with _plain_file(each.file) as stream:
        stored = files.put(stream, each.sha256)
    found = sniff(each.file.path, each.file.name)
    artifact = Artifact(
        id=ArtifactId(str(uuid4())),
        slot=each.slot,
        title=each.title,
        sha256=each.sha256,
        size=stored.size,
        media_type=found.media_type,
        pieces=tuple(Digest(piece) for piece in stored.pieces),
        shared=each.shared,
    )
    findings = {"kind": found.kind.value, "size": stored.size, "told": found.told}
    return Taken(artifact, each.file.name, findings)


def pointers_of(said: PortfolioFile, taken: Sequence[Taken]) -> tuple[Pointer, ...]:
    """Return the places that the participant names, by the ids of their artifacts."""
    ids = {each.original_name: each.artifact.id for each in taken}
    return tuple(Pointer(CriterionId(each.criterion), ids[each.file], each.place, each.words) for each in said.pointers)


def _entries(came: Incoming, said: PortfolioFile, expected: MicroCredential) -> dict[str, ArtifactEntry]:
    """Return what the manifest says of each file, held against the folder and the slots."""
    here = {file.name for file in came.files}
    slots = sorted(each.slot for each in expected.artifacts)
    entries: dict[str, ArtifactEntry] = {}
    for index, entry in enumerate(said.artifacts):
        place = ("artifacts", index)
        if entry.file not in here:
            what = f"The file “{entry.file}” is not there."
            raise came.manifest.faulty(what, "Name it as it lies in the folder.", *place, "file")
        if entry.file in entries:
            what = f"The file “{entry.file}” is named twice."
            raise came.manifest.faulty(what, "Give each file one slot.", *place, "file")
        if entry.slot not in slots:
            what = f"“{entry.slot}” is no slot of {expected.id}."
            raise came.manifest.faulty(what, f"Write one of: {', '.join(slots)}.", *place, "slot")
        entries[entry.file] = entry
    return entries


def _require_pointers(came: Incoming, said: PortfolioFile, expected: MicroCredential) -> None:
    files = {entry.file for entry in said.artifacts} or {file.name for file in came.files}
    criteria = {criterion.id for criterion in expected.rubric.criteria}
    for index, entry in enumerate(said.pointers):
        for member, value, there in (("file", entry.file, files), ("criterion", entry.criterion, criteria)):
            if value not in there:
                what = f"This pointer names the {member} “{value}”, which is not there."
                write = f"Name one of: {', '.join(sorted(there))}."
                raise came.manifest.faulty(what, write, "pointers", index, member)


def _title(expected: MicroCredential, slot: Slot, number: int) -> str:
    """Return what people see instead of the file's name, which could tell whose it is."""
    title = next((each.title for each in expected.artifacts if each.slot == slot), None)
    if title is None:
        return f"Artifact {number}"
    return title if number == 1 else f"{title} {number}"


def _plain_file(file: IncomingFile) -> BinaryIO:
    """Open a file without following a link that was put there after the folder was looked at."""
    descriptor = os.open(file.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    return os.fdopen(descriptor, "rb")
