"""What an assessor has judged so far, read from the journal's fields."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from assessor_desk.domain.annotations import from_annotation
from assessor_desk.domain.assessment import Assessment, Settled, Value
from assessor_desk.domain.evidence import Evidence
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import ArtifactId, CheckId, ConditionId, CriterionId, EvidenceId, PersonId
from assessor_desk.domain.program import MicroCredential
from assessor_desk.domain.rubric import Rubric
from assessor_desk.domain.rules import Attestation
from assessor_desk.errors import InputError, LevelOutOfScaleError


class DealtWith(StrEnum):
    """How an assessor dealt with an artifact, the least first; the value of a field `opened/<artifact>`."""

    ACKNOWLEDGED = "acknowledged"
    OPENED = "opened"
    WATCHED = "watched"


CANNOT_BE_OPENED = "cannot-be-opened"
"""The kind of flag that counts as dealing with an artifact."""


def scores(assessment: Assessment, rubric: Rubric) -> dict[CriterionId, int]:
    """Return the levels given to the rubric's criteria, without those that its scale does not know."""
    given = {each.id: _level(rubric, each.id, assessment) for each in rubric.criteria}
    return {id: level for id, level in given.items() if level is not None}


def texts(assessment: Assessment, kind: str) -> dict[str, str]:
    """Return the texts of a kind of field with one name (`rationale`, `looked-for`, `letter`), without blank ones."""
    held = assessment.of_kind(kind)
    return {name: text for (name,), text in held.items() if isinstance(text, str) and text.strip()}


def feedback(assessment: Assessment) -> dict[CriterionId, dict[str, str]]:
    """Return what the participant reads about each criterion, by kind of feedback."""
    found: dict[CriterionId, dict[str, str]] = {}
    for (criterion, kind), text in assessment.of_kind("feedback").items():
        if isinstance(text, str) and text.strip():
            found.setdefault(CriterionId(criterion), {})[kind] = text
    return found


def flags(assessment: Assessment) -> dict[ArtifactId, dict[str, Value]]:
    """Return the flags that artifacts carry, by kind."""
    found: dict[ArtifactId, dict[str, Value]] = {}
    for (artifact, kind), value in assessment.of_kind("flag").items():
        if value not in (False, ""):
            found.setdefault(ArtifactId(artifact), {})[kind] = value
    return found


def dealt_with(assessment: Assessment) -> dict[ArtifactId, DealtWith]:
    """Return how artifacts were dealt with.

    Two desks that say it differently are no conflict to ask about: what was done on either was done.
    """
    opened = ((each, settled) for each, settled in assessment.fields.items() if each.kind == "opened")
    found = {ArtifactId(each.names[0]): _furthest(settled) for each, settled in opened}
    return {artifact: how for artifact, how in found.items() if how is not None}


def checks(assessment: Assessment, micro_credential: MicroCredential) -> dict[CheckId, bool]:
    """Return the answers to the completion checks that the micro-credential has."""
    held = {name: value for (name,), value in assessment.of_kind("precheck").items()}
    return {each.id: held[each.id] is True for each in micro_credential.checks if isinstance(held.get(each.id), bool)}


def attestations(conditions: Mapping[str, Value]) -> tuple[Attestation, ...]:
    """Return the conditions that were attested, from values such as `{"by": …, "at": …, "holds": true}`."""
    read = (_attestation(ConditionId(name), value) for name, value in sorted(conditions.items()))
    return tuple(each for each in read if each is not None)


def conditions(assessment: Assessment) -> dict[str, Value]:
    """Return what was noted of conditions, by their ids."""
    return {name: value for (name,), value in assessment.of_kind("condition").items()}


def evidence(assessment: Assessment) -> tuple[Evidence, ...]:
    """Return the pieces of evidence that stand and can be read."""
    read = (readable(value) for value in assessment.evidence().values())
    return tuple(each for each in read if each is not None)


def unreadable_evidence(assessment: Assessment) -> tuple[EvidenceId, ...]:
    """Return the pieces of evidence that this desk cannot read, such as those of a newer desk."""
    return tuple(id for id, value in assessment.evidence().items() if readable(value) is None)


def readable(value: Value) -> Evidence | None:
    """Return the evidence that a value tells, `None` if it cannot be read."""
    try:
        return from_annotation(value)
    except InputError:
        return None


def _level(rubric: Rubric, id: CriterionId, assessment: Assessment) -> int | None:
    given = assessment.value(Field.score(id))
    if not isinstance(given, int):
        return None
    try:
        return rubric.criterion(id).level(given).value
    except LevelOutOfScaleError:
        return None


def _furthest(settled: Settled) -> DealtWith | None:
    return next((each for each in reversed(DealtWith) if each.value in settled.versions), None)


def _attestation(condition: ConditionId, value: Value) -> Attestation | None:
    match value:
        case {"by": str(by), "at": str(at), "holds": bool(holds)}:
            moment = _moment(at)
            return None if moment is None else Attestation(condition, PersonId(by), moment, holds)
    return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
