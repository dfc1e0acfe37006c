"""A hub on a real port, people and portfolios, all made by the command line; and people's desks, paired for real."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from assessor_desk.cli.answers import shown
from assessor_desk.cli.main import main
from assessor_desk.environment.clock import SystemClock
from assessor_desk.environment.paths import Home
from assessor_desk.store.keys import change_passphrase
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.pairing import FirstRun, pair
from tests.operations.office import CHEAP, NOTES, PASSPHRASE, PLAN, PROGRAMS

ROOT = Path(__file__).resolve().parents[2]
PARTICIPANT = "Quillon Featherstonehaugh"
MANIFEST = f"""\
external_id: BB-{{number}}
micro_credential: {{micro_credential}}
participants: [{{{{name: {PARTICIPANT}}}}}]
organization: Tallgrass School
artifacts:
  - {{{{file: featherstonehaugh notes.txt, slot: notes}}}}
"""
POINTERS = """\
context_note: A school with two reading corners.
pointers:
  - {criterion: taking, file: featherstonehaugh notes.txt, place: the second line, words: Who asked for what.}
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, what it printed, and what it said on standard error."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def problem(self) -> dict[str, str]:
        """Return the problem of a refused command, after checking that it was told in one sentence each."""
        assert self.code == 1
        problem: dict[str, str] = self.data["problem"]
        assert set(problem) == {"type", "title", "detail", "safe", "next"}
        assert self.err.count("\n") == 1
        assert " ".join(shown(problem["detail"]).split()) in self.err
        return problem


def run(*words: str | Path, encoding: str = "utf-8") -> Ended:
    """Run a command in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding, errors="replace", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(word) for word in words])
        except SystemExit as ended:  # a line that argparse did not understand, or its help
            code = int(ended.code or 0)
    return Ended(code, *(each.buffer.getvalue().decode(encoding) for each in (out, err)))


def process(*words: str | Path, **settings: Any) -> subprocess.Popen[bytes]:
    """Start a command as a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")} | settings.pop("env", {})
    return subprocess.Popen(
        [sys.executable, "-m", "assessor_desk", *map(str, words)],
        stdin=settings.pop("stdin", subprocess.DEVNULL),
        stdout=settings.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        env=environment,
        **settings,
    )


def ended(started: subprocess.Popen[bytes], given: bytes | None = None) -> Ended:
    """Wait for a process."""
    with started:
        out, err = started.communicate(given, timeout=60)
    return Ended(started.returncode, (out or b"").decode(), err.decode())


@dataclass
class Person:
    """Someone with a laptop."""

    place: "Place"
    handle: str
    home: Path
    passphrase_file: Path
    sheet: str = ""

    def line(self, *words: str | Path) -> tuple[str | Path, ...]:
        """Return a line at this desk that answers as JSON."""
        return (*words, "--home", self.home, "--passphrase-file", self.passphrase_file, "--json")

    def run(self, *words: str | Path) -> Ended:
        return run(*self.line(*words))

    def does(self, *words: str | Path) -> Any:
        """Run a command that must be done, and return its answer."""
        ended = self.run(*words)
        assert (ended.code, ended.err) == (0, ""), ended
        return ended.data

    def says(self, *words: str | Path) -> str:
        """Run a command that must be done, and return what it says to people."""
        ended = run(*self.line(*words)[:-1])
        assert (ended.code, ended.err) == (0, ""), ended
        return ended.out

    def is_refused(self, *words: str | Path) -> dict[str, str]:
        return self.run(*words).problem

    def writes(self, text: str) -> Path:
        """Return a file with an assessment."""
        path = self.home.parent / f"{self.handle}.yaml"
        path.write_text(text, encoding="utf-8")
        return path


@dataclass
class Place:
    """The hub's folder and address, and what it handed out."""

    folder: Path
    url: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def data(self) -> Path:
        return self.folder / "hub"

    def hub(self, verb: str, *words: str | Path) -> Any:
        """Run a verb of the hub that must be done, and return its answer."""
        ended = run("hub", "--data", self.data, verb, *words, "--json")
        assert (ended.code, ended.err) == (0, ""), ended
        return ended.data

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve the hub as a process of its own while the block runs."""
        port = self.url.rpartition(":")[2] or "0"
        with process("hub", "--data", self.data, "serve", "--port", port) as server:
            assert server.stdout is not None
            self.url = server.stdout.readline().decode().removeprefix("Listening on ").strip()
            try:
                yield
            finally:
                server.terminate()
                server.communicate()

    def user(self, role: str) -> Person:
        """Add a person, without a laptop yet."""
        handle = f"{role}{next(self.numbers)}"
        self.hub("add-user", handle, "--name", f"{role.title()} {handle}", "--role", f"{role}:office")
        folder = self.folder / handle
        folder.mkdir()
        passphrase = folder / "passphrase"
        passphrase.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
        return Person(self, handle, folder / "home", passphrase)

    def person(self, role: str = "assessor") -> Person:
        """Add a person and pair a laptop for them."""
        person = self.user(role)
        person.sheet = self._paired(person)
        return person

    def another_laptop(self, person: Person) -> Person:
        """Pair a second laptop of a person, with the recovery sheet of the first."""
        home = person.home.with_name("second home")
        other = Person(self, person.handle, home, person.passphrase_file, person.sheet)
        self._paired(other)
        return other

    def _paired(self, person: Person) -> str:
        client = HubClient(self.url)
        try:
            code = self.hub("invite", person.handle)["code"]
            first_run = FirstRun(self.url, code, PASSPHRASE, f"{person.handle}'s laptop", person.sheet, CHEAP)
            return pair(Home.at(person.home), client, first_run, SystemClock().now).sheet.text()
        finally:
            client.close()

    def portfolio(self, *people: Person, id: str = "office.notes") -> str:
        """Import a portfolio, give it to a first and maybe a second assessor, and return its code."""
        (received,) = self.hub("import", self.written(id))
        code: str = received["code"]
        for person, part in zip(people, ("first assessor", "second assessor"), strict=False):
            self.hub("assign", code, person.handle, "--part", part)
        return code

    def written(self, id: str = "office.notes") -> Path:
        """Return the folder of a new portfolio."""
        number = next(self.numbers)
        folder = self.folder / f"portfolio {number}"
        folder.mkdir()
        (folder / "featherstonehaugh notes.txt").write_text(f"{NOTES}Paper {number}.\n", encoding="utf-8")
        manifest = MANIFEST.format(number=number, micro_credential=id)
        if id == "office.notes":
            (folder / "plan.txt").write_text(PLAN, encoding="utf-8")
            manifest += "  - {file: plan.txt, slot: plan}\n" + POINTERS
        (folder / "portfolio.yaml").write_text(manifest, encoding="utf-8")
        return folder


def unlocks_quickly(home: Home) -> None:
    """Put the keys of a laptop that was paired by command under the same passphrase at a test's cost."""
    for paths in home.stores():
        change_passphrase(paths, PASSPHRASE, PASSPHRASE, CHEAP)


@contextmanager
def opened(folder: Path) -> Iterator[Place]:
    """Yield a new hub that offers the small program of the desk's tests, on a port of its own."""
    place = Place(folder)
    place.hub("init", "--name", "Teaching Lab")
    place.hub("add-program", PROGRAMS)
    with place.serving():
        yield place
