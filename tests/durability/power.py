"""Crash images of a recorded process: when the power is cut, what is left, and what had been said by then."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.durability.disk import Disk, Event, Fate, Said
from tests.durability.recording import MEMORY_ONLY

BORN = "born"
"""What a process says when a life after a kill begins."""


@dataclass(frozen=True)
class Image:
    """What is on the disk after a power cut, what had been said by then, and how the rest was lost."""

    moment: int
    fate: Fate
    files: dict[str, bytes | None]
    said: tuple[str, ...]

    @contextmanager
    def laid_out(self, folder: Path) -> Iterator[Path]:
        """Yield a folder with the image as files, as the next start finds it."""
        with TemporaryDirectory(dir=folder) as place:
            for path, content in self.files.items():
                self._lay(Path(place) / path, content)
            yield Path(place)

    def _lay(self, path: Path, content: bytes | None) -> None:
        if content is None:
            path.mkdir()
            return
        path.write_bytes(content)
        if path.name.endswith("-wal"):
            # The log's index is memory that was never meant to last: whatever is left of it is noise.
            noise = random.Random(self.moment).randbytes(32_768)  # noqa: S311
            path.with_name(path.name.removesuffix("-wal") + MEMORY_ONLY).write_bytes(noise)


def images(events: Sequence[Event], count: int, seed: int) -> Iterator[Image]:
    """Yield different crash images: the beginnings of lives, moments right after a promise, and any moments."""
    chance = random.Random(seed)  # noqa: S311
    cuts = _chosen(events, count, chance)
    disk, said = Disk(), list[str]()
    for moment, event in enumerate(events):
        if isinstance(event, Said):
            said.append(event.words)
        else:
            disk.take(event)
        for fate in sorted(cuts.get(moment, ())):
            yield Image(moment, fate, disk.cut(fate, chance), tuple(said))


def on_disk(root: Path) -> dict[str, bytes | None]:
    """Return what really lies below a folder: path and content, nothing for a folder."""
    return {
        path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in root.rglob("*")
        if not path.name.endswith(MEMORY_ONLY)
    }


def replayed(events: Sequence[Event]) -> dict[str, bytes | None]:
    """Return what lies there after everything, if nothing is lost."""
    disk = Disk()
    for event in events:
        disk.take(event)
    return disk.cut(Fate.KEPT, random.Random(0))  # noqa: S311


def _chosen(events: Sequence[Event], count: int, chance: random.Random) -> dict[int, set[Fate]]:
    """Return when the power is cut, and how; nothing unflushed is kept after the first promises of each life."""
    said = [moment for moment, event in enumerate(events) if isinstance(event, Said)]
    born = [place for place, moment in enumerate(said) if events[moment] == Said(BORN)]
    cuts = {(moment, Fate.DROPPED) for place in born for moment in said[place + 1 : place + 4]}
    while len(cuts) < count:
        moments = chance.choice((said, range(len(events))))
        cuts.add((chance.choice(moments), chance.choice(list(Fate))))
    return {moment: {fate for at, fate in cuts if at == moment} for moment, _ in cuts}
