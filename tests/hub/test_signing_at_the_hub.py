from pathlib import Path
from typing import Any

from assessor_desk.domain.decision import Verdict
from assessor_desk.domain.ids import Digest, HubId, PersonId, PortfolioId
from assessor_desk.domain.portfolio import Part
from assessor_desk.hub import directory, people, release, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub, declare_demonstration
from assessor_desk.hub.people import Standing
from assessor_desk.tables.transactions import writing
from assessor_desk.wire.records import DecisionState
from tests.doubles.clocks import StandingClock
from tests.hub import casework
from tests.hub.casework import LEAD, accepted, answers, decision, refused, scene, seen, sign_off, told
from tests.hub.test_decisions_at_the_hub import at_once


def test_of_two_approvers_who_sign_at_once_one_wins_and_the_other_is_told(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    olga = casework.desk(hub, "olga", Role.APPROVER)
    accepted(made.first, decision(made.first))
    said = [(desk, sign_off(desk, seen(desk)[0])) for desk in (made.approver, olga)]

    receipts = at_once(*[lambda desk=desk, deed=deed: told(desk, deed) for desk, deed in said])

    assert sorted(each.status for each in receipts) == ["accepted", "refused"]
    (no,) = (each.problem for each in receipts if each.problem)
    assert "does not wait for a sign-off: it is signed" in no.detail
    assert made.state == "signed"
    assert len(answers(made.first)) == 1
    assert {casework.state_at(each) for each in (made.approver, olga)} == {"done"}


def test_an_approval_and_a_recall_at_once_leave_one_lawful_history(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    said = decision(made.first)
    accepted(made.first, said)
    approval = sign_off(made.approver, seen(made.approver)[0])
    recall = casework.withdrawal(made.first, said.key, made.received.round)

    receipts = at_once(lambda: told(made.approver, approval), lambda: told(made.first, recall))

    assert sorted(each.status for each in receipts) == ["accepted", "refused"]
    assert (made.state, seen(made.approver)[0].state) in {
        ("signed", DecisionState.SIGNED),
        ("assessing", DecisionState.RECALLED),
    }


def test_who_scored_does_not_sign_off(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    people.give_roles(hub, "ana", [Standing(LEAD, Role.APPROVER)])
    accepted(made.first, decision(made.first))

    assert seen(made.first) == []
    (record,) = seen(made.approver)
    assert "who scores does not sign off" in refused(made.first, sign_off(made.first, record))
    assert made.state == "awaiting sign-off"


def test_only_an_approver_who_was_given_the_case_signs_it_off(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    accepted(made.first, decision(made.first))
    (record,) = seen(made.approver)
    late = casework.desk(hub, "olga", Role.APPROVER)

    assert "Only an approver" in refused(made.second, sign_off(made.second, record))
    assert "not given to you" in refused(late, sign_off(late, record))

    casework.give(hub, made.received, late, Part.APPROVER)
    assert [each.id for each in seen(late)] == [record.id]
    accepted(late, sign_off(late, record))


def test_an_approver_from_the_participants_organization_never_sees_the_case(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    received = casework.arrived(hub, tmp_path, organization="Oak School")
    colleague = casework.desk(hub, "olga", Role.APPROVER)
    with writing(hub.engine) as connection:
        oak = people.organization_named(connection, "Oak School")
        person = tables.person
        connection.execute(person.update().where(person.c.id == colleague.person).values(organization=oak))
    casework.give(hub, received, made.second)

    accepted(made.second, decision(made.second))

    assert "decision" not in casework.kinds(colleague)
    (record,) = seen(made.approver)
    assert "not given to you" in refused(colleague, sign_off(colleague, record))


def test_an_approver_who_steps_back_is_not_asked_again(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    olga = casework.desk(hub, "olga", Role.APPROVER)
    accepted(made.first, decision(made.first))
    casework.step_back(olga)
    (record,) = seen(made.approver)
    accepted(made.approver, sign_off(made.approver, record, Verdict.RETURN, "Say more."))

    accepted(made.first, decision(made.first))

    assert casework.state_at(olga) == "withdrawn"
    newest = next(each for each in seen(made.approver) if each.state == "awaiting sign-off")
    assert newest.id not in {each.id for each in seen(olga)}
    assert "not given to you" in refused(olga, sign_off(olga, newest))


WRONG: dict[str, dict[str, Any]] = {
    "another hub": {"hub": HubId("h")},
    "another case": {"portfolio": PortfolioId("p")},
    "another person": {"approver": PersonId("p")},
    "other content": {"decision_sha256": Digest("0" * 64)},
    "an unknown decision": {"decision": "d"},
    "an unknown round": {"round": "r"},
}


def test_a_sign_off_about_something_else_is_refused(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    accepted(made.first, decision(made.first))
    (record,) = seen(made.approver)

    for what, changed in WRONG.items():
        assert refused(made.approver, sign_off(made.approver, record, **changed)).endswith("."), what

    assert made.state == "awaiting sign-off"


def test_a_revoked_laptop_signs_nothing_off_and_takes_nothing_back(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    accepted(made.first, decision(made.first))
    (record,) = seen(made.approver)
    said, back = sign_off(made.approver, record), casework.withdrawal(made.first, record.id, made.received.round)
    for each in (made.approver, made.first):
        directory.revoke(hub, each.device)

    assert "does not count" in refused(made.approver, said)
    assert "take nothing back" in refused(made.first, back)
    assert made.state == "awaiting sign-off"


def test_a_demonstration_waits_for_nothing(hub: Hub, tmp_path: Path, clock: StandingClock) -> None:
    with writing(hub.engine) as connection:
        declare_demonstration(connection)
    made = scene(hub, tmp_path)
    casework.signed_off(made)

    assert release.release_due(hub.engine, clock()) == 1


def test_a_sign_off_that_is_told_again_gets_its_receipt(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    accepted(made.first, decision(made.first))
    said = sign_off(made.approver, seen(made.approver)[0])

    assert accepted(made.approver, said) == accepted(made.approver, said)

    assert "other content" in refused(
        made.approver, sign_off(made.approver, seen(made.approver)[0], decision_sha256=Digest("1" * 64))
    )
