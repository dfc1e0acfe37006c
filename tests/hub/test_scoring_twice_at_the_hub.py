import json
from dataclasses import replace
from pathlib import Path

import pytest

from assessor_desk.domain.decision import Verdict
from assessor_desk.domain.portfolio import Part
from assessor_desk.hub import feed
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.tables.transactions import reading
from tests.hub import casework
from tests.hub.casework import (
    SCORED_ONCE,
    SCORED_TWICE,
    Draft,
    Scene,
    accepted,
    decision,
    give,
    refused,
    scene,
    seen,
    sign_off,
    state_at,
    withdrawal,
)
from tests.hub.people_here import PairedDesk


def twice(hub: Hub, at: Path) -> Scene:
    made = scene(hub, at, SCORED_TWICE)
    give(hub, made.received, made.second, Part.SECOND)
    return made


def everything_told(desk: PairedDesk) -> bytes:
    with reading(desk.hub.engine) as connection:
        return feed.page(connection, feed.Reader(desk.person, desk.device), "", "", desk.hub.clock())


@pytest.mark.parametrize("first_is_quicker", [True, False], ids=["first, then second", "second, then first"])
def test_a_decision_is_sealed_until_both_are_in(hub: Hub, tmp_path: Path, first_is_quicker: bool) -> None:
    made = twice(hub, tmp_path)
    lead = casework.desk(hub, "lea", Role.LEAD)
    quick, slow = (made.first, made.second) if first_is_quicker else (made.second, made.first)
    said = decision(quick)

    accepted(quick, said)

    assert made.state == ("second scoring" if first_is_quicker else "assessing")
    for each in (made.approver, slow, lead, made.third):
        assert casework.kinds(each) & {"decision", "sign-off", "sealed-edit"} == set()
        assert said.key.encode() not in everything_told(each)
        assert casework.RATIONALE.encode() not in everything_told(each)

    accepted(slow, decision(slow))

    assert made.state == "awaiting sign-off"
    states = {each.assessor: each.state for each in seen(made.approver)}
    assert states == {made.first.person: "awaiting sign-off", made.second.person: "received"}
    for each in (made.first, made.second, lead):
        assert "decision" not in casework.kinds(each)


def test_within_tolerance_the_first_ones_decision_is_signed(hub: Hub, tmp_path: Path) -> None:
    made = twice(hub, tmp_path)
    accepted(made.first, decision(made.first, Draft.unmet(2, 3)))
    accepted(made.second, decision(made.second, Draft.unmet(1, 3)))

    records = {each.assessor: each for each in seen(made.approver)}
    assert "it is received" in refused(made.approver, sign_off(made.approver, records[made.second.person]))
    accepted(made.approver, sign_off(made.approver, records[made.first.person]))

    assert made.state == "signed"
    assert state_at(made.second) == "done"
    assert casework.answers(made.second) == []


def test_outside_of_tolerance_a_third_assessor_judges_and_that_decision_is_signed(hub: Hub, tmp_path: Path) -> None:
    made = twice(hub, tmp_path)
    accepted(made.first, decision(made.first))
    accepted(made.second, decision(made.second, Draft.unmet()))
    assert (made.state, casework.kinds(made.approver)) == ("adjudicating", {"device"})
    with pytest.raises(Exception, match="has a part in this round already"):
        give(hub, made.received, made.second, Part.ADJUDICATOR)
    give(hub, made.received, made.third, Part.ADJUDICATOR)
    assert "decision" not in casework.kinds(made.third)

    accepted(made.third, decision(made.third, Draft.unmet(2, 2)))

    records = {each.assessor: each for each in seen(made.approver)}
    assert {person: each.state for person, each in records.items()} == {
        made.first.person: "received",
        made.second.person: "received",
        made.third.person: "awaiting sign-off",
    }
    for other in (made.first, made.second):
        assert "it is received" in refused(made.approver, sign_off(made.approver, records[other.person]))
    returned = sign_off(made.approver, records[made.third.person], Verdict.RETURN, "Look at page 2 again.")
    accepted(made.approver, returned)
    assert (made.state, state_at(made.third)) == ("adjudicating", "returned to me")
    accepted(made.third, decision(made.third))
    newest = next(each for each in seen(made.approver) if each.state == "awaiting sign-off")
    assert newest.assessor == made.third.person
    accepted(made.approver, sign_off(made.approver, newest))
    assert made.state == "signed"


def test_nobody_takes_a_decision_back_once_the_other_ones_scores_are_in(hub: Hub, tmp_path: Path) -> None:
    made = twice(hub, tmp_path)
    early = decision(made.first)
    accepted(made.first, early)
    accepted(made.first, withdrawal(made.first, early.key, made.received.round))
    assert (made.state, state_at(made.first)) == ("assessing", "to do")

    again = decision(made.first)
    accepted(made.first, again)
    accepted(made.second, decision(made.second))

    assert "no second score" in refused(made.first, withdrawal(made.first, again.key, made.received.round))


def test_a_returned_first_decision_is_compared_with_the_second_again(hub: Hub, tmp_path: Path) -> None:
    made = twice(hub, tmp_path)
    accepted(made.first, decision(made.first))
    accepted(made.second, decision(made.second))
    mine = next(each for each in seen(made.approver) if each.assessor == made.first.person)
    accepted(made.approver, sign_off(made.approver, mine, Verdict.RETURN, "Page 2 says otherwise."))
    assert (made.state, state_at(made.second)) == ("assessing", "received")

    accepted(made.first, decision(made.first, Draft.unmet()))

    assert made.state == "adjudicating"


def test_a_second_assessor_who_was_asked_is_waited_for_though_none_is_due(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path, SCORED_ONCE)
    give(hub, made.received, made.second, Part.SECOND)

    accepted(made.first, decision(made.first))

    assert made.state == "second scoring"


def test_an_incomplete_round_sends_the_second_assessor_home(hub: Hub, tmp_path: Path) -> None:
    made = twice(hub, tmp_path)

    accepted(made.first, decision(made.first, Draft.incomplete()))

    assert (made.state, state_at(made.second)) == ("incomplete", "withdrawn")


def test_a_second_decision_counts_though_the_first_assessor_stepped_back(hub: Hub, tmp_path: Path) -> None:
    made = twice(hub, tmp_path)
    casework.step_back(made.first)
    assert made.state == "received"

    accepted(made.second, decision(made.second))
    assert made.state == "received"
    give(hub, made.received, made.third)
    accepted(made.third, decision(made.third))

    assert made.state == "awaiting sign-off"


def test_the_first_ten_rounds_are_scored_twice_and_the_eleventh_once(hub: Hub, tmp_path: Path) -> None:
    two = replace(SCORED_TWICE, second_scoring=replace(SCORED_TWICE.second_scoring, first_rounds=2))
    made = scene(hub, tmp_path, two)
    rounds = [made.received, casework.arrived(hub, tmp_path), casework.arrived(hub, tmp_path)]
    states = []
    for received in rounds:
        if received is not made.received:
            give(hub, received, made.first)
        of = next(each for each in casework.assignments(made.first) if each.round.id == received.round)
        accepted(made.first, decision(made.first, of=of))
        states.append(casework.case_state(hub, received.round))

    assert sorted(states) == ["awaiting sign-off", "second scoring", "second scoring"], json.dumps(states)
