"""Quotes and their places in the artifacts of one portfolio."""

from dataclasses import dataclass

from assessor_desk.artifacts.anchors import locate_quote, resolve
from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.artifacts.sniff import sniff
from assessor_desk.artifacts.text import ArtifactText
from assessor_desk.domain.evidence import Evidence, Passage, Place, WholeArtifact
from assessor_desk.domain.ids import Digest
from assessor_desk.domain.portfolio import Assignment
from assessor_desk.errors import ArtifactError, SealError
from assessor_desk.operations.assessment_file import EvidenceEntry
from assessor_desk.operations.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Walk:
    """Whether the words of a cited place stand in its artifact; `None` where `problem` says why that is not known."""

    stands: bool | None
    problem: str = ""


class Quotes:
    """Finds words in the artifacts of one portfolio; each artifact is read once, in the render worker."""

    def __init__(self, workplace: Workplace, assignment: Assignment, renderer: Renderer) -> None:
        self._workplace = workplace
        self._portfolio = assignment.portfolio.id
        self._here = {artifact.sha256 for artifact in assignment.round.artifacts}
        self._renderer = renderer
        self._texts: dict[Digest, ArtifactText] = {}

    def place(self, artifact: Digest, entry: EvidenceEntry) -> Place:
        """Return the place that an entry names, or raise `ArtifactError` that says what to give instead."""
        if not entry.quote:
            return WholeArtifact()
        return locate_quote(self._text(artifact), entry.quote, entry.page, entry.before or None, entry.after or None)

    def walk(self, evidence: Evidence) -> Walk:
        """Go to a place that someone cited."""
        if evidence.artifact not in self._here:
            return Walk(False, "It is in a file that is not in this round.")
        if not isinstance(evidence.place, Passage):
            return Walk(True)
        try:
            stands = resolve(evidence.place, self._text(evidence.artifact)) is not None
        except (ArtifactError, SealError) as fault:
            return Walk(None, fault.detail)
        return Walk(stands, "" if stands else "These words are not in the file.")

    def _text(self, artifact: Digest) -> ArtifactText:
        if artifact not in self._texts:
            with self._workplace.store.reading() as tx:
                source = tx.artifacts.open(self._portfolio, artifact)
            with source:
                self._texts[artifact] = self._renderer.text(source, sniff(source).kind)
        return self._texts[artifact]
