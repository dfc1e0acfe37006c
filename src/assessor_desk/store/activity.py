"""What the desk did, in plain words, for the page that says what was sent and what waits."""

from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain.ids import AssessmentId
from assessor_desk.tables import times
from assessor_desk.tables.sqlite import Bare


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the log."""

    at: datetime
    kind: str
    words: str
    assessment: AssessmentId | None = None


class Activity:
    """The log of this desk, newest first; it stays on this laptop."""

    def __init__(self, bare: Bare) -> None:
        self._bare = bare

    def say(self, happening: Happening) -> None:
        """Add a line."""
        self._bare.execute(
            "INSERT INTO activity (at, kind, words, assessment) VALUES (?, ?, ?, ?)",
            (times.written(happening.at), happening.kind, happening.words, happening.assessment),
        )

    def latest(self, limit: int = 200) -> tuple[Happening, ...]:
        """Return the newest lines."""
        rows = self._bare.execute(
            "SELECT at, kind, words, assessment FROM activity ORDER BY sequence DESC LIMIT ?", (limit,)
        )
        return tuple(Happening(times.read(at), kind, words, assessment) for at, kind, words, assessment in rows)

    def trim(self, before: datetime) -> int:
        """Remove the lines of an earlier time and return how many they were."""
        return self._bare.execute("DELETE FROM activity WHERE at < ?", (times.written(before),)).rowcount
