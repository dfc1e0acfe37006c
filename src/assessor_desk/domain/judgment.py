"""What goes into a decision, part by part, and the outcome that follows from it at the desk and at the hub."""

from collections.abc import Mapping
from typing import TypeVar

from assessor_desk.domain import draft
from assessor_desk.domain.assessment import Assessment, Value
from assessor_desk.domain.decision import Judgment, PartName
from assessor_desk.domain.ids import CheckId, CriterionId, Slot
from assessor_desk.domain.policy import CompletionBy
from assessor_desk.domain.program import MicroCredential
from assessor_desk.domain.rubric import DraftOutcome, Outcome, Rubric

_Name = TypeVar("_Name", bound=str)

# An incomplete round goes back as a whole: nobody judged competence, so nothing of that leaves the desk.
_ABOUT_COMPETENCE = (
    PartName.SCORES,
    PartName.RATIONALES,
    PartName.EVIDENCE,
    PartName.LOOKED_FOR,
    PartName.FEEDBACK,
)


def judgment(
    assessment: Assessment, micro_credential: MicroCredential, words: Mapping[Slot, int] | None = None
) -> Judgment:
    """Return the content of a decision; every part is there, and empty where there is nothing to say.

    `words` are counts by slot, for programs in which too few words make a portfolio incomplete.
    """
    whole = _everything(assessment, micro_credential, words or {})
    if outcome_of(whole, micro_credential).outcome is not Outcome.INCOMPLETE:
        return whole
    return {name: {} if name in _ABOUT_COMPETENCE else value for name, value in whole.items()}


def drafted(
    assessment: Assessment, micro_credential: MicroCredential, words: Mapping[Slot, int] | None = None
) -> DraftOutcome:
    """Return the outcome of a draft so far, and why."""
    return outcome_of(_everything(assessment, micro_credential, words or {}), micro_credential)


def outcome_of(judged: Judgment, micro_credential: MicroCredential) -> DraftOutcome:
    """Return the outcome that follows from a decision's content; the hub holds the signed one against it."""
    completion = _members(judged.get(PartName.COMPLETION))
    answers = {CheckId(each): said is True for each, said in _members(completion.get("checks")).items()}
    left_to_another = not answers and micro_credential.policy.completion_by is CompletionBy.PRE_ASSESSOR
    return micro_credential.outcome(
        levels(judged),
        checks=None if left_to_another else answers,
        words={Slot(slot): count for slot, count in _numbers(completion.get("words")).items()},
        attested=draft.attestations(_members(completion.get("conditions"))),
    )


def levels(judged: Judgment) -> dict[CriterionId, int]:
    """Return the levels that a decision gives, by criterion."""
    return {CriterionId(each): level for each, level in _numbers(judged.get(PartName.SCORES)).items()}


def unsupported(judged: Judgment, micro_credential: MicroCredential) -> tuple[CriterionId, ...]:
    """Return the scored criteria without a rationale, or with neither evidence nor where it was looked for."""
    rationales, looked_for = _members(judged.get(PartName.RATIONALES)), _members(judged.get(PartName.LOOKED_FOR))
    pieces = (draft.readable(value) for value in _members(judged.get(PartName.EVIDENCE)).values())
    cited = {each.criterion for each in pieces if each is not None}
    scored = levels(judged)
    return tuple(
        each.id
        for each in micro_credential.rubric.criteria
        if each.id in scored and not (rationales.get(each.id) and (each.id in cited or looked_for.get(each.id)))
    )


def _everything(assessment: Assessment, micro_credential: MicroCredential, words: Mapping[Slot, int]) -> Judgment:
    rubric = micro_credential.rubric
    said = {id: _plain(by_kind) for id, by_kind in draft.feedback(assessment).items()}
    return {
        PartName.SCORES: _plain(draft.scores(assessment, rubric)),
        PartName.RATIONALES: _known(draft.texts(assessment, "rationale"), rubric),
        PartName.EVIDENCE: _plain(assessment.evidence()),
        PartName.LOOKED_FOR: _known(draft.texts(assessment, "looked-for"), rubric),
        PartName.FEEDBACK: _known(said, rubric),
        PartName.LETTER: _plain(draft.texts(assessment, "letter")),
        PartName.COMPLETION: _completion(assessment, micro_credential, words),
        PartName.FLAGS: _plain(draft.flags(assessment)),
        PartName.DEALT_WITH: {artifact: how.value for artifact, how in draft.dealt_with(assessment).items()},
    }


def _completion(assessment: Assessment, micro_credential: MicroCredential, words: Mapping[Slot, int]) -> Value:
    return {
        "checks": _plain(draft.checks(assessment, micro_credential)),
        "conditions": _plain(draft.conditions(assessment)),
        "words": _plain(words),
    }


def _plain(held: Mapping[_Name, Value]) -> dict[str, Value]:
    return dict(held.items())


def _known(said: Mapping[_Name, Value], rubric: Rubric) -> Value:
    """Leave out what belongs to criteria of another version; it stays in the journal."""
    ids = {str(each.id) for each in rubric.criteria}
    return {id: value for id, value in said.items() if id in ids}


def _members(value: Value | None) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _numbers(value: Value | None) -> dict[str, int]:
    return {name: each for name, each in _members(value).items() if type(each) is int}
