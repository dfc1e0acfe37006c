"""The rules of a rubric: every criterion at its level, growth, attested conditions, earlier micro-credentials."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from assessor_desk.domain.criterion import Criterion
from assessor_desk.domain.ids import ConditionId, CriterionId, MicroCredentialId, PersonId


class AttestedBy(StrEnum):
    """Who may say that a condition holds."""

    COACH = "coach"
    STAFF = "staff"
    APPROVER = "approver"


@dataclass(frozen=True, slots=True)
class Attestation:
    """That a condition holds, or does not: by whom, when."""

    condition: ConditionId
    by: PersonId
    at: datetime
    holds: bool = True


class Standing(StrEnum):
    """How one point of a rule stands."""

    MET = "met"
    UNMET = "unmet"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Finding:
    """One point of one rule: how it stands, what it is about (an id and what people call it), and why.

    `about` is the id of a criterion, a condition, an earlier micro-credential, a completion check or a slot.
    """

    standing: Standing
    about: str
    called: str
    why: str


@dataclass(frozen=True, slots=True)
class Work:
    """What the rules look at; `accepted` is `None` where the earlier micro-credentials are for others to check."""

    levels: Mapping[CriterionId, int]
    attested: Mapping[ConditionId, Attestation] = field(default_factory=dict)
    accepted: Collection[MicroCredentialId] | None = None


@dataclass(frozen=True, slots=True)
class EveryCriterion:
    """Every criterion is at its required level; no averaging, no weighting."""

    def findings(self, criteria: Mapping[CriterionId, Criterion], work: Work) -> tuple[Finding, ...]:
        """Return one finding for each criterion that was scored and has a level to reach."""
        return tuple(
            _reached(criterion, work.levels[criterion.id])
            for criterion in criteria.values()
            if criterion.id in work.levels and criterion.required is not None
        )

    def words(self, criteria: Mapping[CriterionId, Criterion]) -> str:
        """Return the rule in words, to follow “Earned if”."""
        tags: dict[str, list[str]] = {}
        for criterion in criteria.values():
            if criterion.required is not None:
                tags.setdefault(criterion.required_in_words, []).append(criterion.tag)
        if len(tags) == 1:
            return f"every criterion is {next(iter(tags))}"
        each = "; ".join(f"{level} in {', '.join(where)}" for level, where in tags.items())
        return f"every criterion reaches its level ({each})"


@dataclass(frozen=True, slots=True)
class Growth:
    """The later score of a criterion is so many levels above its first, or at the top."""

    criterion: CriterionId
    first: CriterionId
    levels: int = 1

    def findings(self, criteria: Mapping[CriterionId, Criterion], work: Work) -> tuple[Finding, ...]:
        """Return what became of the criterion between its two occasions, once both are scored."""
        if self.first not in work.levels or self.criterion not in work.levels:
            return ()
        criterion = criteria[self.criterion]
        first, later = criterion.level(work.levels[self.first]), criterion.level(work.levels[self.criterion])
        grown = later.value - first.value >= self.levels or later.value == len(criterion.levels)
        step = f"{criterion.name} went from {first.name} to {later.name}"
        why = step if grown else f"{step} and must {self._asked(criterion)}"
        return (Finding(Standing.MET if grown else Standing.UNMET, self.criterion, criterion.tag, why),)

    def words(self, criteria: Mapping[CriterionId, Criterion]) -> str:
        """Return the rule in words, to follow “Earned if”."""
        criterion = criteria[self.criterion]
        return f"{criterion.name} grows by {_levels(self.levels)} or ends at {criterion.levels[-1].name}"

    def _asked(self, criterion: Criterion) -> str:
        return f"grow by {_levels(self.levels)} or end at {criterion.levels[-1].name}"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something beside the scores that a named role attests, such as a monthly meeting with a coach."""

    id: ConditionId
    title: str
    attested_by: AttestedBy

    def findings(self, _criteria: Mapping[CriterionId, Criterion], work: Work) -> tuple[Finding, ...]:
        """Return whether the condition was attested, and by whom it waits to be."""
        attestation = work.attested.get(self.id)
        if attestation is None:
            why = f"“{self.title}” waits to be attested by the {self.attested_by}"
            return (Finding(Standing.OPEN, self.id, self.title, why),)
        said = "" if attestation.holds else " does not hold, as"
        why = f"“{self.title}”{said} attested on {attestation.at:%Y-%m-%d}"
        return (Finding(Standing.MET if attestation.holds else Standing.UNMET, self.id, self.title, why),)

    def words(self, _criteria: Mapping[CriterionId, Criterion]) -> str:
        """Return the rule in words, to follow “Earned if”."""
        return f"the {self.attested_by} attests “{self.title}”"


@dataclass(frozen=True, slots=True)
class BuildsOn:
    """Earlier micro-credentials that must be earned before this one."""

    micro_credentials: tuple[MicroCredentialId, ...]

    def findings(self, _criteria: Mapping[CriterionId, Criterion], work: Work) -> tuple[Finding, ...]:
        """Return which of the earlier ones are accepted; nothing where that is for others to check."""
        if work.accepted is None:
            return ()
        return tuple(
            Finding(Standing.MET, each, each, f"{each} is earned")
            if each in work.accepted
            else Finding(Standing.OPEN, each, each, f"{each} must be earned first")
            for each in self.micro_credentials
        )

    def words(self, _criteria: Mapping[CriterionId, Criterion]) -> str:
        """Return the rule in words, to follow “Earned if”."""
        return f"{' and '.join(self.micro_credentials)} came first"


Rule: TypeAlias = EveryCriterion | Growth | Condition | BuildsOn


def _reached(criterion: Criterion, value: int) -> Finding:
    level = criterion.level(value).name
    if criterion.meets(value):
        return Finding(Standing.MET, criterion.id, criterion.tag, f"{criterion.name} is {level}")
    why = f"{criterion.name} is {level} and must be {criterion.required_in_words}"
    return Finding(Standing.UNMET, criterion.id, criterion.tag, why)


def _levels(count: int) -> str:
    return "one level" if count == 1 else f"{count} levels"
