"""The life of a case: every history that the table allows, walked to the end."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.domain.case import TABLE, CaseEvent, CaseState, Row, advance, possible, step
from assessor_desk.domain.case_document import as_markdown
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.rubric import Outcome
from assessor_desk.errors import TransitionError

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "states.md"
ENDS = {CaseState.RELEASED, CaseState.SUPERSEDED, CaseState.INCOMPLETE}
DECIDERS = ("first_in", "second_in", "adjudicated")
# What a hub knows only at the moment of the event, as opposed to what the case remembers.
OF_THE_MOMENT: dict[CaseEvent, tuple[str, ...]] = {
    CaseEvent.RECALLED: ("opened_by_approver",),
    CaseEvent.APPROVED: ("approver_is_assessor",),
    CaseEvent.RETURNED: ("approver_is_assessor",),
    CaseEvent.SECOND_SCORE_ASKED: ("approver_is_assessor",),
    CaseEvent.ADJUDICATION_ASKED: ("approver_is_assessor",),
    CaseEvent.SIGN_OFF_WITHDRAWN: ("delay_over",),
    CaseEvent.RELEASED: ("delay_over",),
    CaseEvent.APPEALED: ("appeal_window_open",),
    CaseEvent.NEXT_ROUND: ("attempts_left", "another_agreed"),
}


@dataclass(frozen=True)
class Stand:
    """Where a case stands at a hub that keeps its books: the state, and the facts that it remembers."""

    state: CaseState | None
    facts: Facts


@dataclass(frozen=True)
class Step:
    before: Stand
    event: CaseEvent
    facts: Facts
    row: Row
    after: Stand


def tries(stand: Stand, event: CaseEvent) -> Iterator[Facts]:
    """Yield every set of facts with which the event could reach the case."""
    if event is CaseEvent.DECIDED:
        yield from decisions(stand)
    elif event is CaseEvent.PRE_CHECK_PASSED:
        yield replace(stand.facts, pre_check_passed=True)
    else:
        names = OF_THE_MOMENT.get(event, ())
        for values in product((False, True), repeat=len(names)):
            yield marked(stand.facts, **dict(zip(names, values, strict=True)))


def marked(facts: Facts, **marks: bool) -> Facts:
    """Return the facts with some of their yes-or-no members set."""
    return replace(facts, **cast("dict[str, Any]", marks))


def decisions(stand: Stand) -> Iterator[Facts]:
    for who, outcome, within in product(DECIDERS, Outcome, (False, True)):
        facts = replace(stand.facts, outcome=outcome, within_tolerance=within)
        yield facts if stand.state is CaseState.RECEIVED else marked(facts, **{who: True})


def remembered(event: CaseEvent, facts: Facts) -> Facts:
    """Return what stands after the event: what was returned, asked back or overturned is no longer in."""
    facts = marked(facts, **dict.fromkeys((*OF_THE_MOMENT.get(event, ()), "opened_by_approver"), False))
    if event in (CaseEvent.RECALLED, CaseEvent.RETURNED, CaseEvent.APPEAL_GRANTED):
        gone = "adjudicated" if facts.adjudicated or event is CaseEvent.APPEAL_GRANTED else "first_in"
        return marked(replace(facts, outcome=None), **{gone: False})
    if event is CaseEvent.UNASSIGNED:
        return replace(facts, first_in=False)
    if event is CaseEvent.SECOND_SCORE_ASKED:
        return replace(facts, second_scoring_due=True)
    return facts


def explore() -> tuple[tuple[Step, ...], tuple[tuple[Row, Facts], ...]]:
    """Return every lawful step that any hub can reach, and every row that was ever weighed, with its facts."""
    policies = product((False, True), repeat=3)
    waiting = [
        Stand(None, Facts(pre_check_first=first, incomplete_needs_approver=sees, second_scoring_due=due))
        for first, sees, due in policies
    ]
    seen, steps, weighed = set(waiting), [], []
    while waiting:
        stand = waiting.pop()
        for event in CaseEvent:
            for facts in tries(stand, event):
                weighed += [(row, facts) for row in TABLE if row.state == stand.state and row.event == event]
                try:
                    row = step(stand.state, event, facts)
                except TransitionError:
                    continue
                after = Stand(row.next, remembered(event, facts))
                steps.append(Step(stand, event, facts, row, after))
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
    return tuple(steps), tuple(weighed)


STEPS, WEIGHED = explore()


def test_every_row_of_the_table_is_taken_by_some_history() -> None:
    taken = {id(each.row) for each in STEPS}

    assert [row for row in TABLE if id(row) not in taken] == []


def test_every_guard_lets_some_case_pass_and_stops_another() -> None:
    answers: dict[str, set[bool]] = {}
    for row, facts in WEIGHED:
        answers.setdefault(row.guard.means, set()).add(row.guard.holds(facts))

    always_open = {means for means, seen in answers.items() if seen == {True}}
    assert always_open == {""}
    assert {means for means, seen in answers.items() if seen == {False}} == set()


def test_every_state_but_the_three_ends_leads_on_to_an_end() -> None:
    reaches = {each.after for each in STEPS if each.after.state in ENDS}
    grown = True
    while grown:
        more = {each.before for each in STEPS if each.after in reaches} - reaches
        reaches |= more
        grown = bool(more)

    assert {each.after for each in STEPS} - reaches == set()
    assert {each.after.state for each in STEPS} == set(CaseState)


def test_nothing_leaves_a_superseded_case() -> None:
    assert [row for row in TABLE if row.state is CaseState.SUPERSEDED] == []


def test_a_case_is_signed_only_by_an_approver_who_did_not_score_it() -> None:
    signed = [each for each in STEPS if each.after.state is CaseState.SIGNED]

    assert {each.event for each in signed} == {CaseEvent.APPROVED}
    assert not any(each.facts.approver_is_assessor for each in signed)
    assert all(each.facts.outcome is not None for each in signed)


def test_a_result_leaves_only_after_a_sign_off_and_the_delay() -> None:
    released = [each for each in STEPS if each.after.state is CaseState.RELEASED]

    assert {each.before.state for each in released} == {CaseState.SIGNED, CaseState.APPEALED}
    assert all(each.facts.delay_over for each in released if each.before.state is CaseState.SIGNED)


def test_a_round_that_is_scored_twice_never_reaches_an_approver_with_one_score() -> None:
    arrived = [
        each
        for each in STEPS
        if each.event is CaseEvent.DECIDED
        and each.after.state is CaseState.AWAITING_SIGN_OFF
        and each.facts.outcome is not Outcome.INCOMPLETE
        and each.facts.second_scoring_due
    ]

    assert arrived
    assert all(each.facts.second_in or each.facts.adjudicated for each in arrived)


def test_scores_too_far_apart_reach_an_approver_only_through_a_third_assessor() -> None:
    arrived = [
        each for each in STEPS if each.event is CaseEvent.DECIDED and each.after.state is CaseState.AWAITING_SIGN_OFF
    ]

    apart = [each for each in arrived if each.facts.first_in and each.facts.second_in]
    assert all(each.facts.within_tolerance or each.facts.adjudicated for each in apart)


def test_no_one_takes_a_decision_back_who_could_have_read_another() -> None:
    recalled = [each for each in STEPS if each.event is CaseEvent.RECALLED]

    assert recalled
    assert not any(each.facts.opened_by_approver or each.facts.second_in for each in recalled)


def test_an_incomplete_round_costs_no_attempt() -> None:
    next_rounds = [each for each in STEPS if each.event is CaseEvent.NEXT_ROUND]

    from_incomplete = [each for each in next_rounds if each.before.state is CaseState.INCOMPLETE]
    assert any(not each.facts.attempts_left and not each.facts.another_agreed for each in from_incomplete)
    assert all(
        each.facts.attempts_left or each.facts.another_agreed
        for each in next_rounds
        if each.before.state is CaseState.RELEASED
    )


facts_of_any_kind = st.builds(
    Facts,
    outcome=st.none() | st.sampled_from(Outcome),
    **{each.name: st.booleans() for each in fields(Facts) if each.name != "outcome"},
)


@given(st.none() | st.sampled_from(CaseState), st.sampled_from(CaseEvent), facts_of_any_kind)
def test_an_event_takes_a_row_of_the_table_or_is_refused_in_words(
    state: CaseState | None, event: CaseEvent, facts: Facts
) -> None:
    if event in possible(state, facts):
        assert (state, event, advance(state, event, facts)) in {(row.state, row.event, row.next) for row in TABLE}
        return

    with pytest.raises(TransitionError) as refusal:
        advance(state, event, facts)

    assert event.value in refusal.value.detail
    assert refusal.value.detail.endswith(".")
    assert refusal.value.safe


ONCE_ONLY = sorted(set(CaseEvent) - {CaseEvent.PRE_CHECK_PASSED, CaseEvent.DECIDED})


@given(st.sampled_from([each for each in STEPS if each.event in ONCE_ONLY]))
def test_an_event_that_is_told_twice_happens_once(told: Step) -> None:
    with pytest.raises(TransitionError):
        advance(told.after.state, told.event, told.facts)


def test_the_document_says_what_the_table_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == as_markdown(), (
        "docs/states.md is out of date: write case_document.as_markdown() to it."
    )
