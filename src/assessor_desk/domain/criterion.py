"""One row of a rubric: its levels, what it must reach, and what its score cites."""

from dataclasses import dataclass

from assessor_desk.domain.ids import CriterionId, GroupId, Slot
from assessor_desk.errors import LevelOutOfScaleError, RuleError


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a criterion; `value` counts from 1, the lowest."""

    value: int
    id: str
    name: str
    descriptor: str


@dataclass(frozen=True, slots=True)
class Citing:
    """The evidence that a score rests on: how many pieces, from which slots, and in words."""

    pieces: int
    slots: tuple[Slot, ...]
    asks: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of a rubric.

    `required` is the lowest level that meets the rule; `None` for the first occasion of a criterion that is scored
    twice, whose later occasion `first_of` names. No outcomes: the program publishes none that it could trace to.
    """

    id: CriterionId
    tag: str
    title: str
    levels: tuple[Level, ...]
    required: int | None
    cites: Citing
    outcomes: tuple[str, ...] = ()
    note: str = ""
    group: GroupId | None = None
    first_of: CriterionId | None = None

    def __post_init__(self) -> None:
        if len(self.levels) < 2 or [level.value for level in self.levels] != list(range(1, len(self.levels) + 1)):
            raise RuleError(f"The levels of {self.name} must be two or more and count from 1.")
        if self.required is not None and not 1 < self.required <= len(self.levels):
            raise RuleError(
                f"Every score of {self.name} would meet the rule.", next="Require a level above the lowest one."
            )

    @property
    def name(self) -> str:
        """Return tag and title as one name for people."""
        return f"{self.tag} {self.title}"

    def level(self, value: int) -> Level:
        """Return the level of this value."""
        if type(value) is not int or not 1 <= value <= len(self.levels):
            raise LevelOutOfScaleError(
                f"“{self.title}” has the levels 1 to {len(self.levels)}, not {value}.",
                next=f"Give one of: {', '.join(f'{each.value} {each.name}' for each in self.levels)}.",
            )
        return self.levels[value - 1]

    @property
    def required_in_words(self) -> str:
        """Return what must be reached: the level's name, with “at least” when there is one above it."""
        if self.required is None:
            return "any level"
        at_least = "" if self.required == len(self.levels) else "at least "
        return at_least + self.level(self.required).name

    def meets(self, value: int) -> bool:
        """Return whether a level is enough."""
        return self.level(value).value >= (self.required or 1)


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria that belong together; the group carries color and number, its rows 3a, 3b."""

    id: GroupId
    tag: str
    title: str
    criteria: tuple[CriterionId, ...]
