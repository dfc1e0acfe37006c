"""Where the story plays: one hub and several desks, each a process of its own, on loopback."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from assessor_desk.errors import DeskError

PATIENCE = 120
"""Seconds that one command may take before the story gives up on it."""
T = TypeVar("T")


class StoryError(DeskError):
    """A step of the story did not end as it should."""

    type = "story"
    title = "The story broke off"
    default_safe = "The story plays with made-up portfolios only."


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, what it answered, and what it said on standard error."""

    code: int
    answer: Any
    said: str

    @property
    def sentence(self) -> str:
        """Return why the command did not do it: the last it said, or its answer where it said nothing."""
        return self.said.rpartition("\n")[2] or json.dumps(self.answer, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the story, with a home folder that nobody else uses."""

    handle: str
    name: str
    home: Path
    passphrase_file: Path


class Stage:
    """Runs commands of `assessor-desk`, each as its own process, and reads their JSON; `started` names all of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hub_data = folder / "hub"
        self._server: subprocess.Popen[str] | None = None
        self.url = ""
        self.started: list[str] = []
        self._running: set[subprocess.Popen[str]] = set()

    def person(self, handle: str, name: str) -> Person:
        """Return a person with a fresh home and a passphrase of their own."""
        home = self.folder / "laptops" / handle
        home.mkdir(mode=0o700, parents=True)
        passphrase = home / "passphrase"
        passphrase.touch(mode=0o600)
        passphrase.write_text(f"{secrets.token_urlsafe(18)}\n", encoding="utf-8")
        return Person(handle, name, home / "data", passphrase)

    def hub(self, verb: str, *words: str) -> Any:
        """Run a verb of the hub's command line and return what it answers."""
        return self._done("hub", "--data", str(self.hub_data), verb, *words).answer

    def refused_by_hub(self, verb: str, *words: str) -> str:
        """Run a verb of the hub that must be refused, and return the sentence."""
        return self._refused("hub", "--data", str(self.hub_data), verb, *words)

    def desk(self, person: Person, verb: str, *words: str) -> Any:
        """Run a verb at a person's desk and return what it answers."""
        return self._done(verb, *words, *_at(person)).answer

    def refused(self, person: Person, verb: str, *words: str) -> str:
        """Run a verb at a desk that must be refused, and return the sentence."""
        return self._refused(verb, *words, *_at(person))

    def start_hub(self, port: int = 0) -> None:
        """Start the hub's process and learn its address."""
        words = _command("hub", "--data", str(self.hub_data), "serve", "--port", str(port))
        log = (self.folder / "hub.log").open("ab")
        with log:
            self._server = subprocess.Popen(
                words, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, text=True, env=self.environment()
            )
        told = self._server.stdout.readline() if self._server.stdout else ""
        if not told.startswith("Listening on "):
            self.stop_hub()
            raise StoryError("The hub did not start.", next=f"Look at {self.folder / 'hub.log'}.")
        self.url = told.removeprefix("Listening on ").strip()

    def stop_hub(self) -> None:
        """Stop the hub's process, as an operator would."""
        if self._server is None:
            return
        self._server.send_signal(signal.SIGTERM)
        try:
            self._server.wait(PATIENCE)
        finally:
            if self._server.poll() is None:
                self._server.kill()
                self._server.wait()
            if self._server.stdout:
                self._server.stdout.close()
            self._server = None

    @property
    def port(self) -> int:
        """Return the port on which the hub listened last."""
        return int(self.url.rpartition(":")[2])

    def run(self, *words: str) -> Ended:
        """Run one command as a process of its own, with JSON as its answer."""
        self.started.append(_spoken(words))
        command, pipe = _command(*words, "--json"), subprocess.PIPE
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, encoding="utf-8", env=self.environment()
        ) as process:
            self._running.add(process)
            try:
                answer, said = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise StoryError(f"`{_spoken(words)}` did not end within {PATIENCE} seconds.") from error
            finally:
                self._running.discard(process)
        return Ended(process.returncode, _parsed(answer), said.strip())

    def close(self) -> None:
        """End whatever still runs."""
        for process in tuple(self._running):
            process.kill()
        self.stop_hub()

    def _done(self, *words: str) -> Ended:
        ended = self.run(*words)
        if ended.code != 0:
            raise StoryError(f"`{_spoken(words)}` was refused: {ended.sentence}")
        return ended

    def _refused(self, *words: str) -> str:
        ended = self.run(*words)
        if ended.code != 1:
            raise StoryError(f"`{_spoken(words)}` should have been refused and ended with {ended.code}.")
        return ended.said

    def environment(self) -> dict[str, str]:
        """Return what a process inherits: no proxy, and compiled code, which otherwise each one would make again."""
        own = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        if own.pop("PYTHONDONTWRITEBYTECODE", ""):
            own.setdefault("PYTHONPYCACHEPREFIX", str(self.folder / "compiled"))
        return own


def together(*plays: Callable[[], T]) -> list[T]:
    """Play what different people do at the same time, and return what each led to, in their order."""
    with ThreadPoolExecutor(max(1, len(plays))) as pool:
        return [each.result() for each in [pool.submit(play) for play in plays]]


def _parsed(text: str) -> Any:
    return json.loads(text) if text.strip() else None


def _spoken(words: Sequence[str]) -> str:
    return " ".join(word for word in words[:4] if not word.startswith("-") and "/" not in word)


def _command(*words: str) -> Sequence[str]:
    return (sys.executable, "-P", "-m", "assessor_desk", *words)


def _at(person: Person) -> tuple[str, ...]:
    return ("--home", str(person.home), "--passphrase-file", str(person.passphrase_file))
