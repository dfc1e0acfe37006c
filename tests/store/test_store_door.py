"""The store opens with its key alone, shows nothing without it, and says in one sentence when it cannot."""

import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.errors import (
    DeskError,
    DiskFullError,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreMissingError,
    StoreTooNewError,
    WrongPassphraseError,
)
from assessor_desk.seals.keyfile import KeyRing, Keys
from assessor_desk.seals.signatures import SigningKey
from assessor_desk.store import keys as key_file
from assessor_desk.store import schema, upgrade
from assessor_desk.store.records import Item
from assessor_desk.store.store import Store
from assessor_desk.tables import migrations
from assessor_desk.tables.engines import open_sqlite
from assessor_desk.tables.sqlite import connect
from assessor_desk.tables.transactions import reading, writing
from tests.store.world import CHEAP, PASSPHRASE, RECOVERY, World, artifact, fetched

WORDS = "Planted: the participant’s name is Ada Rivera"
PLAN = WORDS.encode() * 20_000


def planted(store: Store, world: World) -> None:
    assignment = world.assignment(artifacts=(artifact(PLAN),))
    edit = world.edit("a", "rationale/c1", WORDS)
    with store.transaction() as tx:
        tx.records.apply(world.page(world.item(assignment), Item("letter", "l", PLAN)))
        tx.journal.append(edit, world.deed(edit, WORDS.encode()))
        tx.notes.put(edit.assessment, "note", WORDS, world.now)
        tx.meta.put("token", WORDS)
    fetched(store, assignment, PLAN)


def holders(folder: Path) -> list[str]:
    """Return the files in which planted words, a piece of them or a key's letters can be read."""
    wanted = [WORDS.encode(), WORDS.encode("utf-16-le"), WORDS.encode("utf-16-be"), WORDS.encode()[:16]]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(each in path.read_bytes() for each in wanted)]


def test_nothing_is_readable_at_rest_while_the_desk_runs_and_after(
    store: Store, world: World, paths: StorePaths, keys: Keys, tmp_path: Path
) -> None:
    planted(store, world)

    while_open = holders(tmp_path)
    names = sorted(path.name for path in paths.folder.iterdir())
    store.close()

    assert (while_open, holders(tmp_path)) == ([], [])
    assert names == ["blobs", "keys.json", "scratch", "store.db", "store.db-shm", "store.db-wal"]
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert keys.data not in everything
    assert keys.data.hex().encode() not in everything


def test_only_the_owner_may_look(store: Store, world: World, paths: StorePaths) -> None:
    planted(store, world)

    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (paths.folder, *paths.folder.rglob("*"))}

    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_stock_sqlite_cannot_open_it(store: Store, paths: StorePaths) -> None:
    store.close()
    stock = sqlite3.connect(paths.database)

    with pytest.raises(sqlite3.DatabaseError):
        stock.execute("SELECT * FROM sqlite_master").fetchall()

    stock.close()


def test_the_passphrase_opens_it_and_brings_the_keys(store: Store, world: World, paths: StorePaths, keys: Keys) -> None:
    planted(store, world)
    store.close()

    opened, unlocked = Store.unlock(paths, PASSPHRASE)

    with opened, opened.reading() as tx:
        assert tx.meta.get("token") == WORDS
    assert unlocked.data == keys.data
    assert unlocked.signing.public == keys.signing.public


def test_a_wrong_passphrase_is_one_sentence_and_harmless(store: Store, world: World, paths: StorePaths) -> None:
    planted(store, world)
    store.close()
    before = {path: path.read_bytes() for path in paths.folder.rglob("*") if path.is_file()}

    with pytest.raises(WrongPassphraseError):
        Store.unlock(paths, PASSPHRASE + " ")

    assert {path: path.read_bytes() for path in paths.folder.rglob("*") if path.is_file()} == before


