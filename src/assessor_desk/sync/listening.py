"""Hearing from the hub that there is something new, for as long as a window is open."""

from collections.abc import Callable, Iterator
from threading import Event, Lock

from assessor_desk.errors import HubUnreachableError
from assessor_desk.sync.hub import Announcing, News
from assessor_desk.sync.waits import Jitter, any_jitter, wait_after


class Listener:
    """Yields the hub's newest cursor whenever there is something to fetch; comes back by itself after every cut.

    To be iterated in a thread of its own; `stop` ends it from any other. A refusal, as of a revoked laptop, is
    raised: coming back would not change it.
    """

    def __init__(
        self,
        hub: Announcing,
        reached: Callable[[], str],
        jitter: Jitter = any_jitter,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        """Keep what is needed.

        Args:
            hub: whom to listen to
            reached: returns the cursor that the store has reached
            jitter: keeps desks apart that lost the hub together
            pause: waits so many seconds, or until it is stopped
        """
        self._hub = hub
        self._reached = reached
        self._jitter = jitter
        self._stopped = Event()
        self._pause = pause or self._stopped.wait
        self._lock = Lock()
        self._line: News | None = None
        self._failures = 0

    def __iter__(self) -> Iterator[str]:
        """Listen until stopped."""
        while not self._stopped.is_set():
            try:
                yield from self._heard()
            except HubUnreachableError:
                if self._stopped.is_set():
                    return
            self._pause(wait_after(self._failures, self._jitter()).total_seconds())
            self._failures += 1

    def stop(self) -> None:
        """End the listening."""
        with self._lock:
            self._stopped.set()
            if self._line is not None:
                self._line.end()

    def _heard(self) -> Iterator[str]:
        with self._hub.news(self._reached()) as line:
            if not self._take(line):
                return
            self._failures = 0
            try:
                yield from line.cursors
            finally:
                self._take(None)

    def _take(self, line: News | None) -> bool:
        """Keep the line that `stop` must cut, unless it is too late for that."""
        with self._lock:
            self._line = line
            return not self._stopped.is_set()
