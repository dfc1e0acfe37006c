"""Reading ahead: the next bytes come off the wire while the last ones are hashed and encrypted."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from assessor_desk.errors import HubError

TOGETHER = 512 * 1024


@dataclass(slots=True)
class _Gathered:
    """Parts that came one after another; if they are the last ones, and what ended them if it was a fault."""

    parts: list[bytes] = field(default_factory=list)
    last: bool = False
    fault: HubError | None = None


def read_ahead(parts: Iterator[bytes], together: int = TOGETHER) -> Generator[bytes]:
    """Yield the same parts, read by a thread some way ahead; nothing that came before a cut is lost.

    To be closed when it is left early.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as lane:
        last = False
        coming = lane.submit(_gather, parts, together)
        while not last:
            gathered = coming.result()
            last = gathered.last
            if not last:
                coming = lane.submit(_gather, parts, together)
            yield from gathered.parts
        if gathered.fault is not None:
            raise gathered.fault


def _gather(parts: Iterator[bytes], together: int) -> _Gathered:
    found, size = _Gathered(), 0
    try:
        while size < together:
            part = next(parts, None)
            if part is None:
                found.last = True
                break
            found.parts.append(part)
            size += len(part)
    except HubError as fault:
        found.last, found.fault = True, fault
    return found
