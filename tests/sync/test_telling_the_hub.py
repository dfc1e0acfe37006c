"""What waits in the outbox reaches the hub once, whatever happens on the way."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assessor_desk.domain.portfolio import Assignment, AssignmentState
from assessor_desk.errors import HubUnreachableError, TransitionError
from assessor_desk.store.deeds import OutboxState
from assessor_desk.sync.push import BATCH, BATCH_BYTES, Push, push
from assessor_desk.sync.waits import wait_after
from assessor_desk.wire.deeds import Receipt, ReceiptStatus
from tests.doubles.clocks import StandingClock
from tests.doubles.hub import FakeHub
from tests.sync.laptops import Laptop, Pairings


@pytest.fixture
def given(ana: Laptop, hub: FakeHub) -> Assignment:
    found = hub.give("ana")
    ana.sync()
    hub.state.effects.clear()
    return found


def still(ana: Laptop) -> Push:
    """Push with a clock that stands and desks that are all alike."""
    return Push(ana.clock, lambda: 0.0)


def kinds_told(hub: FakeHub, ana: Laptop) -> list[str]:
    with ana.store.reading() as tx:
        deeds = [tx.outbox.get(key) for key in hub.state.effects]
    return [each.deed.kind for each in deeds if each is not None]


def test_a_lost_answer_neither_loses_nor_repeats_a_deed(ana: Laptop, hub: FakeHub, given: Assignment) -> None:
    key = ana.decide(given.id)
    hub.faults.answers_to_lose = 1

    with pytest.raises(HubUnreachableError):
        ana.sync()
    waited = [each.deed.key for each in ana.waiting()]
    report = ana.sync()

    assert waited == [key]
    assert ana.waiting() == ()
    assert hub.state.effects == [key]
    assert (report.pushed.accepted, report.pushed.refused) == (1, 0)


def test_decisions_go_before_drafts_and_both_before_files(ana: Laptop, hub: FakeHub, given: Assignment) -> None:
    ana.write_all((given.id, f"note/n{number}", number) for number in range(BATCH))
    ana.decide(hub.give("ana", b"a file").id)
    ana.tell("purge-receipt", {"assignment": given.id}, None)
    ana.write(given.id, "note/last", "last")
    hub.calls.clear()

    ana.sync()

    assert kinds_told(hub, ana) == ["decision", "purge-receipt", *["edit"] * (BATCH + 1)]
    assert hub.calls == ["tell", "tell", "feed", "artifact", "counts"]


def test_every_refusal_is_final_and_told(ana: Laptop, hub: FakeHub, given: Assignment) -> None:
    refused = [ana.decide(given.id), ana.write(given.id).id, ana.tell("sign-off", {"any": 1})]
    unknown = ana.tell("from-the-future", {})
    hub.faults.refuses = dict.fromkeys(refused, "The program office has closed this.")

    report = ana.sync()
    hub.faults.refuses = {}
    hub.calls.clear()
    ana.sync()

    told = {each.deed.key: each.problem for each in ana.refused()}
    assert set(told) == {*refused, unknown}
    assert all(problem and "." in problem for problem in told.values())
    assert {told[key] for key in refused} == {"The program office has closed this. Nothing was changed."}
    assert report.pushed.refused == 4
    assert "tell" not in hub.calls
    assert hub.state.effects == []


def test_two_laptops_decide_and_the_first_that_the_hub_receives_counts(
    ana: Laptop, second: Laptop, hub: FakeHub, given: Assignment
) -> None:
    second.sync()
    hers, later = ana.decide(given.id), second.decide(given.id)

    ana.sync()
    second.sync()

    assert hub.state.effects == [hers]
    assert [each.deed.key for each in second.refused()] == [later]
    assert ana.refused() == ()


def twice(receipts: list[Receipt]) -> Sequence[Receipt]:
    return receipts * 2


def backwards(receipts: list[Receipt]) -> Sequence[Receipt]:
    return receipts[::-1]


def shuffled_with_strangers(receipts: list[Receipt]) -> Sequence[Receipt]:
    strangers = [replace(each, key="nobody's") for each in receipts]
    mixed = [*receipts, *strangers]
    random.Random(7).shuffle(mixed)  # noqa: S311
    return mixed


def contradicted(receipts: list[Receipt]) -> Sequence[Receipt]:
    return [*receipts, *[replace(each, status=ReceiptStatus.REFUSED) for each in receipts]]


@pytest.mark.parametrize("meddle", [twice, backwards, shuffled_with_strangers, contradicted])
def test_receipts_may_come_in_any_order_and_number(
    ana: Laptop, hub: FakeHub, given: Assignment, meddle: Callable[[list[Receipt]], Sequence[Receipt]]
) -> None:
    ana.write_all((given.id, f"note/n{number}", number) for number in range(20))
    hub.faults.receipts = meddle

    report = ana.sync()

    assert report.pushed.accepted == 20
    assert ana.waiting() == ana.refused() == ()


@pytest.mark.parametrize("what", ["no receipt", "a receipt for other bytes"])
def test_without_a_receipt_for_its_own_content_a_deed_goes_on_waiting(
    ana: Laptop, hub: FakeHub, given: Assignment, what: str
) -> None:
    good, bad = ana.write(given.id, "note/a", 1), ana.write(given.id, "note/b", 2)

    def meddle(receipts: list[Receipt]) -> Sequence[Receipt]:
        other = [replace(each, sha256="0" * 64) for each in receipts if each.key == bad.id]  # type: ignore[arg-type]
        return [*(each for each in receipts if each.key != bad.id), *(other if what != "no receipt" else [])]

    hub.faults.receipts = meddle
    done = push(ana.store, hub.line(ana.paired.membership.token), still(ana))

    (waits,) = ana.waiting()
    assert done.accepted == 1
    assert waits.deed.key == bad.id
    assert waits.problem == "The hub gave no receipt for this."
    assert waits.next_try_at == ana.clock() + timedelta(seconds=5)
    assert good.id in hub.state.effects


@pytest.mark.parametrize("status", [500, 400, 409, 422])
def test_a_deed_over_which_the_hub_fails_holds_up_nobody(
    ana: Laptop, hub: FakeHub, given: Assignment, status: int
) -> None:
    edits = ana.write_all((given.id, f"note/n{number}", number) for number in range(2 * BATCH))
    poison = edits[BATCH // 3].id
    hub.faults.stumbles = {poison: status}
    hub.calls.clear()

    report = ana.sync()

    (waits,) = ana.waiting()
    assert waits.deed.key == poison
    assert waits.next_try_at is not None
    assert report.pushed.accepted == 2 * BATCH - 1
    assert report.pushed.problems == [f"The hub fails with {status}. Everything you did is saved on this laptop."]
    assert "Still waiting" in report.words
    assert report.compared.equal
    assert hub.calls.count("tell") < 30


def test_a_hub_that_fails_on_everything_is_left_alone_soon_and_still_read(
    ana: Laptop, hub: FakeHub, given: Assignment
) -> None:
    edits = ana.write_all((given.id, f"note/n{number}", number) for number in range(3 * BATCH))
    hub.faults.stumbles = {edit.id: 500 for edit in edits}
    hub.give("ana")
    hub.calls.clear()

    report = ana.sync()

    assert hub.calls.count("tell") < 20
    assert len(ana.waiting()) == 3 * BATCH
    assert report.pulled.changed == {"assignment": 1}
    hub.faults.stumbles = {}
    ana.sync()
    assert ana.waiting() == ()


def test_what_is_too_large_alone_is_refused_alone(ana: Laptop, hub: FakeHub, given: Assignment) -> None:
    edits = ana.write_all((given.id, f"note/n{number}", number) for number in range(10))
    hub.faults.stumbles = {edits[4].id: 413}

    report = ana.sync()

    assert (report.pushed.accepted, report.pushed.refused) == (9, 1)
    assert [each.deed.key for each in ana.refused()] == [edits[4].id]
    assert ana.waiting() == ()


def test_large_deeds_go_in_requests_that_the_hub_can_take(ana: Laptop, hub: FakeHub, given: Assignment) -> None:
    words = "x" * (BATCH_BYTES // 5)
    for number in range(8):
        ana.tell("purge-receipt", {"n": number, "words": words})
    hub.calls.clear()

    ana.sync()

    assert ana.waiting() == ()
    assert hub.calls.count("tell") == 2


def test_what_failed_waits_longer_each_time(ana: Laptop, hub: FakeHub, given: Assignment) -> None:
    ana.write(given.id)
    hub.faults.answers_to_lose = 9
    waited = []
    for _ in range(8):
        with pytest.raises(HubUnreachableError):
            push(ana.store, hub.line(ana.paired.membership.token), still(ana))
        (waits,) = ana.waiting()
        assert waits.next_try_at is not None
        waited.append((waits.next_try_at - ana.clock()).total_seconds())
        ana.clock.forward(seconds=waited[-1])

    assert waited == [5, 15, 40, 120, 600, 1800, 1800, 1800]


@pytest.mark.parametrize(("jitter", "seconds"), [(-1, 4), (0, 5), (1, 6)])
def test_desks_that_lost_the_hub_together_do_not_come_back_together(jitter: float, seconds: float) -> None:
    assert wait_after(0, jitter) == timedelta(seconds=seconds)


def test_an_automatic_sync_lets_waiting_deeds_wait_and_a_persons_sync_does_not(
    ana: Laptop, hub: FakeHub, given: Assignment
) -> None:
    waits = ana.write(given.id, "note/a", 1)
    hub.faults.down = True
    with pytest.raises(HubUnreachableError):
        ana.sync(automatic=True)
    hub.faults.down = False
    fresh = ana.write(given.id, "note/b", 2)

    ana.sync(automatic=True)
    after_automatic = {each.deed.key for each in ana.waiting()}
    ana.sync()

    assert after_automatic == {waits.id}
    assert set(hub.state.effects) == {waits.id, fresh.id}
    assert ana.waiting() == ()


def test_an_automatic_sync_sends_what_has_waited_long_enough(
    ana: Laptop, hub: FakeHub, given: Assignment, clock: StandingClock
) -> None:
    ana.write(given.id)
    hub.faults.down = True
    with pytest.raises(HubUnreachableError):
        ana.sync(automatic=True)
    hub.faults.down = False
    clock.forward(seconds=7)

    ana.sync(automatic=True)

    assert ana.waiting() == ()


def test_a_clock_that_was_set_back_keeps_nothing_waiting(
    ana: Laptop, hub: FakeHub, given: Assignment, clock: StandingClock
) -> None:
    clock.forward(days=400)
    ana.write(given.id)
    hub.faults.down = True
    with pytest.raises(HubUnreachableError):
        ana.sync(automatic=True)
    hub.faults.down = False
    clock.forward(days=-400)

    ana.sync(automatic=True)

    assert ana.waiting() == ()


def test_what_goes_wrong_again_and_again_is_said_once(ana: Laptop, hub: FakeHub, given: Assignment) -> None:
    poison = ana.write(given.id)
    hub.faults.stumbles = {poison.id: 500}
    lost = hub.give("ana", b"a file")
    hub.state.files.clear()

    for _ in range(3):
        ana.sync(automatic=True)
        ana.clock.forward(hours=1)

    assert len([words for words in ana.said() if "The hub fails with 500" in words and "Still" not in words]) == 1
    assert len([words for words in ana.said() if "did not come" in words]) == 1
    assert lost.round.artifacts


def test_an_automatic_sync_in_which_nothing_happens_says_nothing(ana: Laptop, given: Assignment) -> None:
    before = ana.said()

    ana.sync(automatic=True)

    assert ana.said() == before


def test_what_was_sent_once_cannot_be_recalled(ana: Laptop, hub: FakeHub, given: Assignment) -> None:
    key = ana.decide(given.id)
    hub.faults.down = True
    with pytest.raises(HubUnreachableError):
        ana.sync()

    with pytest.raises(TransitionError), ana.store.transaction() as tx:
        tx.outbox.recall(key)


def test_a_recalled_deed_is_never_sent(ana: Laptop, hub: FakeHub, given: Assignment) -> None:
    key = ana.decide(given.id)
    with ana.store.transaction() as tx:
        tx.outbox.recall(key)

    ana.sync()

    assert hub.state.effects == []


def test_a_package_brings_receipts_for_what_went_out_and_touches_nothing_else(
    ana: Laptop, hub: FakeHub, given: Assignment
) -> None:
    sent = ana.write(given.id, "note/sent", 1)
    hub.faults.answers_to_lose = 1
    with pytest.raises(HubUnreachableError):
        ana.sync()
    decided = ana.decide(given.id)
    hub.calls.clear()

    report = ana.sync(carried=True)  # the fake stands for a package that holds the receipts so far

    assert report.pushed.accepted == 1
    assert hub.state.effects == [sent.id]
    (waits,) = ana.waiting()
    assert (waits.deed.key, waits.attempts, waits.problem) == (decided, 0, None)
    with ana.store.transaction() as tx:
        tx.outbox.recall(decided)


def test_a_restored_hub_is_offered_again_what_it_lost_and_only_that(
    ana: Laptop, hub: FakeHub, given: Assignment
) -> None:
    kept = ana.write(given.id, "note/kept", 1)
    ana.sync()
    backup = hub.backup()
    lost = [ana.write(given.id, "note/lost", 2).id, ana.decide(given.id)]
    ana.sync()
    hub.restore(backup)

    report = ana.sync()

    assert sorted(hub.state.effects) == sorted([kept.id, *lost])
    assert report.pushed.epoch_renewed or report.pulled.epoch_renewed
    assert report.compared.equal
    assert ana.waiting() == ana.refused() == ()
    with ana.store.reading() as tx:
        assert tx.outbox.counts()[OutboxState.SENT] == 3
        assert [row.hub_state for row in tx.queue.rows()] == [AssignmentState.RECEIVED]


def test_what_was_told_before_the_first_pull_is_offered_again_too(
    pairings: Pairings, clock: StandingClock, tmp_path: Path
) -> None:
    hub = pairings.begin(clock)
    with pairings.laptop(hub, "ana", tmp_path) as ana:
        given, backup = hub.give("ana"), hub.backup()
        key = ana.decide(given.id)
        push(ana.store, hub.line(ana.paired.membership.token), still(ana))
        hub.restore(backup)

        ana.sync()

        assert hub.state.effects == [key]


def test_a_hub_whose_epoch_changes_with_every_answer_is_no_endless_loop(
    ana: Laptop, hub: FakeHub, given: Assignment
) -> None:
    ana.write_all((given.id, f"note/n{number}", number) for number in range(30))
    ana.sync()

    def renew(call: str) -> None:
        hub.epoch = f"epoch {len(hub.calls)}"

    hub.faults.before = renew
    hub.calls.clear()

    ana.sync()

    assert len(hub.calls) < 20


def test_a_long_outbox_goes_in_few_requests(ana: Laptop, hub: FakeHub, given: Assignment) -> None:
    ana.write_all((given.id, f"note/n{number}", number) for number in range(4 * BATCH + 1))
    hub.calls.clear()

    report = ana.sync()

    assert report.pushed.accepted == 4 * BATCH + 1
    assert hub.calls.count("tell") == 5
