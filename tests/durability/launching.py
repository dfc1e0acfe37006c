"""Starts lives: a process that has loaded everything once and forks, so that a hundred starts take seconds.

Run as `python -m tests.durability.launching MARKS`. It reads orders and answers, a line of JSON each; the lives
write on the same pipe. A line is shorter than what a pipe takes in one piece, so that none is ever torn.
"""

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from assessor_desk.environment.process import harden
from tests.durability import desk_life, hub_life
from tests.durability.marks import Marks

DESK, HUB = 0, 1


def tell(words: dict[str, Any]) -> None:
    """Write one line, in one piece."""
    os.write(1, json.dumps(words).encode() + b"\n")


def start(order: dict[str, Any], marks: Path) -> int:
    """Fork a life and return its process id."""
    process = os.fork()
    if process == 0:
        try:
            _live(order, marks)
        finally:
            traceback.print_exc()
            os._exit(1)  # only a kill ends a life as it should
    return process


def _live(order: dict[str, Any], marks: Path) -> None:
    match order:
        case {"desk": orders}:
            desk_life.live(desk_life.Orders(**orders), Marks(marks, DESK), tell)
        case {"hub": {"data": str(data), "port": int(port), "marked": True}}:
            hub_life.live(data, port, Marks(marks, HUB))
        case {"hub": {"data": str(data), "port": int(port)}}:
            words = ("-m", "assessor_desk", "hub", "--data", data, "serve", "--port", str(port))
            os.execv(sys.executable, (sys.executable, *words))  # noqa: S606


def main(marks: Path) -> None:
    """Start and await lives until nobody orders any more; those still there are killed."""
    harden()
    hub_life.load()
    living: set[int] = set()
    for line in sys.stdin:
        match json.loads(line):
            case {"await": int(process)}:
                _, status = os.waitpid(process, 0)
                living.discard(process)
                tell({"ended": process, "code": os.waitstatus_to_exitcode(status)})
            case dict(order):
                living.add(process := start(order, marks))
                tell({"started": process})
    for process in living:
        os.kill(process, 9)
        os.waitpid(process, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
