"""Cited places in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessor_desk.domain.evidence import Evidence, Passage
from assessor_desk.domain.ids import Digest
from assessor_desk.domain.portfolio import Assignment


@dataclass(frozen=True, slots=True)
class Cited:
    """A piece of evidence: in which artifact, at which place, the words that stand there, and the assessor's note."""

    artifact: str
    place: str
    words: str
    note: str


def cited(evidence: Evidence, titles: Mapping[Digest, str]) -> Cited:
    """Return a piece of evidence in plain words."""
    title = titles.get(evidence.artifact, "A file that is not in this round")
    words = evidence.place.quote.words if isinstance(evidence.place, Passage) else ""
    return Cited(title, evidence.named(title), words, evidence.note)


def in_order(evidence: Iterable[Evidence], assignment: Assignment) -> tuple[Cited, ...]:
    """Return pieces of evidence as the places follow each other in the round's artifacts."""
    titles = titles_of(assignment)
    files = list(titles)

    def place(each: Evidence) -> tuple[int, int]:
        position = each.place.position if isinstance(each.place, Passage) else None
        file = files.index(each.artifact) if each.artifact in titles else len(files)
        return file, position.start if position else 0

    return tuple(cited(each, titles) for each in sorted(evidence, key=place))


def titles_of(assignment: Assignment) -> dict[Digest, str]:
    """Return the titles of a round's artifacts by their digests."""
    return {artifact.sha256: artifact.title for artifact in assignment.round.artifacts}
