"""One portfolio as its assessor or approver sees it: what was asked, what came, and the assessment so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain import draft, readiness
from assessor_desk.domain.assessment import Assessment, Value
from assessor_desk.domain.criterion import Criterion
from assessor_desk.domain.ids import ArtifactId, AssignmentId, CriterionId, Digest
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.domain.program import MicroCredential
from assessor_desk.operations.assessing import waits
from assessor_desk.operations.deciding import standing
from assessor_desk.operations.differing import Conflict, conflicts_of
from assessor_desk.operations.following import Decided, Returned, decided, returned
from assessor_desk.operations.places import Cited, in_order
from assessor_desk.operations.workplace import Work, Workplace, work_of
from assessor_desk.store.artifacts import ArtifactState
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire.deeds import DeedKind


@dataclass(frozen=True, slots=True)
class ShownArtifact:
    """One file: how much of it is here, and how it was dealt with."""

    id: ArtifactId
    slot: str
    title: str
    media_type: str
    size: int
    sha256: Digest
    state: ArtifactState
    dealt_with: str | None
    flags: Mapping[str, Value]
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownPointer:
    """A place that the participant names; it is no evidence by itself."""

    criterion: str
    artifact: str
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Something to answer or to have attested, and what was said."""

    id: str
    title: str
    asks: str
    answer: Value


@dataclass(frozen=True, slots=True)
class ShownLevel:
    """One step of a criterion."""

    level: int
    id: str
    name: str
    descriptor: str


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """One row of the rubric with what was judged so far."""

    id: CriterionId
    name: str
    levels: tuple[ShownLevel, ...]
    required: int | None
    cites: str
    level: int | None
    rationale: str
    looked_for: str
    feedback: Mapping[str, str]
    evidence: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """Something that must be done before signing."""

    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A portfolio; an approver's has nothing open and no scores of its own."""

    code: str
    assignment: AssignmentId
    micro_credential: str
    title: str
    version: str
    round: int
    part: Part
    state: AssignmentState
    due_at: datetime
    reason: str
    context_note: str
    task: str
    rule: str
    artifacts: tuple[ShownArtifact, ...]
    pointers: tuple[ShownPointer, ...]
    checks: tuple[Answered, ...]
    conditions: tuple[Answered, ...]
    criteria: tuple[ShownCriterion, ...]
    letter: Mapping[str, str]
    outcome_so_far: str | None
    words: str
    open: tuple[Open, ...]
    conflicts: tuple[Conflict, ...]
    decisions: tuple[Decided, ...]
    returned: tuple[Returned, ...]


def portfolio(workplace: Workplace, assignment: AssignmentId) -> Shown:
    """Return one portfolio."""
    with workplace.store.reading() as tx:
        work = work_of(tx, assignment)
        held, judges = tx.journal.assessment(work.assessment), work.assignment.part is not Part.APPROVER
        how, given, rubric = standing(tx, work), work.assignment, work.micro_credential
        return Shown(
            code=given.portfolio.code,
            assignment=given.id,
            micro_credential=rubric.id,
            title=rubric.title,
            version=rubric.version,
            round=given.round.number,
            part=given.part,
            state=_state(tx, work, held),
            due_at=given.due_at,
            reason=given.reason,
            context_note=given.round.context_note,
            task=rubric.blueprint.task,
            rule=rubric.rubric.rule_in_words,
            artifacts=tuple(_artifacts(tx, work, held)),
            pointers=tuple(_pointers(work)),
            checks=_checks(rubric, held),
            conditions=_conditions(rubric, held),
            criteria=tuple(_criteria(work, held)),
            letter=draft.texts(held, "letter"),
            outcome_so_far=how.drafted.outcome and how.drafted.outcome.value,
            words=how.drafted.words if judges else "",
            open=tuple(Open(each.must.value, each.sentence) for each in how.open) if judges else (),
            conflicts=conflicts_of(workplace, tx, work),
            decisions=decided(tx, work),
            returned=returned(tx, work),
        )


def _state(tx: Transaction, work: Work, held: Assessment) -> AssignmentState:
    """Return how the assignment stands: the hub's word, with the draft and what waits laid over it."""
    given = work.assignment
    if given.state.open and waits(tx, given, DeedKind.DECISION, DeedKind.SIGN_OFF, DeedKind.CONFLICT_OF_INTEREST):
        return AssignmentState.WAITING_TO_SEND
    return readiness.status(given.state, held, work.micro_credential, given.round.artifacts)


def _artifacts(tx: Transaction, work: Work, held: Assessment) -> Iterator[ShownArtifact]:
    states = {each.sha256: each.state for each in tx.artifacts.of(work.assignment.portfolio.id)}
    dealt_with, flags = draft.dealt_with(held), draft.flags(held)
    for each in work.assignment.round.artifacts:
        yield ShownArtifact(
            id=each.id,
            slot=each.slot,
            title=each.title,
            media_type=each.media_type,
            size=each.size,
            sha256=each.sha256,
            state=states.get(each.sha256, ArtifactState.TO_FETCH),
            dealt_with=dealt_with.get(each.id),
            flags=flags.get(each.id, {}),
            asked=tuple(item.asks for item in work.micro_credential.blueprint.asked_for(each.slot)),
        )


def _pointers(work: Work) -> Iterator[ShownPointer]:
    titles = {each.id: each.title for each in work.assignment.round.artifacts}
    for each in work.assignment.round.pointers:
        yield ShownPointer(each.criterion, titles.get(each.artifact, ""), each.place, each.words)


def _checks(rubric: MicroCredential, held: Assessment) -> tuple[Answered, ...]:
    answers = draft.checks(held, rubric)
    return tuple(Answered(each.id, each.title, each.asks, answers.get(each.id)) for each in rubric.checks)


def _conditions(rubric: MicroCredential, held: Assessment) -> tuple[Answered, ...]:
    noted = draft.conditions(held)
    return tuple(
        Answered(each.id, each.title, f"Attested by the {each.attested_by}.", noted.get(each.id))
        for each in rubric.rubric.conditions
    )


def _criteria(work: Work, held: Assessment) -> Iterator[ShownCriterion]:
    rubric = work.micro_credential.rubric
    scores, feedback = draft.scores(held, rubric), draft.feedback(held)
    rationales, looked_for = draft.texts(held, "rationale"), draft.texts(held, "looked-for")
    evidence = draft.evidence(held)
    for each in rubric.criteria:
        mine = (one for one in evidence if one.criterion == each.id)
        yield ShownCriterion(
            id=each.id,
            name=each.name,
            levels=_levels(each),
            required=each.required,
            cites=each.cites.asks,
            level=scores.get(each.id),
            rationale=rationales.get(each.id, ""),
            looked_for=looked_for.get(each.id, ""),
            feedback=feedback.get(each.id, {}),
            evidence=in_order(mine, work.assignment),
        )


def _levels(criterion: Criterion) -> tuple[ShownLevel, ...]:
    return tuple(ShownLevel(each.value, each.id, each.name, each.descriptor) for each in criterion.levels)