def test_a_new_passphrase_opens_it_and_the_old_one_no_longer(store: Store, paths: StorePaths) -> None:
    store.close()

    key_file.change_passphrase(paths, PASSPHRASE, "another one", CHEAP)

    key_file.unlock(paths, "another one")
    with pytest.raises(WrongPassphraseError):
        key_file.unlock(paths, PASSPHRASE)


def test_the_recovery_sheet_brings_back_all_but_the_devices_signature(
    store: Store, world: World, paths: StorePaths, keys: Keys
) -> None:
    planted(store, world)
    store.close()
    new_device = SigningKey.generate()

    recovered = key_file.recover(paths, RECOVERY, "remembered again", new_device, CHEAP)

    opened, unlocked = Store.unlock(paths, "remembered again")
    opened.close()
    assert recovered.data == unlocked.data == keys.data
    assert unlocked.sealing.public == keys.sealing.public
    assert unlocked.signing.public == new_device.public
    with pytest.raises(WrongPassphraseError):
        key_file.recover(paths, bytes(20), "mine now", new_device, CHEAP)


def test_another_stores_key_does_not_open_it(store: Store, paths: StorePaths) -> None:
    store.close()

    with pytest.raises(StoreDamagedError):
        Store.open(paths, bytes(32))


def test_where_nothing_is_nothing_is_made(tmp_path: Path) -> None:
    paths = Home.at(tmp_path / "home").store("nobody")

    with pytest.raises(StoreMissingError):
        Store.unlock(paths, PASSPHRASE)

    assert not (tmp_path / "home").exists()


def test_a_store_is_not_made_over_another(store: Store, paths: StorePaths, keys: Keys, ring: KeyRing) -> None:
    with pytest.raises(StoreError, match="already"):
        Store.create(paths, keys, ring)


def test_a_first_run_that_was_cut_short_can_be_begun_again(
    store: Store, world: World, paths: StorePaths, ring: KeyRing
) -> None:
    store.close()
    paths.keys.unlink()  # written last: without it there is no store
    others = Keys.generate()

    with Store.create(paths, others, ring) as made, made.reading() as tx:
        assert tx.queue.rows() == ()


@pytest.mark.parametrize("place", [30, 4096 * 2 + 50, -2000])
def test_a_damaged_page_is_one_sentence_and_loses_nothing_else(
    store: Store, world: World, paths: StorePaths, keys: Keys, place: int
) -> None:
    planted(store, world)
    store.close()
    raw = bytearray(paths.database.read_bytes())
    raw[place] ^= 0xFF
    paths.database.write_bytes(raw)

    faults: list[str] = []
    try:
        with Store.open(paths, keys.data) as opened:
            faults += opened.check(read_artifacts=True).faults
    except StoreDamagedError as error:
        faults.append(error.detail)

    assert len(faults) == 1
    assert "damaged" in faults[0]
    assert paths.database.read_bytes() == raw


def test_a_missing_database_is_told_apart_from_no_store(store: Store, paths: StorePaths, keys: Keys) -> None:
    store.close()
    paths.database.unlink()

    with pytest.raises(StoreDamagedError, match="missing"):
        Store.open(paths, keys.data)


