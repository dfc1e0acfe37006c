"""How long to wait before something is tried again."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

WAITS = (5, 15, 40, 120, 600, 1800)
"""Seconds until the next try, after each failure; the last one is kept."""

SPREAD = 0.2

Jitter: TypeAlias = Callable[[], float]
"""Returns a number from -1 to 1, which keeps desks apart that lost the hub at the same moment."""


def any_jitter() -> float:
    """Return a random jitter."""
    return random.uniform(-1, 1)  # noqa: S311  guards nothing


def wait_after(failures: int, jitter: float) -> timedelta:
    """Return how long to wait when so many tries failed before this one."""
    seconds = WAITS[min(failures, len(WAITS) - 1)]
    return timedelta(seconds=seconds * (1 + SPREAD * jitter))
