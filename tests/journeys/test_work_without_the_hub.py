from pathlib import Path

import pytest
import yaml

from assessor_desk.cli.main import PLACES
from assessor_desk.errors import HubUnreachableError
from tests.journeys.material import planted
from tests.journeys.world import DEMO, World

FAMILY = "family-school-connections-round-1"
OF_THE_HUB_OR_OF_FILES = {"hub", "programs", "artifact", "gallery"}


@pytest.mark.slow
def test_with_the_hub_stopped_everything_but_pairing_and_fetching_works(world: World, tmp_path: Path) -> None:
    world.opens(["lead-ed"], [("ana", "assessor:lead-ed"), ("ben", "assessor:lead-ed"), ("cleo", "approver:lead-ed")])
    material, good = planted(tmp_path / "material"), DEMO / "assessments" / f"{FAMILY}.yaml"
    (judged,) = world.hub("import", str(DEMO / "portfolios" / FAMILY))
    (fresh,) = world.hub("import", str(material.folder))
    for code in (judged["code"], fresh["code"]):
        world.hub("assign", code, "ana")
        world.hub("assign", code, "ben", "--part", "second assessor")
    for who in ("ana", "ben"):
        world.desk(who, "sync")
        world.desk(who, "assess", judged["code"], "--from", str(good))
        world.desk(who, "decide", judged["code"])
        world.desk(who, "sync")
    world.desk("cleo", "sync")
    invitation = world.hub("invite", "ben")["code"]

    world.stage.stop_hub()
    verbs = _assessor_works(world, fresh["code"], material.assessment, tmp_path)
    verbs |= _others_work(world, judged["code"], fresh["code"])
    (late,) = world.hub("import", str(planted(tmp_path / "late").folder))
    world.hub("assign", late["code"], "ana")
    verbs |= _nothing_comes(world, invitation, late["code"])

    assert verbs == PLACES.keys() - OF_THE_HUB_OR_OF_FILES
    assert world.hub("verify")["holds"]
    assert len(world.hub("status")) == 3

    world.stage.start_hub(world.stage.port)
    for who in ("ana", "ben", "cleo"):
        report = world.desk(who, "sync")
        assert report["equal"]
        assert not report["not_accepted"]
        assert world.desk(who, "status")["waiting"] == {}
    assert world.desk("ana", "show", late["code"])["artifacts"][0]["state"] == "here"
    world.desk("ana", "sync")
    states = {row["code"]: row["state"] for row in world.desk("ana", "queue")}
    assert states == {judged["code"]: "returned to me", fresh["code"]: "received", late["code"]: "to do"}


def _assessor_works(world: World, code: str, document: Path, folder: Path) -> set[str]:
    """Play an assessor's whole work, and return the verbs that it took."""
    corrected = yaml.safe_load(document.read_text(encoding="utf-8"))
    corrected["letter"]["closing"] = "Goodbye, and come again."
    (folder / "corrected.yaml").write_text(yaml.safe_dump(corrected), encoding="utf-8")

    assert world.desk("ana", "assess", code, "--from", str(document))["open"] == []
    assert world.desk("ana", "decide", code)["outcome"] == "earned"
    assert world.desk("ana", "recall", code)
    assert world.desk("ana", "assess", code, "--from", str(folder / "corrected.yaml"))["edits"] == 1
    assert world.desk("ana", "conflicts") == []
    assert world.desk("ana", "decide", code)["outcome"] == "earned"
    assert world.desk("ana", "show", code)["letter"]["closing"] == corrected["letter"]["closing"]
    assert code in {row["code"] for row in world.desk("ana", "queue")}
    assert world.desk("ana", "status")["waiting"]["decision"] == 1
    assert len(world.desk("ana", "export", code, "--to", str(folder / "copies"))["files"]) == 4
    assert world.desk("ana", "verify")["holds"]
    assert world.desk("ana", "package export", "--to", str(folder / "package"))["deeds"] > 1
    assert world.hub("package-open", str(folder / "package"))["refused"] == []
    world.hub("package-export", "ana", "--to", str(folder / "back"))
    assert world.desk("ana", "package open", str(folder / "back"))["receipts"] > 1
    assert world.desk("ana", "activity")
    looked = {"conflicts", "show", "queue", "status", "activity", "verify"}
    return looked | {"assess", "decide", "recall", "export", "package"}


def _others_work(world: World, judged: str, fresh: str) -> set[str]:
    """Play the work of an approver, and of an assessor who steps back; return the verbs that it took."""
    (waiting,) = world.desk("cleo", "approvals")
    opened = world.desk("cleo", "approvals", judged)
    assert waiting["code"] == judged
    assert all(place["stands"] is not False for score in opened["scores"] for place in score["evidence"])
    assert world.desk("cleo", "sign-off", judged, "--return", "letter: Read it once more.")["verdict"] == "return"
    assert world.desk("ben", "decline", fresh, "--reason", "I coach this participant.")
    assert world.desk("ben", "remove", judged, "--unfinished")["erased_at"]
    return {"approvals", "sign-off", "decline", "remove"}


def _nothing_comes(world: World, invitation: str, late: str) -> set[str]:
    """See that pairing and fetching are refused in a sentence, and return their verbs."""
    world.people["second"] = world.stage.person("second", "ben")
    with pytest.raises(HubUnreachableError):
        world.desk("second", "pair", world.stage.url, invitation)
    with pytest.raises(HubUnreachableError):
        world.desk("ana", "sync")
    assert late not in {row["code"] for row in world.desk("ana", "queue")}
    return {"pair", "sync"}
