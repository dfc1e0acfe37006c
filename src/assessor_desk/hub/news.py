"""Who waits for news, and how word of a commit reaches them."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from assessor_desk.domain.ids import PersonId


class News:
    """The listeners of one process; `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[PersonId, set[Listener]] = defaultdict(set)
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the hub is stopping and nobody may wait any longer."""
        return self._closed

    @property
    def awaited(self) -> bool:
        """Whether anybody listens."""
        return bool(self._waiting)

    @contextmanager
    def listening(self, person: PersonId) -> Iterator["Listener"]:
        """Yield a listener for what concerns one person."""
        listener = Listener(asyncio.get_running_loop())
        with self._lock:
            self._waiting[person].add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._waiting[person].discard(listener)
                if not self._waiting[person]:
                    del self._waiting[person]

    def tell(self, person: PersonId | None = None) -> None:
        """Wake whoever listens for a person, or everyone when it is not known whom the news concerns."""
        with self._lock:
            groups = list(self._waiting.values()) if person is None else [self._waiting.get(person, set())]
            for listener in [each for group in groups for each in group]:
                listener.wake()

    def close(self) -> None:
        """Let everyone go."""
        self._closed = True
        self.tell()


class Listener:
    """One connection that waits for word."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._word = asyncio.Event()

    def wake(self) -> None:
        """Give word, from any thread."""
        self._loop.call_soon_threadsafe(self._word.set)

    async def word(self, seconds: float) -> None:
        """Wait for word, but not longer than so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._word.wait()
        except TimeoutError:
            return
        self._word.clear()
