"""The whole job by command line, against a real hub: online, offline, on two laptops, blind."""

from pathlib import Path

import pytest

from assessor_desk.environment.paths import Home
from tests.cli.place import PARTICIPANT, Person, Place, opened, run, unlocks_quickly
from tests.operations.office import READY

FLAWED = READY.replace("The plan takes the reading corner up with a day.", "Looks good.")
NAMES = [name.lower() for name in PARTICIPANT.split()]


@pytest.fixture
def cleo(place: Place) -> Person:
    """Return an approver."""
    return place.person("approver")


def test_a_portfolio_goes_from_the_hub_to_the_letter(place: Place, ana: Person, cleo: Person, tmp_path: Path) -> None:
    code = place.portfolio(ana)
    ana.does("sync")
    assert ana.does("assess", code, "--from", ana.writes(READY))["open"] == []
    assert ana.does("decide", code)["outcome"] == "earned"
    assert ana.does("sync")["not_accepted"] == []

    cleo.does("sync")
    assert [each["code"] for each in cleo.does("approvals")] == [code]
    opened_decision = cleo.does("approvals", code)
    assert [place["stands"] for score in opened_decision["scores"] for place in score["evidence"]] == [True, True]
    cleo.does("sign-off", code, "--approve")
    assert cleo.does("approvals") == []
    cleo.does("sync")
    letters = place.hub("letter", code, "--to", tmp_path)["files"]

    assert any(Path(letter).read_bytes().startswith(b"%PDF") for letter in letters)
    ana.does("sync")
    assert ana.does("show", code)["state"] == "done"
    assert ana.does("remove", code)["erased_at"]
    assert ana.does("queue") == []
    assert ana.does("verify") == {"holds": True, "faults": []}


def test_a_returned_decision_is_corrected_and_signed_again(place: Place, ana: Person, cleo: Person) -> None:
    code = place.portfolio(ana)
    ana.does("sync")
    ana.does("assess", code, "--from", ana.writes(FLAWED))
    first = ana.does("decide", code)["decision"]
    ana.does("sync")
    cleo.does("sync")
    cleo.does(
        "sign-off", first, "--return", "using: “Looks good” says nothing. Which day?", "--return", "letter: Close."
    )
    cleo.does("sync")

    ana.does("sync")
    back = ana.does("show", code)
    assert (back["state"], back["returned"][0]["decision"]) == ("returned to me", first)
    assert [each["about"] for each in back["returned"][0]["reasons"]] == ["using", "letter"]
    assert "Which day?" in ana.says("show", code)
    assert ana.does("assess", code, "--from", ana.writes(READY))["edits"] == 1
    second = ana.does("decide", code)["decision"]
    ana.does("sync")
    cleo.does("sync")
    assert [each["decision"] for each in cleo.does("approvals")] == [second]


def test_with_the_hub_stopped_everything_but_pairing_and_fetching_works(tmp_path: Path) -> None:
    with opened(tmp_path) as place:
        ana, cleo = place.person(), place.person("approver")
        decided, open_ = place.portfolio(ana), place.portfolio(ana)
        ana.does("sync")
        ana.does("assess", decided, "--from", ana.writes(READY))
        ana.does("decide", decided)
        ana.does("sync")
        cleo.does("sync")
        invitation = place.hub("invite", ana.handle)["code"]

    assert ana.is_refused("sync")["type"] == "hub-unreachable"
    assert run("pair", place.url, invitation, *ana.line()[:-1], "--json").problem["type"] == "hub-unreachable"
    assert len(ana.does("queue")) == 2
    ana.does("assess", open_, "--from", ana.writes(READY))
    ana.does("decide", open_)
    ana.does("recall", open_)
    ana.does("decline", open_, "--reason", "I know the school.")
    ana.does("recall", open_)
    ana.does("decide", open_)
    ana.does("export", open_, "--to", tmp_path / "copies")
    ana.does("package", "export", "--to", tmp_path / "work.zip")
    cleo.does("approvals", decided)
    cleo.does("sign-off", decided, "--approve")
    for person in (ana, cleo):
        for command in ("status", "activity", "queue", "conflicts", "verify"):
            person.does(command)
        person.does("show", decided)
    assert ana.does("status")["waiting"] == {"edit": 10, "decision": 1}
    assert cleo.does("status")["waiting"] == {"opened": 1, "sign-off": 1}

    with place.serving():
        assert ana.does("sync")["not_accepted"] == []
        assert cleo.does("sync")["not_accepted"] == []
        assert {each["code"]: each["state"] for each in place.hub("status")}[decided] in ("signed", "released")


