"""The policy's defaults and what it refuses."""

from dataclasses import replace
from datetime import date, time

import pytest

from assessor_desk.domain.policy import (
    AfterAttempts,
    AttemptRule,
    Blindness,
    CiteRule,
    ClockRule,
    CompletionBy,
    ConflictOfInterest,
    DriftRule,
    HeldFor,
    Policy,
    QualificationRule,
    RetentionRule,
    RoundTwoRule,
    SecondScoring,
    SignOffRule,
    Tolerance,
    WordMinimum,
)
from assessor_desk.errors import RuleError


def test_the_defaults_are_those_of_the_projects_table() -> None:
    policy = Policy()

    assert policy.cites == CiteRule(pieces=1, looked_for_not_found=True)
    assert policy.second_scoring == SecondScoring(10, 10, True, 80)
    assert policy.tolerance == Tolerance(same_outcome=True, levels_apart=2)
    assert policy.qualification == QualificationRule(30, 80, 95, 60, HeldFor.MICRO_CREDENTIAL, 60, True)
    assert policy.validity_one_in == 10
    assert policy.drift == DriftRule(0.5, 5.0)
    assert policy.clock == ClockRule(1, 3, 1, 50, 10, time(17, 0), "America/Chicago", ())
    assert policy.attempts == AttemptRule(3, AfterAttempts.COACH)
    assert policy.round_two == RoundTwoRule(True, False, True)
    assert policy.retention == RetentionRule(30, 60, True, 6)
    assert policy.sign_off == SignOffRule(60, 4)
    assert policy.figures_minimum == 10


def test_reviews_are_blind_and_stay_in_the_desk_unless_a_program_says_otherwise() -> None:
    policy = Policy()

    assert policy.blindness is Blindness.BLIND
    assert policy.blind
    assert not policy.open_outside
    assert not policy.watch_to_end
    assert policy.completion_by is CompletionBy.ASSESSOR
    assert not policy.incomplete_needs_approver
    assert policy.word_minimum is WordMinimum.ADVISES
    assert policy.conflict_of_interest is ConflictOfInterest.SAME_ORGANIZATION


@pytest.mark.parametrize("blindness", [Blindness.BLIND, Blindness.DOUBLE_BLIND])
def test_no_other_application_opens_what_a_blind_review_hides(blindness: Blindness) -> None:
    with pytest.raises(RuleError):
        Policy(blindness=blindness, open_outside=True)


def test_an_open_review_may_allow_another_application() -> None:
    policy = Policy(blindness=Blindness.OPEN, open_outside=True)

    assert not policy.blind


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        (CiteRule(), {"pieces": 0}),
        (SecondScoring(), {"first_rounds": -1}),
        (SecondScoring(), {"random_percent": 101}),
        (Tolerance(), {"levels_apart": 0}),
        (QualificationRule(), {"scores": 0}),
        (QualificationRule(), {"criterion_exact_percent": -1}),
        (QualificationRule(), {"exact_percent": 96}),
        (DriftRule(), {"k": 0.0}),
        (DriftRule(), {"h": float("nan")}),
        (ClockRule(), {"assess_days": 0}),
        (ClockRule(), {"precheck_days": -1}),
        (ClockRule(), {"warn_at_percent": 101}),
        (ClockRule(), {"time_zone": "Middle-earth/Shire"}),
        (ClockRule(), {"time_zone": "../etc/passwd"}),
        (AttemptRule(), {"at_most": 0}),
        (RetentionRule(), {"desk_days": -1}),
        (RetentionRule(), {"record_years": 0}),
        (SignOffRule(), {"undo_minutes": -1}),
        (SignOffRule(), {"opened_one_in": 0}),
        (Policy(), {"validity_one_in": 1}),
        (Policy(), {"figures_minimum": 1}),
    ],
)
def test_a_setting_out_of_its_range_is_refused_and_says_what_to_write(
    rule: object, settings: dict[str, object]
) -> None:
    with pytest.raises(RuleError) as refused:
        replace(rule, **settings)  # type: ignore[type-var]

    assert refused.value.next


def test_attempts_end_where_the_program_says_or_never() -> None:
    assert AttemptRule(at_most=3).allows(3)
    assert not AttemptRule(at_most=3).allows(4)
    assert AttemptRule(at_most=None).allows(400)


def test_the_clock_knows_its_zone_and_whether_it_pauses() -> None:
    clock = ClockRule(closed_dates=(date(2026, 7, 3),))

    assert clock.zone.key == "America/Chicago"
    assert clock.pauses
    assert not ClockRule(pause_days=0).pauses
