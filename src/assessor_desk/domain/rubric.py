"""What a portfolio is judged by: criteria and the rules that make an outcome of their scores."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessor_desk.domain.criterion import Criterion, Group
from assessor_desk.domain.ids import ConditionId, CriterionId, MicroCredentialId
from assessor_desk.domain.rules import Attestation, BuildsOn, Condition, Finding, Growth, Rule, Standing, Work
from assessor_desk.errors import RuleError


class Outcome(StrEnum):
    """What an assessor decides about one round of a portfolio."""

    EARNED = "earned"
    NOT_YET_EARNED = "not yet earned"
    INCOMPLETE = "incomplete"


class Wording(StrEnum):
    """Whose words the descriptors are: this project's own, or the program's, used with its leave."""

    OWN = "own"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class DraftOutcome:
    """What the rules make of the scores so far, and why; `outcome` is `None` while something is open."""

    outcome: Outcome | None
    findings: tuple[Finding, ...]
    words: str

    def _about(self, standing: Standing) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.about for each in self.findings if each.standing is standing))

    @property
    def unmet(self) -> tuple[str, ...]:
        """Return the ids of criteria and conditions that stand against *earned*."""
        return self._about(Standing.UNMET)

    @property
    def open(self) -> tuple[str, ...]:
        """Return the ids of criteria to score, conditions to attest and micro-credentials to earn first."""
        return self._about(Standing.OPEN)

    @property
    def met(self) -> tuple[str, ...]:
        """Return the ids of what is met by every rule that looks at it."""
        against = {*self.unmet, *self.open}
        return tuple(each for each in self._about(Standing.MET) if each not in against)


@dataclass(frozen=True, slots=True)
class Rubric:
    """Criteria in their order, the groups they may stand in, and the rules for *earned*."""

    criteria: tuple[Criterion, ...]
    rules: tuple[Rule, ...]
    groups: tuple[Group, ...] = ()
    wording: Wording = Wording.OWN

    def __post_init__(self) -> None:
        ids = [criterion.id for criterion in self.criteria]
        if not ids or len(set(ids)) != len(ids):
            raise RuleError("A rubric needs criteria, each with an id of its own.")
        if self.groups and [each for group in self.groups for each in group.criteria] != ids:
            raise RuleError("Where a rubric has groups, each criterion stands in one of them, in the same order.")
        if any(each not in ids for rule in self.rules if isinstance(rule, Growth) for each in _pair(rule)):
            raise RuleError("A growth rule names a criterion that the rubric does not have.")

    def criterion(self, id: CriterionId) -> Criterion:
        """Return the criterion of this id."""
        found = self._by_id().get(id)
        if found is None:
            raise RuleError(
                f"The rubric has no criterion “{id}”.", next=f"Name one of: {', '.join(c.id for c in self.criteria)}."
            )
        return found

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Return what must be attested beside the scores."""
        return tuple(rule for rule in self.rules if isinstance(rule, Condition))

    @property
    def builds_on(self) -> tuple[MicroCredentialId, ...]:
        """Return the micro-credentials that must be earned before."""
        return tuple(each for rule in self.rules if isinstance(rule, BuildsOn) for each in rule.micro_credentials)

    @property
    def level_sets(self) -> tuple[tuple[str, ...], ...]:
        """Return the different sets of level names, in the order in which criteria use them."""
        return tuple(dict.fromkeys(tuple(level.name for level in each.levels) for each in self.criteria))

    @property
    def rule_in_words(self) -> str:
        """Return the rules as one sentence, such as “Earned if every criterion is at least Proficient.”"""
        return f"Earned if {', and '.join(rule.words(self._by_id()) for rule in self.rules)}."

    def outcome(
        self,
        scores: Mapping[CriterionId, int | None],
        *,
        attested: Iterable[Attestation] = (),
        accepted: Collection[MicroCredentialId] | None = None,
    ) -> DraftOutcome:
        """Return what the rules make of the scores, why, and what is still open.

        `accepted` are the micro-credentials earned before; `None` leaves that rule to whoever knows them.
        """
        levels = {self.criterion(id).id: level for id, level in scores.items() if level is not None}
        for id, level in levels.items():
            self.criterion(id).level(level)
        work = Work(levels, self._latest(attested), accepted)
        ruled = tuple(each for rule in self.rules for each in rule.findings(self._by_id(), work))
        return _drafted((*self._to_score(levels), *ruled))

    def _to_score(self, levels: Mapping[CriterionId, int]) -> Iterable[Finding]:
        missing = (criterion for criterion in self.criteria if criterion.id not in levels)
        return (Finding(Standing.OPEN, each.id, each.tag, f"{each.name} is still to score") for each in missing)

    def _latest(self, attested: Iterable[Attestation]) -> dict[ConditionId, Attestation]:
        return {each.condition: each for each in sorted(attested, key=lambda each: each.at)}

    def _by_id(self) -> dict[CriterionId, Criterion]:
        return {criterion.id: criterion for criterion in self.criteria}


def _drafted(findings: tuple[Finding, ...]) -> DraftOutcome:
    unmet = [each for each in findings if each.standing is Standing.UNMET]
    open_ = [each for each in findings if each.standing is Standing.OPEN]
    if open_:
        called = ", ".join(dict.fromkeys(each.called for each in unmet))
        start = f"Not yet earned if {called} stays as it is." if unmet else "Not decided yet."
        return DraftOutcome(None, findings, f"{start} {_sentence(open_)}")
    if unmet:
        return DraftOutcome(Outcome.NOT_YET_EARNED, findings, f"Not yet earned. {_sentence(unmet)}")
    return DraftOutcome(Outcome.EARNED, findings, "Earned. Every rule is met.")


def _sentence(findings: Iterable[Finding]) -> str:
    return "; ".join(each.why for each in findings) + "."


def _pair(rule: Growth) -> tuple[CriterionId, CriterionId]:
    return rule.criterion, rule.first
