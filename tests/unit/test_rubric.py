"""What the rules make of scores."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.domain.criterion import Citing, Criterion, Group, Level
from assessor_desk.domain.ids import ConditionId, CriterionId, GroupId, MicroCredentialId, PersonId, Slot
from assessor_desk.domain.rubric import Outcome, Rubric
from assessor_desk.domain.rules import Attestation, AttestedBy, BuildsOn, Condition, EveryCriterion, Growth
from assessor_desk.errors import LevelOutOfScaleError, RuleError

FOUR = ("Beginning", "Developing", "Proficient", "Exemplary")
TWO = ("Not yet", "Proficient")
AT = datetime(2026, 5, 12, 17, 0, tzinfo=UTC)

A, B, C = CriterionId("a"), CriterionId("b"), CriterionId("c")
COACHING = ConditionId("monthly-coaching")


def levels(names: tuple[str, ...]) -> tuple[Level, ...]:
    return tuple(
        Level(value, name.lower().replace(" ", "-"), name, f"What {name} looks like")
        for value, name in enumerate(names, start=1)
    )


def criterion(id: str, tag: str, names: tuple[str, ...] = FOUR, required: int | None = 3) -> Criterion:
    return Criterion(
        CriterionId(id), tag, f"Criterion {id}", levels(names), required, Citing(1, (Slot("plan"),), "a plan")
    )


THREE_ROWS = Rubric((criterion("a", "1"), criterion("b", "2"), criterion("c", "3")), (EveryCriterion(),))


def test_a_portfolio_is_earned_when_every_criterion_is_at_its_level() -> None:
    draft = THREE_ROWS.outcome({A: 3, B: 4, C: 3})

    assert draft.outcome is Outcome.EARNED
    assert draft.met == ("a", "b", "c")
    assert draft.unmet == draft.open == ()
    assert draft.words == "Earned. Every rule is met."


def test_one_criterion_below_its_level_cannot_be_made_up_for_by_others() -> None:
    draft = THREE_ROWS.outcome({A: 4, B: 2, C: 4})

    assert draft.outcome is Outcome.NOT_YET_EARNED
    assert draft.unmet == ("b",)
    assert draft.words == "Not yet earned. 2 Criterion b is Developing and must be at least Proficient."


def test_nothing_is_decided_while_a_criterion_is_to_score() -> None:
    draft = THREE_ROWS.outcome({A: 3, B: None})

    assert draft.outcome is None
    assert draft.open == ("b", "c")
    assert draft.words == "Not decided yet. 2 Criterion b is still to score; 3 Criterion c is still to score."


def test_an_open_rubric_already_says_what_stands_against_it() -> None:
    draft = THREE_ROWS.outcome({A: 1, B: 3})

    assert draft.outcome is None
    assert draft.words == "Not yet earned if 1 stays as it is. 3 Criterion c is still to score."


@pytest.mark.parametrize("level", [0, 5, -1, True])
def test_a_level_that_the_rubric_does_not_have_is_refused(level: int) -> None:
    with pytest.raises(LevelOutOfScaleError):
        THREE_ROWS.outcome({A: level})


def test_a_score_for_a_criterion_that_the_rubric_does_not_have_is_refused() -> None:
    with pytest.raises(RuleError):
        THREE_ROWS.outcome({CriterionId("other"): 3})


def test_a_criterion_may_require_another_level_than_its_neighbors() -> None:
    rubric = Rubric((criterion("a", "1"), criterion("b", "2", required=4)), (EveryCriterion(),))

    assert rubric.outcome({A: 3, B: 3}).unmet == ("b",)
    assert rubric.rule_in_words == (
        "Earned if every criterion reaches its level (at least Proficient in 1; Exemplary in 2)."
    )


def test_the_rule_is_told_in_the_words_of_the_rubric() -> None:
    assert THREE_ROWS.rule_in_words == "Earned if every criterion is at least Proficient."
    assert Rubric((criterion("a", "1", TWO, 2),), (EveryCriterion(),)).rule_in_words == (
        "Earned if every criterion is Proficient."
    )


def test_level_sets_come_from_the_rubric_each_once() -> None:
    rubric = Rubric(
        (criterion("a", "1", TWO, 2), criterion("b", "2"), criterion("c", "3", TWO, 2)), (EveryCriterion(),)
    )

    assert rubric.level_sets == (TWO, FOUR)


def growing(levels_more: int = 1) -> Rubric:
    first = criterion("a-first", "1.1", required=None)
    return Rubric((first, criterion("a", "1.2")), (Growth(A, CriterionId("a-first"), levels_more),))


@pytest.mark.parametrize(
    ("first", "later", "outcome"),
    [
        (1, 2, Outcome.EARNED),
        (2, 2, Outcome.NOT_YET_EARNED),
        (3, 1, Outcome.NOT_YET_EARNED),
        (4, 4, Outcome.EARNED),
    ],
)
def test_growth_asks_for_a_later_score_above_the_first_or_at_the_top(first: int, later: int, outcome: Outcome) -> None:
    assert growing().outcome({CriterionId("a-first"): first, A: later}).outcome is outcome


def test_growth_by_more_than_one_level_says_from_where_to_where() -> None:
    draft = growing(2).outcome({CriterionId("a-first"): 1, A: 2})

    assert draft.unmet == ("a",)
    assert draft.words == (
        "Not yet earned. 1.2 Criterion a went from Beginning to Developing"
        " and must grow by 2 levels or end at Exemplary."
    )


def test_growth_waits_for_both_scores() -> None:
    draft = growing().outcome({A: 4})

    assert draft.outcome is None
    assert draft.open == ("a-first",)


def test_a_first_occasion_need_not_reach_a_level() -> None:
    first = criterion("a-first", "1.1", required=None)
    rubric = Rubric((first, criterion("a", "1.2")), (EveryCriterion(), Growth(A, CriterionId("a-first"))))

    assert rubric.outcome({CriterionId("a-first"): 1, A: 3}).outcome is Outcome.EARNED
    assert rubric.outcome({CriterionId("a-first"): 1, A: 2}).outcome is Outcome.NOT_YET_EARNED


CONDITIONED = Rubric(
    (criterion("a", "1"),), (EveryCriterion(), Condition(COACHING, "A coach meeting every month", AttestedBy.COACH))
)


def test_a_condition_waits_until_somebody_attests_it() -> None:
    draft = CONDITIONED.outcome({A: 3})

    assert draft.outcome is None
    assert draft.open == (COACHING,)
    assert "waits to be attested by the coach" in draft.words


def test_an_attested_condition_makes_the_outcome() -> None:
    draft = CONDITIONED.outcome({A: 3}, attested=[Attestation(COACHING, PersonId("coach"), AT)])

    assert draft.outcome is Outcome.EARNED


def test_a_condition_that_does_not_hold_stands_against_earned() -> None:
    draft = CONDITIONED.outcome({A: 3}, attested=[Attestation(COACHING, PersonId("coach"), AT, holds=False)])

    assert draft.outcome is Outcome.NOT_YET_EARNED
    assert "does not hold, as attested on 2026-05-12" in draft.words


def test_the_latest_attestation_of_a_condition_counts() -> None:
    earlier = Attestation(COACHING, PersonId("coach"), AT, holds=False)
    later = Attestation(COACHING, PersonId("coach"), AT.replace(month=6))

    assert CONDITIONED.outcome({A: 3}, attested=[later, earlier]).outcome is Outcome.EARNED


BUILT = Rubric((criterion("a", "1"),), (EveryCriterion(), BuildsOn((MicroCredentialId("sample.before"),))))


def test_what_it_builds_on_must_be_earned_first() -> None:
    draft = BUILT.outcome({A: 3}, accepted=())

    assert draft.outcome is None
    assert draft.open == ("sample.before",)
    assert BUILT.outcome({A: 3}, accepted={MicroCredentialId("sample.before")}).outcome is Outcome.EARNED


def test_a_desk_that_does_not_know_earlier_ones_leaves_them_to_the_hub() -> None:
    assert BUILT.outcome({A: 3}).outcome is Outcome.EARNED


def test_groups_hold_the_criteria_in_the_rubrics_order() -> None:
    rows = (criterion("a", "1a"), criterion("b", "1b"), criterion("c", "2a"))

    rubric = Rubric(
        rows, (EveryCriterion(),), (Group(GroupId("x"), "1", "X", (A, B)), Group(GroupId("y"), "2", "Y", (C,)))
    )
    assert rubric.criterion(C).tag == "2a"
    with pytest.raises(RuleError):
        Rubric(rows, (EveryCriterion(),), (Group(GroupId("x"), "1", "X", (A,)),))


def test_a_rubric_without_criteria_or_with_one_twice_is_refused() -> None:
    with pytest.raises(RuleError):
        Rubric((), (EveryCriterion(),))
    with pytest.raises(RuleError):
        Rubric((criterion("a", "1"), criterion("a", "2")), (EveryCriterion(),))


def test_a_level_that_nobody_could_miss_cannot_be_required() -> None:
    with pytest.raises(RuleError):
        criterion("a", "1", required=1)


SCORES = st.fixed_dictionaries({id: st.one_of(st.none(), st.integers(1, 4)) for id in (A, B, C)})


@given(SCORES)
def test_every_criterion_is_exactly_one_of_met_unmet_and_open(scores: dict[CriterionId, int | None]) -> None:
    draft = THREE_ROWS.outcome(scores)

    assert sorted((*draft.met, *draft.unmet, *draft.open)) == ["a", "b", "c"]
    assert (draft.outcome is None) == bool(draft.open)


@given(SCORES, st.sampled_from([A, B, C]))
def test_raising_a_score_never_takes_an_earned_outcome_away(
    scores: dict[CriterionId, int | None], raised: CriterionId
) -> None:
    before = THREE_ROWS.outcome(scores)
    better = {**scores, raised: min(4, (scores[raised] or 0) + 1)}

    if before.outcome is Outcome.EARNED:
        assert THREE_ROWS.outcome(better).outcome is Outcome.EARNED
