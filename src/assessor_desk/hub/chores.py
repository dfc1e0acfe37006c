"""What the hub does by itself while it serves: it seals the ledger and releases results whose delay is over."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from assessor_desk.errors import DeskError
from assessor_desk.hub import ledger, release, restoring
from assessor_desk.hub.data import Hub
from assessor_desk.tables.transactions import reading

LOG = logging.getLogger("assessor_desk.hub")
PACE = 1.0  # seconds between two rounds


@dataclass(frozen=True, slots=True)
class Chore:
    """One thing to do again and again; `every` counts rounds."""

    name: str
    do: Callable[[Hub], object]
    every: int = 1


def _seal(hub: Hub) -> None:
    ledger.seal(hub.engine, hub.id, hub.identity, hub.clock())
    with reading(hub.engine) as connection:
        restoring.note(hub.folder, connection)


CHORES = (
    Chore("seal the ledger", _seal),
    Chore("release results", lambda hub: release.release_due(hub.engine, hub.clock())),
)


class Caretaker:
    """A thread that does the chores; several processes of one hub may each have one."""

    def __init__(self, hub: Hub, chores: tuple[Chore, ...] = CHORES, pace: float = PACE) -> None:
        self._hub = hub
        self._chores = chores
        self._pace = pace
        self._stop = Event()
        self._thread = Thread(target=self._run, name="hub-chores", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the round that is under way, and end."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        turn = 0
        while not self._stop.wait(self._pace):
            turn += 1
            for chore in self._chores:
                if turn % chore.every == 0:
                    self._try(chore)

    def _try(self, chore: Chore) -> None:
        try:
            chore.do(self._hub)
        except DeskError as error:
            LOG.warning("could not %s: %s; it is tried again", chore.name, error.type)
        except Exception as error:  # noqa: BLE001 - the last handler of this thread; one bad case must not stop the rest
            LOG.error("could not %s: %s; it is tried again", chore.name, type(error).__name__)
