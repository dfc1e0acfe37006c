"""An edit until it is durable: waits for the disk, and time against the same statements by the bare driver."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from assessor_desk.domain.assessment import Edit
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssessmentId, CriterionId, DeviceId, EditId
from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.seals.keyfile import KeyRing, Keys
from assessor_desk.seals.wrapping import Argon2Cost, new_recovery_secret
from assessor_desk.store.deeds import Outgoing
from assessor_desk.store.store import Store
from assessor_desk.tables.sqlite import connect
from assessor_desk.tables.times import written
from benchmarks.ground import PASSPHRASE, Result, in_turn, main, now, seconds

EDITS, QUICK_EDITS = 1000, 60
ROUNDS = 7
BODY = 700
"""Bytes of a sealed edit with a sentence or two in it."""

_ASSESSMENT = AssessmentId(str(uuid4()))
_DEVICE = DeviceId(str(uuid4()))


def measure(quick: bool) -> Sequence[Result]:
    """Return waits for the disk an edit, and the time against the bare driver."""
    edits = QUICK_EDITS if quick else EDITS
    with tempfile.TemporaryDirectory(prefix="assessor-desk-benchmark-") as name:
        ours, bare = _store(Path(name), "ours"), _store(Path(name), "bare")
        with Store.open(ours[0], ours[1].data) as store:
            driver = connect(bare[0].database, bare[1].data)
            paired = in_turn(
                lambda: seconds(lambda: _by_journal(store, edits)),
                lambda: seconds(lambda: _by_driver(driver, edits)),
                3 if quick else ROUNDS,
            )
            driver.close()
    micro = 1e6 / edits
    detail = f"{paired.work * micro:.0f} µs against {paired.bound * micro:.0f} µs"
    return (
        Result("an edit against the same statements by the bare driver", paired.ratio, 2.5, "×", detail),
        Result("waits for the disk an edit, checkpoints included", _waits(edits), 1.05, "fsyncs", exact=True),
    )


def _store(folder: Path, name: str) -> tuple[StorePaths, Keys]:
    home = Home.at(folder / name)
    home.create()
    paths, keys = home.store(str(uuid4())), Keys.generate()
    ring = KeyRing.create(paths.id, keys, PASSPHRASE, new_recovery_secret(), Argon2Cost(8, 1, 1))
    Store.create(paths, keys, ring).close()
    return paths, keys


def _by_journal(store: Store, edits: int) -> None:
    last: dict[int, frozenset[EditId]] = {}
    for number in range(edits):
        edit = Edit(
            EditId(str(uuid4())),
            _ASSESSMENT,
            Field.rationale(CriterionId(f"criterion-{number % 5}")),
            "The notes keep to what was heard and seen: each entry has a time, a speaker and an action.",
            last.get(number % 5, frozenset()),
            _DEVICE,
            now(),
        )
        last[number % 5] = frozenset({edit.id})
        with store.transaction() as tx:
            tx.journal.append(edit, Outgoing(edit.id, "edit", 1, bytes(BODY), _ASSESSMENT))


def _by_driver(driver: object, edits: int) -> None:
    """Run what an edit writes, without anything around it."""
    execute = driver.execute  # type: ignore[attr-defined]
    for number in range(edits):
        id, at, field = str(uuid4()), written(now()), f"rationale/criterion-{number % 5}"
        text = json.dumps("The notes keep to what was heard and seen: each entry has a time, a speaker and an action.")
        execute("BEGIN IMMEDIATE")
        execute(
            "INSERT INTO edit (id, assessment, field, value, parents, device, claimed_at, own) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (id, _ASSESSMENT, field, text, "[]", _DEVICE, at, True),
        )
        execute("DELETE FROM settled WHERE assessment = ? AND field = ?", (_ASSESSMENT, field))
        execute("INSERT INTO settled (assessment, field, edit, ring) VALUES (?, ?, ?, ?)", (_ASSESSMENT, field, id, 0))
        execute(
            "INSERT INTO outbox (key, kind, version, sha256, body, assessment, made_at, state) "
            "VALUES (?, 'edit', 1, '', ?, ?, ?, 'waiting')",
            (id, bytes(BODY), _ASSESSMENT, at),
        )
        execute("COMMIT")


def _waits(edits: int) -> float:
    """Return fsyncs and fdatasyncs an edit, counted by the system's own trace of a child that does nothing else."""
    with tempfile.TemporaryDirectory(prefix="assessor-desk-benchmark-") as name:
        counts = [_traced(Path(name), each) for each in (edits, 2 * edits)]
    return (counts[1] - counts[0]) / edits


def _traced(folder: Path, edits: int) -> int:
    log = folder / f"trace-{edits}"
    command = [sys.executable, "-m", "benchmarks.edits", "--child", str(folder / str(edits)), str(edits)]
    trace = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(log), *command]
    subprocess.run(trace, check=True, stdin=subprocess.DEVNULL)
    return sum("sync(" in line for line in log.read_text().splitlines())


def _child(folder: Path, edits: int) -> None:
    paths, keys = _store(folder, "child")
    with Store.open(paths, keys.data) as store:
        _by_journal(store, edits)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main(measure, __doc__))
