"""Where a process is in its work, in memory that outlives it, and where it is to be killed."""

import mmap
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from threading import Lock

from assessor_desk.domain.ids import Digest
from assessor_desk.sync.hub import Hub, Incoming
from assessor_desk.tables.sqlite import Bare, Rows
from assessor_desk.wire.deeds import Deed, Receipts
from assessor_desk.wire.records import Counts, FeedPage


class Place(IntEnum):
    """What a process can be in the middle of, the most delicate last."""

    IDLE = 0
    OPENING = 1
    EXCHANGE = 2
    TRANSFER = 3
    TRANSACTION = 4
    COMMIT = 5


DELICATE = frozenset({Place.EXCHANGE, Place.TRANSFER, Place.TRANSACTION, Place.COMMIT})
_AIM, _COUNTDOWN, _VICTIM = 8, 9, slice(12, 20)
SIZE = 32


class Marks:
    """The marks of one process: how often it is in each place, and the aim that was taken."""

    def __init__(self, file: Path, number: int) -> None:
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), 0)
        self._start = number * SIZE
        self._lock = Lock()

    @staticmethod
    def make(file: Path, count: int) -> None:
        """Make the memory for several processes."""
        file.write_bytes(bytes(count * SIZE))

    def clear(self) -> None:
        """Forget everything: a new life begins."""
        self._memory[self._start : self._start + SIZE] = bytes(SIZE)

    def aim(self, place: Place, countdown: int, victim: int) -> None:
        """Have a process killed when this one has come to a place for the so-manieth time."""
        where = slice(self._start + _VICTIM.start, self._start + _VICTIM.stop)
        self._memory[where] = victim.to_bytes(8, "big")
        self._memory[self._start + _COUNTDOWN] = countdown
        self._memory[self._start + _AIM] = place

    def aimless(self) -> bool:
        """Return whether nothing is aimed at any more: the kill was asked for, or nobody took aim."""
        return self._memory[self._start + _AIM] == Place.IDLE

    def arrived(self) -> None:
        """Note, as somebody else saw it, that the process is up."""
        self._memory[self._start + Place.OPENING] = 0

    def where(self) -> Place:
        """Return what the process is in the middle of; of several things, the most delicate."""
        return max((place for place in Place if self._memory[self._start + place]), default=Place.IDLE)

    def enter(self, place: Place) -> None:
        """Note that a place was entered."""
        with self._lock:
            self._memory[self._start + place] += 1
        self.still(place)

    def still(self, place: Place) -> None:
        """Note another step in a place; here the kill may come."""
        if self._memory[self._start + _AIM] != place or place is Place.IDLE:
            return
        with self._lock:
            self._memory[self._start + _COUNTDOWN] -= 1
            if self._memory[self._start + _COUNTDOWN]:
                return
            self._memory[self._start + _AIM] = Place.IDLE
        victim = self._memory[self._start + _VICTIM.start : self._start + _VICTIM.stop]
        os.kill(int.from_bytes(victim, "big"), signal.SIGKILL)

    def leave(self, place: Place) -> None:
        """Note that a place was left."""
        with self._lock:
            self._memory[self._start + place] -= 1

    @contextmanager
    def at(self, place: Place) -> Iterator[None]:
        """Mark the block as a place."""
        self.enter(place)
        try:
            yield
        finally:
            self.leave(place)


class MarkedConnection:
    """The driver's own connection, with its transactions marked."""

    def __init__(self, bare: Bare, marks: Marks, before_commit: Callable[[], None]) -> None:
        self._bare = bare
        self._marks = marks
        self._before_commit = before_commit
        self._writing = False

    @property
    def in_transaction(self) -> bool:
        return self._bare.in_transaction

    def execute(self, statement: str, values: Sequence[object] = (), /) -> Rows:
        if statement == "COMMIT":
            self._before_commit()
            with self._marks.at(Place.COMMIT):
                done = self._bare.execute(statement)
        else:
            done = self._bare.execute(statement, values)
        if statement == "BEGIN IMMEDIATE":
            self._writing = True
            self._marks.enter(Place.TRANSACTION)
        elif statement in ("COMMIT", "ROLLBACK") and self._writing:
            self._writing = False
            self._marks.leave(Place.TRANSACTION)
        elif self._writing:
            self._marks.still(Place.TRANSACTION)
        return done

    def executemany(self, statement: str, values: Iterable[Sequence[object]], /) -> Rows:
        done = self._bare.executemany(statement, values)
        self._marks.still(Place.TRANSACTION)
        return done

    def close(self) -> None:
        self._bare.close()


class MarkedHub:
    """The hub over HTTP, with what is under way marked."""

    def __init__(self, hub: Hub, marks: Marks) -> None:
        self._hub = hub
        self._marks = marks

    def changes_since(self, cursor: str) -> FeedPage:
        with self._marks.at(Place.EXCHANGE):
            return self._hub.changes_since(cursor)

    def counts(self) -> Counts:
        with self._marks.at(Place.EXCHANGE):
            return self._hub.counts()

    def tell(self, deeds: tuple[Deed, ...]) -> Receipts:
        with self._marks.at(Place.EXCHANGE):
            return self._hub.tell(deeds)

    @contextmanager
    def artifact(self, sha256: Digest, start: int) -> Iterator[Incoming]:
        with self._marks.at(Place.TRANSFER), self._hub.artifact(sha256, start) as incoming:
            yield Incoming(incoming.start, incoming.total, self._each(incoming.parts))

    def _each(self, parts: Iterator[bytes]) -> Iterator[bytes]:
        for part in parts:
            self._marks.still(Place.TRANSFER)
            yield part
