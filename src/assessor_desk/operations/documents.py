"""Taking in a whole assessment as one YAML document, for working with an editor or a script instead of a window."""

from collections.abc import Iterator, Sequence
from uuid import NAMESPACE_URL, uuid5

from assessor_desk.artifacts.anchors import locate_quote
from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.artifacts.sniff import sniff
from assessor_desk.artifacts.text import ArtifactText
from assessor_desk.domain.annotations import to_annotation
from assessor_desk.domain.assessment import Assessment, Value
from assessor_desk.domain.draft import DealtWith, readable
from assessor_desk.domain.evidence import Evidence, Place, WholeArtifact
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssignmentId, CheckId, ConditionId, CriterionId, Digest, EvidenceId
from assessor_desk.domain.portfolio import Artifact
from assessor_desk.errors import ArtifactError, InputError
from assessor_desk.operations.assessing import Change, record
from assessor_desk.operations.assessment_file import (
    FEEDBACK_KINDS,
    FLAG_KINDS,
    LETTER_BLOCKS,
    AssessmentFile,
    EvidenceEntry,
    ScoreEntry,
)
from assessor_desk.operations.workplace import Changes, Work, Workplace, work_of
from assessor_desk.programs.forms import Form, read_form


def assess(workplace: Workplace, assignment: AssignmentId, data: bytes, name: str, renderer: Renderer) -> Changes:
    """Record what a document says, all of it or nothing; the same document again changes nothing."""
    form = read_form(data, name, AssessmentFile, InputError)
    with workplace.store.reading() as tx:
        work = work_of(tx, assignment)
        held = tx.journal.assessment(work.assessment)
    reader = _Reader(workplace, work, form, renderer)
    return record(workplace, assignment, [*reader.changes(), *reader.removed(held)])


class _Reader:
    """Turns a document's members into changes of fields."""

    def __init__(self, workplace: Workplace, work: Work, form: Form[AssessmentFile], renderer: Renderer) -> None:
        self._work = work
        self._form = form
        self._quotes = Quotes(workplace, work, renderer)
        self._named: set[EvidenceId] = set()

    def changes(self) -> Iterator[Change]:
        """Yield what the document says."""
        content, known = self._form.content, self._work.micro_credential
        for name, score in content.scores.items():
            yield from self._score(name, score)
        for block, text in content.letter.items():
            yield Change(Field.letter(self._one_of(block, LETTER_BLOCKS, "letter", block)), _text(text))
        for name, how in content.artifacts.items():
            artifact = self._artifact(name, "artifacts", name)
            yield Change(Field.opened(artifact.id), self._one_of(how, list(DealtWith), "artifacts", name))
        for name, passed in content.checks.items():
            check = self._one_of(name, [each.id for each in known.checks], "checks", name)
            yield Change(Field.precheck(CheckId(check)), passed)
        for name, told in content.conditions.items():
            condition = self._one_of(name, [each.id for each in known.rubric.conditions], "conditions", name)
            value: Value = {"by": told.by, "at": told.at, "holds": told.holds}
            yield Change(Field.condition(ConditionId(condition)), value)
        for name, flags in content.flags.items():
            for kind, text in flags.items():
                flag = self._one_of(kind, FLAG_KINDS, "flags", name, kind)
                yield Change(Field.flag(self._artifact(name, "flags", name).id, flag), _text(text))

    def removed(self, held: Assessment) -> Iterator[Change]:
        """Yield the removal of evidence that the document, for the criteria it names, no longer holds."""
        for id, value in held.evidence().items():
            evidence = readable(value)
            if evidence and evidence.criterion in self._form.content.scores and id not in self._named:
                yield Change(Field.evidence(id), None)

    def _score(self, name: str, score: ScoreEntry) -> Iterator[Change]:
        criteria = self._work.micro_credential.rubric.criteria
        criterion = CriterionId(self._one_of(name, [each.id for each in criteria], "scores", name))
        if score.level is not None:
            yield Change(Field.score(criterion), self._level(criterion, score.level))
        if score.rationale:
            yield Change(Field.rationale(criterion), _text(score.rationale))
        if score.looked_for:
            yield Change(Field.looked_for(criterion), _text(score.looked_for))
        for kind, text in score.feedback.items():
            known = self._one_of(kind, FEEDBACK_KINDS, "scores", name, "feedback", kind)
            yield Change(Field.feedback(criterion, known), _text(text))
        for index, entry in enumerate(score.evidence):
            yield self._cite(criterion, entry, ("scores", name, "evidence", index))

    def _level(self, criterion: CriterionId, told: int | str) -> int:
        levels = self._work.micro_credential.rubric.criterion(criterion).levels
        for each in levels:
            if told in (each.value, each.id):
                return each.value
        known = ", ".join(f"{each.value} ({each.id})" for each in levels)
        raise self._form.faulty(
            f"{criterion} has no level “{told}”.", f"Write one of: {known}.", "scores", criterion, "level"
        )

    def _cite(self, criterion: CriterionId, entry: EvidenceEntry, path: tuple[str | int, ...]) -> Change:
        artifact = self._artifact(entry.artifact, *path, "artifact")
        try:
            place = self._quotes.place(artifact, entry)
        except ArtifactError as fault:
            raise self._form.faulty(f"{artifact.title}: {fault.detail}", fault.next, *path) from fault
        # The same words for the same criterion are the same evidence, however often the document is taken in.
        named = "/".join(
            (self._work.assessment, criterion, artifact.sha256, str(entry.page), entry.quote, entry.before)
        )
        id = EvidenceId(str(uuid5(NAMESPACE_URL, named)))
        self._named.add(id)
        evidence = Evidence(id, criterion, artifact.sha256, place, note=entry.note)
        return Change(Field.evidence(id), to_annotation(evidence))

    def _artifact(self, name: str, *path: str | int) -> Artifact:
        artifacts = self._work.assignment.round.artifacts
        for part in ("id", "title", "slot"):
            found = [each for each in artifacts if getattr(each, part) == name]
            if len(found) == 1:
                return found[0]
        titles = ", ".join(f"“{each.title}”" for each in artifacts)
        raise self._form.faulty(f"“{name}” names no artifact, or more than one.", f"Write one of: {titles}.", *path)

    def _one_of(self, name: str, known: Sequence[str], *path: str | int) -> str:
        if name not in known:
            raise self._form.faulty(f"“{name}” is not known here.", f"Write one of: {', '.join(known)}.", *path)
        return str(name)


class Quotes:
    """Finds quoted words in the artifacts of one portfolio; each artifact is read once."""

    def __init__(self, workplace: Workplace, work: Work, renderer: Renderer) -> None:
        self._workplace = workplace
        self._portfolio = work.assignment.portfolio.id
        self._renderer = renderer
        self._texts: dict[Digest, ArtifactText] = {}

    def place(self, artifact: Artifact, entry: EvidenceEntry) -> Place:
        """Return the place that an entry names, or raise `ArtifactError` that says what to give instead."""
        if not entry.quote:
            return WholeArtifact()
        text = self.text(artifact)
        return locate_quote(text, entry.quote, entry.page, entry.before or None, entry.after or None)

    def text(self, artifact: Artifact) -> ArtifactText:
        """Return an artifact's text, read in the render worker from the encrypted store."""
        if artifact.sha256 not in self._texts:
            with self._workplace.store.reading() as tx, tx.artifacts.open(self._portfolio, artifact.sha256) as source:
                self._texts[artifact.sha256] = self._renderer.text(source, sniff(source).kind)
        return self._texts[artifact.sha256]


def _text(text: str) -> str | None:
    return text.strip() or None
