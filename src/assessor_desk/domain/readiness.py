"""What must be done before an assessment can be signed, each with a sentence and where to go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessor_desk.domain import draft
from assessor_desk.domain.assessment import Assessment
from assessor_desk.domain.criterion import Criterion
from assessor_desk.domain.draft import CANNOT_BE_OPENED, DealtWith
from assessor_desk.domain.evidence import Evidence
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import ArtifactId, CheckId, ConditionId, CriterionId, Slot
from assessor_desk.domain.judgment import drafted
from assessor_desk.domain.policy import CompletionBy
from assessor_desk.domain.portfolio import Artifact, AssignmentState
from assessor_desk.domain.program import MicroCredential
from assessor_desk.domain.rubric import Outcome


class Must(StrEnum):
    """The things that have to be done, in the words and the order of the checklist."""

    SETTLED = "Two versions settled"
    DEALT_WITH = "Every artifact dealt with"
    COMPLETION = "Completion checks answered"
    SCORED = "Every criterion scored"
    EVIDENCE = "Evidence linked to every score"
    REQUIRED_EVIDENCE = "Required evidence found"
    RATIONALE = "Rationale for every score"
    CONDITIONS = "Conditions attested"


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing still to do: what kind, a sentence, and the field that settles it, if one does."""

    must: Must
    sentence: str
    where: Field | None = None


@dataclass(frozen=True, slots=True)
class _Draft:
    """One assessment beside what it judges and what it judges by."""

    assessment: Assessment
    micro_credential: MicroCredential
    artifacts: Mapping[ArtifactId, Artifact]
    evidence: tuple[Evidence, ...]
    scores: Mapping[CriterionId, int]
    incomplete: bool

    def scored(self) -> Iterator[tuple[Criterion, int]]:
        """Yield the criteria that have a level, with it."""
        criteria = self.micro_credential.rubric.criteria
        return ((each, self.scores[each.id]) for each in criteria if each.id in self.scores)

    def slots(self) -> set[Slot]:
        """Return the slots that have a file."""
        return {each.slot for each in self.artifacts.values()}

    def unsorted(self) -> set[Slot]:
        """Return the slots of files that the micro-credential does not know."""
        return self.slots() - {each.slot for each in self.micro_credential.artifacts}

    def cited(self, criterion: CriterionId) -> tuple[Artifact, ...]:
        """Return the artifact of each piece of evidence for a criterion that still has its place in the round."""
        by_hash = {each.sha256: each for each in self.artifacts.values()}
        pieces = (each for each in self.evidence if each.criterion == criterion)
        return tuple(by_hash[each.artifact] for each in pieces if each.artifact in by_hash)


def open_items(
    assessment: Assessment,
    micro_credential: MicroCredential,
    artifacts: Sequence[Artifact],
    words: Mapping[Slot, int] | None = None,
) -> tuple[OpenItem, ...]:
    """Return what must still be done before signing, nothing when the assessment is ready.

    A round that goes back as incomplete needs no scores, and so nothing that belongs to them.
    """
    outcome = drafted(assessment, micro_credential, words).outcome
    judged = _Draft(
        assessment,
        micro_credential,
        {each.id: each for each in artifacts},
        draft.evidence(assessment),
        draft.scores(assessment, micro_credential.rubric),
        incomplete=outcome is Outcome.INCOMPLETE,
    )
    checks = _ALWAYS if judged.incomplete else (*_ALWAYS, *_FOR_COMPETENCE)
    return tuple(item for check in checks for item in check(judged))


def status(
    handed: AssignmentState,
    assessment: Assessment,
    micro_credential: MicroCredential,
    artifacts: Sequence[Artifact],
    words: Mapping[Slot, int] | None = None,
) -> AssignmentState:
    """Return how an assignment stands at this desk: what the hub says, with the draft laid over it."""
    if handed not in (AssignmentState.TO_DO, AssignmentState.IN_PROGRESS, AssignmentState.READY_TO_SUBMIT):
        return handed
    if not assessment.fields:
        return AssignmentState.TO_DO
    ready = not open_items(assessment, micro_credential, artifacts, words)
    return AssignmentState.READY_TO_SUBMIT if ready else AssignmentState.IN_PROGRESS


def _two_versions(judged: _Draft) -> Iterator[OpenItem]:
    for each in judged.assessment.conflicts:
        if each.kind not in _NO_PART_OF_A_DECISION:
            yield OpenItem(Must.SETTLED, f"Two laptops disagree on {_spoken(judged, each)}.", each)


def _artifacts(judged: _Draft) -> Iterator[OpenItem]:
    flagged, opened = draft.flags(judged.assessment), draft.dealt_with(judged.assessment)
    for id, artifact in judged.artifacts.items():
        if CANNOT_BE_OPENED in flagged.get(id, {}):
            continue
        if id not in opened:
            yield OpenItem(Must.DEALT_WITH, f"“{artifact.title}” was not opened yet.", Field.opened(id))
        elif _to_watch(judged, artifact) and opened[id] is DealtWith.OPENED:
            yield OpenItem(Must.DEALT_WITH, f"“{artifact.title}” was not watched to its end.", Field.opened(id))


def _completion(judged: _Draft) -> Iterator[OpenItem]:
    answered = draft.checks(judged.assessment, judged.micro_credential)
    if judged.micro_credential.policy.completion_by is CompletionBy.ASSESSOR:
        for check in judged.micro_credential.checks:
            if check.id not in answered:
                yield OpenItem(
                    Must.COMPLETION, f"The check “{check.title}” has no answer yet.", Field.precheck(CheckId(check.id))
                )


