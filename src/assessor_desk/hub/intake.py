"""Taking in a portfolio: one folder or archive is one round, pinned to the rubric of its day."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from assessor_desk.artifacts.sniff import Sniffed, sniff
from assessor_desk.domain.ids import ArtifactId, CriterionId, Digest, PortfolioCode, RoundId, Slot
from assessor_desk.domain.portfolio import Artifact, Pointer
from assessor_desk.domain.program import MicroCredential
from assessor_desk.hub import rounds
from assessor_desk.hub.data import Hub
from assessor_desk.hub.incoming import Incoming, IncomingFile, incoming
from assessor_desk.hub.manifest import ArtifactEntry, PortfolioFile
from assessor_desk.hub.rounds import Taken
from assessor_desk.seals.digests import Pieces
from assessor_desk.tables.transactions import reading, writing


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever imports says; it wins over the portfolio's own manifest."""

    micro_credential: str = ""
    external_id: str = ""
    round: int = 0
    code: str = ""
    organization: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What came of an import; `known` says that the same round had been received before."""

    round: RoundId
    code: PortfolioCode
    number: int
    artifacts: tuple[Taken, ...]
    advice: tuple[str, ...]
    dropped: tuple[str, ...]
    known: bool = False


def receive(hub: Hub, path: Path, options: Options) -> Received:
    """Take in one round, or raise the sentence for which nothing was taken in."""
    with incoming(path, hub.folder / "scratch") as came:
        said = _overridden(came.manifest.content, options)
        with reading(hub.engine) as connection:
            target = rounds.target(connection, said, options.code)
        taken = _taken(hub, came, said, target.micro_credential)
        with writing(hub.engine) as connection:
            received = rounds.add(connection, target, said, taken, _pointers(came, said, taken, target), hub.clock())
    return Received(
        round=received.id,
        code=received.code,
        number=received.number,
        artifacts=taken,
        advice=_advice(target.micro_credential, taken, received.shared_with),
        dropped=came.dropped,
        known=received.known,
    )


def _overridden(said: PortfolioFile, options: Options) -> PortfolioFile:
    return PortfolioFile(
        external_id=options.external_id or said.external_id,
        micro_credential=options.micro_credential or said.micro_credential,
        round=options.round or said.round,
        participants=said.participants,
        team=said.team,
        organization=options.organization or said.organization,
        consent=said.consent,
        context_note=said.context_note,
        artifacts=said.artifacts,
        pointers=said.pointers,
    )


def _taken(hub: Hub, came: Incoming, said: PortfolioFile, expected: MicroCredential) -> tuple[Taken, ...]:
    entries = _entries(came, said, expected)
    counted: dict[str, int] = {}
    taken = []
    for file in came.files:
        entry = entries.get(file.name)
        if said.artifacts and entry is None:
            continue
        slot = entry.slot if entry else "other"
        counted[slot] = counted.get(slot, 0) + 1
        taken.append(_stored(hub, file, entry, _title(expected, slot, counted[slot])))
    return tuple(taken)


def _entries(came: Incoming, said: PortfolioFile, expected: MicroCredential) -> dict[str, ArtifactEntry]:
    """Return what the manifest says of each file, held against the folder and the slots."""
    here = {file.name for file in came.files}
    slots = {each.slot for each in expected.artifacts}
    for index, entry in enumerate(said.artifacts):
        if entry.file not in here:
            raise came.manifest.faulty(
                f"The file “{entry.file}” is not there.",
                "Name it as it lies in the folder.",
                "artifacts",
                index,
                "file",
            )
        if entry.slot not in slots:
            raise came.manifest.faulty(
                f"“{entry.slot}” is no slot of {expected.id}.",
                f"Write one of: {', '.join(sorted(slots))}.",
                "artifacts",
                index,
                "slot",
            )
    return {entry.file: entry for entry in said.artifacts}


def _title(expected: MicroCredential, slot: str, number: int) -> str:
    """Return what people see instead of the file's name, which could tell whose it is."""
    title = next((each.title for each in expected.artifacts if each.slot == slot), "Artifact")
    return title if number == 1 and title != "Artifact" else f"{title} {number}"


def _stored(hub: Hub, file: IncomingFile, entry: ArtifactEntry | None, title: str) -> Taken:
    with _plain_file(file) as stream:
        stored = hub.files.put(stream)
    found = sniff(file.path, file.name)
    artifact = Artifact(
        id=ArtifactId(str(uuid4())),
        slot=Slot(entry.slot if entry else "other"),
        title=(entry.title if entry else "") or title,
        sha256=Digest(stored.sha256),
        size=stored.size,
        media_type=found.media_type,
        pieces=tuple(Digest(each) for each in stored.pieces),
        shared=bool(entry and entry.shared),
    )
    return Taken(artifact, file.name, _findings(found, stored))


def _plain_file(file: IncomingFile) -> BinaryIO:
    """Open a file without following a link that was put there after the folder was looked at."""
    descriptor = os.open(file.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    return os.fdopen(descriptor, "rb")


def _findings(found: Sniffed, stored: Pieces) -> dict[str, object]:
    return {"kind": found.kind.value, "size": stored.size, "told": found.told}


def _pointers(
    came: Incoming, said: PortfolioFile, taken: Sequence[Taken], target: rounds.Target
) -> tuple[Pointer, ...]:
    by_name = {each.original_name: each.artifact.id for each in taken}
    known = {criterion.id for criterion in target.micro_credential.rubric.criteria}
    pointers = []
    for index, entry in enumerate(said.pointers):
        for member, value, there in (("file", entry.file, by_name), ("criterion", entry.criterion, known)):
            if value not in there:
                what = f"This pointer names the {member} “{value}”, which is not there."
                raise came.manifest.faulty(what, f"Name a {member} that is.", "pointers", index, member)
        pointers.append(Pointer(CriterionId(entry.criterion), by_name[entry.file], entry.place, entry.words))
    return tuple(pointers)


def _advice(
    expected: MicroCredential, taken: Sequence[Taken], shared_with: Mapping[ArtifactId, Sequence[PortfolioCode]]
) -> tuple[str, ...]:
    """Return what the hub noticed; it advises, and a person answers the completion checks."""
    filled = {each.artifact.slot for each in taken}
    missing = [
        f"Nothing was handed in for “{each.title}”, which is required."
        for each in expected.artifacts
        if each.required and each.slot not in filled
    ]
    unfit = [f"{each.artifact.title}: {each.findings['told']}" for each in taken if each.findings["told"]]
    twice = [
        f"{each.artifact.title}: the same file is in {', '.join(shared_with[each.artifact.id])}."
        for each in taken
        if each.artifact.id in shared_with and not each.artifact.shared
    ]
    empty = [f"{each.artifact.title}: the file is empty." for each in taken if each.artifact.size == 0]
    return (*missing, *unfit, *twice, *empty)
