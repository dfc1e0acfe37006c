"""What the render worker may use up before it is stopped."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RenderLimits:
    """Bounds of the render worker.

    `memory` counts bytes of address space; `wall_seconds` and `cpu_seconds` bound one request. The system bounds the
    processor time of a worker's whole life, so a worker is replaced before what is left falls under one request's.
    `answer` bounds the bytes of one answer.
    """

    memory: int = 1_280 * 1024 * 1024
    wall_seconds: float = 18.0
    cpu_seconds: int = 15
    answer: int = 128 * 1024 * 1024
    requests: int = 500

    @property
    def cpu_seconds_in_life(self) -> int:
        """Return how much processor time a worker gets in its whole life."""
        return self.cpu_seconds * 4
