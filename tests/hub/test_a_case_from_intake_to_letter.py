from pathlib import Path

import pytest

from assessor_desk.domain.decision import Verdict
from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.errors import RuleError
from assessor_desk.hub import letters_out, release
from assessor_desk.hub.data import Hub
from assessor_desk.wire.records import DecisionState
from tests.doubles.clocks import StandingClock
from tests.hub import casework
from tests.hub.casework import Draft, accepted, answers, decision, refused, scene, seen, sign_off, state_at, withdrawal


def test_a_case_runs_its_whole_way(hub: Hub, tmp_path: Path, clock: StandingClock) -> None:
    made = scene(hub, tmp_path)
    with pytest.raises(RuleError, match="has not been released"):
        letters_out.write(hub, made.code, tmp_path / "letters")

    accepted(made.first, decision(made.first))
    assert (made.state, state_at(made.first)) == ("awaiting sign-off", AssignmentState.RECEIVED)
    (record,) = seen(made.approver)
    accepted(made.approver, sign_off(made.approver, record))

    assert (made.state, state_at(made.first), state_at(made.approver)) == ("signed", "done", "done")
    assert [each.state for each in seen(made.approver)] == [DecisionState.SIGNED]
    assert [each.withdrawn for each in answers(made.first)] == [False]
    assert release.release_due(hub.engine, clock.forward(minutes=59)) == 0
    assert release.release_due(hub.engine, clock.forward(minutes=1)) == 1
    assert release.release_due(hub.engine, clock.forward(minutes=1)) == 0
    assert made.state == "released"
    pdf, word = letters_out.write(hub, made.code, tmp_path / "letters")
    text = casework.words(pdf)
    assert casework.STRENGTH in text
    assert "earned" in text
    assert word.exists()
    assert casework.RATIONALE not in text
    assert casework.STAFF_NOTE not in text


def test_a_returned_decision_is_corrected_by_one_that_supersedes_it(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    accepted(made.first, decision(made.first))
    (record,) = seen(made.approver)
    assert "only with a reason" in refused(made.approver, sign_off(made.approver, record, Verdict.RETURN))

    accepted(made.approver, sign_off(made.approver, record, Verdict.RETURN, "Say more about planning."))

    assert (made.state, state_at(made.first), state_at(made.approver)) == ("assessing", "returned to me", "done")
    (assignment,) = casework.assignments(made.first)
    assert assignment.reason == "Say more about planning."
    accepted(made.first, decision(made.first, Draft(supersedes=record.id)))
    assert (made.state, state_at(made.approver)) == ("awaiting sign-off", "to do")
    assert sorted(each.state for each in seen(made.approver)) == ["awaiting sign-off", "superseded"]
    assert "it is superseded" in refused(made.approver, sign_off(made.approver, record))


def test_a_sign_off_is_withdrawn_within_the_delay_and_not_after(hub: Hub, tmp_path: Path, clock: StandingClock) -> None:
    made = scene(hub, tmp_path)
    casework.signed_off(made)
    (signed,) = answers(made.approver)
    clock.forward(minutes=59)

    accepted(made.approver, withdrawal(made.approver, signed.id, made.received.round))

    assert (made.state, state_at(made.first), state_at(made.approver)) == ("awaiting sign-off", "received", "to do")
    assert [each.withdrawn for each in answers(made.first)] == [True]
    assert release.release_due(hub.engine, clock.forward(hours=5)) == 0
    (record,) = seen(made.approver)
    again = sign_off(made.approver, record)
    accepted(made.approver, again)
    clock.forward(minutes=60)
    assert "delay is not over" in refused(made.approver, withdrawal(made.approver, again.key, made.received.round))
    assert "no sign-off of yours" in refused(made.first, withdrawal(made.first, again.key, made.received.round))


def test_a_decision_is_asked_back_until_an_approver_has_opened_it(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    first = decision(made.first)
    accepted(made.first, first)

    accepted(made.first, withdrawal(made.first, first.key, made.received.round))

    assert (made.state, state_at(made.first), state_at(made.approver)) == ("assessing", "to do", "done")
    assert [each.state for each in seen(made.approver)] == [DecisionState.RECALLED]
    second = decision(made.first, Draft.unmet())
    accepted(made.first, second)
    accepted(made.approver, casework.opened(made.approver, second.key, made.received.round))
    assert "no approver has opened it" in refused(made.first, withdrawal(made.first, second.key, made.received.round))
    assert "not yours" in refused(made.second, withdrawal(made.second, second.key, made.received.round))


def test_an_incomplete_round_goes_back_without_an_approver_and_costs_no_attempt(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)

    accepted(made.first, decision(made.first, Draft.incomplete()))

    assert (made.state, state_at(made.first)) == ("incomplete", "done")
    assert casework.assignments(made.approver) == []
    pdf, _ = letters_out.write(hub, made.code, tmp_path / "letters")
    text = casework.words(pdf)
    assert "It costs no attempt" in text


def test_an_incomplete_round_is_seen_by_an_approver_where_the_program_says_so(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path, casework.policy(incomplete_needs_approver=True))

    accepted(made.first, decision(made.first, Draft.incomplete()))

    assert made.state == "awaiting sign-off"
    assert len(seen(made.approver)) == 1
