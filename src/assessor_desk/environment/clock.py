"""What time it is: handed in wherever time matters."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """Return the time with its zone."""


class SystemClock:
    """The clock of this computer, in UTC."""

    def now(self) -> datetime:
        """Return the time now."""
        return datetime.now(UTC)
