"""Programs and micro-credentials: what is offered, what is asked for, and what earning it is worth."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assessor_desk.domain.ids import CheckId, CriterionId, MicroCredentialId, ProgramId, Slot
from assessor_desk.domain.policy import Policy, WordMinimum
from assessor_desk.domain.rubric import DraftOutcome, Outcome, Rubric
from assessor_desk.domain.rules import Attestation, Finding, Standing
from assessor_desk.errors import RuleError


class ArtifactKind(StrEnum):
    """What kind of file a slot takes."""

    DOCUMENT = "document"
    SLIDES = "slides"
    SHEET = "sheet"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    LINK = "link"


class CheckKind(StrEnum):
    """What the hub may measure for a completion check; `OWN_WORDS` is for a person alone."""

    FILES_OPEN = "files-open"
    LEGIBLE = "legible"
    MEDIA_CLEAR = "media-clear"
    TEMPLATE = "template"
    REQUIRED_ARTIFACTS = "required-artifacts"
    PARTS_PRESENT = "parts-present"
    NAMES_REMOVED = "names-removed"
    NOT_HANDED_IN_BEFORE = "not-handed-in-before"
    OWN_WORDS = "own-words"


class CreditKind(StrEnum):
    """The kinds of professional-development credit."""

    PD_HOURS = "pd-hours"
    CPDU = "cpdu"
    AA_CREDIT = "aa-credit"
    GRADUATE_CREDIT = "graduate-credit"


class Choice(StrEnum):
    """Whether a participant gets one of the kinds, or all."""

    ONE = "one"
    ALL = "all"


class CreditPer(StrEnum):
    """What the credit is given for."""

    MICRO_CREDENTIAL = "micro-credential"
    ENDORSEMENT = "endorsement"
    PROGRAM = "program"


class Approval(StrEnum):
    """Whether the authority has agreed to a kind of credit."""

    APPROVED = "approved"
    PENDING = "pending"


class PilotStatus(StrEnum):
    """How far a program is, in the words that people see."""

    UNDER_DEVELOPMENT = "under development"
    SPOTS_OPEN = "pilot spots open"
    IN_PILOT = "in pilot"
    FULL = "full"
    AVAILABLE = "available"


@dataclass(frozen=True, slots=True)
class PublishedOutcome:
    """What the program publishes as an outcome, reworded, and where it is published."""

    id: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard by code and title; its text belongs to its publisher."""

    framework: str
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class TeamSize:
    """How many people hand in one portfolio together."""

    at_least: int
    at_most: int

    def __post_init__(self) -> None:
        if not 1 <= self.at_least <= self.at_most:
            raise RuleError(
                f"A team cannot have from {self.at_least} to {self.at_most} members.",
                next="Write at_least no larger than at_most.",
            )


@dataclass(frozen=True, slots=True)
class Credit:
    """One kind of credit: clock hours in quarter hours, or whole credits."""

    kind: CreditKind
    title: str
    status: Approval
    quarter_hours: int | None = None
    credits: int | None = None
    at_most_per_fiscal_year: int | None = None

    @property
    def amount(self) -> str:
        """Return how much it is, in words."""
        if self.quarter_hours is not None:
            return f"{self.quarter_hours / 4:g} hours"
        return "1 credit" if self.credits == 1 else f"{self.credits} credits"


_SAME_HOURS = frozenset({CreditKind.PD_HOURS, CreditKind.CPDU})


@dataclass(frozen=True, slots=True)
class CreditRule:
    """What earning is worth, for what it is given, and whether one kind excludes the others."""

    choose: Choice
    kinds: tuple[Credit, ...]
    per: CreditPer = CreditPer.MICRO_CREDENTIAL
    duration: str = ""

    def __post_init__(self) -> None:
        kinds = {each.kind for each in self.kinds}
        if self.choose is Choice.ALL and CreditKind.AA_CREDIT in kinds and kinds & _SAME_HOURS:
            raise RuleError(
                "The same work cannot count as an academy credit and as hours.",
                next="Write choose: one.",
            )


@dataclass(frozen=True, slots=True)
class Goal:
    """What a pilot means to reach by a date."""

    title: str
    by: date


