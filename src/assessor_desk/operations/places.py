"""Cited places in plain words."""

from collections.abc import Mapping
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


def titles_of(assignment: Assignment) -> dict[Digest, str]:
    """Return the titles of a round's artifacts by their digests."""
    return {artifact.sha256: artifact.title for artifact in assignment.round.artifacts}
