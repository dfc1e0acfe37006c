"""What a program decides about the work: every setting of its policy, with the defaults of the field."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assessor_desk.errors import RuleError


class Blindness(StrEnum):
    """Who knows whom."""

    OPEN = "open"
    BLIND = "blind"
    DOUBLE_BLIND = "double-blind"


class CompletionBy(StrEnum):
    """Who answers the completion checks."""

    ASSESSOR = "assessor"
    PRE_ASSESSOR = "pre-assessor"


class WordMinimum(StrEnum):
    """What too few words do: stand as a fact beside the judgment, or make the portfolio incomplete."""

    ADVISES = "advises"
    BLOCKS = "blocks"


class ConflictOfInterest(StrEnum):
    """Who is kept away, beside those who handed in or scored: nobody more, or the participant's organization."""

    SAME_PERSON = "same-person"
    SAME_ORGANIZATION = "same-organization"


class HeldFor(StrEnum):
    """What one qualification is good for."""

    MICRO_CREDENTIAL = "micro-credential"
    FAMILY = "family"


class AfterAttempts(StrEnum):
    """What follows the last attempt."""

    COACH = "coach"
    STAFF = "staff"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CiteRule:
    """What each score must cite; below the required level “looked for, not found” may stand in."""

    pieces: int = 1
    looked_for_not_found: bool = True

    def __post_init__(self) -> None:
        _at_least(1, pieces=self.pieces)


@dataclass(frozen=True, slots=True)
class SecondScoring:
    """Which rounds are scored twice."""

    first_rounds: int = 10
    random_percent: int = 10
    one_criterion_unmet: bool = True
    same_outcome_under_percent: int = 80

    def __post_init__(self) -> None:
        _at_least(0, first_rounds=self.first_rounds)
        _percent(random_percent=self.random_percent, same_outcome_under_percent=self.same_outcome_under_percent)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """When two scorers agree well enough; `levels_apart` on one criterion is already too much."""

    same_outcome: bool = True
    levels_apart: int = 2

    def __post_init__(self) -> None:
        _at_least(1, levels_apart=self.levels_apart)


@dataclass(frozen=True, slots=True)
class QualificationRule:
    """What qualifies an assessor, for what, and when it must be renewed."""

    scores: int = 30
    exact_percent: int = 80
    within_one_percent: int = 95
    criterion_exact_percent: int = 60
    held_for: HeldFor = HeldFor.MICRO_CREDENTIAL
    idle_days: int = 60
    renewed_on_major_version: bool = True

    def __post_init__(self) -> None:
        _at_least(1, scores=self.scores, idle_days=self.idle_days)
        _percent(
            exact_percent=self.exact_percent,
            within_one_percent=self.within_one_percent,
            criterion_exact_percent=self.criterion_exact_percent,
        )
        if self.within_one_percent < self.exact_percent:
            raise RuleError(
                "Exact agreement counts within one level too, so within_one_percent cannot be the smaller figure.",
                next=f"Write within_one_percent of at least {self.exact_percent}.",
            )


