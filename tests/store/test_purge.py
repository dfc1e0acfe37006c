"""A portfolio that is taken off the laptop leaves nothing behind, and nothing goes that exists only here."""

import hmac
import random
from collections.abc import Iterator
from dataclasses import replace
from hashlib import pbkdf2_hmac, sha512
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from assessor_desk.domain.ids import PortfolioId
from assessor_desk.domain.portfolio import Assignment, AssignmentState
from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.errors import ArtifactError, NotReadyError
from assessor_desk.seals.keyfile import KeyRing, Keys
from assessor_desk.store.activity import Happening
from assessor_desk.store.records import Item
from assessor_desk.store.store import Store
from assessor_desk.tables.lanes import Lanes
from tests.store.world import CHEAP, PASSPHRASE, RECOVERY, World, artifact, digests, fetched, with_state

PLAN = b"The plan that the participant wrote. " * 9_000
SECRETS = ("a rationale about Ms. Rivera", "a note for myself", "letter words", "decision words", "sent to the hub")
PAGE, RESERVED, SALT = 4096, 80, 16


def raw_pages(database: Path, key: bytes) -> Iterator[bytes]:
    """Yield every page as it lies in the file, decrypted: live rows, free pages and what lies between cells."""
    raw = database.read_bytes()
    for start in range(0, len(raw), PAGE):
        page = raw[start : start + PAGE]
        content = page[SALT if start == 0 else 0 : PAGE - RESERVED]
        vector = page[PAGE - RESERVED : PAGE - RESERVED + 16]
        cipher = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
        yield cipher.update(content) + cipher.finalize()


def found(paths: StorePaths, key: bytes) -> set[str]:
    pages = b"".join(raw_pages(paths.database, key))
    return {word for word in SECRETS if word.encode() in pages or word.encode("utf-16-le") in pages}


def put_to_work(store: Store, world: World, name: str) -> Assignment:
    """Do everything that leaves traces of a portfolio, and let the hub receipt it."""
    assignment = world.assignment(name, artifacts=(artifact(PLAN),))
    letter = Item("letter", f"letter {name}", SECRETS[2].encode() * 900, portfolio=assignment.portfolio.id)
    decision = Item("decision", f"decision {name}", SECRETS[3].encode(), portfolio=assignment.portfolio.id)
    with store.transaction() as tx:
        tx.records.apply(world.page(world.item(assignment), letter, decision))
    before: tuple[str, ...] = ()
    for number in range(40):
        words = SECRETS[0] * (number * 7 % 90 + 1)
        edit = world.edit(f"{name} {number}", "rationale/c1", words, parents=before, assessment=name)
        deed = world.deed(edit, SECRETS[4].encode() * (number + 1))
        with store.transaction() as tx:
            tx.journal.append(edit, deed)
            tx.outbox.sending([deed.key])
            tx.outbox.keep([world.receipt(deed)], "e1")
        before = (f"{name} {number}",)
    with store.transaction() as tx:
        tx.notes.put(edit.assessment, "note", SECRETS[1], world.now)
        tx.activity.say(Happening(world.now, "sync", f"{SECRETS[4]}.", edit.assessment))
    fetched(store, assignment, PLAN)
    return assignment


def test_nothing_is_left_in_the_raw_files_even_with_the_key(
    store: Store, world: World, paths: StorePaths, keys: Keys
) -> None:
    kept, gone = put_to_work(store, world, "kept"), put_to_work(store, world, "gone")
    put_to_work(store, world, "other")

    for assignment in (gone, kept):
        store.purge([assignment.portfolio.id], world.now)
    with store.transaction() as tx:
        everything = {row.id for row in tx.queue.rows()}
    store.purge([world.assignment("other").portfolio.id], world.now)

    log = paths.database.with_name(paths.database.name + "-wal")
    assert len(everything) == 1
    assert log.stat().st_size < 20 * PAGE  # nothing but the note that all is erased
    assert list(paths.blobs.iterdir()) == []
    store.close()
    assert found(paths, keys.data) == set()


def test_the_search_for_traces_would_find_them(store: Store, world: World, paths: StorePaths, keys: Keys) -> None:
    put_to_work(store, world, "kept")
    store.close()

    assert found(paths, keys.data) == set(SECRETS)


def random_work(store: Store, world: World, seed: int) -> list[PortfolioId]:
    """Write texts of many sizes into several portfolios, in turns, and return those that shall go."""
    order = random.Random(seed)  # noqa: S311
    names = [f"n{number}" for number in range(order.randint(2, 6))]
    doomed = names[: order.randint(1, len(names) - 1)]
    for number in range(order.randint(40, 200)):
        name = order.choice(names)
        words = SECRETS[0] if name in doomed else "to be kept"
        text, sealed = (words * order.randint(1, order.choice([3, 50, 400])) for _ in range(2))
        edit = world.edit(f"{name} {number}", f"rationale/c{order.randint(1, 5)}", text, assessment=name)
        deed = world.deed(edit, sealed.encode())
        with store.transaction() as tx:
            tx.records.apply(world.page(world.item(world.assignment(name))))
            tx.journal.append(edit, deed)
            tx.outbox.keep([world.receipt(deed)], "e1")
    return [world.assignment(name).portfolio.id for name in doomed]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_written_nothing_is_left_in_the_gaps(
    store: Store, world: World, paths: StorePaths, keys: Keys, seed: int
) -> None:
    doomed = random_work(store, world, seed)

    store.purge(doomed, world.now)

    store.close()
    assert found(paths, keys.data) == set()


