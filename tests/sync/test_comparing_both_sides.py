"""At the end both sides compare: differences are mended or told, and the ledger only ever goes on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from assessor_desk.domain.ids import Digest, HubId
from assessor_desk.seals.signatures import Purpose
from assessor_desk.wire import codec
from assessor_desk.wire.records import LedgerHead, RecordKind
from tests.doubles.hub import FakeHub
from tests.sync.laptops import Laptop, shown

PLAN, NOTES = b"A plan. " * 40_000, b"Notes from a visit. " * 90_000


def test_a_difference_is_mended_by_reading_everything_again(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN).id
    ana.sync()
    with ana.store.transaction() as tx:
        tx.bare.execute("DELETE FROM record WHERE kind = 'device'")
        tx.bare.execute("UPDATE record SET sha256 = 'other' WHERE kind = 'assignment'")

    report = ana.sync()

    assert report.compared.equal
    assert set(shown(ana)) == {given}


def test_a_difference_that_stays_is_told_once_and_not_read_again_and_again(ana: Laptop, hub: FakeHub) -> None:
    backup = hub.backup()
    kept = hub.give("ana", PLAN).id
    ana.sync()
    hub.restore(backup)

    first = ana.sync()
    told = [words for words in ana.said() if "different records" in words]
    hub.calls.clear()
    second = ana.sync()

    assert first.compared.differing == second.compared.differing == (RecordKind.ASSIGNMENT,)
    assert len(told) == 1
    assert [words for words in ana.said() if "different records" in words] == told
    assert len(hub.calls) <= 5
    assert set(shown(ana)) == {kept}


def test_what_comes_while_both_sides_are_compared_is_no_difference(ana: Laptop, hub: FakeHub) -> None:
    def arrive(call: str) -> None:
        if call == "counts" and hub.calls.count("counts") == 1:
            hub.give("ana", PLAN)

    hub.faults.before = arrive

    report = ana.sync()

    assert report.compared.equal
    assert len(shown(ana)) == 1


def test_own_edits_are_no_difference(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN).id
    ana.sync()
    ana.write(given)

    assert ana.sync().compared.equal
    with ana.store.transaction() as tx:
        tx.bare.execute("DELETE FROM record WHERE kind = 'device'")
    assert ana.sync().compared.equal
    with ana.store.reading() as tx:
        assert tx.records.counts()["device"].count == 2


def test_a_ledger_that_goes_back_is_told_once(ana: Laptop, hub: FakeHub) -> None:
    hub.state.acts = 7
    ana.sync()
    hub.state.acts = 3

    back = ana.sync()
    still = ana.sync()
    hub.state.acts = 9
    on = ana.sync()

    assert "shorter than it was: 3 acts, and 7 before" in back.compared.ledger_warning
    assert back.compared.ledger_warning == still.compared.ledger_warning
    assert on.compared.ledger_warning == ""
    assert len([words for words in ana.said() if "ledger" in words]) == 2


def forged(hub: FakeHub) -> None:
    hub.faults.head = lambda signed: replace(signed, signature=bytes(64))


def of_another_hub(hub: FakeHub) -> None:
    head = LedgerHead(HubId("another"), 9, Digest("0" * 64), hub.clock())
    hub.faults.head = lambda _: hub.identity.sign(Purpose.LEDGER_HEAD, codec.to_members(head))


def with_other_entries(hub: FakeHub) -> None:
    head = LedgerHead(hub.id, 7, Digest("1" * 64), hub.clock())
    hub.faults.head = lambda _: hub.identity.sign(Purpose.LEDGER_HEAD, codec.to_members(head))


def that_is_none(hub: FakeHub) -> None:
    hub.faults.head = lambda _: hub.identity.sign(Purpose.LEDGER_HEAD, {"number": 7})


@pytest.mark.parametrize("head", [forged, of_another_hub, with_other_entries, that_is_none])
def test_a_ledger_head_that_does_not_hold_is_told(ana: Laptop, hub: FakeHub, head: Callable[[FakeHub], None]) -> None:
    hub.state.acts = 7
    ana.sync()
    head(hub)

    report = ana.sync()

    assert report.compared.ledger_warning.startswith("The hub")
    assert report.compared.equal