def test_a_store_of_a_newer_desk_is_refused_and_left_alone(store: Store, paths: StorePaths, keys: Keys) -> None:
    with store.transaction() as tx:
        tx.bare.execute("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    before = paths.database.read_bytes()

    with pytest.raises(StoreTooNewError):
        Store.open(paths, keys.data)

    assert paths.database.read_bytes() == before


def test_a_full_disk_is_one_sentence_and_loses_nothing(store: Store, world: World) -> None:
    planted(store, world)
    with store.transaction() as tx:
        [(pages,)] = tx.bare.execute("PRAGMA page_count").fetchall()
    large = world.edit("b", "rationale/c2", "x" * 2_000_000)

    with store.transaction() as tx:
        tx.bare.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    with pytest.raises(DiskFullError) as full, store.transaction() as tx:
        tx.journal.append(large, world.deed(large))
    with store.transaction() as tx:
        tx.bare.execute("PRAGMA max_page_count = 1000000").fetchall()
        tx.journal.append(large, None)

    assert full.value.safe
    assert store.check(read_artifacts=True).sound


def test_what_the_disk_refuses_is_one_sentence_whoever_writes(
    store: Store, world: World, paths: StorePaths, keys: Keys
) -> None:
    planted(store, world)
    assignment = world.assignment("big", artifacts=(artifact(bytes(3_000_000)),))
    with store.transaction() as tx:
        tx.records.apply(world.page(world.item(assignment), cursor="c2"))
    store.close()

    child = [sys.executable, "-c", REFUSED, str(paths.folder), keys.data.hex(), assignment.portfolio.id]
    refused = subprocess.run(child, capture_output=True, text=True, check=False)

    assert refused.stdout.split() == ["StoreError", "StoreError"], refused.stderr
    with Store.open(paths, keys.data) as opened:
        assert opened.check(read_artifacts=True).sound


REFUSED = """
import hashlib, resource, signal, sys
from pathlib import Path
from assessor_desk.environment.paths import StorePaths
from assessor_desk.errors import StoreError
from assessor_desk.store.store import Store

folder, key, portfolio = sys.argv[1:]
store = Store.open(StorePaths("rivera-at-hub", Path(folder)), bytes.fromhex(key))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))

def note():
    with store.transaction() as tx:
        tx.meta.put("large", "x" * 2_000_000)

def download():
    with store.download(portfolio, hashlib.sha256(bytes(3_000_000)).hexdigest()) as coming:
        coming.write(bytes(3_000_000))

for deed in (note, download):
    try:
        deed()
    except StoreError as error:
        print(type(error).__name__)
"""

SECOND = """
import sys
from pathlib import Path
from assessor_desk.environment.paths import StorePaths
from assessor_desk.errors import StoreBusyError
from assessor_desk.store.store import Store

folder, key = sys.argv[1:]
with Store.open(StorePaths("rivera-at-hub", Path(folder)), bytes.fromhex(key)) as store:
    with store.transaction() as tx:
        tx.meta.put("second", tx.meta.get("first") or "")
    try:
        with store.syncing():
            print("syncs")
    except StoreBusyError:
        print("does not sync")
"""


def test_a_second_process_reads_and_writes_and_does_not_sync(store: Store, paths: StorePaths, keys: Keys) -> None:
    with store.transaction() as tx:
        tx.meta.put("first", "said")
    command = [sys.executable, "-c", SECOND, str(paths.folder), keys.data.hex()]

    with store.syncing():
        held = subprocess.run(command, capture_output=True, text=True, check=False)
    free = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (held.stdout.strip(), free.stdout.strip()) == ("does not sync", "syncs"), held.stderr + free.stderr
    with store.reading() as tx:
        assert tx.meta.get("second") == "said"


def test_two_in_one_process_do_not_sync_at_once(store: Store, paths: StorePaths, keys: Keys) -> None:
    with store.syncing(), Store.open(paths, keys.data) as other, pytest.raises(StoreBusyError), other.syncing():
        pass


def test_a_transaction_inside_a_transaction_is_our_fault_and_loud(store: Store) -> None:
    with store.transaction(), pytest.raises(RuntimeError, match="already writing"), store.transaction():
        pass


def test_readers_see_one_state_while_a_writer_goes_on(store: Store) -> None:
    with store.transaction() as tx:
        tx.meta.put("n", "1")

    with store.reading() as early:
        before = early.meta.get("n")
        with store.transaction() as tx:
            tx.meta.put("n", "2")
        still = early.meta.get("n")

    with store.reading() as late:
        assert (before, still, late.meta.get("n")) == ("1", "1", "2")


def test_many_threads_read_beside_each_other(store: Store, world: World) -> None:
    planted(store, world)
    inside = threading.Barrier(6)
    seen: list[int] = []

    def work() -> None:
        with store.reading() as tx:
            inside.wait(10)
            seen.append(len(tx.queue.rows()))

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert seen == [1] * 6


def test_opening_and_the_first_look_at_the_queue_load_no_orm(store: Store, paths: StorePaths, keys: Keys) -> None:
    store.close()
    look = (
        "import sys\nfrom pathlib import Path\nfrom assessor_desk.environment.paths import StorePaths\n"
        "from assessor_desk.store.store import Store\n"
        "with Store.open(StorePaths('rivera-at-hub', Path(sys.argv[1])), bytes.fromhex(sys.argv[2])) as store:\n"
        "    with store.reading() as tx: tx.queue.rows()\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('sqlalchemy', 'alembic', 'keyring', 'httpx')])"
    )

    looked = subprocess.run(
        [sys.executable, "-c", look, str(paths.folder), keys.data.hex()], capture_output=True, text=True, check=False
    )

    assert looked.stdout.strip() == "[]", looked.stderr


def test_the_migrated_schema_is_the_schema(store: Store, tmp_path: Path) -> None:
    fresh = open_sqlite(tmp_path / "fresh.db", None, create=True)
    with writing(fresh) as connection:
        schema.metadata.create_all(connection)
    look = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"

    with store.reading() as tx, reading(fresh) as connection:
        migrated = {name: _shape(sql) for name, sql in tx.bare.execute(look)}
        drawn = {name: _shape(sql) for name, sql in connection.exec_driver_sql(look)}

    fresh.dispose()
    assert migrated == drawn
    assert migrations.head(upgrade.STEPS) == upgrade.REVISION


def _shape(sql: str) -> list[str]:
    return sorted(part.strip() for part in sql.replace("\n", " ").replace("\t", " ").split(","))


def test_the_schemas_types_read_what_the_statements_wrote(
    store: Store, world: World, paths: StorePaths, keys: Keys
) -> None:
    planted(store, world)
    edit = world.edit("a", "rationale/c1", WORDS)
    with store.transaction() as tx:
        tx.outbox.keep([world.receipt(world.deed(edit, WORDS.encode()))], "e1")
    engine = open_sqlite(paths.database, keys.data)

    with reading(engine) as connection:
        rows = {name: connection.execute(select(table)).all() for name, table in schema.metadata.tables.items()}

    engine.dispose()
    assert rows["edit"][0].claimed_at == world.now
    assert rows["outbox"][0].body == world.deed(edit, WORDS.encode()).body
    assert rows["assignment"][0].due_at == world.assignment().due_at


def test_a_copy_of_the_folder_opens_elsewhere(
    store: Store, world: World, paths: StorePaths, keys: Keys, tmp_path: Path
) -> None:
    planted(store, world)
    store.close()
    shutil.copytree(paths.folder, tmp_path / "backup")

    with Store.open(StorePaths(paths.id, tmp_path / "backup"), keys.data) as copy:
        assert copy.check(read_artifacts=True).sound


def test_a_fold_that_was_tampered_with_is_noticed_and_mended(store: Store, world: World) -> None:
    planted(store, world)
    with store.transaction() as tx:
        tx.bare.execute("DELETE FROM settled")

    findings = store.check()
    store.mend(findings)

    assert len(findings.faults) == 1
    assert store.check().sound


def test_every_error_of_the_store_has_its_three_sentences(store: Store, paths: StorePaths) -> None:
    raised: list[DeskError] = []
    for deed in (lambda: Store.open(paths, bytes(32)), lambda: key_file.unlock(paths, "wrong")):
        try:
            deed()
        except DeskError as error:
            raised.append(error)

    assert len(raised) == 2
    assert all(error.detail.endswith(".") and error.safe and error.next for error in raised)


def test_the_key_never_reaches_a_log(paths: StorePaths, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    connect(tmp_path / "x.db", bytes(range(32)), create=True).close()

    with pytest.raises(StoreDamagedError):
        connect(tmp_path / "x.db", bytes(32))

    assert capfd.readouterr() == ("", "")
