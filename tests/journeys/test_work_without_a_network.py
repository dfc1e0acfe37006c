"""A desk that never sees the network after pairing: work comes and goes in packages on a drive."""

from pathlib import Path

import pytest

from assessor_desk.errors import DeskError
from tests.journeys.world import DEMO, World

FAMILY = "family-school-connections-round-1"


class Office:
    """A hub with one portfolio for one assessor, whose paired laptop cannot reach it any more."""

    def __init__(self, world: World, drive: Path) -> None:
        self.world, self.drive = world, drive
        world.opens(["lead-ed"], [("ana", "assessor:lead-ed"), ("ben", "assessor:lead-ed")])
        world.stage.stop_hub()
        (received,) = world.hub("import", str(DEMO / "portfolios" / FAMILY))
        self.code: str = received["code"]
        world.hub("assign", self.code, "ana")

    def for_desk(self, name: str, user: str = "ana") -> Path:
        """Return a new package from the hub for a person."""
        place = self.drive / name
        self.world.hub("package-export", user, "--to", str(place))
        return place


@pytest.fixture
def office(world: World, tmp_path: Path) -> Office:
    return Office(world, tmp_path)


@pytest.mark.slow
def test_a_whole_assessment_travels_by_packages(office: Office) -> None:
    world, code = office.world, office.code

    first = world.desk("ana", "package open", str(office.for_desk("to-ana-1")))
    world.desk("ana", "assess", code, "--from", str(DEMO / "assessments" / f"{FAMILY}.yaml"))
    outcome = world.desk("ana", "decide", code)["outcome"]
    out = str(office.drive / "from-ana")
    world.desk("ana", "package export", "--to", out)
    once, twice = world.hub("package-open", out), world.hub("package-open", out)
    second = world.desk("ana", "package open", str(office.for_desk("to-ana-2")))
    after = world.desk("ana", "status")

    assert first["fetched"] == 6
    assert outcome == "not yet earned"
    assert once == twice
    assert not once["refused"]
    assert second["receipts"] == once["accepted"]
    assert after["waiting"] == {}
    assert world.desk("ana", "queue")[0]["state"] == "received"
    assert world.hub("verify")["holds"]


def test_a_package_that_was_changed_is_refused_in_a_sentence(office: Office) -> None:
    package = office.for_desk("to-ana")
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)

    with pytest.raises(DeskError) as refused:
        office.world.desk("ana", "package open", str(package))

    sentence = str(refused.value)
    assert "package" in sentence
    assert "changed" in sentence
    assert office.world.desk("ana", "queue") == []


def test_a_package_for_someone_else_stays_closed(office: Office) -> None:
    package = office.for_desk("to-ben", "ben")

    with pytest.raises(DeskError) as refused:
        office.world.desk("ana", "package open", str(package))

    sentence = str(refused.value)
    assert "for someone else" in sentence


def test_a_packed_package_holds_nothing_readable(office: Office) -> None:
    package = office.for_desk("to-ana").read_bytes()

    assert b"moves-plan" not in package
    assert office.code.encode() not in package
    assert b"%PDF" not in package
