"""Work that the hub takes back, and portfolios that were removed here: nothing undelivered goes, none returns."""

from pathlib import Path

import pytest

from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.errors import (
    HubBrakeError,
    HubUnreachableError,
    NotReadyError,
)
from assessor_desk.wire.records import RecordKind
from tests.doubles.clocks import StandingClock
from tests.doubles.hub import FakeHub
from tests.sync.laptops import Laptop, Pairings, shown

PLAN, NOTES = b"A plan. " * 40_000, b"Notes from a visit. " * 90_000


def test_a_mass_withdrawal_stops_before_any_of_it_is_applied(
    pairings: Pairings, tmp_path: Path, clock: StandingClock
) -> None:
    hub = pairings.begin(clock, page_rows=3)
    with pairings.laptop(hub, "ana", tmp_path) as ana:
        given = [hub.give("ana").id for _ in range(9)]
        ana.sync()
        for each in given[:5]:
            hub.withdraw(each)

        with pytest.raises(HubBrakeError) as brake:
            ana.sync()
        after_brake = shown(ana)
        report = ana.sync(accept_removals=True)

        assert set(after_brake.values()) == {AssignmentState.TO_DO}
        assert "None was taken away" in str(brake.value)
        assert list(shown(ana).values()).count(AssignmentState.WITHDRAWN) == 5
        assert report.compared.equal


def test_a_few_withdrawals_need_no_question(ana: Laptop, hub: FakeHub) -> None:
    given = [hub.give("ana").id for _ in range(9)]
    ana.sync()
    for each in given[:4]:
        hub.withdraw(each)

    ana.sync()

    assert list(shown(ana).values()).count(AssignmentState.WITHDRAWN) == 4


def test_work_that_was_not_delivered_outlives_the_withdrawal_of_its_portfolio(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN)
    ana.sync()
    ana.write(given.id)
    decided = ana.decide(given.id)
    hub.withdraw(given.id)
    hub.faults.refuses[decided] = "This portfolio was given to someone else."
    hub.faults.answers_to_lose = 1
    with pytest.raises(HubUnreachableError):
        ana.sync()
    with pytest.raises(NotReadyError):
        ana.store.purge([given.portfolio.id], ana.clock())

    ana.sync()

    assert shown(ana) == {given.id: AssignmentState.WITHDRAWN}
    assert len(ana.draft(given.id).fields) == 1
    assert [each.deed.key for each in ana.refused()] == [decided]
    with pytest.raises(NotReadyError, match="refused"):
        ana.store.purge([given.portfolio.id], ana.clock())


def test_a_removed_portfolio_stays_away_whatever_the_hub_still_says_of_it(
    ana: Laptop, second: Laptop, hub: FakeHub
) -> None:
    given = hub.give("ana", PLAN)
    for laptop in (ana, second):
        laptop.sync()
    hub.set_state(given.id, AssignmentState.RECEIVED)
    ana.sync()
    ana.store.purge([given.portfolio.id], ana.clock())
    second.write(given.id, "rationale/c1", "written elsewhere")
    second.sync()
    hub.set_state(given.id, AssignmentState.DONE)

    later = ana.sync()
    hub.restore(hub.backup())
    renewed = ana.sync()

    assert later.compared.equal
    assert renewed.compared.equal
    assert shown(ana) == {}
    assert ana.draft(given.id).fields == {}
    with ana.store.reading() as tx:
        assert tx.records.body(RecordKind.ASSIGNMENT, given.id) is None
        assert list(tx.records.of_kind(RecordKind.SEALED_EDIT)) == []
        assert tx.artifacts.to_fetch() == ()


def test_a_removed_portfolio_that_is_given_back_returns_with_what_is_about_it(
    ana: Laptop, second: Laptop, hub: FakeHub
) -> None:
    given = hub.give("ana", PLAN)
    for laptop in (ana, second):
        laptop.sync()
    hub.withdraw(given.id)
    ana.sync()
    ana.store.purge([given.portfolio.id], ana.clock())
    second.write(given.id)
    second.sync()
    hub.set_state(given.id, AssignmentState.TO_DO, "It is yours again.")

    report = ana.sync()

    assert shown(ana) == {given.id: AssignmentState.TO_DO}
    assert ana.draft(given.id) == second.draft(given.id)
    assert report.fetched.artifacts == 1
