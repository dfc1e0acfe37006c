"""Taking in a portfolio: one folder or archive is one round, pinned to the rubric of its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from assessor_desk.domain.ids import ArtifactId, PortfolioCode, RoundId
from assessor_desk.domain.portfolio import Artifact
from assessor_desk.domain.program import MicroCredential
from assessor_desk.hub import rounds
from assessor_desk.hub.data import Hub
from assessor_desk.hub.incoming import Incoming, incoming
from assessor_desk.hub.manifest import PortfolioFile
from assessor_desk.hub.sorting import Sorted, Taken, pointers_of, sorted_out, store
from assessor_desk.tables.transactions import reading, writing

TRIES = 3
"""How often an import is tried that met another one halfway."""


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
    artifacts: tuple[Artifact, ...]
    advice: tuple[str, ...]
    dropped: tuple[str, ...]
    known: bool = False


def receive(hub: Hub, path: Path, options: Options) -> Received:
    """Take in one round, or raise the sentence for which nothing was taken in."""
    with incoming(path, hub.folder / "scratch") as came:
        said = _overridden(came.manifest.content, options)
        for _ in range(TRIES - 1):
            try:
                return _received(hub, came, said, options.code)
            except IntegrityError:  # another import was first with the portfolio, its code or a file: look again
                continue
        return _received(hub, came, said, options.code)


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


def _received(hub: Hub, came: Incoming, said: PortfolioFile, code: str) -> Received:
    """Find out everything that stands against the round before a single file is kept."""
    with reading(hub.engine) as connection:
        target = rounds.target(connection, said, code)
        files, left_out = sorted_out(came, said, target.micro_credential)
        content = rounds.content_sha256(files)
        target = rounds.meant(connection, target, said, content)
        if target.known is None:
            rounds.require_next(connection, target, said)
    dropped = (*came.dropped, *left_out)
    if target.known is not None:
        return _known(target.known, dropped)
    taken = tuple(store(hub.files, each) for each in files)
    pointers = pointers_of(said, taken)
    with writing(hub.engine) as connection:
        added = rounds.add(connection, target, said, taken, pointers, content, hub.clock())
    if isinstance(added, rounds.Known):
        return _known(added, dropped)
    advice = _advice(target.micro_credential, files, taken, added.shared_with)
    artifacts = tuple(each.artifact for each in taken)
    return Received(added.id, added.code, added.number, artifacts, advice, dropped)


def _known(there: rounds.Known, dropped: tuple[str, ...]) -> Received:
    return Received(there.round.id, there.code, there.round.number, there.round.artifacts, (), dropped, known=True)


def _advice(
    expected: MicroCredential,
    files: Sequence[Sorted],
    taken: Sequence[Taken],
    shared_with: Mapping[ArtifactId, Sequence[PortfolioCode]],
) -> tuple[str, ...]:
    """Return what the hub noticed; it advises, and a person answers the completion checks."""
    missing = [
        f"Nothing was handed in for “{each.title}”, which is required."
        for each in expected.missing({file.slot for file in files})
    ]
    unfit = [f"{each.artifact.title}: {each.findings['told']}" for each in taken if each.findings["told"]]
    twice = [
        f"{each.artifact.title}: the same file is in {', '.join(shared_with[each.artifact.id])}."
        for each in taken
        if each.artifact.id in shared_with and not each.artifact.shared
    ]
    empty = [f"{each.artifact.title}: the file is empty." for each in taken if each.artifact.size == 0]
    return (*missing, *unfit, *twice, *empty)