def test_overwriting_alone_would_leave_copies_in_the_gaps(
    world: World, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lanes, "erase", lambda _lanes: True)
    left = 0

    for seed in range(12):
        paths = Home.at(tmp_path / str(seed)).store("store")
        with Store.create(paths, keys, KeyRing.create("store", keys, PASSPHRASE, RECOVERY, CHEAP)) as store:
            store.purge(random_work(store, world, seed), world.now)
        left += bool(found(paths, keys.data))

    assert left > 0


def test_the_pages_that_the_search_reads_are_the_files_own(store: Store, paths: StorePaths, keys: Keys) -> None:
    store.close()
    raw = paths.database.read_bytes()
    salted = bytes(each ^ 0x3A for each in raw[:SALT])
    signing = pbkdf2_hmac("sha512", keys.data, salted, 2, 32)
    content, seal = raw[SALT : PAGE - 64], raw[PAGE - 64 : PAGE]

    assert hmac.digest(signing, content + (1).to_bytes(4, "little"), sha512) == seal


def test_the_rest_of_the_laptop_is_untouched(store: Store, world: World) -> None:
    kept, gone = put_to_work(store, world, "kept"), put_to_work(store, world, "gone")
    with store.reading() as tx:
        before = tx.journal.assessment(world.edit("", assessment="kept").assessment)

    store.purge([gone.portfolio.id], world.now)

    with store.reading() as tx:
        assert tx.journal.assessment(world.edit("", assessment="kept").assessment) == before
        assert [row.id for row in tx.queue.rows()] == [kept.id]
        with tx.artifacts.open(kept.portfolio.id, digests(PLAN)[0]) as content:
            assert content.readall() == PLAN
    assert store.check(read_artifacts=True).sound


def test_the_receipt_says_what_went(store: Store, world: World) -> None:
    gone = put_to_work(store, world, "gone")
    with store.reading() as tx:
        extent = tx.purges.extent(gone.portfolio.id)

    [receipt] = store.purge([gone.portfolio.id], world.now)

    assert receipt.assignments == (gone.id,)
    assert receipt.artifacts == (digests(PLAN)[0],)
    assert receipt.rows == sum(extent.rows.values())
    assert (receipt.removed_at, receipt.erased_at) == (world.now, world.now)
    assert extent.rows == {
        "artifact": 1, "portfolio_key": 1, "settled": 1, "edit": 40, "receipt": 40, "outbox": 40,
        "private_note": 1, "activity": 1, "record": 3, "assignment": 1,
    }  # fmt: skip


def test_an_artifact_of_a_removed_portfolio_does_not_open_from_a_kept_copy(
    store: Store, world: World, paths: StorePaths
) -> None:
    gone = put_to_work(store, world, "gone")
    [file] = paths.blobs.iterdir()
    copy = file.read_bytes()

    store.purge([gone.portfolio.id], world.now)
    file.write_bytes(copy)

    with pytest.raises(ArtifactError), store.reading() as tx:
        tx.artifacts.open(gone.portfolio.id, digests(PLAN)[0])
    assert store.check().strays == (file.name,)
    store.mend(store.check())
    assert not file.exists()


@pytest.mark.parametrize("sealed", [True, False], ids=["a deed waits", "an edit is not sealed"])
def test_work_that_has_not_reached_the_hub_is_never_removed(store: Store, world: World, sealed: bool) -> None:
    gone = put_to_work(store, world, "gone")
    edit = world.edit("late", assessment="gone")
    with store.transaction() as tx:
        tx.journal.append(edit, world.deed(edit) if sealed else None)
        tx.records.apply(world.page(world.item(with_state(gone, AssignmentState.WITHDRAWN)), cursor="c2"))

    with pytest.raises(NotReadyError, match="1 pieces"):
        store.purge([gone.portfolio.id], world.now)

    with store.reading() as tx:
        assert edit in tx.journal.edits(edit.assessment)
        assert tx.purges.receipts() == ()


def test_work_that_the_hub_refused_goes_only_when_a_person_says_so(store: Store, world: World) -> None:
    gone = put_to_work(store, world, "gone")
    edit = world.edit("late", assessment="gone")
    with store.transaction() as tx:
        tx.journal.append(edit, world.deed(edit))
        tx.outbox.sending([edit.id])
        tx.outbox.keep([world.receipt(world.deed(edit), accepted=False, problem="closed")], "e1")

    with pytest.raises(NotReadyError, match="refused"):
        store.purge([gone.portfolio.id], world.now)

    [receipt] = store.purge([gone.portfolio.id], world.now, with_refused=True)
    assert receipt.erased_at == world.now


def test_a_portfolio_that_is_not_here_is_one_sentence(store: Store, world: World) -> None:
    with pytest.raises(NotReadyError, match="not on this laptop"):
        store.purge([PortfolioId("nowhere")], world.now)


def test_a_reader_in_the_way_only_delays_the_erasing(store: Store, world: World) -> None:
    gone = put_to_work(store, world, "gone")

    with store.reading() as tx:
        tx.queue.rows()
        [receipt] = store.purge([gone.portfolio.id], world.now)

    assert receipt.erased_at is None
    assert store.finish_purges(world.now)
    with store.reading() as tx:
        assert tx.purges.receipts()[0].erased_at == world.now


def test_a_removed_record_still_counts_and_does_not_come_back_unless_it_is_new(store: Store, world: World) -> None:
    gone = put_to_work(store, world, "gone")
    with store.reading() as tx:
        before = tx.records.counts()
    store.purge([gone.portfolio.id], world.now)

    with store.transaction() as tx:
        again = tx.records.apply(world.page(world.item(gone), cursor="c3"))
        after = tx.records.counts()
        rows = tx.queue.rows()
        appealed = replace(gone, state=AssignmentState.TO_DO, reason="appeal")
        new = tx.records.apply(world.page(world.item(appealed, more="appeal"), cursor="c4"))

    assert (again.changed, rows, after) == ((), (), before)
    assert new.assignments == (gone.id,)