@dataclass(frozen=True, slots=True)
class Pilot:
    """How far a program is, with its goals."""

    status: PilotStatus
    goals: tuple[Goal, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A stack of micro-credentials; `needs` of them make it, and `term` is what the program calls it."""

    id: str
    title: str
    term: str
    micro_credentials: tuple[MicroCredentialId, ...]
    needs: int

    def __post_init__(self) -> None:
        if not 1 <= self.needs <= len(self.micro_credentials):
            raise RuleError(
                f"The endorsement “{self.id}” needs {self.needs} of {len(self.micro_credentials)}.",
                next=f"Write a number from 1 to {len(self.micro_credentials)}.",
            )


@dataclass(frozen=True, slots=True)
class ExpectedArtifact:
    """One slot of a portfolio: what is expected there, and whether the portfolio is incomplete without it."""

    slot: Slot
    title: str
    required: bool
    kinds: tuple[ArtifactKind, ...]
    files_at_most: int = 1
    words_at_least: int | None = None
    pages_at_most: int | None = None
    minutes_at_most: int | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class BlueprintItem:
    """What the participant is asked for one artifact, and the part or phase it belongs to."""

    artifact: Slot
    asks: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What the participant is asked; with `pointers`, also to name the places to look at."""

    task: str
    items: tuple[BlueprintItem, ...]
    pointers: bool = False

    def asked_for(self, slot: Slot) -> tuple[BlueprintItem, ...]:
        """Return what was asked for one artifact."""
        return tuple(item for item in self.items if item.artifact == slot)


@dataclass(frozen=True, slots=True)
class CompletionCheck:
    """One question of the completion check: true when it passes; `kind` says what the hub may measure for it."""

    id: CheckId
    title: str
    asks: str
    kind: CheckKind
    artifact: Slot | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """Who offers which micro-credentials, and what they share."""

    id: ProgramId
    version: str
    title: str
    short_title: str
    offered_by: tuple[str, ...]
    about: str
    sources: tuple[str, ...]
    term: str
    credit: CreditRule
    pilot: Pilot
    micro_credentials: tuple[MicroCredentialId, ...]
    policy: Policy
    team: TeamSize | None = None
    cohort: str = ""
    endorsements: tuple[Endorsement, ...] = ()
    standards: tuple[Standard, ...] = ()
    checks: tuple[CompletionCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgramName:
    """The version of a program that a micro-credential was resolved with, and what people call it."""

    id: ProgramId
    version: str
    title: str
    short_title: str
    term: str


@dataclass(frozen=True, slots=True)
class MicroCredential:
    """One version of a micro-credential, complete in itself: all that is needed to judge a portfolio by it."""

    id: MicroCredentialId
    version: str
    title: str
    short_title: str
    about: str
    program: ProgramName
    outcomes: tuple[PublishedOutcome, ...]
    artifacts: tuple[ExpectedArtifact, ...]
    blueprint: Blueprint
    checks: tuple[CompletionCheck, ...]
    rubric: Rubric
    credit: CreditRule
    policy: Policy
    standards: tuple[Standard, ...] = ()
    team: TeamSize | None = None

    @property
    def builds_on(self) -> tuple[MicroCredentialId, ...]:
        """Return the micro-credentials that must be earned before."""
        return self.rubric.builds_on

    def artifact(self, slot: Slot) -> ExpectedArtifact:
        """Return what is expected in a slot."""
        for each in self.artifacts:
            if each.slot == slot:
                return each
        raise RuleError(
            f"“{self.title}” has no slot “{slot}”.", next=f"Name one of: {', '.join(a.slot for a in self.artifacts)}."
        )

    def missing(self, present: Collection[Slot]) -> tuple[ExpectedArtifact, ...]:
        """Return the required artifacts that are not among the slots that have a file."""
        return tuple(each for each in self.artifacts if each.required and each.slot not in present)

    def too_short(self, words: Mapping[Slot, int]) -> tuple[ExpectedArtifact, ...]:
        """Return the artifacts with fewer words than the program asks for, among those that were counted."""
        counted = (each for each in self.artifacts if each.words_at_least is not None and each.slot in words)
        return tuple(each for each in counted if words[each.slot] < (each.words_at_least or 0))

    def outcome(
        self,
        scores: Mapping[CriterionId, int | None],
        *,
        checks: Mapping[CheckId, bool | None] | None = None,
        words: Mapping[Slot, int] | None = None,
        attested: Iterable[Attestation] = (),
        accepted: Collection[MicroCredentialId] | None = None,
    ) -> DraftOutcome:
        """Return the outcome so far: *incomplete* when a completion check failed, else what the rubric says.

        `checks` are the answers to the completion checks, `None` where they are another person's to give; `words`
        are counts by slot, which close the way only where the policy says so.
        """
        answers = checks or {}
        failed = (*self._failed(answers), *self._blocked(words or {}))
        if failed:
            return DraftOutcome(Outcome.INCOMPLETE, failed, f"Incomplete. {'; '.join(each.why for each in failed)}.")
        still = () if checks is None else self._unanswered(answers)
        if still:
            return DraftOutcome(None, still, f"Not decided yet. {'; '.join(each.why for each in still)}.")
        return self.rubric.outcome(scores, attested=attested, accepted=accepted)

    def _failed(self, checks: Mapping[CheckId, bool | None]) -> Iterator[Finding]:
        unknown = checks.keys() - {each.id for each in self.checks}
        if unknown:
            raise RuleError(f"“{self.title}” has no completion check “{min(unknown)}”.")
        for each in self.checks:
            if checks.get(each.id) is False:
                yield Finding(Standing.UNMET, each.id, each.title, f"“{each.title}” was answered with no")

    def _unanswered(self, checks: Mapping[CheckId, bool | None]) -> tuple[Finding, ...]:
        return tuple(
            Finding(Standing.OPEN, each.id, each.title, f"“{each.title}” is still to check")
            for each in self.checks
            if checks.get(each.id) is None
        )

    def _blocked(self, words: Mapping[Slot, int]) -> Iterator[Finding]:
        short = self.too_short(words) if self.policy.word_minimum is WordMinimum.BLOCKS else ()
        for each in short:
            why = f"“{each.title}” has {words[each.slot]} of at least {each.words_at_least} words"
            yield Finding(Standing.UNMET, each.slot, each.title, why)
