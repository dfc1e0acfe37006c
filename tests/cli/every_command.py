"""One run through every command that answers in JSON, with as much in the answers as they can hold."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from assessor_desk.environment.paths import Home
from tests.cli.place import Ended, Person, Place, run, unlocks_quickly
from tests.operations.office import PROGRAMS, READY

FLAGGED = f"{READY}flags: {{notes: {{privacy: Page 1 shows a surname.}}}}\n"
BETTER = READY.replace("proficient", "exemplary")
COACHED = """\
scores:
  talking: {level: Not met, rationale: The notes say nothing of a talk., looked_for: On all pages.}
artifacts: {notes: opened}
checks: {names-removed: true}
conditions: {coached: {by: Coach Lee, at: "2026-05-01T10:00:00-05:00"}}
"""


class Answers:
    """Runs commands and keeps what each answered, by its words."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place = place
        self.folder = folder
        self.by_command: dict[str, list[Any]] = defaultdict(list)

    def of(self, person: Person, *words: str | Path, verb: bool = False) -> Any:
        """Run a command at a desk."""
        return self._kept(words[: 2 if verb else 1], person.run(*words))

    def hub(self, verb: str, *words: str | Path, data: Path | None = None) -> Any:
        return self._kept(("hub", verb), run("hub", "--data", data or self.place.data, verb, *words, "--json"))

    def plain(self, *words: str | Path, code: int = 0) -> Any:
        return self._kept(words[:2], run(*words, "--json"), code)

    def gallery(self, *words: str | Path) -> Any:
        return self._kept(("gallery",), run("gallery", *words, "--json"))

    def _kept(self, name: tuple[str | Path, ...], ended: Ended, code: int = 0) -> Any:
        assert ended.code == code, ended
        self.by_command[" ".join(map(str, name))].append(ended.data)
        return ended.data


def collected(place: Place, folder: Path) -> dict[str, list[Any]]:
    """Run every command on a fresh hub and return the answers."""
    told = Answers(place, folder)
    _files(told)
    _people(told)
    ana, cleo = _paired(told), place.person("approver")
    _two_laptops(told, ana)
    _returned(told, ana, cleo)
    _refused(told, ana)
    _packages(told, ana)
    _signed_off(told, ana, cleo)
    _proofs(told, ana)
    return told.by_command


def _files(told: Answers) -> None:
    faulty = told.folder / "faulty.yaml"
    faulty.write_text("format: 2\n")
    told.plain("programs", "check", faulty, code=1)
    told.plain("programs", "list")
    told.plain("artifact", "inspect", faulty)
    told.gallery("--shots", told.folder / "shots")


def _people(told: Answers) -> None:
    other = told.folder / "other hub"
    told.hub("init", "--name", "Another", data=other)
    told.hub("add-program", PROGRAMS, data=other)
    told.hub("add-user", "dora", "--name", "Dora Lind", "--role", "staff:office", "--organization", "Tallgrass School")
    told.hub("give-role", "dora", "--role", "assessor:office")


def _paired(told: Answers) -> Person:
    ana = told.place.user("assessor")
    invitation = told.hub("invite", ana.handle)["code"]
    sheet = told.folder / "sheet.txt"
    told.of(ana, "pair", told.place.url, invitation, "--recovery-to", sheet)
    ana.sheet = sheet.read_text()
    unlocks_quickly(Home.at(ana.home))
    return ana


def _given(told: Answers, *people: Person, id: str = "office.notes") -> str:
    """Take in a portfolio and give it to people."""
    folder = told.place.written(id)
    (folder / ".DS_Store").write_bytes(b"left behind")
    (received,) = told.hub("import", folder)
    for person, part in zip(people, ("first assessor", "second assessor"), strict=False):
        told.hub("assign", received["code"], person.handle, "--part", part)
    code: str = received["code"]
    return code


def _two_laptops(told: Answers, ana: Person) -> None:
    at_home = told.place.another_laptop(ana)
    code = _given(told, ana)
    for laptop, text in ((ana, FLAGGED), (at_home, BETTER)):
        told.of(laptop, "sync")
        told.of(laptop, "assess", code, "--from", laptop.writes(text))
    told.of(ana, "sync")
    told.of(at_home, "sync")
    for command in ("conflicts", "queue", "status", "activity"):
        told.of(at_home, command)
    told.of(at_home, "show", code)
    told.of(ana, "decline", code, "--reason", "My sister works there.")
    told.of(ana, "recall", code)


def _returned(told: Answers, ana: Person, cleo: Person) -> None:
    code = _given(told, ana)
    told.of(ana, "sync")
    told.of(ana, "assess", code, "--from", ana.writes(READY))
    told.of(ana, "decide", code)
    told.of(ana, "sync")
    told.of(cleo, "sync")
    told.of(cleo, "sign-off", code, "--return", "using: Which day?")
    told.of(cleo, "sync")
    told.of(ana, "sync")
    told.of(ana, "show", code)


def _refused(told: Answers, ana: Person) -> None:
    code = _given(told, ana, id="office.checked")
    told.of(ana, "sync")
    told.of(ana, "assess", code, "--from", ana.writes("scores: {talking: {level: 1}}"))
    told.of(ana, "assess", code, "--from", ana.writes(COACHED))
    told.of(ana, "decide", code)
    told.of(ana, "status")
    told.hub("withdraw", code, ana.handle, "--reason", "Given to Ben.")
    told.of(ana, "sync")
    told.of(ana, "status")
    told.of(ana, "show", code)


def _packages(told: Answers, ana: Person) -> None:
    code = _given(told, ana)
    there, back = told.folder / "to hub.zip", told.folder / "to desk.zip"
    told.hub("package-export", ana.handle, "--to", back)
    told.of(ana, "verify", back)
    told.of(ana, "package", "open", back, verb=True)
    told.of(ana, "assess", code, "--from", ana.writes(READY))
    told.of(ana, "package", "export", "--to", there, verb=True)
    told.hub("package-open", there)
    told.of(ana, "export", code, "--to", told.folder / "copies")


def _signed_off(told: Answers, ana: Person, cleo: Person) -> None:
    ben = told.place.person()
    code, coached = _given(told, ana, ben), _given(told, ana, id="office.checked")
    for person, judged, text in ((ana, coached, COACHED), (ana, code, FLAGGED), (ben, code, BETTER)):
        told.of(person, "sync")
        told.of(person, "assess", judged, "--from", person.writes(text))
        told.of(person, "decide", judged)
        told.of(person, "sync")
    told.of(cleo, "sync")
    told.of(cleo, "approvals")
    told.of(cleo, "approvals", coached)
    told.of(cleo, "approvals", code)
    told.of(cleo, "show", code)
    told.of(cleo, "sign-off", code, "--approve")
    told.of(cleo, "status")
    told.of(cleo, "sync")
    told.hub("letter", code, "--to", told.folder / "letters")
    told.of(ana, "sync")
    told.of(ana, "remove", code)


def _proofs(told: Answers, ana: Person) -> None:
    told.of(ana, "verify")
    told.hub("status")
    people = told.hub("people")
    told.hub("verify")
    told.hub("revoke", next(laptop["id"] for person in people for laptop in person["laptops"]))
    told.hub("restored")
