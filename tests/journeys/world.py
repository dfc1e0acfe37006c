"""A hub as a process of its own and desks beside it, for journeys through the whole program by its command line."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assessor_desk.cli.commands import Command
from assessor_desk.cli.desks import workplace
from assessor_desk.cli.main import commands, parser
from assessor_desk.operations.workplace import Workplace
from assessor_desk.story.stage import Person, Stage

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo"
CORPUS = ROOT.parent / "shared" / "corpus"


class World:
    """People at their desks; what they do runs here, or as processes of their own through the stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.people: dict[str, Person] = {}

    def opens(self, programs: Iterable[str], people: Iterable[tuple[str, str]]) -> None:
        """Make a hub that offers programs, add people as (handle, ROLE:PROGRAM), serve, and pair a desk for each."""
        self.hub("init", "--name", "Journey", "--demo")
        for program in programs:
            self.hub("add-program", program)
        for handle, role in people:
            self.hub("add-user", handle, "--name", f"{handle.title()} Tester", "--role", role)
        self.stage.start_hub()
        for handle, _ in people:
            self.pairs(handle, handle)

    def pairs(self, handle: str, laptop: str) -> None:
        """Pair a new laptop for somebody."""
        self.people[laptop] = self.stage.person(laptop, handle)
        self.desk(laptop, "pair", self.stage.url, self.hub("invite", handle)["code"], "--name", laptop)

    def hub(self, verb: str, *words: str) -> Any:
        """Run a verb of the hub's command line in this process."""
        return ran("hub", "--data", str(self.stage.hub_data), verb, *words)

    def desk(self, laptop: str, verb: str, *words: str) -> Any:
        """Run a verb at a desk in this process."""
        return ran(*verb.split(), *words, *self.at(laptop))

    def process(self, laptop: str, verb: str, *words: str) -> Any:
        """Run a verb at a desk as a process of its own."""
        return self.stage.desk(self.people[laptop], verb, *words)

    def start(self, laptop: str, verb: str, *words: str) -> subprocess.Popen[bytes]:
        """Start a verb at a desk as a process of its own, and do not wait for it."""
        command = [sys.executable, "-P", "-m", "assessor_desk", verb, *words, *self.at(laptop), "--json"]
        none, pipe = subprocess.DEVNULL, subprocess.PIPE
        return subprocess.Popen(command, stdin=none, stdout=pipe, stderr=pipe, env=self.stage.environment())

    def at(self, laptop: str) -> tuple[str, ...]:
        """Return the words that name a desk and its passphrase."""
        person = self.people[laptop]
        return ("--home", str(person.home), "--passphrase-file", str(person.passphrase_file))

    @contextmanager
    def opened(self, laptop: str) -> Iterator[Workplace]:
        """Yield an unlocked desk, to look at what no command shows."""
        arguments, _ = _understood("status", *self.at(laptop))
        with workplace(arguments) as desk:
            yield desk


def ran(*words: str) -> Any:
    """Run one command in this process and return what it answers to a program; a refusal is raised."""
    arguments, command = _understood(*words)
    answer = command.run(arguments)
    assert answer.exit == 0, answer.lines
    return json.loads(json.dumps(answer.data))


def _understood(*words: str) -> tuple[Any, Command]:
    arguments = parser(commands(words[0])).parse_args(words)
    return arguments, arguments.command
