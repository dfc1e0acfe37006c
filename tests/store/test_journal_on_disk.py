"""The journal on disk says what the domain's fold says, whatever way the edits came."""

import random
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessor_desk.domain.assessment import Edit, fold
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssessmentId, EditId
from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.errors import StoreError
from assessor_desk.seals.keyfile import KeyRing, Keys
from assessor_desk.store.store import Store
from tests.store.world import CHEAP, PASSPHRASE, RECOVERY, World, identity

ONE = AssessmentId(identity("one"))
SCORE = Field.parse("score/c1")


def test_an_edit_its_deed_and_the_fold_are_there_together(store: Store, world: World) -> None:
    edit = world.edit("a", value=2)

    with store.transaction() as tx:
        assert tx.journal.append(edit, world.deed(edit))

    with store.reading() as tx:
        assert tx.journal.assessment(ONE) == fold([edit])
        assert [each.deed for each in tx.outbox.unsent()] == [world.deed(edit)]


def test_what_a_failed_block_did_is_gone(store: Store, world: World) -> None:
    edit = world.edit("a")

    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        assert tx.journal.append(edit, world.deed(edit)) / 0

    with store.reading() as tx:
        assert tx.journal.assessment(ONE) == fold([])
        assert tx.outbox.unsent() == ()


def test_appending_an_edit_twice_is_harmless(store: Store, world: World) -> None:
    edit = world.edit("a")

    for expected in (True, False):
        with store.transaction() as tx:
            assert tx.journal.append(edit, world.deed(edit)) is expected

    with store.reading() as tx:
        assert tx.journal.edits(ONE) == (edit,)
        assert len(tx.outbox.unsent()) == 1


def test_a_later_edit_takes_the_place_and_the_history_stays(store: Store, world: World) -> None:
    first, second = world.edit("a", value=1), world.edit("b", value=2, parents=("a",))

    for edit in (first, second):
        with store.transaction() as tx:
            tx.journal.append(edit, world.deed(edit))

    with store.reading() as tx:
        assert tx.journal.assessment(ONE).value(SCORE) == 2
        assert tx.journal.history(ONE, SCORE) == (first, second)


def test_two_desks_that_disagree_are_both_kept(store: Store, world: World) -> None:
    here, there = world.edit("a", value=1), world.edit("b", value=4, device="other")

    with store.transaction() as tx:
        tx.journal.append(here, world.deed(here))
    with store.transaction() as tx:
        touched = tx.journal.fold_in([there])

    with store.reading() as tx:
        settled = tx.journal.settled(ONE, SCORE)
        kept = tx.journal.assessment(ONE)
    assert touched == ((ONE, SCORE),)
    assert settled is not None
    assert settled.in_conflict
    assert sorted(map(str, settled.versions)) == ["1", "4"]
    assert kept == fold([here, there])


def test_settling_a_conflict_ends_it(store: Store, world: World) -> None:
    here, there = world.edit("a", value=1), world.edit("b", value=4)
    choice = world.edit("c", value=4, parents=("a", "b"))

    with store.transaction() as tx:
        tx.journal.append(here, None)
        tx.journal.fold_in([there])
        tx.journal.append(choice, None)

    with store.reading() as tx:
        assert tx.journal.assessment(ONE) == fold([here, there, choice])
        assert tx.journal.assessment(ONE).value(SCORE) == 4


def test_an_edit_that_only_a_second_process_saw_is_not_overtaken(store: Store, world: World) -> None:
    first, unseen, mine = world.edit("a"), world.edit("b", parents=("a",)), world.edit("c", parents=("a",))

    with store.transaction() as tx:
        for edit in (first, unseen, mine):
            tx.journal.append(edit, None)

    with store.reading() as tx:
        assert tx.journal.assessment(ONE) == fold([first, unseen, mine])
        settled = tx.journal.settled(ONE, SCORE)
    assert settled is not None
    assert {head.id for head in settled.heads} == {unseen.id, mine.id}


def test_texts_of_every_script_come_back_as_typed(store: Store, world: World) -> None:
    words = "“Ça va?” 数学 \x00 \u202e \U0001f600 < & ' \" \\ \n"
    edit = world.edit("a", "rationale/c1", words)

    with store.transaction() as tx:
        tx.journal.append(edit, None)

    with store.reading() as tx:
        assert tx.journal.assessment(ONE).value(Field.parse("rationale/c1")) == words


def test_edits_that_could_not_be_sealed_wait_for_it(store: Store, world: World) -> None:
    sealed, open_, foreign = world.edit("a"), world.edit("b", "score/c2"), world.edit("c", "score/c3", device="other")
    with store.transaction() as tx:
        tx.journal.append(sealed, world.deed(sealed))
        tx.journal.append(open_, None)
        tx.journal.fold_in([foreign])

    with store.transaction() as tx:
        waiting = tx.journal.unsealed()
        tx.outbox.add(world.deed(open_), world.now)

    with store.reading() as tx:
        assert waiting == (open_,)
        assert tx.journal.unsealed() == ()