@dataclass(frozen=True, slots=True)
class DriftRule:
    """The allowance and the decision bound of the CUSUM that watches for drift."""

    k: float = 0.5
    h: float = 5.0

    def __post_init__(self) -> None:
        if not (self.k > 0 and self.h > 0):
            raise RuleError("Drift needs a k and an h above zero.", next="Write k: 0.5 and h: 5.")


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How many business days each step has, and which days count where the program is."""

    precheck_days: int = 1
    assess_days: int = 3
    sign_days: int = 1
    warn_at_percent: int = 50
    pause_days: int = 10
    due_at: time = time(17, 0)
    time_zone: str = "America/Chicago"
    closed_dates: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        _at_least(0, precheck_days=self.precheck_days, sign_days=self.sign_days, pause_days=self.pause_days)
        _at_least(1, assess_days=self.assess_days)
        _percent(warn_at_percent=self.warn_at_percent)
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
            raise RuleError(
                f"The time zone “{self.time_zone}” is not known.", next="Write an IANA name such as America/Chicago."
            ) from fault

    @property
    def pauses(self) -> bool:
        """Return whether the clock stops while a missing file is asked for."""
        return self.pause_days > 0

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which days are counted."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class AttemptRule:
    """How many rounds may be handed in (`None`: the program sets no limit), and what follows the last."""

    at_most: int | None = 3
    then: AfterAttempts = AfterAttempts.COACH

    def __post_init__(self) -> None:
        if self.at_most is not None:
            _at_least(1, at_most=self.at_most)

    def allows(self, number: int) -> bool:
        """Return whether a round of this number may be handed in."""
        return self.at_most is None or number <= self.at_most


@dataclass(frozen=True, slots=True)
class RoundTwoRule:
    """What a next round shows to whom, and whether a carried criterion unlocks when its evidence has no place."""

    returning_assessor_sees: bool = True
    new_assessor_sees: bool = False
    unlock_unplaced: bool = True


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long things are kept; the decision and the ledger stay for good."""

    desk_days: int = 30
    appeal_days: int = 60
    keep_for_series: bool = True
    record_years: int = 6

    def __post_init__(self) -> None:
        _at_least(0, desk_days=self.desk_days, appeal_days=self.appeal_days)
        _at_least(1, record_years=self.record_years)


@dataclass(frozen=True, slots=True)
class SignOffRule:
    """How long a sign-off can be withdrawn, and how many of a batch must have been opened (one in so many)."""

    undo_minutes: int = 60
    opened_one_in: int = 4

    def __post_init__(self) -> None:
        _at_least(0, undo_minutes=self.undo_minutes)
        _at_least(1, opened_one_in=self.opened_one_in)


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that a program decides about the work; made without arguments, it holds the defaults."""

    blindness: Blindness = Blindness.BLIND
    open_outside: bool = False
    watch_to_end: bool = False
    completion_by: CompletionBy = CompletionBy.ASSESSOR
    incomplete_needs_approver: bool = False
    word_minimum: WordMinimum = WordMinimum.ADVISES
    conflict_of_interest: ConflictOfInterest = ConflictOfInterest.SAME_ORGANIZATION
    cites: CiteRule = field(default_factory=CiteRule)
    second_scoring: SecondScoring = field(default_factory=SecondScoring)
    tolerance: Tolerance = field(default_factory=Tolerance)
    qualification: QualificationRule = field(default_factory=QualificationRule)
    validity_one_in: int = 10
    drift: DriftRule = field(default_factory=DriftRule)
    clock: ClockRule = field(default_factory=ClockRule)
    attempts: AttemptRule = field(default_factory=AttemptRule)
    round_two: RoundTwoRule = field(default_factory=RoundTwoRule)
    retention: RetentionRule = field(default_factory=RetentionRule)
    sign_off: SignOffRule = field(default_factory=SignOffRule)
    figures_minimum: int = 10

    def __post_init__(self) -> None:
        _at_least(2, validity_one_in=self.validity_one_in, figures_minimum=self.figures_minimum)
        if self.open_outside and self.blind:
            raise RuleError(
                "Another application would show what a blind review hides.",
                next="Write open_outside: false, or blindness: open.",
            )

    @property
    def blind(self) -> bool:
        """Return whether assessors must not learn who hands in."""
        return self.blindness is not Blindness.OPEN


def _at_least(least: int, **settings: int) -> None:
    for name, value in settings.items():
        if value < least:
            raise RuleError(f"The setting {name} is {value}.", next=f"Write {least} or more.")


def _percent(**settings: int) -> None:
    for name, value in settings.items():
        if not 0 <= value <= 100:
            raise RuleError(f"The setting {name} is {value}.", next="Write a whole number from 0 to 100.")
