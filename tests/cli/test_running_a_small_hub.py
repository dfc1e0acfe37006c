"""The guide to running a hub: its commands exist, and the first ones do what it says."""

import json
import re
import shlex
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessor_desk.cli.answers import answered
from assessor_desk.cli.main import commands, parser
from assessor_desk.hub.manifest import ArtifactEntry, Participant, PointerEntry, PortfolioFile, read_manifest

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "running-a-small-hub.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_command_of_the_guide_is_one_that_the_program_knows() -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    verbs = {
        parser(commands(words)).parse_args(words).command.words[1]
        for words in (shlex.split(line)[1:] for line in lines)
    }

    assert verbs == {command.words[1] for command in commands(["hub"]) if command.words[0] == "hub"}


def test_the_manifest_of_the_guide_is_read_and_shows_every_member() -> None:
    (text,) = blocks("yaml")
    said = yaml.safe_load(text)

    assert read_manifest(text.encode()).content.external_id == "case 17"
    assert set(said) == set(PortfolioFile.__struct_fields__)
    for shape, entries in ((Participant, "participants"), (ArtifactEntry, "artifacts"), (PointerEntry, "pointers")):
        assert set().union(*said[entries]) == set(shape.__struct_fields__)


@pytest.fixture
def hub(tmp_path: Path) -> Any:
    def run(verb: str, *words: str, code: int = 0) -> Any:
        given = ["hub", "--data", str(tmp_path / "hub"), verb, *words, "--json"]
        arguments = parser(commands(given)).parse_args(given)
        out = StringIO()
        found = answered(partial(arguments.command.run, arguments), as_json=True, out=out, err=StringIO())
        assert found == code, out.getvalue()
        return json.loads(out.getvalue())

    run("init", "--name", "Teaching Lab")
    return run


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
