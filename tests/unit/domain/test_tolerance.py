"""Scoring twice: why, and what counts as agreeing well enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.domain.ids import CriterionId
from assessor_desk.domain.policy import SecondScoring, Tolerance
from assessor_desk.domain.rubric import Outcome
from assessor_desk.domain.tolerance import (
    Judged,
    ScoredOnce,
    TwiceBecause,
    far_apart,
    second_scoring_due,
    within_tolerance,
)

A, B = CriterionId("a"), CriterionId("b")
EARNED, NOT_YET = Outcome.EARNED, Outcome.NOT_YET_EARNED
RULE = Tolerance()

judged = st.tuples(
    st.sampled_from(Outcome), st.dictionaries(st.sampled_from((A, B, CriterionId("c"))), st.integers(1, 4))
)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ((EARNED, {A: 3, B: 3}), (EARNED, {A: 4, B: 3}), True),
        ((NOT_YET, {A: 1, B: 3}), (NOT_YET, {A: 2, B: 4}), True),
        ((NOT_YET, {A: 1, B: 3}), (NOT_YET, {A: 3, B: 2}), False),
        ((EARNED, {A: 3, B: 3}), (NOT_YET, {A: 2, B: 3}), False),
        ((NOT_YET, {A: 1}), (NOT_YET, {A: 1, B: 1}), False),
        ((Outcome.INCOMPLETE, {}), (Outcome.INCOMPLETE, {}), True),
        ((Outcome.INCOMPLETE, {}), (NOT_YET, {A: 1}), False),
    ],
)
def test_same_outcome_and_nothing_two_levels_apart(one: Judged, other: Judged, agree: bool) -> None:
    assert within_tolerance(RULE, one, other) is agree


def test_a_program_can_look_at_the_levels_alone_or_ask_for_the_very_same() -> None:
    one, other = (EARNED, {A: 3}), (NOT_YET, {A: 2})

    assert within_tolerance(Tolerance(same_outcome=False), one, other)
    assert far_apart(Tolerance(levels_apart=1), one, other) == (A,)


@given(judged, judged)
def test_agreeing_does_not_depend_on_who_was_first(one: Judged, other: Judged) -> None:
    assert within_tolerance(RULE, one, other) is within_tolerance(RULE, other, one)
    assert within_tolerance(RULE, one, one)


PLAIN = ScoredOnce(rounds_before=10, unmet=0)


@pytest.mark.parametrize(
    ("known", "draw", "why"),
    [
        (PLAIN, 10, ()),
        (PLAIN, 9, (TwiceBecause.DRAWN,)),
        (ScoredOnce(rounds_before=9, unmet=0), 99, (TwiceBecause.FIRST_ROUNDS,)),
        (ScoredOnce(rounds_before=10, unmet=1), 99, (TwiceBecause.ONE_UNMET,)),
        (ScoredOnce(rounds_before=10, unmet=2), 99, ()),
        (ScoredOnce(10, 0, same_outcome_percent=79), 99, (TwiceBecause.UNSURE,)),
        (ScoredOnce(10, 0, same_outcome_percent=80), 99, ()),
        (ScoredOnce(10, 0, provisional=True), 99, (TwiceBecause.PROVISIONAL,)),
        (ScoredOnce(0, 1, 10, True), 0, tuple(TwiceBecause)),
    ],
)
def test_a_round_is_scored_twice_for_the_reasons_of_the_program(
    known: ScoredOnce, draw: int, why: tuple[TwiceBecause, ...]
) -> None:
    assert second_scoring_due(SecondScoring(), known, draw) == why


def test_a_program_can_switch_the_reasons_off() -> None:
    off = SecondScoring(first_rounds=0, random_percent=0, one_criterion_unmet=False, same_outcome_under_percent=0)

    assert second_scoring_due(off, ScoredOnce(0, 1, 0), 0) == ()


def test_about_as_many_are_drawn_as_the_program_says() -> None:
    drawn = [draw for draw in range(100) if second_scoring_due(SecondScoring(), PLAIN, draw)]

    assert len(drawn) == 10
