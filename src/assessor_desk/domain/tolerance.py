"""Scoring twice: when it is due, and when two assessors agree well enough."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from assessor_desk.domain.ids import CriterionId
from assessor_desk.domain.policy import SecondScoring, Tolerance
from assessor_desk.domain.rubric import Outcome

Judged: TypeAlias = tuple[Outcome, Mapping[CriterionId, int]]
"""What one assessor decided: the outcome, and the level of every criterion."""


def within_tolerance(rule: Tolerance, one: Judged, other: Judged) -> bool:
    """Return whether two assessors agree well enough for the first one's decision to go on."""
    same_outcome = one[0] is other[0] or not rule.same_outcome
    return same_outcome and not far_apart(rule, one, other)


def far_apart(rule: Tolerance, one: Judged, other: Judged) -> tuple[CriterionId, ...]:
    """Return the criteria on which two assessors are too far apart; what only one of them scored is among them."""
    mine, theirs = one[1], other[1]
    return tuple(
        each
        for each in sorted(mine.keys() | theirs.keys())
        if each not in mine or each not in theirs or abs(mine[each] - theirs[each]) >= rule.levels_apart
    )


class TwiceBecause(StrEnum):
    """Why a round is scored twice, in the words that staff see."""

    FIRST_ROUNDS = "one of the first rounds of this version"
    DRAWN = "drawn at random"
    ONE_UNMET = "exactly one criterion is unmet"
    UNSURE = "another assessor may well come to another outcome"
    PROVISIONAL = "the first assessor is provisional"


@dataclass(frozen=True, slots=True)
class ScoredOnce:
    """What is known of a round when its first decision is in.

    `rounds_before` counts rounds of the same micro-credential and major version; `same_outcome_percent` is how
    probably an average assessor comes to the same outcome, `None` while there are too few scores to say.
    """

    rounds_before: int
    unmet: int
    same_outcome_percent: int | None = None
    provisional: bool = False


# reason -> whether it applies, given the program's rule, what is known, and a number drawn from 0 to 99
_REASONS: Mapping[TwiceBecause, Callable[[SecondScoring, ScoredOnce, int], bool]] = {
    TwiceBecause.FIRST_ROUNDS: lambda rule, known, _: known.rounds_before < rule.first_rounds,
    TwiceBecause.DRAWN: lambda rule, _, draw: draw < rule.random_percent,
    TwiceBecause.ONE_UNMET: lambda rule, known, _: rule.one_criterion_unmet and known.unmet == 1,
    TwiceBecause.UNSURE: lambda rule, known, _: (
        known.same_outcome_percent is not None and known.same_outcome_percent < rule.same_outcome_under_percent
    ),
    TwiceBecause.PROVISIONAL: lambda _, known, __: known.provisional,
}


def second_scoring_due(rule: SecondScoring, known: ScoredOnce, draw: int) -> tuple[TwiceBecause, ...]:
    """Return why a second assessor must score the round too, nothing if none must; `draw` is from 0 to 99."""
    return tuple(reason for reason, applies in _REASONS.items() if applies(rule, known, draw))