def test_a_deed_must_carry_its_edits_id(store: Store, world: World) -> None:
    edit, other = world.edit("a"), world.edit("b")

    with pytest.raises(ValueError, match="same id"), store.transaction() as tx:
        tx.journal.append(edit, world.deed(other))


def test_a_reading_block_refuses_to_write(store: Store, world: World) -> None:
    with pytest.raises(StoreError), store.reading() as tx:
        tx.journal.append(world.edit("a"), None)


def test_an_edit_costs_six_statements(store: Store, world: World) -> None:
    seen: list[str] = []
    edit = world.edit("a")

    with store.transaction() as tx:
        tx.bare.set_trace_callback(seen.append)  # type: ignore[attr-defined]
        tx.journal.append(edit, world.deed(edit))
    with store.transaction() as tx:
        tx.bare.set_trace_callback(None)  # type: ignore[attr-defined]

    assert len([each for each in seen if not each.startswith("--")]) == 5 + 1  # BEGIN was before, BEGIN comes after
    assert seen[-2].startswith("COMMIT")


def test_threads_append_in_turn_and_nothing_is_lost(store: Store, world: World) -> None:
    def work(number: int) -> None:
        for each in range(10):
            edit = world.edit(f"{number}-{each}", f"note/{number}-{each}", "words")
            with store.transaction() as tx:
                tx.journal.append(edit, world.deed(edit))

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with store.reading() as tx:
        assert len(tx.journal.assessment(ONE).fields) == 80
        assert len(tx.outbox.unsent()) == 80


@st.composite
def histories(draw: st.DrawFn) -> list[Edit]:
    """Return edits of a few fields whose parents are any of the others: chains, forks, holes and, rarely, rings."""
    world = World()
    edits = []
    for number in range(draw(st.integers(1, 12))):
        parents = draw(st.frozensets(st.integers(0, 13), max_size=3)) - {number}
        field = draw(st.sampled_from(["score/c1", "score/c2", "letter/opening"]))
        names = tuple(str(parent) for parent in sorted(parents))
        edits.append(world.edit(str(number), field, number % 4, parents=names))
    return edits


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> StorePaths:
    home = Home.at(tmp_path_factory.mktemp("journal") / "home")
    home.create()
    return home.store("shared")


@pytest.fixture(scope="module")
def filled(shared: StorePaths) -> Store:
    keys = Keys.generate()
    return Store.create(shared, keys, KeyRing.create(shared.id, keys, PASSPHRASE, RECOVERY, CHEAP))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=histories(), seed=st.integers(0, 1000))
def test_any_order_and_any_repetition_ends_in_the_domains_fold(filled: Store, edits: list[Edit], seed: int) -> None:
    order = random.Random(seed)  # noqa: S311
    delivery = [*edits, *order.sample(edits, len(edits) // 2)]
    order.shuffle(delivery)

    with filled.transaction() as tx:
        tx.bare.execute("DELETE FROM settled")
        tx.bare.execute("DELETE FROM edit")
        while delivery:
            batch = [delivery.pop() for _ in range(min(len(delivery), order.randint(1, 4)))]
            tx.journal.fold_in(batch)
        assert tx.journal.assessment(ONE) == fold(edits)


@settings(max_examples=100, deadline=None)
@given(edits=histories(), seed=st.integers(0, 1000))
def test_own_edits_between_foreign_ones_keep_the_fold_right(filled: Store, edits: list[Edit], seed: int) -> None:
    order = random.Random(seed)  # noqa: S311
    world = World()
    known: list[Edit] = []

    with filled.transaction() as tx:
        tx.bare.execute("DELETE FROM settled")
        tx.bare.execute("DELETE FROM edit")
        for number, foreign in enumerate(edits):
            tx.journal.fold_in([foreign])
            known.append(foreign)
            seen = order.sample(known, order.randint(0, len(known)))
            mine = world.edit(f"mine {number}", str(foreign.field), 7)
            mine = Edit(mine.id, mine.assessment, mine.field, 7, frozenset(e.id for e in seen), mine.device, world.now)
            tx.journal.append(mine, None)
            known.append(mine)
        assert tx.journal.assessment(ONE) == fold(known)
        tx.journal.settle_again(ONE)
        assert tx.journal.assessment(ONE) == fold(known)


def test_what_is_known_is_told_apart(store: Store, world: World, tmp_path: Path) -> None:
    edit = world.edit("a")
    with store.transaction() as tx:
        tx.journal.append(edit, None)

    with store.reading() as tx:
        assert tx.journal.known([edit.id, EditId(identity("b"))]) == {edit.id}
        assert tx.journal.assessments() == (ONE,)
