"""Cutting the power under a desk at work: nothing it said was saved is lost, and what is left holds together."""

import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.durability.power import Image, images, on_disk, replayed
from tests.durability.promises import Found, Promises, look
from tests.durability.recording import Recording
from tests.durability.writing import ENDS, Weakness

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261120
IMAGES = 200
CONTROL_IMAGES = 40

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return recorded(tmp_path_factory.mktemp("power") / "disk")


def test_the_recording_holds_everything_that_reached_the_disk(recording: Recording) -> None:
    assert replayed(recording.events) == on_disk(recording.root)


def test_a_power_cut_loses_nothing_promised_and_damages_nothing(
    recording: Recording, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    found = {(each.moment, each.fate): found_in(each, tmp_path) for each in images(recording.events, IMAGES, SEED)}

    fates = Counter(str(fate) for _, fate in found)
    record_property(
        "told", f"Power cut {len(found)} times (seed {SEED}): unflushed writes {dict(sorted(fates.items()))}"
    )
    assert {where: what for where, what in found.items() if what != Found()} == {}
    assert len(found) >= IMAGES


@pytest.mark.parametrize("weakness", [Weakness.LOG, Weakness.ARTIFACTS, Weakness.FOLDERS])
def test_a_desk_that_spares_a_flush_is_found_out(weakness: Weakness, tmp_path: Path) -> None:
    weak = recorded(tmp_path / "disk", weakness)

    found = [found_in(each, tmp_path) for each in images(weak.events, CONTROL_IMAGES, SEED)]

    assert sum(bool(what.damaged if weakness is Weakness.ARTIFACTS else what.lost) for what in found) >= 5


def recorded(folder: Path, weakness: Weakness = Weakness.NONE) -> Recording:
    """Record a desk at work over several lives, of which all but the last end in a kill."""
    folder.mkdir()
    recording = Recording(folder, ROOT)
    codes = [
        recording.live((sys.executable, "-m", "tests.durability.writing", str(folder), str(life), str(SEED), weakness))
        for life in range(len(ENDS))
    ]
    assert codes == [-signal.SIGKILL] * (len(ENDS) - 1) + [0]
    return recording


def found_in(image: Image, folder: Path) -> Found:
    """Open what a power cut left, as the next start does."""
    promised = Promises()
    for words in image.said:
        promised.hear(words)
    with image.laid_out(folder) as root:
        return look(root, promised)
