"""What stays on this laptop alone: "My notes", and the time that was spent."""

from datetime import datetime

from assessor_desk.domain.ids import AssessmentId
from assessor_desk.tables import times
from assessor_desk.tables.sqlite import Bare


class PrivateNotes:
    """Named texts of one assessment; no deed ever carries them."""

    def __init__(self, bare: Bare) -> None:
        self._bare = bare

    def put(self, assessment: AssessmentId, name: str, value: str, at: datetime) -> None:
        """Keep a text under a name, in place of what was there."""
        self._bare.execute(
            "INSERT INTO private_note (assessment, name, value, changed_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (assessment, name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
            (assessment, name, value, times.written(at)),
        )

    def get(self, assessment: AssessmentId, name: str) -> str | None:
        """Return a text, or nothing if it was never put."""
        row = self._bare.execute(
            "SELECT value FROM private_note WHERE assessment = ? AND name = ?", (assessment, name)
        ).fetchone()
        return None if row is None else str(row[0])

    def all(self, assessment: AssessmentId) -> dict[str, str]:
        """Return every text of an assessment by its name."""
        rows = self._bare.execute(
            "SELECT name, value FROM private_note WHERE assessment = ? ORDER BY name", (assessment,)
        )
        return {str(name): str(value) for name, value in rows}