def test_two_laptops_of_one_person_disagree_see_it_and_settle_it(place: Place, tmp_path: Path) -> None:
    ana = place.user("assessor")
    sheet = tmp_path / "sheet.txt"
    first = run("pair", place.url, place.hub("invite", ana.handle)["code"], *ana.line()[:-1], "--recovery-to", sheet)
    assert first.code == 0, first
    unlocks_quickly(Home.at(ana.home))
    at_home = Person(place, ana.handle, tmp_path / "at home", ana.passphrase_file)
    again = place.hub("invite", ana.handle)["code"]
    assert at_home.is_refused("pair", place.url, again)["next"] == "Give the sheet with --recovery-sheet."
    at_home.does("pair", place.url, again, "--recovery-sheet", sheet)
    unlocks_quickly(Home.at(at_home.home))
    code = place.portfolio(ana)
    for laptop, text in ((ana, READY), (at_home, READY.replace("proficient", "exemplary"))):
        laptop.does("sync")
        laptop.does("assess", code, "--from", laptop.writes(text))
    ana.does("sync")
    at_home.does("sync")

    (split,) = at_home.does("conflicts")
    assert sorted((each["laptop"], each["value"]) for each in split["versions"]) == [
        ("another laptop", 3),
        ("this laptop", 4),
    ]
    assert at_home.does("queue")[0]["two_versions"]
    assert "disagree on 1 portfolio" in at_home.says("status")
    assert at_home.is_refused("decide", code)["detail"].startswith("This cannot be signed yet. Two laptops disagree")
    at_home.does("assess", code, "--from", at_home.writes(READY))
    assert at_home.does("conflicts") == []
    at_home.does("sync")
    ana.does("sync")
    assert ana.does("show", code)["open"] == []


def test_who_steps_back_loses_the_portfolio_and_someone_else_can_have_it(place: Place, ana: Person) -> None:
    code = place.portfolio(ana)
    ana.does("sync")

    ana.does("decline", code, "--reason", "My sister works there.")
    assert ana.does("queue")[0]["state"] == "waiting to send"
    assert ana.does("sync")["not_accepted"] == []

    assert ana.does("queue")[0]["state"] == "withdrawn"
    assert ana.is_refused("assess", code, "--from", ana.writes(READY))["type"] == "assessment-closed"
    place.hub("assign", code, place.user("assessor").handle)


def test_nothing_tells_an_assessor_or_an_approver_who_hands_in(
    place: Place, ana: Person, cleo: Person, tmp_path: Path
) -> None:
    code = place.portfolio(ana)
    ana.does("sync")
    said = [ana.says("assess", code, "--from", ana.writes(READY)), ana.says("decide", code), ana.says("sync")]
    cleo.does("sync")
    said += [person.says("show", code) for person in (ana, cleo)]
    said += [cleo.says("approvals"), cleo.says("approvals", code)]
    for person in (ana, cleo):
        said += [person.says(*words) for words in (("queue",), ("status",), ("activity",), ("conflicts",))]
        said += [str(person.does(*words)) for words in (("queue",), ("show", code), ("activity",))]
    said += [str(cleo.does("approvals")), str(cleo.does("approvals", code))]
    said += [str(ana.does("export", code, "--to", tmp_path)), *(path.name for path in tmp_path.iterdir())]

    assert [text for text in said if any(name in text.lower() for name in NAMES)] == []
