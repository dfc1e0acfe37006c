"""A deed waits as frozen bytes until the hub's receipt names those bytes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_desk.errors import TransitionError
from assessor_desk.store.deeds import Kept, OutboxState, Outgoing
from assessor_desk.store.store import Store
from tests.store.world import World

DEED = Outgoing("k1", "decision", 1, b'{"frozen":1}')
LATER = Outgoing("k2", "sign-off", 2, b'{"frozen":2}')


@pytest.fixture
def outbox(store: Store, world: World) -> Store:
    with store.transaction() as tx:
        tx.outbox.add(DEED, world.now)
        tx.outbox.add(LATER, world.now)
    return store


def state(store: Store, key: str = "k1") -> OutboxState:
    with store.reading() as tx:
        found = tx.outbox.get(key)
    assert found is not None
    return found.state


def test_deeds_wait_in_the_order_in_which_they_were_done(outbox: Store, world: World) -> None:
    with outbox.reading() as tx:
        waiting = tx.outbox.waiting(world.now)
        limited = tx.outbox.waiting(world.now, limit=1)

    assert [each.deed for each in waiting] == [DEED, LATER]
    assert [each.deed for each in limited] == [DEED]
    assert waiting[0].made_at == world.now


def test_a_deed_that_is_here_already_keeps_its_bytes(outbox: Store, world: World) -> None:
    with outbox.transaction() as tx:
        added = tx.outbox.add(replace(DEED, body=b"other"), world.now)

    with outbox.reading() as tx:
        found = tx.outbox.get("k1")
    assert not added
    assert found is not None
    assert found.deed == DEED


def test_a_deed_that_was_being_sent_when_the_desk_died_is_sent_again(outbox: Store, world: World) -> None:
    with outbox.transaction() as tx:
        tx.outbox.sending(["k1"])

    with outbox.reading() as tx:
        [first, _] = tx.outbox.waiting(world.now)
    assert (first.deed, first.state, first.attempts) == (DEED, OutboxState.SENDING, 1)


def test_a_receipt_that_names_the_bytes_ends_the_waiting(outbox: Store, world: World) -> None:
    receipt = world.receipt(DEED)

    with outbox.transaction() as tx:
        tx.outbox.sending(["k1"])
        kept = tx.outbox.keep([receipt], "e1")

    with outbox.reading() as tx:
        assert [each.deed for each in tx.outbox.unsent()] == [LATER]
        assert tx.outbox.receipt("k1") == receipt
        assert tx.outbox.receipt("k2") is None
    assert kept == Kept(accepted=("k1",))


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"key": "k9"}], ids=["other bytes", "unknown deed"])
def test_a_receipt_for_something_else_counts_for_nothing(outbox: Store, world: World, wrong: dict[str, str]) -> None:
    with outbox.transaction() as tx:
        tx.outbox.sending(["k1"])
        kept = tx.outbox.keep([replace(world.receipt(DEED), **wrong)], "e1")  # type: ignore[arg-type]

    assert kept == Kept(foreign=(wrong.get("key", "k1"),))
    assert state(outbox) is OutboxState.SENDING


def test_a_refusal_is_kept_with_its_reason_and_not_tried_again(outbox: Store, world: World) -> None:
    with outbox.transaction() as tx:
        tx.outbox.sending(["k1"])
        kept = tx.outbox.keep([world.receipt(DEED, accepted=False, problem="The case is closed.")], "e1")

    with outbox.reading() as tx:
        [refused] = tx.outbox.refused()
        assert [each.deed for each in tx.outbox.waiting(world.now)] == [LATER]
        assert tx.outbox.counts()[OutboxState.REFUSED] == 1
    assert (refused.deed, refused.problem) == (DEED, "The case is closed.")
    assert kept == Kept(refused=("k1",))


def test_a_failed_attempt_waits_its_time_unless_a_person_asks(outbox: Store, world: World) -> None:
    with outbox.transaction() as tx:
        tx.outbox.sending(["k1", "k2"])
        tx.outbox.later(["k1", "k2"], world.now + timedelta(minutes=5), "The hub does not answer.")

    with outbox.transaction() as tx:
        assert tx.outbox.waiting(world.now + timedelta(minutes=4)) == ()
        assert len(tx.outbox.waiting(world.now + timedelta(minutes=5))) == 2
        tx.outbox.try_now()
        assert [each.attempts for each in tx.outbox.waiting(world.now)] == [1, 1]


def test_a_deed_can_be_recalled_before_the_first_attempt_only(outbox: Store, world: World) -> None:
    with outbox.transaction() as tx:
        tx.outbox.sending(["k2"])
        tx.outbox.later(["k2"], world.now, "The hub does not answer.")

    with outbox.transaction() as tx:
        tx.outbox.recall("k1")
    with pytest.raises(TransitionError), outbox.transaction() as tx:
        tx.outbox.recall("k2")

    assert (state(outbox, "k1"), state(outbox, "k2")) == (OutboxState.RECALLED, OutboxState.WAITING)
    with outbox.reading() as tx:
        assert [each.deed for each in tx.outbox.waiting(world.now)] == [LATER]


def test_a_recalled_deed_takes_no_receipt(outbox: Store, world: World) -> None:
    with outbox.transaction() as tx:
        tx.outbox.recall("k1")
        kept = tx.outbox.keep([world.receipt(DEED)], "e1")

    assert kept.foreign == ("k1",)
    assert state(outbox) is OutboxState.RECALLED


def test_a_restored_hub_is_offered_what_it_may_have_forgotten(outbox: Store, world: World) -> None:
    with outbox.transaction() as tx:
        tx.outbox.keep([world.receipt(DEED)], "e1")
        tx.outbox.keep([world.receipt(LATER)], "e2")

    with outbox.transaction() as tx:
        offered = tx.outbox.offer_again("e2")
        waiting = tx.outbox.waiting(world.now)
        tx.outbox.keep([world.receipt(DEED)], "e2")
        again = tx.outbox.offer_again("e2")

    assert (offered, again) == (1, 0)
    assert [each.deed for each in waiting] == [DEED]
    assert state(outbox) is OutboxState.SENT


def test_a_deed_offered_again_can_no_longer_be_recalled(outbox: Store, world: World) -> None:
    with outbox.transaction() as tx:
        tx.outbox.sending(["k1"])
        tx.outbox.keep([world.receipt(DEED)], "e1")
        tx.outbox.offer_again("e2")

    with pytest.raises(TransitionError), outbox.transaction() as tx:
        tx.outbox.recall("k1")


def test_the_deeds_about_one_assignment_are_found(store: Store, world: World) -> None:
    edit = world.edit("a")
    with store.transaction() as tx:
        tx.journal.append(edit, world.deed(edit))
        tx.outbox.add(DEED, world.now)

    with store.reading() as tx:
        assert [each.deed for each in tx.outbox.of(edit.assessment)] == [world.deed(edit)]


def test_decisions_go_out_before_drafts(outbox: Store, world: World) -> None:
    draft = world.deed(world.edit("draft"))
    with outbox.transaction() as tx:
        tx.outbox.add(draft, world.now)
        tx.outbox.add(Outgoing("k3", "decision", 1, b"{}"), world.now)

    with outbox.reading() as tx:
        waiting = [each.deed.key for each in tx.outbox.waiting(world.now)]

    assert waiting == ["k1", "k2", "k3", draft.key]
