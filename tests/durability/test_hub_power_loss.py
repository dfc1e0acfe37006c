"""Cutting the power under a hub at work: what it has given a receipt for is there, and its proof holds."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from assessor_desk.errors import DeskError
from assessor_desk.hub import ledger, settings, tables
from assessor_desk.hub.data import Hub
from assessor_desk.hub.verification import verify_hub
from assessor_desk.tables.transactions import reading
from tests.doubles.clocks import StandingClock
from tests.durability.power import Image, images, on_disk, replayed
from tests.durability.recording import Recording

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261122
IMAGES = 60

pytestmark = pytest.mark.slow


def test_a_power_cut_takes_nothing_from_the_hub_that_it_has_receipted(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    recording = Recording(tmp_path / "disk", ROOT)
    recording.root.mkdir()
    code = recording.live((sys.executable, "-m", "tests.durability.hub_writing", str(recording.root)))
    left = on_disk(recording.root)

    faults = [fault for image in images(recording.events, IMAGES, SEED) for fault in faults_in(image, tmp_path)]

    record_property("told", f"Power of the hub cut {IMAGES} times (seed {SEED})")
    assert code == 0
    assert replayed(recording.events) == left
    assert faults == []


def faults_in(image: Image, folder: Path) -> list[str]:
    """Open what a power cut left, as the next start does, and return what is missing or does not hold."""
    said = [words.split() for words in image.said]
    with image.laid_out(folder) as root:
        place = root / "hub"
        if not settings.exist(place):
            return ["the hub is gone"] if said else []
        try:
            hub = Hub.open(place, StandingClock())
        except DeskError as fault:
            return [f"the hub does not open: {fault}"]
        try:
            return [f"{image.moment} {image.fate}: {each}" for each in _faults(hub, said)]
        finally:
            hub.close()


def _faults(hub: Hub, said: list[list[str]]) -> Iterator[str]:
    ledger.seal(hub.engine, hub.id, hub.identity, hub.clock())
    yield from verify_hub(hub).faults
    with reading(hub.engine) as connection:
        decisions = set(connection.execute(select(tables.decision.c.id)).scalars())
        devices = set(connection.execute(select(tables.device.c.id)).scalars())
        stored = set(connection.execute(select(tables.stored_file.c.sha256)).scalars())
    there = {"accepted": decisions, "paired": devices, "received": stored, "made": {hub.epoch}, "sealed": {None}}
    for word, *names in said:
        if not names or names[0] not in there[word]:
            yield from (f"{word} {name}" for name in names)
