import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import event, func, select

from assessor_desk.domain.decision import PartName
from assessor_desk.domain.ids import (
    ArtifactId,
    AssessmentId,
    CriterionId,
    Digest,
    EditId,
    HubId,
    MicroCredentialId,
    PersonId,
    PortfolioId,
    RoundId,
)
from assessor_desk.domain.portfolio import Part, RubricPin
from assessor_desk.domain.rubric import Outcome
from assessor_desk.hub import assignment, directory, overview, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionDeed, Deed, Receipt, ReceiptStatus
from assessor_desk.wire.records import DecisionState, SealedEdit
from tests.hub import casework
from tests.hub.casework import Draft, accepted, decision, refused, scene, seen, state_at, told
from tests.hub.people_here import Keys, PairedDesk, deed, paired
from tests.unit.domain.making import PLANNING, REFLECTING


def count(hub: Hub, table: Any) -> int:
    with reading(hub.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def sealed(desk: PairedDesk) -> SealedEdit:
    (given,) = casework.assignments(desk)
    return SealedEdit(desk.hub.id, AssessmentId(given.id), EditId("e-1"), desk.device, b"sealed to its author")


def at_once(*doing: Callable[[], Receipt]) -> list[Receipt]:
    """Let threads do something as nearly at the same time as they can, and return what each got."""
    start, found = threading.Barrier(len(doing)), []

    def run(do: Callable[[], Receipt]) -> None:
        start.wait()
        found.append(do())

    threads = [threading.Thread(target=run, args=[each]) for each in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_decision_that_is_told_again_gets_its_receipt_and_changes_nothing(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    said = decision(made.first)

    receipts = [accepted(made.first, said) for _ in range(3)]

    assert len(set(receipts)) == 1
    assert receipts[0].sha256 == said.sha256
    assert (count(hub, tables.decision), len(seen(made.approver))) == (1, 1)


def test_the_same_decision_on_two_connections_at_once_counts_once(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    said = decision(made.first)

    receipts = at_once(*[lambda: told(made.first, said)] * 4)

    assert len(set(receipts)) == 1
    assert receipts[0].status is ReceiptStatus.ACCEPTED
    assert (count(hub, tables.decision), len(seen(made.approver))) == (1, 1)


def test_two_laptops_that_decide_at_once_make_one_decision(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    other = paired(hub, "ana", Keys(sealing=made.first.keys.sealing))
    said = [(each, decision(each)) for each in (made.first, other)]

    receipts = at_once(*[lambda each=each, deed=deed: told(each, deed) for each, deed in said])

    assert sorted(each.status for each in receipts) == ["accepted", "refused"]
    assert count(hub, tables.decision) == 1


def test_decisions_may_come_in_any_order_and_none_is_lost(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    early, late = decision(made.first), decision(made.first, Draft.unmet())
    accepted(made.first, late)

    assert "closed already: received" in refused(made.first, early)
    assert "closed already: received" in refused(made.first, early)

    assert [each.id for each in seen(made.approver)] == [late.key]


def test_a_key_that_was_used_for_something_else_is_refused_and_its_receipt_stays(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    said = decision(made.first)
    receipt = accepted(made.first, said)

    other = decision(made.first)
    assert "Another message" in refused(made.first, replace(other, key=said.key))

    assert told(made.first, said) == receipt


def test_a_decision_under_another_name_is_not_taken_twice(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    body = sealed(made.first)
    accepted(made.first, deed("edit", body))

    assert "in another message" in refused(made.first, deed("edit", body))

    assert count(hub, tables.sealed_edit) == 1


def test_what_was_changed_on_the_way_can_be_sent_again_as_it_was_meant(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    said = decision(made.first)

    assert "not what this desk meant" in refused(made.first, replace(said, body=msgspec.Raw(b"{}")))

    accepted(made.first, said)


def swapped(desk: PairedDesk, said: Deed, name: PartName) -> Deed:
    """Return the decision with another part than was signed."""
    content = codec.from_bytes(said.body, DecisionDeed)
    parts = tuple(replace(each, value={PLANNING: 1}) if each.name == name else each for each in content.parts)
    return deed("decision", replace(content, parts=parts))


def test_a_part_that_was_not_signed_is_refused(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    said = decision(made.first)
    content = codec.from_bytes(said.body, DecisionDeed)

    assert "part scores is not the one" in refused(made.first, swapped(made.first, said, PartName.SCORES))
    for parts in (content.parts[1:], (*content.parts, content.parts[0])):
        less_or_more = deed("decision", replace(content, parts=parts))
        assert "exactly the parts" in refused(made.first, less_or_more)
    assert count(hub, tables.decision) == 0


WRONG: dict[str, dict[str, Any]] = {
    "another hub": {"hub": HubId("h")},
    "another case": {"portfolio": PortfolioId("p")},
    "another person": {"assessor": PersonId("p")},
    "another rubric": {"rubric": RubricPin(MicroCredentialId("lead.planning"), "1.0", Digest("0" * 64))},
    "other artifacts": {"artifacts": {ArtifactId("a"): Digest("0" * 64)}},
    "another outcome": {"outcome": Outcome.NOT_YET_EARNED},
    "an unknown round": {"round": RoundId("r")},
}


def test_a_decision_about_something_else_is_refused_in_words(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)

    for what, changed in WRONG.items():
        assert refused(made.first, decision(made.first, **changed)).endswith("."), what

    assert (made.state, state_at(made.first), count(hub, tables.decision)) == ("assessing", "to do", 0)


def test_a_decision_of_someone_else_or_from_another_laptop_is_refused(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    given = casework.assignments(made.first)[0]

    assert "not given to you" in refused(made.second, decision(made.second, of=given))
    assert "was signed with the key" in refused(made.second, decision(made.first))


def test_an_incomplete_decision_has_no_scores(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    draft = Draft({PLANNING: 3, REFLECTING: 3}, complete=False, outcome=Outcome.INCOMPLETE)

    assert "must not have scores" in refused(made.first, decision(made.first, draft))


def test_a_score_that_the_rubric_does_not_know_is_refused(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)

    assert "levels 1 to 3" in refused(made.first, decision(made.first, Draft({PLANNING: 9, REFLECTING: 1})))
    assert "no criterion" in refused(made.first, decision(made.first, Draft({CriterionId("x"): 1})))


def test_a_decision_for_a_portfolio_that_was_taken_back_is_refused_and_the_next_one_decides(
    hub: Hub, tmp_path: Path
) -> None:
    made = scene(hub, tmp_path)
    said = decision(made.first)
    with writing(hub.engine) as connection:
        assignment.withdraw_from(connection, made.received.round, made.first.person, "You are away.", hub.clock())

    assert "taken back from you" in refused(made.first, said)

    assert (made.state, state_at(made.first)) == ("received", "withdrawn")
    casework.give(hub, made.received, made.second)
    accepted(made.second, decision(made.second))
    assert made.state == "awaiting sign-off"


def test_a_late_decision_of_a_revoked_laptop_is_set_apart_for_staff_and_nobody_else(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    said = decision(made.first)
    directory.revoke(hub, made.first.device)

    accepted(made.first, said)

    with reading(hub.engine) as connection:
        (row,) = overview.cases(connection)
        assert connection.execute(select(tables.decision.c.state)).scalar_one() == DecisionState.QUARANTINED
    assert (row.state, row.set_apart) == ("assessing", (said.key,))
    assert casework.seen(made.approver) == casework.seen(made.first) == []
    assert state_at(made.first) == "to do"
    body = sealed(made.first)
    assert "no more drafts" in refused(made.first, deed("edit", body))


def test_a_sealed_edit_reaches_its_authors_other_laptop_alone(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    body = sealed(made.first)

    accepted(made.first, deed("edit", body))

    with reading(hub.engine) as connection:
        rows = connection.execute(
            select(tables.feed.c.person, tables.feed.c.body).where(tables.feed.c.kind == "sealed-edit")
        ).all()
    assert [(row.person, codec.from_bytes(row.body, SealedEdit)) for row in rows] == [(made.first.person, body)]
    stray = replace(body, assessment=AssessmentId("unknown"), id=EditId("e-2"))
    assert "never given to you" in refused(made.first, deed("edit", stray))
    foreign = replace(body, device=made.second.device, id=EditId("e-3"))
    assert "another hub or laptop" in refused(made.first, deed("edit", foreign))


def test_taking_a_decision_costs_a_known_number_of_statements(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    said = decision(made.first)
    statements: list[str] = []
    event.listen(hub.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    accepted(made.first, said)

    assert len(statements) <= 28, "\n".join(statements)


def test_every_approver_of_the_program_gets_the_decision_and_nobody_else(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    other = casework.desk(hub, "olga", Role.APPROVER)
    onlookers = [casework.desk(hub, role.value, role) for role in (Role.LEAD, Role.STAFF, Role.PLATFORM)]

    accepted(made.first, decision(made.first))

    for approver in (made.approver, other):
        assert casework.kinds(approver) == {"assignment", "decision", "device", "micro-credential"}
        assert [each.part for each in casework.assignments(approver)] == [Part.APPROVER]
    for each in (made.first, made.second, *onlookers):
        assert "decision" not in casework.kinds(each)