def _required_artifacts(judged: _Draft) -> Iterator[OpenItem]:
    # A file that nobody sorted into a slot may be the one that is asked for: then the person's answer decides.
    if judged.unsorted():
        return
    for missing in judged.micro_credential.missing(judged.slots()):
        yield OpenItem(
            Must.COMPLETION, f"“{missing.title}” is not in the portfolio: ask for it, or sign it as incomplete."
        )


def _scored(judged: _Draft) -> Iterator[OpenItem]:
    for each in judged.micro_credential.rubric.criteria:
        if each.id not in judged.scores:
            yield OpenItem(Must.SCORED, f"{each.name} has no level yet.", Field.score(each.id))


def _evidence(judged: _Draft) -> Iterator[OpenItem]:
    for criterion, level in judged.scored():
        found, needed = len(judged.cited(criterion.id)), _pieces(judged, criterion)
        if found < needed and not _looked_for(judged, criterion, level):
            yield OpenItem(
                Must.EVIDENCE, _lacking(judged, criterion, level, found, needed), Field.looked_for(criterion.id)
            )


def _places(judged: _Draft) -> Iterator[OpenItem]:
    known = {each.sha256 for each in judged.artifacts.values()}
    for id in draft.unreadable_evidence(judged.assessment):
        yield OpenItem(
            Must.EVIDENCE, "A piece of evidence cannot be read: remove it or add it again.", Field.evidence(id)
        )
    for each in judged.evidence:
        if each.artifact not in known:
            yield OpenItem(
                Must.EVIDENCE,
                "A piece of evidence points to a file that is not in this round: remove it or add another.",
                Field.evidence(each.id),
            )


def _required_evidence(judged: _Draft) -> Iterator[OpenItem]:
    there, unsorted = judged.slots(), judged.unsorted()
    for criterion, _ in judged.scored():
        asked, cited = there.intersection(criterion.cites.slots), judged.cited(criterion.id)
        if asked and cited and not any(each.slot in asked | unsorted for each in cited):
            yield OpenItem(
                Must.REQUIRED_EVIDENCE,
                f"{criterion.name} cites none of the files it is judged by: {_titles(judged, asked)}.",
                Field.score(criterion.id),
            )


def _rationales(judged: _Draft) -> Iterator[OpenItem]:
    written = draft.texts(judged.assessment, "rationale")
    for criterion, _ in judged.scored():
        if criterion.id not in written:
            yield OpenItem(Must.RATIONALE, f"{criterion.name} has no rationale yet.", Field.rationale(criterion.id))


def _conditions(judged: _Draft) -> Iterator[OpenItem]:
    attested = {each.condition for each in draft.attestations(draft.conditions(judged.assessment))}
    for each in judged.micro_credential.rubric.conditions:
        if each.id not in attested:
            sentence = f"“{each.title}” waits to be attested by the {each.attested_by}."
            yield OpenItem(Must.CONDITIONS, sentence, Field.condition(ConditionId(each.id)))


_Check = Callable[[_Draft], Iterator[OpenItem]]
_ALWAYS: tuple[_Check, ...] = (_two_versions, _artifacts, _completion)
_FOR_COMPETENCE: tuple[_Check, ...] = (
    _required_artifacts,
    _scored,
    _evidence,
    _places,
    _required_evidence,
    _rationales,
    _conditions,
)
# Margin notes leave no desk with a decision, and an artifact opened on one laptop was opened.
_NO_PART_OF_A_DECISION = frozenset({"note", "opened"})


def _to_watch(judged: _Draft, artifact: Artifact) -> bool:
    return judged.micro_credential.policy.watch_to_end and artifact.media_type.startswith(("video/", "audio/"))


def _pieces(judged: _Draft, criterion: Criterion) -> int:
    return max(criterion.cites.pieces, judged.micro_credential.policy.cites.pieces)


def _may_be_looked_for(judged: _Draft, criterion: Criterion, level: int) -> bool:
    """Below the required level nothing need be found; on a first occasion, which requires none, at the lowest."""
    return judged.micro_credential.policy.cites.looked_for_not_found and level < (criterion.required or 2)


def _looked_for(judged: _Draft, criterion: Criterion, level: int) -> bool:
    said = draft.texts(judged.assessment, "looked-for")
    return criterion.id in said and _may_be_looked_for(judged, criterion, level)


def _lacking(judged: _Draft, criterion: Criterion, level: int, found: int, needed: int) -> str:
    pieces = "1 piece" if needed == 1 else f"{needed} pieces"
    has = f"{criterion.name} has {found} of {pieces} of evidence"
    if _may_be_looked_for(judged, criterion, level):
        return f"{has}: link a place, or say where you looked and did not find it."
    return f"{has}: {criterion.level(level).name} needs a place that shows it."


def _titles(judged: _Draft, slots: set[Slot]) -> str:
    return ", ".join(f"“{each.title}”" for each in judged.micro_credential.artifacts if each.slot in slots)


def _spoken(judged: _Draft, field: Field) -> str:
    named = {each.id: each.name for each in judged.micro_credential.rubric.criteria}
    titles = {each.id: f"“{each.title}”" for each in judged.artifacts.values()}
    about = named.get(CriterionId(field.names[0])) or titles.get(ArtifactId(field.names[0]))
    return f"the {_NAMES.get(field.kind, field.kind)}" + (f" of {about}" if about else "")


_NAMES = {
    "looked-for": "place looked at",
    "evidence": "evidence",
    "precheck": "completion check",
    "not-a-name": "answer about a name",
}
