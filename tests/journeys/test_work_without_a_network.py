"""A desk that never sees the network after pairing: work comes and goes in packages on a drive."""

from pathlib import Path

import pytest

from assessor_desk.environment.packaged import packaged
from assessor_desk.story.stage import Person, Stage

pytestmark = pytest.mark.slow

DEMO = packaged("resources") / "demo"
FAMILY = "family-school-connections-round-1"


class Office:
    """A hub with one portfolio for one assessor, whose paired laptop cannot reach it any more."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder)
        self.drive = folder / "drive"
        self.drive.mkdir()
        self.stage.hub("init", "--name", "Office")
        self.stage.hub("add-program", "lead-ed")
        self.ana = self._person("ana", "Ana Reyes")
        self.ben = self._person("ben", "Ben Okafor")
        with self.stage.serving():
            for person in (self.ana, self.ben):
                self._pair(person)
        (received,) = self.stage.hub("import", str(DEMO / "portfolios" / FAMILY))
        self.code: str = received["code"]
        self.stage.hub("assign", self.code, "ana")

    def for_desk(self, name: str, user: str = "ana") -> Path:
        """Return a new package from the hub for a person."""
        place = self.drive / name
        self.stage.hub("package-export", user, "--to", str(place))
        return place

    def _person(self, handle: str, name: str) -> Person:
        person = self.stage.person(handle, name)
        self.stage.hub("add-user", handle, "--name", name, "--role", "assessor:lead-ed")
        return person

    def _pair(self, person: Person) -> None:
        code = self.stage.hub("invite", person.handle)["code"]
        self.stage.desk(person, "pair", self.stage.url, code, "--recovery-to", str(person.home.parent / "sheet"))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "office")


def test_a_whole_assessment_travels_by_packages(office: Office) -> None:
    stage, ana, code = office.stage, office.ana, office.code

    first = stage.desk(ana, "package", "open", str(office.for_desk("to-ana-1")))
    stage.desk(ana, "assess", code, "--from", str(DEMO / "assessments" / f"{FAMILY}.yaml"))
    outcome = stage.desk(ana, "decide", code)["outcome"]
    out = str(office.drive / "from-ana")
    stage.desk(ana, "package", "export", "--to", out)
    once, twice = stage.hub("package-open", out), stage.hub("package-open", out)
    second = stage.desk(ana, "package", "open", str(office.for_desk("to-ana-2")))
    after = stage.desk(ana, "status")

    assert first["fetched"] == 6
    assert outcome == "not yet earned"
    assert once == twice
    assert not once["refused"]
    assert second["receipts"] == once["accepted"]
    assert after["waiting"] == {}
    assert stage.desk(ana, "queue")[0]["state"] == "received"
    assert stage.hub("verify")["holds"]


def test_a_package_that_was_changed_is_refused_in_a_sentence(office: Office) -> None:
    package = office.for_desk("to-ana")
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)

    sentence = office.stage.refused(office.ana, "package", "open", str(package))

    assert "package" in sentence
    assert "changed" in sentence
    assert office.stage.desk(office.ana, "queue") == []


def test_a_package_for_someone_else_stays_closed(office: Office) -> None:
    package = office.for_desk("to-ben", "ben")

    sentence = office.stage.refused(office.ana, "package", "open", str(package))

    assert "for someone else" in sentence


def test_a_packed_package_holds_nothing_readable(office: Office) -> None:
    package = office.for_desk("to-ana").read_bytes()

    assert b"moves-plan" not in package
    assert office.code.encode() not in package
    assert b"%PDF" not in package
