"""A decision as its approver reads it: the outcome, what it rests on, and whether each cited place stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.domain import draft
from assessor_desk.domain.assessment import Value
from assessor_desk.domain.criterion import Criterion
from assessor_desk.domain.decision import Judgment, Manifest, PartName
from assessor_desk.domain.evidence import Evidence
from assessor_desk.domain.ids import CriterionId, DecisionId
from assessor_desk.domain.judgment import levels
from assessor_desk.domain.program import MicroCredential
from assessor_desk.domain.rubric import Outcome
from assessor_desk.operations.approvals import Approval, judgment_of, waiting
from assessor_desk.operations.approving import open_decision
from assessor_desk.operations.places import Cited, cited, titles_of
from assessor_desk.operations.quoting import Quotes
from assessor_desk.operations.workplace import Workplace, rubric_of
from assessor_desk.wire import codec

NOT_CALIBRATED = "not yet calibrated"


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A decision in the list of what waits for a sign-off.

    Attributes:
        with_evidence: criteria that cite a place, or say where it was looked for
        second_score: whether a second assessor came to the same outcome
        standing: how calibrated the assessor is
        problem: why it cannot be signed off; nothing when its signature holds
    """

    decision: DecisionId
    code: str
    round: int
    micro_credential: str
    title: str
    assessor: str
    outcome: Outcome
    received_at: datetime
    due_at: datetime
    criteria: int
    with_evidence: int
    with_rationale: int
    second_score: str
    standing: str
    problem: str


@dataclass(frozen=True, slots=True)
class Walked(Cited):
    """A cited place, and whether the words stand there; nothing where `problem` says why that is not known."""

    stands: bool | None
    problem: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One criterion of a decision, with what it rests on and the levels that other assessors gave."""

    id: CriterionId
    name: str
    level: int | None
    level_name: str
    rationale: str
    looked_for: str
    feedback: Mapping[str, Value]
    evidence: tuple[Walked, ...]
    other_levels: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A whole decision."""

    summary: Awaiting
    scores: tuple[Reviewed, ...]
    letter: Value
    completion: Value
    flags: Value
    dealt_with: Value


def awaiting(workplace: Workplace) -> tuple[Awaiting, ...]:
    """Return what waits for this approver's signature, the nearest due first."""
    with workplace.store.reading() as tx:
        return tuple(_awaiting(each, rubric_of(tx, each.assignment.portfolio.rubric)) for each in waiting(tx))


def review(workplace: Workplace, decision: str, renderer: Renderer) -> Review:
    """Open one decision and go to every place that it cites."""
    approval = open_decision(workplace, decision)
    with workplace.store.reading() as tx:
        rubric = rubric_of(tx, approval.assignment.portfolio.rubric)
    judged, quotes = approval.judgment, Quotes(workplace, approval.assignment, renderer)
    walked = [(each.criterion, _walked(each, approval, quotes)) for each in _evidence(judged)]
    return Review(
        summary=_awaiting(approval, rubric),
        scores=tuple(_reviewed(criterion, approval, walked) for criterion in rubric.rubric.criteria),
        letter=judged.get(PartName.LETTER),
        completion=judged.get(PartName.COMPLETION),
        flags=judged.get(PartName.FLAGS),
        dealt_with=judged.get(PartName.DEALT_WITH),
    )


def _awaiting(approval: Approval, rubric: MicroCredential) -> Awaiting:
    judged, criteria = approval.judgment, rubric.rubric.criteria
    backed = {each.criterion for each in _evidence(judged)} | _said(judged, PartName.LOOKED_FOR).keys()
    explained = _said(judged, PartName.RATIONALES)
    return Awaiting(
        decision=approval.record.id,
        code=approval.assignment.portfolio.code,
        round=approval.assignment.round.number,
        micro_credential=rubric.id,
        title=rubric.title,
        assessor=approval.assessor_name,
        outcome=approval.manifest.outcome,
        received_at=approval.record.received_at,
        due_at=approval.assignment.due_at,
        criteria=len(criteria),
        with_evidence=sum(each.id in backed for each in criteria),
        with_rationale=sum(each.id in explained for each in criteria),
        second_score=_second_score(approval),
        standing=NOT_CALIBRATED,
        problem=approval.fault,
    )


def _second_score(approval: Approval) -> str:
    outcomes = {codec.from_signed(each.signed.body, Manifest).outcome for each in approval.others}
    if not outcomes:
        return "none"
    return "same outcome" if outcomes == {approval.manifest.outcome} else "another outcome"


def _reviewed(criterion: Criterion, approval: Approval, walked: Sequence[tuple[CriterionId, Walked]]) -> Reviewed:
    judged = approval.judgment
    level = levels(judged).get(criterion.id)
    feedback = _said(judged, PartName.FEEDBACK).get(criterion.id)
    return Reviewed(
        id=criterion.id,
        name=criterion.name,
        level=level,
        level_name="" if level is None else criterion.level(level).name,
        rationale=str(_said(judged, PartName.RATIONALES).get(criterion.id, "")),
        looked_for=str(_said(judged, PartName.LOOKED_FOR).get(criterion.id, "")),
        feedback=feedback if isinstance(feedback, dict) else {},
        evidence=tuple(place for about, place in walked if about == criterion.id),
        other_levels=tuple(levels(judgment_of(each)).get(criterion.id) for each in approval.others),
    )


def _walked(evidence: Evidence, approval: Approval, quotes: Quotes) -> Walked:
    told, went = cited(evidence, titles_of(approval.assignment)), quotes.walk(evidence)
    return Walked(told.artifact, told.place, told.words, told.note, went.stands, went.problem)


def _evidence(judged: Judgment) -> Iterator[Evidence]:
    for value in _said(judged, PartName.EVIDENCE).values():
        evidence = draft.readable(value)
        if evidence is not None:
            yield evidence


def _said(judged: Judgment, part: PartName) -> Mapping[str, Value]:
    """Return a part that maps names to what was said; nothing where it was erased."""
    held = judged.get(part)
    return held if isinstance(held, dict) else {}
