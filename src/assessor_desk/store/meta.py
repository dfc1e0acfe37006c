"""What the store knows about itself and about where it stands with the hub."""

from dataclasses import dataclass
from datetime import datetime

from assessor_desk.tables import times
from assessor_desk.tables.sqlite import Bare

CURSOR, EPOCH, HUB_TIME = "cursor", "epoch", "hub time"


@dataclass(frozen=True, slots=True)
class Position:
    """Up to where the feed was read, in which epoch of the hub, and the last hub time seen."""

    cursor: str = ""
    epoch: str = ""
    hub_time: datetime | None = None


class Meta:
    """Named texts; the names belong to who writes them."""

    def __init__(self, bare: Bare) -> None:
        self._bare = bare

    def get(self, name: str) -> str | None:
        """Return a text, or nothing if it was never put."""
        row = self._bare.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, name: str, value: str) -> None:
        """Keep a text under a name."""
        self._bare.execute(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def all(self) -> dict[str, str]:
        """Return every text by its name."""
        return dict(self._bare.execute("SELECT name, value FROM meta ORDER BY name").fetchall())

    def position(self) -> Position:
        """Return where the store stands with the hub."""
        known = self.all()
        return Position(known.get(CURSOR, ""), known.get(EPOCH, ""), times.read_or_none(known.get(HUB_TIME)))

    def advance(self, position: Position) -> None:
        """Keep the cursor and the epoch; the hub's time only ever goes forward, whatever a restored hub says."""
        self.put(CURSOR, position.cursor)
        self.put(EPOCH, position.epoch)
        if position.hub_time is not None:
            self.saw(position.hub_time)

    def saw(self, hub_time: datetime) -> None:
        """Keep the latest hub time seen."""
        before = times.read_or_none(self.get(HUB_TIME))
        if before is None or hub_time > before:
            self.put(HUB_TIME, times.written(hub_time))
