"""A disk that keeps only what was flushed: what a power cut may leave of recorded writes.

Stricter than most file systems: a file's name lasts only once its folder was flushed, and nothing else carries it.
Changes of names reach the disk in their order, as a journaling file system writes them; content in any order.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TypeAlias

FOLDER = 0
SECTORS = (512, 4096)


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes put into a file."""

    file: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Resize:
    """A file cut or stretched."""

    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Flush:
    """A file's content is on the disk from here on."""

    file: int


@dataclass(frozen=True, slots=True)
class Name:
    """Names that change together: each now stands for a file, for `FOLDER`, or for nothing."""

    changes: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class FlushNames:
    """The names in a folder are on the disk from here on."""

    folder: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the process told the world; from here on it must be true."""

    words: str


Content: TypeAlias = Write | Resize
Event: TypeAlias = Content | Flush | Name | FlushNames | Said


class Fate(StrEnum):
    """What becomes of writes that were not flushed."""

    DROPPED = "dropped"
    KEPT = "kept"
    CUT = "cut"
    SAMPLED = "sampled"
    TORN = "torn"


@dataclass(slots=True)
class _File:
    lasting: bytearray = field(default_factory=bytearray)
    waiting: list[Content] = field(default_factory=list)


class Disk:
    """Takes events one by one; at any moment the power may be cut."""

    def __init__(self) -> None:
        self._files: dict[int, _File] = {}
        self._names: dict[str, int] = {}
        self._waiting: list[Name] = []

    def take(self, event: Event) -> None:
        """Let one more thing happen."""
        match event:
            case Write() | Resize():
                self._files.setdefault(event.file, _File()).waiting.append(event)
            case Flush():
                self._flush(self._files.setdefault(event.file, _File()))
            case Name():
                self._waiting.append(event)
            case FlushNames():
                self._flush_names(event.folder)

    def cut(self, fate: Fate, chance: random.Random) -> dict[str, bytes | None]:
        """Return what is found after a power cut at this moment: path and content, nothing for a folder."""
        names = dict(self._names)
        for each in self._surviving_names(fate, chance):
            _rename(names, each)
        reachable = {path: file for path, file in names.items() if _has_parents(names, path)}
        return {path: self._content(file, fate, chance) for path, file in sorted(reachable.items())}

    def _content(self, file: int, fate: Fate, chance: random.Random) -> bytes | None:
        if file == FOLDER:
            return None
        found = self._files.get(file, _File())
        content = bytearray(found.lasting)
        noise = chance.choice((bytes(SECTORS[1]), chance.randbytes(SECTORS[1])))  # what lay there before
        for each in _surviving(found.waiting, fate, chance):
            _apply(content, each, noise)
        return bytes(content)

    def _surviving_names(self, fate: Fate, chance: random.Random) -> list[Name]:
        match fate:
            case Fate.DROPPED:
                return []
            case Fate.KEPT:
                return self._waiting
        return self._waiting[: chance.randint(0, len(self._waiting))]

    def _flush(self, file: _File) -> None:
        for each in file.waiting:
            _apply(file.lasting, each, bytes(SECTORS[1]))
        file.waiting.clear()

    def _flush_names(self, folder: str) -> None:
        lasting: list[Name] = []
        needed: set[str] = set()  # an earlier change of the same name comes along
        for each in reversed(self._waiting):
            if any(_parent(path) == folder or path in needed for path, _ in each.changes):
                lasting.append(each)
                needed.update(path for path, _ in each.changes)
        for each in reversed(lasting):
            _rename(self._names, each)
        self._waiting = [each for each in self._waiting if each not in lasting]


def _surviving(waiting: list[Content], fate: Fate, chance: random.Random) -> Iterator[Content]:
    match fate:
        case Fate.KEPT:
            yield from waiting
        case Fate.CUT:
            last = chance.randint(0, len(waiting))
            yield from waiting[:last]
            yield from _beginning(waiting[last : last + 1], chance)
        case Fate.SAMPLED:
            yield from (each for each in waiting if chance.random() < 0.5)
        case Fate.TORN:
            sector = chance.choice(SECTORS)
            yield from (piece for each in waiting for piece in _pieces(each, sector) if chance.random() < 0.5)


def _beginning(writes: list[Content], chance: random.Random) -> Iterator[Content]:
    for each in writes:
        pieces = list(_pieces(each, SECTORS[0]))
        yield from pieces[: chance.randrange(len(pieces))]


def _pieces(change: Content, sector: int) -> Iterator[Content]:
    if isinstance(change, Resize):
        yield change
        return
    start, end = change.offset, change.offset + len(change.data)
    while start < end:
        stop = min(end, (start // sector + 1) * sector)
        yield Write(change.file, start, change.data[start - change.offset : stop - change.offset])
        start = stop


def _apply(content: bytearray, change: Content, noise: bytes) -> None:
    if isinstance(change, Resize):
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    if (gap := change.offset - len(content)) > 0:
        content.extend((noise * (gap // len(noise) + 1))[:gap])
    content[change.offset : change.offset + len(change.data)] = change.data


def _rename(names: dict[str, int], change: Name) -> None:
    for path, file in change.changes:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


def _has_parents(names: Mapping[str, int], path: str) -> bool:
    # The empty name is the folder in which everything was recorded; it was there before.
    return (parent := _parent(path)) == "" or (names.get(parent) == FOLDER and _has_parents(names, parent))


def _parent(path: str) -> str:
    parent = str(PurePosixPath(path).parent)
    return "" if parent == "." else parent
