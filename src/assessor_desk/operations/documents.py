"""Taking in a whole assessment as one YAML document, for working with an editor or a script instead of a window."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.artifacts.text import sound
from assessor_desk.domain.annotations import to_annotation
from assessor_desk.domain.assessment import Assessment, Value
from assessor_desk.domain.draft import DealtWith, readable
from assessor_desk.domain.evidence import Evidence
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssignmentId, CheckId, ConditionId, CriterionId, EvidenceId
from assessor_desk.domain.portfolio import Artifact
from assessor_desk.errors import ArtifactError, InputError
from assessor_desk.operations.assessing import Change, recorded
from assessor_desk.operations.assessment_file import (
    FEEDBACK_KINDS,
    FLAG_KINDS,
    LETTER_BLOCKS,
    LONGEST_TEXT,
    AssessmentFile,
    ConditionEntry,
    EvidenceEntry,
    ScoreEntry,
)
from assessor_desk.operations.quoting import Quotes
from assessor_desk.operations.workplace import Changes, Work, Workplace, work_of
from assessor_desk.programs.forms import Form, read_form
from assessor_desk.seals.canonical import canonical

_EVIDENCE = UUID("5e1b6f0a-2f0c-5d8e-9a64-7c2f3b9d1e40")


def assess(workplace: Workplace, assignment: AssignmentId, data: bytes, name: str, renderer: Renderer) -> Changes:
    """Record what a document says, all of it or nothing; the same document again changes nothing."""
    form = read_form(data, name, AssessmentFile, InputError)
    with workplace.store.reading() as tx:
        work = work_of(tx, assignment)
    reader = _Reader(work, form, Quotes(workplace, work.assignment, renderer))
    said = tuple(reader.changes())
    with workplace.store.transaction() as tx:
        held = tx.journal.assessment(work.assessment)
        return recorded(workplace, tx, work_of(tx, assignment), (*said, *reader.removed(held)))


class _Reader:
    """Turns a document's members into changes of fields."""

    def __init__(self, work: Work, form: Form[AssessmentFile], quotes: Quotes) -> None:
        self._work = work
        self._form = form
        self._quotes = quotes
        self._cited: set[EvidenceId] = set()
        self._listed: set[CriterionId] = set()

    def changes(self) -> Iterator[Change]:
        """Yield what the document says."""
        content = self._form.content
        for name, score in content.scores.items():
            yield from self._score(name, score)
        for block, text in content.letter.items():
            known = self._one_of(block, LETTER_BLOCKS, "letter", block)
            yield Change(Field.letter(known), self._text(text, "letter", block))
        for name, how in content.artifacts.items():
            opened = Field.opened(self._artifact(name, "artifacts", name).id)
            yield Change(opened, how and self._one_of(how, list(DealtWith), "artifacts", name))
        yield from self._completion()
        for name, flags in content.flags.items():
            yield from self._flags(name, flags)

    def removed(self, held: Assessment) -> Iterator[Change]:
        """Yield the removal of evidence that the document, where it lists a criterion's evidence, does not name."""
        for field, settled in held.fields.items():
            if field.kind == "evidence" and EvidenceId(field.names[0]) not in self._cited:
                told = (readable(version) for version in settled.versions)
                if any(each is not None and each.criterion in self._listed for each in told):
                    yield Change(field, None)

    def _score(self, name: str, score: ScoreEntry) -> Iterator[Change]:
        at = ("scores", name)
        criteria = self._work.micro_credential.rubric.criteria
        criterion = CriterionId(self._one_of(name, [each.id for each in criteria], *at))
        if self._form.names(*at, "level"):
            yield Change(Field.score(criterion), self._level(criterion, score.level))
        if self._form.names(*at, "rationale"):
            yield Change(Field.rationale(criterion), self._text(score.rationale, *at, "rationale"))
        if self._form.names(*at, "looked_for"):
            yield Change(Field.looked_for(criterion), self._text(score.looked_for, *at, "looked_for"))
        for kind, text in score.feedback.items():
            known = self._one_of(kind, FEEDBACK_KINDS, *at, "feedback", kind)
            yield Change(Field.feedback(criterion, known), self._text(text, *at, "feedback", kind))
        if self._form.names(*at, "evidence"):
            self._listed.add(criterion)
        for index, entry in enumerate(score.evidence):
            yield self._cite(criterion, entry, (*at, "evidence", index))

    def _level(self, criterion: CriterionId, told: int | str | None) -> int | None:
        if told is None:
            return None
        levels = self._work.micro_credential.rubric.criterion(criterion).levels
        for each in levels:
            if told in (each.value, each.id, each.name):
                return each.value
        known = ", ".join(f"{each.value} ({each.id})" for each in levels)
        raise self._form.faulty(
            f"{criterion} has no level “{told}”.", f"Write one of: {known}.", "scores", criterion, "level"
        )

    def _cite(self, criterion: CriterionId, entry: EvidenceEntry, path: tuple[str | int, ...]) -> Change:
        artifact = self._artifact(entry.artifact, *path, "artifact")
        if not entry.quote and (entry.page or entry.before or entry.after):
            raise self._form.faulty("The quote is missing.", "Add the words that stand there.", *path)
        try:
            place = self._quotes.place(artifact.sha256, entry)
        except ArtifactError as fault:
            raise self._form.faulty(f"{artifact.title}: {fault.detail}", fault.next, *path) from fault
        note = self._text(entry.note, *path, "note") or ""
        evidence = self._named(Evidence(EvidenceId(""), criterion, artifact.sha256, place, note=note))
        if evidence.id in self._cited:
            raise self._form.faulty(f"{criterion} cites this place twice.", "Leave one of them out.", *path)
        self._cited.add(evidence.id)
        return Change(Field.evidence(evidence.id), to_annotation(evidence))

    def _named(self, evidence: Evidence) -> Evidence:
        """Give evidence its id: the same place for the same criterion is the same evidence, on whichever laptop."""
        target: Value = to_annotation(evidence)["target"]
        name = canonical([self._work.assessment, evidence.criterion, target]).decode()
        return replace(evidence, id=EvidenceId(str(uuid5(_EVIDENCE, name))))

    def _completion(self) -> Iterator[Change]:
        content, known = self._form.content, self._work.micro_credential
        for name, passed in content.checks.items():
            check = self._one_of(name, [each.id for each in known.checks], "checks", name)
            yield Change(Field.precheck(CheckId(check)), passed)
        for name, told in content.conditions.items():
            condition = self._one_of(name, [each.id for each in known.rubric.conditions], "conditions", name)
            yield Change(Field.condition(ConditionId(condition)), self._attested(name, told) if told else None)

    def _attested(self, name: str, told: ConditionEntry) -> Value:
        try:
            zoned = datetime.fromisoformat(told.at).tzinfo is not None
        except ValueError:
            zoned = False
        if not zoned:
            hint = "Write day, time and offset, such as 2026-05-12T10:00:00-05:00."
            raise self._form.faulty(f"“{told.at}” is no moment.", hint, "conditions", name, "at")
        return {"by": self._text(told.by, "conditions", name, "by"), "at": told.at, "holds": told.holds}

    def _flags(self, name: str, flags: dict[str, str]) -> Iterator[Change]:
        artifact = self._artifact(name, "flags", name)
        for kind, text in flags.items():
            known = self._one_of(kind, FLAG_KINDS, "flags", name, kind)
            yield Change(Field.flag(artifact.id, known), self._text(text, "flags", name, kind))

    def _artifact(self, name: str, *path: str | int) -> Artifact:
        artifacts = self._work.assignment.round.artifacts
        for part in ("id", "title", "slot"):
            found = [each for each in artifacts if getattr(each, part) == name]
            if len(found) == 1:
                return found[0]
        titles = [each.title for each in artifacts]
        names = ", ".join(f"“{each.title if titles.count(each.title) == 1 else each.id}”" for each in artifacts)
        raise self._form.faulty(f"“{name}” names no artifact, or more than one.", f"Write one of: {names}.", *path)

    def _one_of(self, name: str, known: Sequence[str], *path: str | int) -> str:
        if name not in known:
            raise self._form.faulty(f"“{name}” is not known here.", f"Write one of: {', '.join(known)}.", *path)
        return str(name)

    def _text(self, text: str, *path: str | int) -> str | None:
        """Return a text as it is kept; nothing where it is blank."""
        if text != sound(text):
            raise self._form.faulty("There is a sign that no text can hold.", "Leave it out.", *path)
        if len(text) > LONGEST_TEXT:
            raise self._form.faulty(f"This text has {len(text)} signs.", f"Keep it under {LONGEST_TEXT}.", *path)
        return text.strip() or None
