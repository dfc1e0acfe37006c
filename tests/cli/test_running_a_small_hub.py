"""The guide to running a hub: its commands exist, and the first ones do what it says."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessor_desk.cli.main import commands, parser
from assessor_desk.hub.manifest import ArtifactEntry, Participant, PointerEntry, PortfolioFile, read_manifest
from tests.cli.place import run

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "running-a-small-hub.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_command_of_the_guide_is_one_that_the_program_knows() -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    verbs = {
        parser(commands(words[0])).parse_args(words).command.words[1]
        for words in (shlex.split(line)[1:] for line in lines)
    }

    assert verbs == {command.words[1] for command in commands("hub")}


def test_the_manifest_of_the_guide_is_read_and_shows_every_member() -> None:
    (text,) = blocks("yaml")
    said = yaml.safe_load(text)

    assert read_manifest(text.encode()).content.external_id == "case 17"
    assert set(said) == set(PortfolioFile.__struct_fields__)
    for shape, entries in ((Participant, "participants"), (ArtifactEntry, "artifacts"), (PointerEntry, "pointers")):
        assert set().union(*said[entries]) == set(shape.__struct_fields__)


@pytest.fixture
def hub(tmp_path: Path) -> Any:
    def verb(verb: str, *words: str, code: int = 0) -> Any:
        ended = run("hub", "--data", tmp_path / "hub", verb, *words, "--json")
        assert ended.code == code, ended
        return ended.data

    verb("init", "--name", "Teaching Lab")
    return verb


def test_a_hub_is_run_from_the_command_line(hub: Any, tmp_path: Path) -> None:
    offered = hub("add-program", "lead-ed")
    hub("add-user", "ana", "--name", "Ana Ruiz", "--role", "assessor:lead-ed")
    hub("give-role", "ana", "--role", "approver:lead-ed")
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "plan.txt").write_text("Four moves.")
    (received,) = hub("import", str(tmp_path / "case"), "--micro-credential", offered[0]["id"])
    hub("assign", received["code"], "ana")

    (case,) = hub("status")
    (person,) = hub("people")
    refused = hub("letter", received["code"], "--to", str(tmp_path / "letters"), code=1)

    assert (case["state"], case["assignments"]) == (
        "assessing",
        [{"user": "ana", "part": "first assessor", "state": "to do"}],
    )
    assert person["roles"] == ["approver:lead-ed", "assessor:lead-ed"]
    assert refused["problem"]["type"] == "rule"
    assert not (tmp_path / "letters").exists()
    assert hub("restored")["epoch"]
    assert hub("verify")["holds"]


def test_an_import_that_stops_halfway_says_what_came_before(hub: Any, tmp_path: Path) -> None:
    hub("add-program", "lead-ed")
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "plan.txt").write_text("Four moves.")
    paths = (str(tmp_path / "case"), str(tmp_path / "gone"))

    told = hub("import", *paths, "--micro-credential", "lead-ed.kids-data", code=1)

    assert f"before it came {hub('status')[0]['code']}" in told["problem"]["safe"]
