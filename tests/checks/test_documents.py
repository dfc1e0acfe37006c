"""What the documents promise exists: commands, places, links."""

import re
from pathlib import Path

import pytest

import commands
from tests.checks import repository

README = (repository.ROOT / "README.md").read_text()
DOCUMENTS = [path for path in repository.files() if path.suffix == ".md"]


def test_the_readme_fits_on_one_screen_and_says_what_a_newcomer_asks_first() -> None:
    assert README.count("\n") <= 60
    assert re.findall(r"^## (.*)$", README, re.MULTILINE) == ["Two commands", "Where things live", "License"]


def test_the_readmes_two_commands_are_the_demo_and_the_tests() -> None:
    [block] = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)

    assert block.split("\n") == ["./desk demo", "./desk test", ""]


def test_every_command_of_the_script_that_a_document_names_exists() -> None:
    known = {*commands.TABLE, "help"}
    named = [
        (repository.name(path), name)
        for path in DOCUMENTS
        for name in re.findall(r"\./desk ([a-z-]+)", repository.text(path))
    ]

    assert [(path, name) for path, name in named if name not in known] == []


def test_continuous_integration_runs_the_readmes_test_command() -> None:
    assert (repository.ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec ./desk test"


@pytest.mark.parametrize("document", DOCUMENTS, ids=repository.name)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", repository.text(document))
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]

    assert [target for target in local if not (document.parent / target).exists()] == []


def test_every_place_that_the_readme_names_exists() -> None:
    cells = re.findall(r"^\| (`.*?) \|", README, re.MULTILINE)
    places = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    package = repository.ROOT / "src" / "assessor_desk"

    assert [name for name in places if not ((repository.ROOT / name).exists() or (package / name).exists())] == []
    assert len(places) > 10


def test_the_license_is_the_one_that_is_declared() -> None:
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (repository.ROOT / "LICENSE").read_text()
    assert 'license = "AGPL-3.0-or-later"' in (repository.ROOT / "pyproject.toml").read_text()
