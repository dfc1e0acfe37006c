"""Artifacts come in checked and encrypted, go on after any cut, and are never half there."""

import io
import random
import stat
import subprocess
import sys

import pytest

from assessor_desk.domain.ids import Digest, PortfolioId
from assessor_desk.domain.portfolio import Assignment
from assessor_desk.environment.files import flush_to_disk
from assessor_desk.environment.paths import StorePaths
from assessor_desk.errors import ArtifactError, TamperedError
from assessor_desk.seals.keyfile import Keys
from assessor_desk.seals.streams import CHUNK
from assessor_desk.store import downloads
from assessor_desk.store.artifacts import ArtifactState, Held
from assessor_desk.store.store import Store
from tests.store.world import World, artifact, digests, fetched

MIB = 1 << 20
LARGE = random.Random(1).randbytes(3 * MIB + 12_345)  # noqa: S311


def expecting(store: Store, world: World, *contents: bytes) -> Assignment:
    files = tuple(artifact(content, f"slot-{number}") for number, content in enumerate(contents))
    assignment = world.assignment(artifacts=files)
    with store.transaction() as tx:
        tx.records.apply(world.page(world.item(assignment)))
    return assignment


def held(store: Store, assignment: Assignment, content: bytes) -> Held:
    with store.reading() as tx:
        found = tx.artifacts.get(assignment.portfolio.id, digests(content)[0])
    assert found is not None
    return found


def content(store: Store, assignment: Assignment, of: bytes) -> bytes:
    with store.reading() as tx, tx.artifacts.open(assignment.portfolio.id, digests(of)[0]) as reader:
        return reader.readall()


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + CHUNK, len(LARGE)]
)
def test_what_came_in_is_read_back(store: Store, world: World, size: int) -> None:
    whole = LARGE[:size]
    assignment = expecting(store, world, whole)

    fetched(store, assignment, whole)

    assert held(store, assignment, whole).state is ArtifactState.HERE
    assert content(store, assignment, whole) == whole
    with store.reading() as tx:
        assert tx.artifacts.to_fetch() == ()


def test_content_opens_at_any_position(store: Store, world: World) -> None:
    assignment = expecting(store, world, LARGE)
    fetched(store, assignment, LARGE)

    with store.reading() as tx, tx.artifacts.open(assignment.portfolio.id, digests(LARGE)[0]) as reader:
        reader.seek(-100, io.SEEK_END)
        tail = reader.read()
        reader.seek(MIB - 7)
        middle = reader.read(20)

    assert (tail, middle) == (LARGE[-100:], LARGE[MIB - 7 : MIB + 13])


def test_the_files_name_and_bytes_tell_nothing(store: Store, world: World, paths: StorePaths) -> None:
    assignment = expecting(store, world, LARGE)
    fetched(store, assignment, LARGE)

    [file] = paths.blobs.iterdir()

    assert digests(LARGE)[0] not in file.name
    assert LARGE[:64] not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_same_file_in_two_portfolios_lies_there_under_two_keys(store: Store, world: World) -> None:
    assignments = [world.assignment(name, artifacts=(artifact(LARGE),)) for name in ("one", "two")]
    with store.transaction() as tx:
        tx.records.apply(world.page(*map(world.item, assignments)))

    for assignment in assignments:
        fetched(store, assignment, LARGE)

    first, second = (held(store, each, LARGE) for each in assignments)
    assert first.blob != second.blob
    assert first.blob_key != second.blob_key
    assert all(content(store, each, LARGE) == LARGE for each in assignments)


@pytest.mark.parametrize("seed", range(12))
def test_a_download_goes_on_after_any_cut(store: Store, world: World, paths: StorePaths, keys: Keys, seed: int) -> None:
    order = random.Random(seed)  # noqa: S311
    assignment = expecting(store, world, LARGE)
    portfolio, sha256 = assignment.portfolio.id, digests(LARGE)[0]

    for _ in range(order.randint(1, 8)):
        with Store.open(paths, keys.data) as later, later.download(portfolio, sha256) as download:
            cut = order.choice([0, 1, CHUNK, MIB, order.randint(1, 2 * MIB)])
            download.write(LARGE[download.received :][:cut])
    fetched(store, assignment, LARGE)

    assert content(store, assignment, LARGE) == LARGE
    assert store.check(read_artifacts=True).sound


def test_a_cut_inside_one_attempt_costs_no_byte(store: Store, world: World) -> None:
    assignment = expecting(store, world, LARGE)
    asked = 0

    with store.download(assignment.portfolio.id, digests(LARGE)[0]) as download:
        while download.received < len(LARGE):
            part = LARGE[download.received :][:77_777]
            asked += len(part)
            download.write(part)
        download.finish()

    assert asked == len(LARGE)


def test_a_cut_attempt_costs_less_than_a_piece(store: Store, world: World) -> None:
    assignment = expecting(store, world, LARGE)
    with store.download(assignment.portfolio.id, digests(LARGE)[0]) as download:
        download.write(LARGE[: 2 * MIB + 5])

    with store.download(assignment.portfolio.id, digests(LARGE)[0]) as download:
        again = download.received

    assert again == 2 * MIB - CHUNK
    assert held(store, assignment, LARGE).saved == again


