"""The system itself refuses to write or to flush: each time one sentence, and nothing acknowledged is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from assessor_desk.environment.paths import StorePaths
from assessor_desk.seals.keyfile import Keys
from assessor_desk.store.store import Store
from tests.store.world import World, artifact, digests

WORK = """
import sys
from pathlib import Path
from assessor_desk.environment.paths import StorePaths
from assessor_desk.errors import DeskError
from assessor_desk.store.store import Store
from tests.store.world import World

folder, key, count = sys.argv[1:]
world = World()
with Store.open(StorePaths("rivera-at-hub", Path(folder)), bytes.fromhex(key)) as store:
    for number in range(int(count)):
        edit = world.edit(str(number), f"note/{number}", "words " * 200)
        try:
            with store.transaction() as tx:
                tx.journal.append(edit, world.deed(edit))
            print("kept", edit.id, flush=True)
        except DeskError as error:
            print(type(error).__name__, "refused", flush=True)
"""

FETCH = """
import sys
from pathlib import Path
from assessor_desk.environment.paths import StorePaths
from assessor_desk.errors import DeskError
from assessor_desk.store.store import Store

folder, key, portfolio, sha256 = sys.argv[1:]
with Store.open(StorePaths("rivera-at-hub", Path(folder)), bytes.fromhex(key)) as store:
    try:
        with store.download(portfolio, sha256) as download:
            download.write(bytes(3_000_000))
            download.finish()
        print("here whole")
    except DeskError as error:
        print(type(error).__name__, "refused")
"""


def under_strace(*options: str, script: str, arguments: list[str]) -> tuple[list[list[str]], str]:
    """Run a script whose system calls are meddled with; return its lines, and what the tracer saw."""
    command = ["strace", "-f", "-qq", "-e", "signal=none", *options, sys.executable, "-c", script, *arguments]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    return [line.split() for line in done.stdout.splitlines()], done.stderr


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("pwrite64:error=ENOSPC:when=60+", {"DiskFullError"}),
        ("pwrite64:error=ENOSPC:when=40..55", {"DiskFullError"}),
        ("pwrite64:error=EIO:when=90+7", {"StoreError"}),
        ("fsync,fdatasync:error=EIO:when=6+5", {"StoreError"}),
    ],
    ids=["the disk fills", "the disk is full for a while", "writes fail", "flushes fail"],
)
def test_what_was_acknowledged_before_and_between_the_refusals_is_there(
    store: Store, paths: StorePaths, keys: Keys, fault: str, named: set[str]
) -> None:
    store.close()

    lines, _ = under_strace("-e", f"inject={fault}", script=WORK, arguments=[str(paths.folder), keys.data.hex(), "40"])

    kept = {identity for said, identity in lines if said == "kept"}
    assert kept
    assert {said for said, _ in lines} - {"kept"} == named
    with Store.open(paths, keys.data) as opened, opened.reading() as tx:
        there = {edit.id for assessment in tx.journal.assessments() for edit in tx.journal.edits(assessment)}
        assert there >= kept
        assert {each.deed.key for each in tx.outbox.unsent()} == there
        assert opened.check().sound


@pytest.mark.parametrize(
    ("fault", "named"),
    [("write:error=ENOSPC:when=5+", "DiskFullError"), ("fsync:error=EIO:when=1+", "StoreError")],
    ids=["the disk fills", "flushes fail"],
)
def test_an_artifact_that_could_not_be_written_is_never_called_here(
    store: Store, world: World, paths: StorePaths, keys: Keys, fault: str, named: str
) -> None:
    content = bytes(3_000_000)
    assignment = world.assignment(artifacts=(artifact(content),))
    with store.transaction() as tx:
        tx.records.apply(world.page(world.item(assignment)))
        begun = tx.artifacts.begin(assignment.portfolio.id, digests(content)[0])
    assert begun.blob is not None
    arguments = [str(paths.folder), keys.data.hex(), assignment.portfolio.id, digests(content)[0]]

    lines, _ = under_strace(
        "-P", str(paths.blobs / begun.blob), "-e", f"inject={fault}", script=FETCH, arguments=arguments
    )

    with store.reading() as tx:
        wanted = [each.sha256 for each in tx.artifacts.to_fetch()]
    assert lines == [[named, "refused"]]
    assert wanted == [digests(content)[0]]


def test_an_edit_waits_for_the_disk_once(store: Store, paths: StorePaths, keys: Keys) -> None:
    store.close()
    arguments = [str(paths.folder), keys.data.hex()]

    _, ten = under_strace("-e", "trace=fsync,fdatasync", script=WORK, arguments=[*arguments, "10"])
    _, fifty_more = under_strace("-e", "trace=fsync,fdatasync", script=WORK, arguments=[*arguments, "60"])

    # Opening and closing cost the same each time, and the ten edits that are there already cost nothing.
    assert fifty_more.count("sync(") - ten.count("sync(") == 40
    assert 10 <= ten.count("sync(") <= 15
