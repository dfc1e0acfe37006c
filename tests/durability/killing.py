"""The killer's side: lives that are started, listened to and killed, each at a chosen place or moment."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
LISTENING = "Listening on "


class LifeError(Exception):
    """A life ended that should not have, or did not come to where it was awaited."""


@dataclass(frozen=True)
class Living:
    """A process that was started; its number stays taken until it was awaited."""

    process: int
    watch: int


class Launcher:
    """The process that forks lives, and everything they say."""

    def __init__(self, folder: Path, marks: Path, hear: Callable[[dict[str, Any]], None]) -> None:
        self._complaints = folder / "complaints.txt"
        self._hear = hear
        self._read = b""
        self._said: dict[str, Any] = {}  # since the last order
        # Unbuffered, Python writes a printed line in two pieces, and another life's line could come between them.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        with self._complaints.open("wb") as complaints:
            self._process = subprocess.Popen(
                (sys.executable, "-m", "tests.durability.launching", str(marks)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                cwd=ROOT,
                env=environment,
            )

    def start(self, order: dict[str, Any]) -> Living:
        """Start a life."""
        self._order(order)
        process = self.until("started")
        return Living(process, os.pidfd_open(process))

    def kill(self, life: Living) -> None:
        """Kill a life, if it is not dead yet, and hear everything it had said."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(life.watch, signal.SIGKILL)
        self._order({"await": life.process})
        self.until("ended")
        os.close(life.watch)
        if self._said["code"] != -signal.SIGKILL:
            raise self._error(f"A life ended by itself with {self._said['code']}")

    def until(self, word: str) -> int:
        """Listen until a word was said since the last order, and return what was said with it."""
        end = monotonic() + PATIENCE
        while word not in self._said:
            if not self._listen(end - monotonic()):
                raise self._error(f"Nobody said “{word}”")
        return int(self._said[word])

    def listen(self, seconds: float, *lives: Living) -> None:
        """Hear what is said for a while, or until one of the lives is dead."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0 and not select.select([each.watch for each in lives], [], [], 0)[0]:
            self._listen(left, *lives)

    def _listen(self, seconds: float, *lives: Living) -> bool:
        """Take in the next line if one comes in time; return whether anything happened."""
        if b"\n" not in self._read:
            pipe: Any = self._process.stdout
            ready = select.select([pipe, *(each.watch for each in lives)], [], [], max(0.0, seconds))[0]
            if pipe in ready:
                self._read += os.read(pipe.fileno(), 1 << 16) or self._ended()
            if b"\n" not in self._read:
                return bool(ready)
        line, _, self._read = self._read.partition(b"\n")
        words = _understood(line.decode())
        self._said |= words
        self._hear(words)
        return True

    def _order(self, order: dict[str, Any]) -> None:
        orders: Any = self._process.stdin
        self._said = {}
        orders.write(json.dumps(order).encode() + b"\n")
        orders.flush()

    def _ended(self) -> bytes:
        raise self._error("The launcher ended")

    def _error(self, words: str) -> LifeError:
        return LifeError(f"{words}: {self._complaints.read_text()[-4000:]}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=PATIENCE)  # closes its orders; it kills what still lives


def _understood(line: str) -> dict[str, Any]:
    if line.startswith(LISTENING):
        return {"listening": line.rpartition(":")[2]}
    words: dict[str, Any] = json.loads(line)
    return words