def test_progress_is_noted_only_behind_what_the_disk_has(
    store: Store, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def flush(descriptor: int) -> None:
        flush_to_disk(descriptor)
        steps.append("flushed")

    monkeypatch.setattr(downloads, "SAVE_EVERY", MIB)
    monkeypatch.setattr(downloads, "flush_to_disk", flush)
    assignment = expecting(store, world, LARGE)

    with store.download(assignment.portfolio.id, digests(LARGE)[0]) as download:
        for start in range(0, len(LARGE), MIB):
            download.write(LARGE[start : start + MIB])
            assert held(store, assignment, LARGE).saved <= len(steps) * MIB
        assert held(store, assignment, LARGE).saved > MIB
        assert held(store, assignment, LARGE).state is ArtifactState.PARTIAL
        download.finish()

    assert held(store, assignment, LARGE).saved == len(LARGE)


def test_a_changed_piece_is_refused_before_it_is_encrypted_and_fetched_again(
    store: Store, world: World, paths: StorePaths
) -> None:
    assignment = expecting(store, world, LARGE)
    changed = bytearray(LARGE)
    changed[MIB + 9] ^= 1

    with store.download(assignment.portfolio.id, digests(LARGE)[0]) as download:
        with pytest.raises(TamperedError):
            download.write(changed)
        assert download.received == MIB
        [file] = paths.blobs.iterdir()
        assert file.stat().st_size <= MIB + 4 * 16
        download.write(LARGE[MIB:])
        download.finish()

    assert content(store, assignment, LARGE) == LARGE


def test_a_file_that_is_too_long_too_short_or_another_is_never_here(store: Store, world: World) -> None:
    assignment = expecting(store, world, LARGE)
    portfolio, sha256 = assignment.portfolio.id, digests(LARGE)[0]

    with store.download(portfolio, sha256) as download, pytest.raises(TamperedError, match="More"):
        download.write(LARGE + b"x")
    with store.download(portfolio, sha256) as download:
        download.write(LARGE[download.received : -1])
        with pytest.raises(TamperedError, match="ended"):
            download.finish()

    assert held(store, assignment, LARGE).state is ArtifactState.PARTIAL
    with pytest.raises(ArtifactError), store.reading() as tx:
        tx.artifacts.open(portfolio, sha256)


def test_pieces_that_do_not_make_the_file_are_noticed_at_the_end(store: Store, world: World) -> None:
    _, pieces = digests(LARGE)
    assignment = expecting(store, world, LARGE)
    with store.transaction() as tx:
        tx.bare.execute("UPDATE artifact SET sha256 = ?", ("0" * 64,))

    with store.download(assignment.portfolio.id, Digest("0" * 64)) as download:
        assert download.held.pieces == pieces
        download.write(LARGE)
        with pytest.raises(TamperedError, match="not the one"):
            download.finish()

    with store.reading() as tx:
        [found] = tx.artifacts.to_fetch()
    assert (found.state, found.blob) == (ArtifactState.DAMAGED, None)


def test_a_description_that_does_not_hold_together_fetches_nothing(store: Store, world: World) -> None:
    assignment = expecting(store, world, LARGE)
    with store.transaction() as tx:
        tx.bare.execute("UPDATE artifact SET size = size * 2")

    with pytest.raises(TamperedError, match="description"):
        store.download(assignment.portfolio.id, digests(LARGE)[0])


@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_harm_to_the_encrypted_file_is_noticed_and_mended_by_fetching(
    store: Store, world: World, paths: StorePaths, harm: str
) -> None:
    assignment = expecting(store, world, LARGE)
    fetched(store, assignment, LARGE)
    [file] = paths.blobs.iterdir()
    raw = bytearray(file.read_bytes())
    raw[300_000] ^= 1
    if harm == "remove":
        file.unlink()
    else:
        file.write_bytes(raw if harm == "flip" else raw[:-20])

    with pytest.raises(TamperedError):
        content(store, assignment, LARGE)
    findings = store.check(read_artifacts=True)
    store.mend(findings)
    fetched(store, assignment, LARGE)

    assert len(findings.faults) == 1
    assert content(store, assignment, LARGE) == LARGE
    assert store.check(read_artifacts=True).sound


def test_a_download_of_what_was_removed_meanwhile_ends_in_one_sentence(store: Store, world: World) -> None:
    assignment = expecting(store, world, LARGE)

    with store.download(assignment.portfolio.id, digests(LARGE)[0]) as download:
        download.write(LARGE)
        store.purge([assignment.portfolio.id], world.now)
        with pytest.raises(ArtifactError, match="removed"):
            download.finish()


def test_an_artifact_of_no_portfolio_here_is_one_sentence(store: Store) -> None:
    with pytest.raises(ArtifactError):
        store.download(PortfolioId("nowhere"), Digest("0" * 64))


KILLED = """
import os, sys
from pathlib import Path
from assessor_desk.environment.files import flush_to_disk
from assessor_desk.environment.paths import StorePaths
from assessor_desk.store.store import Store

folder, key, portfolio, sha256 = sys.argv[1:]
store = Store.open(StorePaths("rivera-at-hub", Path(folder)), bytes.fromhex(key))
download = store.download(portfolio, sha256)
while part := sys.stdin.buffer.read(50_000):
    download.write(part)
os._exit(9)
"""


def test_a_killed_download_leaves_good_chunks_and_no_wrong_one(
    store: Store, world: World, paths: StorePaths, keys: Keys
) -> None:
    assignment = expecting(store, world, LARGE)
    portfolio, sha256 = assignment.portfolio.id, digests(LARGE)[0]
    command = [sys.executable, "-c", KILLED, str(paths.folder), keys.data.hex(), portfolio, sha256]

    killed = subprocess.run(command, input=LARGE[: 2 * MIB + 99], capture_output=True, check=False)
    with store.download(portfolio, sha256) as download:
        again = download.received
        download.write(LARGE[again:])
        download.finish()

    assert killed.returncode == 9, killed.stderr.decode()
    assert again == 2 * MIB - CHUNK
    assert content(store, assignment, LARGE) == LARGE
