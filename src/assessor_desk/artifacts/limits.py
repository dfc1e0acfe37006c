"""What the render worker may use up before it is stopped."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RenderLimits:
    """Bounds of the render worker.

    `memory` counts bytes of address space; `wall_seconds` bounds one request; `cpu_seconds_in_life` is what the system
    gives a worker in its whole life, and a worker with less than `cpu_seconds` left is replaced before the next
    request; `answer` bounds the bytes of one answer.
    """

    memory: int = 1_280 * 1024 * 1024
    wall_seconds: float = 18.0
    cpu_seconds: int = 15
    cpu_seconds_in_life: int = 60
    answer: int = 128 * 1024 * 1024
    requests: int = 500
