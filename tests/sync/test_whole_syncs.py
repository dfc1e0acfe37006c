"""One sync from nothing to equal sides, and what may come in between."""

from dataclasses import replace
from pathlib import Path

import pytest

from assessor_desk.domain.ids import AssessmentId
from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.errors import (
    HubRefusedError,
    HubUnreachableError,
    NotPairedError,
    StoreBusyError,
)
from assessor_desk.store.deeds import OutboxState
from assessor_desk.sync import upgrade
from assessor_desk.sync.reconcile import read_again
from assessor_desk.wire import codec
from assessor_desk.wire.records import RecordKind
from tests.doubles.clocks import StandingClock
from tests.doubles.hub import FakeHub
from tests.store.world import digests
from tests.sync.laptops import Laptop, opened, paired, shown
from tests.sync.stages import Stage

PLAN, NOTES = b"A plan. " * 40_000, b"Notes from a visit. " * 90_000


def everything(laptop: Laptop) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows but those that only say when something happened."""
    tables = ("record", "assignment", "artifact", "edit", "settled", "outbox", "receipt")
    with laptop.store.reading() as tx:
        return {name: tx.bare.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in tables}  # noqa: S608


def test_a_first_sync_brings_everything_and_the_next_one_nothing(
    stage: Stage, tmp_path: Path, clock: StandingClock
) -> None:
    with opened(stage, paired(stage, "ana", tmp_path / "ana", clock), clock) as ana:
        given = [stage.give("ana", PLAN, NOTES), stage.give("ana", NOTES)]

        first = ana.sync()
        before = everything(ana)
        again = ana.sync()

        assert shown(ana) == dict.fromkeys(given, AssignmentState.TO_DO)
        assert (first.fetched.artifacts, first.fetched.bytes) == (3, len(PLAN) + 2 * len(NOTES))
        assert first.compared.equal
        assert first.pulled.changed[RecordKind.ASSIGNMENT] == 2
        assert (again.pulled.changed, again.fetched.bytes, again.compared.equal) == ({}, 0, True)
        assert everything(ana) == before
        with ana.store.reading() as tx:
            for held in tx.artifacts.here():
                content = {digests(each)[0]: each for each in (PLAN, NOTES)}[held.sha256]
                with tx.artifacts.open(held.portfolio, held.sha256) as artifact:
                    assert artifact.readall() == content


def test_work_goes_to_the_hub_and_to_the_persons_other_laptop(
    stage: Stage, tmp_path: Path, clock: StandingClock
) -> None:
    found = paired(stage, "ana", tmp_path / "ana", clock)
    with (
        opened(stage, found, clock) as ana,
        opened(stage, paired(stage, "ana", tmp_path / "two", clock, found.sheet.text()), clock) as second,
    ):
        given = stage.give("ana", PLAN)
        ana.sync()
        ana.write(given, "score/c1", 3)
        ana.write(given, "rationale/c1", "The plan names a day.")

        sent = ana.sync()
        second.sync()
        second.write(given, "score/c1", 2)
        second.sync()
        back = ana.sync()

        assert sent.pushed.accepted == 2
        assert ana.waiting() == second.waiting() == ()
        assert ana.draft(given) == second.draft(given)
        assert {str(field): settled.value for field, settled in second.draft(given).fields.items()} == {
            "score/c1": 2,
            "rationale/c1": "The plan names a day.",
        }
        assert sent.compared.equal
        assert back.compared.equal
        assert len(back.folded.spots) == 1


def test_two_versions_of_a_field_both_stand_on_both_laptops(ana: Laptop, second: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN).id
    for laptop in (ana, second):
        laptop.sync()
    left, right = ana.write(given, "score/c1", 2), second.write(given, "score/c1", 4)

    for laptop in (ana, second, ana):
        laptop.sync()

    assert ana.draft(given) == second.draft(given)
    assert ana.draft(given).fields[left.field].heads == tuple(sorted((left, right), key=lambda edit: edit.id))
    assert ana.draft(given).conflicts == (left.field,)


def test_edits_that_came_while_the_key_was_locked_are_folded_in_later(
    ana: Laptop, second: Laptop, hub: FakeHub
) -> None:
    given = hub.give("ana", PLAN).id
    ana.sync()
    ana.write(given)
    ana.sync()

    locked = second.sync(sealing=None)
    sealed = second.draft(given)
    hub.faults.down = True
    with pytest.raises(HubUnreachableError):
        second.sync()

    assert locked.compared.equal
    assert sealed.fields == {}
    assert second.draft(given) == ana.draft(given)


def test_a_sealed_edit_may_come_before_the_assignment_that_it_is_about(
    ana: Laptop, second: Laptop, hub: FakeHub
) -> None:
    given = hub.give("ana", PLAN).id
    ana.sync()
    ana.write(given)
    ana.sync()
    hub.set_state(given, AssignmentState.RETURNED)  # its record goes to the end of the feed

    second.sync()

    assert second.draft(given) == ana.draft(given)


def test_an_edit_that_does_not_open_is_kept_and_told(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN).id
    foreign = codec.to_bytes({"hub": hub.id, "assessment": given, "id": "e1", "device": "d1", "sealed": "AAAA"})
    hub.put("ana", "sealed-edit", "e1", foreign)

    report = ana.sync()

    assert report.folded.closed == 1
    assert "could not be opened" in report.words
    assert report.compared.equal
    assert ana.draft(given).fields == {}


def test_kinds_from_the_future_are_kept_raw_and_counted(ana: Laptop, hub: FakeHub) -> None:
    hub.put("ana", "from-the-future", "f1", b'{"new":true}')
    hub.put("ana", "assignment", "odd", b'{"of":"another shape"}')

    report = ana.sync()

    assert report.pulled.unread == {"from-the-future": 1, "assignment": 1}
    assert "2 records are kept that need a newer version" in report.words
    assert report.compared.equal
    with ana.store.reading() as tx:
        assert tx.records.body("from-the-future", "f1") == b'{"new":true}'
        assert tx.records.body("assignment", "odd") == b'{"of":"another shape"}'
        assert tx.queue.rows() == ()


def test_a_record_under_a_false_name_stands_for_nothing(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN)
    hub.put("ana", "assignment", "another", codec.to_bytes(given))

    ana.sync()

    assert set(shown(ana)) == {given.id}


def test_what_an_earlier_version_only_kept_is_read_after_an_upgrade(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN)
    ana.sync()
    with ana.store.transaction() as tx:  # as a version that did not know assignments would have left it
        tx.bare.execute("DELETE FROM artifact")
        tx.bare.execute("DELETE FROM assignment")
        tx.bare.execute("UPDATE record SET portfolio = NULL, assessment = NULL")
        tx.meta.put(upgrade.READ_BY, "an earlier version")

    ana.sync()

    assert shown(ana) == {given.id: AssignmentState.TO_DO}
    with ana.store.reading() as tx:
        assert len(tx.artifacts.here()) == 1
    assert upgrade.read_again(ana.store, ana.clock) == 0


def test_a_sync_asks_few_times(ana: Laptop, hub: FakeHub) -> None:
    for number in range(1_900):
        hub.put("ana", "note", str(number), b"{}")
    given = [hub.give("ana").id for _ in range(100)]
    hub.calls.clear()

    first = ana.sync()
    asked_first = len(hub.calls)
    ana.write_all((each, f"note/n{number}", number) for each in given for number in range(10))
    hub.calls.clear()
    ana.sync()

    assert sum(first.pulled.changed.values()) == 2_002
    assert asked_first <= 2_002 / 200 + 5
    assert len(hub.calls) <= 1_000 / 200 + 5
    assert ana.waiting() == ()


def test_while_one_process_syncs_another_is_refused(ana: Laptop) -> None:
    with ana.store.syncing(), pytest.raises(StoreBusyError):
        ana.sync()


# Being refused and cut off.


def test_a_sync_that_breaks_off_says_what_waits(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN).id
    ana.sync()
    ana.write(given)
    ana.decide(given)
    hub.faults.down = True

    with pytest.raises(HubUnreachableError) as away:
        ana.sync()
    with pytest.raises(HubUnreachableError):
        ana.sync()

    assert "Waiting to be sent: 1 decision or other act, 1 change to a draft." in str(away.value)
    assert len([words for words in ana.said() if "does not answer" in words]) == 1


def test_a_laptop_that_the_hub_does_not_know_is_told_so(ana: Laptop, hub: FakeHub) -> None:
    ana.write(hub.give("ana", PLAN).id)
    hub.faults.no_entry = NotPairedError("The hub does not know this laptop.")

    with pytest.raises(HubRefusedError, match="does not know this laptop"):
        ana.sync()

    assert len(ana.waiting()) == 1


def test_a_cancelled_sync_leaves_everything_fit_to_go_on(ana: Laptop, hub: FakeHub) -> None:
    for _ in range(3):
        hub.give("ana", NOTES)
    stop_at = len(NOTES)
    seen = 0

    def progress(told: object) -> None:
        nonlocal seen
        seen = told.received  # type: ignore[attr-defined]

    cut = ana.sync(progress=progress, cancelled=lambda: seen >= stop_at)
    rest = ana.sync()

    assert cut.fetched.artifacts < 3
    assert rest.compared.equal
    assert cut.fetched.artifacts + rest.fetched.artifacts == 3
    assert cut.fetched.bytes + rest.fetched.bytes <= 3 * len(NOTES) + 3 * (1 << 20)


def test_a_sync_that_is_cancelled_at_once_asks_the_hub_nothing(ana: Laptop, hub: FakeHub) -> None:
    hub.calls.clear()

    ana.sync(cancelled=lambda: True)

    assert hub.calls == []


def test_a_feed_that_does_not_go_on_is_no_endless_loop(ana: Laptop, hub: FakeHub) -> None:
    real = hub.page
    hub.page = lambda *asked: replace(real(*asked), more=True)  # type: ignore[method-assign]

    with pytest.raises(Exception, match="does not go on"):
        ana.sync()


def test_reading_again_removes_nothing(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN).id
    ana.sync()
    ana.write(given)
    read_again(ana.store)

    ana.sync()

    with ana.store.reading() as tx:
        assert tx.outbox.counts()[OutboxState.SENT] == 1
        assert tx.journal.assessments() == (AssessmentId(given),)
