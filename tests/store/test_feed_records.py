"""What the feed brings is kept whole, with its cursor, however often it comes."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlcipher3 import dbapi2 as driver

from assessor_desk.domain.ids import AssessmentId, PortfolioCode
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.store.activity import Happening
from assessor_desk.store.meta import Position
from assessor_desk.store.records import Applied, Item
from assessor_desk.store.store import Store
from tests.store.world import World, artifact, identity, with_state


def test_a_page_and_its_cursor_are_kept_together(store: Store, world: World) -> None:
    assignment = world.assignment()

    with store.transaction() as tx:
        applied = tx.records.apply(world.page(world.item(assignment), cursor="c7", epoch="e2"))

    with store.reading() as tx:
        assert tx.meta.position() == Position("c7", "e2", world.now)
        assert tx.records.body("assignment", assignment.id) == world.item(assignment).body
        assert [row.id for row in tx.queue.rows()] == [assignment.id]
    assert applied == Applied((("assignment", assignment.id),), (assignment.id,), 0)


def test_a_page_that_fails_leaves_the_cursor_where_it_was(store: Store, world: World) -> None:
    broken = replace(world.item(world.assignment()), body=None)  # type: ignore[arg-type]

    with pytest.raises(TypeError), store.transaction() as tx:
        tx.records.apply(world.page(Item("letter", "1", b"{}"), broken, cursor="c9"))

    with store.reading() as tx:
        assert tx.meta.position() == Position()
        assert tx.records.kinds() == ()


def test_a_page_that_comes_again_changes_nothing(store: Store, world: World) -> None:
    page = world.page(world.item(world.assignment()), Item("decision", "d", b"{}", assessment=AssessmentId("a")))

    with store.transaction() as tx:
        tx.records.apply(page)
    with store.transaction() as tx:
        again = tx.records.apply(page)

    assert again == Applied((), (), 2)


def test_the_last_word_of_a_page_stands(store: Store, world: World) -> None:
    first, second = world.item(world.assignment(), more="1"), world.item(world.assignment(), more="2")
    with store.transaction() as tx:
        tx.records.apply(world.page(first))

    with store.transaction() as tx:
        tx.records.apply(world.page(second, first))

    with store.reading() as tx:
        assert tx.records.body("assignment", first.id) == first.body


def test_a_kind_that_this_desk_does_not_know_is_kept_and_read_after_an_upgrade(store: Store, world: World) -> None:
    raw = Item("from-the-future", "f1", b'{"new":true}')
    with store.transaction() as tx:
        tx.records.apply(world.page(raw))

    with store.transaction() as tx:
        read = [replace(raw, body=body, assessment=AssessmentId("a")) for _, body in tx.records.of_kind(raw.kind)]
        applied = tx.records.apply(world.page(*read))

    with store.reading() as tx:
        assert tx.records.kinds() == ("from-the-future",)
        assert tx.records.of_assessment(AssessmentId("a"), raw.kind) == (("f1", raw.body),)
    assert applied.changed == ((raw.kind, raw.id),)


def test_counts_say_what_the_hub_says(store: Store, world: World) -> None:
    bodies = {f"{number:x}": f'{{"n":{number}}}'.encode() for number in range(40)}
    items = [Item("decision", key, body) for key, body in bodies.items()]
    items.sort(key=lambda item: sha256(item.id.encode()).digest())  # any order but the right one

    with store.transaction() as tx:
        tx.records.apply(world.page(*items))

    lines = "".join(sorted(f"{key} {sha256(body).hexdigest()}\n" for key, body in bodies.items()))
    with store.reading() as tx:
        count = tx.records.counts()["decision"]
    assert (count.count, count.sha256) == (40, sha256(lines.encode()).hexdigest())


def test_the_latest_hub_time_never_goes_back(store: Store, world: World) -> None:
    with store.transaction() as tx:
        tx.meta.advance(Position("c1", "e1", world.now))
        tx.meta.advance(Position("c0", "e2", world.now - timedelta(days=3)))

    with store.reading() as tx:
        assert tx.meta.position() == Position("c0", "e2", world.now)


def test_the_queue_lays_the_outbox_over_the_hubs_word(store: Store, world: World) -> None:
    untouched, begun, closed = (world.assignment(name, due=due) for name, due in (("u", 3), ("b", 1), ("c", 2)))
    edit = world.edit("e", assessment="b")
    decision = replace(world.deed(world.edit("d", assessment="c")), kind="decision")

    with store.transaction() as tx:
        tx.records.apply(world.page(*map(world.item, (untouched, begun, closed))))
        tx.journal.append(edit, world.deed(edit))
        tx.outbox.add(decision, world.now)

    with store.reading() as tx:
        rows = tx.queue.rows()
    assert [(row.id, row.state, row.scored) for row in rows] == [
        (begun.id, AssignmentState.IN_PROGRESS, 1),
        (closed.id, AssignmentState.WAITING_TO_SEND, 0),
        (untouched.id, AssignmentState.TO_DO, 0),
    ]
    assert {row.hub_state for row in rows} == {AssignmentState.TO_DO}


def test_the_queue_counts_files_and_fields_with_two_versions(store: Store, world: World) -> None:
    assignment = world.assignment(artifacts=(artifact(b"a"), artifact(b"b", "data")))

    with store.transaction() as tx:
        tx.records.apply(world.page(world.item(assignment)))
        tx.journal.fold_in([world.edit("x", value=1), world.edit("y", value=2), world.edit("z", "score/c2", None)])

    with store.reading() as tx:
        [row] = tx.queue.rows()
        assert tx.queue.of_code(PortfolioCode(row.code.lower())) == (assignment.id,)
        assert tx.queue.of_portfolio(assignment.portfolio.id) == (assignment.id,)
    assert (row.artifacts_here, row.artifacts, row.scored, row.split) == (0, 2, 1, 1)


def test_what_open_work_lacks_comes_first_by_due_date_then_small_before_large(store: Store, world: World) -> None:
    late = world.assignment("late", due=9, artifacts=(artifact(b"l"),))
    soon = world.assignment("soon", due=1, artifacts=(artifact(b"large" * 9), artifact(b"small", "data")))
    gone = world.assignment("gone", state=AssignmentState.WITHDRAWN, artifacts=(artifact(b"g"),))
    to_approve = world.assignment("appr", due=5, part=Part.APPROVER, artifacts=(artifact(b"a"),))

    with store.transaction() as tx:
        tx.records.apply(world.page(*map(world.item, (late, soon, gone, to_approve))))

    with store.reading() as tx:
        wanted = [each.sha256 for each in tx.artifacts.to_fetch()]
    assert wanted == [sha256(each).hexdigest() for each in (b"small", b"large" * 9, b"a", b"l")]


def test_an_assignment_that_changes_shows_its_new_state(store: Store, world: World) -> None:
    assignment = world.assignment()
    with store.transaction() as tx:
        tx.records.apply(world.page(world.item(assignment)))

    with store.transaction() as tx:
        tx.records.apply(world.page(world.item(with_state(assignment, AssignmentState.RETURNED)), cursor="c2"))

    with store.reading() as tx:
        assert [row.state for row in tx.queue.rows()] == [AssignmentState.RETURNED]


def test_notes_and_the_log_stay_and_come_back(store: Store, world: World) -> None:
    whose = AssessmentId(identity("one"))
    said = Happening(world.now, "sync", "Two portfolios arrived.", whose)

    with store.transaction() as tx:
        tx.notes.put(whose, "note", "first", world.now)
        tx.notes.put(whose, "note", "second", world.now)
        tx.activity.say(said)

    with store.transaction() as tx:
        assert tx.notes.all(whose) == {"note": "second"}
        assert tx.notes.get(whose, "seconds") is None
        assert tx.activity.latest() == (said,)
        assert tx.activity.trim(world.now + timedelta(days=1)) == 1
        assert tx.outbox.unsent() == ()


def test_two_thousand_assignments_are_kept_page_by_page(store: Store, world: World) -> None:
    items = [world.item(world.assignment(str(number))) for number in range(2_000)]

    for start in range(0, len(items), 200):
        with store.transaction() as tx:
            tx.records.apply(world.page(*items[start : start + 200], cursor=str(start)))

    with store.reading() as tx:
        assert tx.records.counts()["assignment"].count == 2_000
        assert len(tx.queue.rows()) == 2_000


def test_a_fault_of_ours_in_a_statement_stays_loud(store: Store) -> None:
    with pytest.raises(driver.OperationalError, match="no such table"), store.transaction() as tx:
        tx.bare.execute("SELECT * FROM nowhere")


def test_what_is_withheld_is_counted_and_nothing_of_it_is_kept(store: Store, world: World) -> None:
    assignment = world.item(with_state(world.assignment(artifacts=(artifact(b"plan"),)), AssignmentState.DONE))
    decision = Item("decision", "d", b'{"words":"about someone"}', assessment=AssessmentId(assignment.id))
    with store.transaction() as tx:
        counted = tx.records.apply(
            world.page(replace(assignment, withheld=True), replace(decision, withheld=True))
        ).changed
        again = tx.records.apply(world.page(replace(decision, withheld=True))).changed

    with store.reading() as tx:
        assert tx.records.counts()["decision"].count == 1
        assert tx.records.body("decision", "d") is None
        assert tx.records.of_assessment(AssessmentId(assignment.id), "decision") == ()
        assert tx.queue.rows() == ()
        assert tx.artifacts.to_fetch() == ()
    assert (len(counted), again) == (2, ())


def test_sealed_edits_wait_to_be_folded_in_only_while_their_work_is_here(store: Store, world: World) -> None:
    here, gone = world.edit("here", assessment="one"), world.edit("gone", assessment="elsewhere")
    sealed = [Item("sealed-edit", each.id, b"sealed", assessment=each.assessment) for each in (here, gone)]
    with store.transaction() as tx:
        tx.records.apply(world.page(world.item(world.assignment("one")), *sealed))

    with store.reading() as tx:
        assert tx.records.unfolded("sealed-edit") == ((here.id, b"sealed"),)
    with store.transaction() as tx:
        tx.journal.fold_in([here])
    with store.reading() as tx:
        assert tx.records.unfolded("sealed-edit") == ()
