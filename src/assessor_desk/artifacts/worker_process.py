"""One render worker as a process: its pipes, its end, and why it came to it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import msgspec

import assessor_desk
from assessor_desk.artifacts import messages
from assessor_desk.artifacts.limits import RenderLimits
from assessor_desk.artifacts.source import Source, read_at
from assessor_desk.errors import ArtifactError

_LARGEST_PIECE = 4 * 1024 * 1024
_START_SECONDS = 60.0
_SHORTEST_ANSWER = 64 * 1024
# Isolated Python finds neither the working folder nor PYTHONPATH, so it is told where this very program lies.
_START = "import sys; sys.path.append(sys.argv[1]); from assessor_desk.artifacts.worker import main; main()"


class WorkerProcess:
    """A confined process that answers one request at a time; any failure ends it."""

    def __init__(self, limits: RenderLimits) -> None:
        self._limits = limits
        self._requests_left = limits.requests
        self._cpu_left = float(limits.cpu_seconds_in_life)
        self._late = False
        requests, self._to = os.pipe()
        self._from, answers = os.pipe()
        lifeline, held = os.pipe()
        self._pipes = [self._to, self._from, held]
        try:
            self._process = _started(limits, requests, answers, lifeline)
        finally:
            for theirs in (requests, answers, lifeline):
                os.close(theirs)
        with self._killed_after(_START_SECONDS):
            ready = self._receive(_SHORTEST_ANSWER)
        if not isinstance(ready, messages.Ready):
            self._give_up()
        self.enforced = ready.enforced

    @property
    def process_id(self) -> int:
        """Return the process's number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Return whether the process still runs; the system may have ended it while it was idle."""
        return self._process.poll() is None

    @property
    def spent(self) -> bool:
        """Return whether too little is left of this worker for another request."""
        return self._requests_left <= 0 or self._cpu_left < self._limits.cpu_seconds

    def ask(self, request: messages.Request, source: Source | None) -> messages.Answer:
        """Send a request, hand over the bytes that the worker asks for, and return its answer."""
        self._requests_left -= 1
        with self._killed_after(self._limits.wall_seconds):
            self._send(messages.encode(request))
            while True:
                said = self._receive(self._limits.answer)
                if isinstance(said, messages.Ready):
                    self._give_up()
                if not isinstance(said, messages.Need):
                    self._cpu_left -= max(said.cpu_seconds, 0.0)
                    return said
                self._send(self._bytes_for(said, source))

    def end(self) -> None:
        """End the process and wait until it is gone; there is nothing in it to lose."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        for pipe in self._pipes:
            os.close(pipe)
        self._pipes.clear()

    def _bytes_for(self, need: messages.Need, source: Source | None) -> bytes:
        if source is None or need.offset < 0 or not 0 < need.size <= _LARGEST_PIECE:
            self._give_up()
        return read_at(source, need.offset, need.size)

    def _send(self, payload: bytes) -> None:
        try:
            messages.send_frame(self._to, payload)
        except OSError:
            self._give_up()

    def _receive(self, longest: int) -> messages.FromWorker:
        try:
            said: messages.FromWorker = messages.decode_from_worker(messages.receive_frame(self._from, longest))
        except (messages.FrameError, msgspec.MsgspecError, OSError):
            self._give_up()
        return said

    @contextmanager
    def _killed_after(self, seconds: float) -> Iterator[None]:
        watch = threading.Timer(seconds, self._kill_late)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()
            watch.join()

    def _kill_late(self) -> None:
        self._late = True
        with suppress(OSError):
            self._process.kill()

    def _give_up(self) -> NoReturn:
        """End the process and say why it did not answer."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        died_by = self._process.returncode
        self.end()
        if self._late:
            why = f"It took longer than {self._limits.wall_seconds:g} seconds to read."
        elif died_by is not None and -died_by in _SPENT:
            why = "Reading it used up all the time or memory that a file is given."
        else:
            why = "Reading it failed in a way that ended the reading program."
        raise ArtifactError(why, next="Flag it as unreadable, or ask for a new copy.")


# SIGKILL and SIGXCPU, by number because Windows does not name them: what a system ends a greedy process with.
_SPENT = (9, 24)


def _started(limits: RenderLimits, requests: int, answers: int, lifeline: int) -> "subprocess.Popen[bytes]":
    inherited = (lifeline,) if os.name == "posix" else ()
    charge = msgspec.json.encode({"limits": limits, "lifeline": lifeline}).decode()
    root = Path(assessor_desk.__file__).parent.parent
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _START, str(root), charge],
        stdin=requests,
        stdout=answers,
        stderr=subprocess.DEVNULL,
        pass_fds=inherited,
        cwd=root.anchor,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """Return what the worker may know of its surroundings: next to nothing."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return kept | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
