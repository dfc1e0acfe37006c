"""Cutting the power under a desk at work: nothing it said was saved is lost, and what is left holds together."""

import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.durability.disk import Disk, Event, Fate, Said
from tests.durability.promises import Found, Promises, Say, look
from tests.durability.recording import MEMORY_ONLY, Recording
from tests.durability.writing import ENDS, Weakness

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261120
IMAGES = 200
CONTROL_IMAGES = 40

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Image:
    """What is on the disk after a power cut, what had been promised by then, and how the rest was lost."""

    moment: int
    fate: Fate
    files: dict[str, bytes | None]
    promised: Promises


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return recorded(tmp_path_factory.mktemp("power") / "disk")


def test_the_recording_holds_everything_that_reached_the_disk(recording: Recording) -> None:
    disk = Disk()
    for event in recording.events:
        disk.take(event)

    assert disk.cut(Fate.KEPT, random.Random(SEED)) == on_disk(recording.root)  # noqa: S311


def test_a_power_cut_loses_nothing_promised_and_damages_nothing(
    recording: Recording, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    found = {(image.moment, image.fate): found_in(image, tmp_path) for image in images(recording.events, IMAGES)}

    fates = Counter(str(fate) for _, fate in found)
    record_property(
        "told", f"Power cut {len(found)} times (seed {SEED}): unflushed writes {dict(sorted(fates.items()))}"
    )
    assert {where: what for where, what in found.items() if what != Found()} == {}
    assert len(found) >= IMAGES


@pytest.mark.parametrize("weakness", [Weakness.LOG, Weakness.ARTIFACTS, Weakness.FOLDERS])
def test_a_desk_that_spares_a_flush_is_found_out(weakness: Weakness, tmp_path: Path) -> None:
    weak = recorded(tmp_path / "disk", weakness)

    found = [found_in(image, tmp_path) for image in images(weak.events, CONTROL_IMAGES)]

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


def images(events: list[Event], count: int) -> Iterator[Image]:
    """Yield different crash images: the beginnings of lives, moments right after a promise, and any moments."""
    chance = random.Random(SEED)  # noqa: S311
    cuts = chosen(events, count, chance)
    disk, promised = Disk(), Promises()
    for moment, event in enumerate(events):
        if isinstance(event, Said):
            promised.hear(event.words)
        else:
            disk.take(event)
        for fate in sorted(cuts.get(moment, ())):
            yield Image(moment, fate, disk.cut(fate, chance), promised)


def chosen(events: list[Event], count: int, chance: random.Random) -> dict[int, set[Fate]]:
    """Return when the power is cut, and how; nothing unflushed is kept after the first promises of each life."""
    said = [moment for moment, event in enumerate(events) if isinstance(event, Said)]
    born = [place for place, moment in enumerate(said) if events[moment] == Said(Say.BORN)]
    cuts = {(moment, Fate.DROPPED) for place in born for moment in said[place + 1 : place + 4]}
    while len(cuts) < count:
        cuts.add((chance.choice((chance.choice(said), chance.randrange(len(events)))), chance.choice(list(Fate))))
    return {moment: {fate for at, fate in cuts if at == moment} for moment, _ in cuts}


def found_in(image: Image, folder: Path) -> Found:
    """Lay an image out as files and look at it as the next start does."""
    with TemporaryDirectory(dir=folder) as place:
        for path, content in image.files.items():
            if content is None:
                (Path(place) / path).mkdir()
            else:
                (Path(place) / path).write_bytes(content)
            if path.endswith("-wal"):
                # The log's index is memory that was never meant to last: whatever is left of it is noise.
                (Path(place) / path).with_name("store.db-shm").write_bytes(random.Random(SEED).randbytes(32_768))  # noqa: S311
        return look(Path(place), image.promised)


def on_disk(root: Path) -> dict[str, bytes | None]:
    """Return what really lies below a folder: path and content, nothing for a folder."""
    return {
        path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in root.rglob("*")
        if not path.name.endswith(MEMORY_ONLY)
    }
