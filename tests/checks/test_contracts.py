"""Every wall of the house holds: a house with one trespass a wall breaks every contract and names each trespass."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.checks import repository

LINT = "import importlinter.cli; importlinter.cli.lint_imports_command(['--no-cache'])"
CONTRACTS = tomllib.loads((repository.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
ROOMS = set(re.findall(r"\w+", " ".join(CONTRACTS[0]["layers"]))) - {"__main__"}
TRESPASSES = [
    ("errors", "assessor_desk.domain"),
    ("environment", "assessor_desk.domain"),
    ("domain", "assessor_desk.environment"),
    ("seals", "assessor_desk.tables"),
    ("store", "assessor_desk.wire"),
    ("operations", "assessor_desk.sync"),
    ("ui", "assessor_desk.hub"),
    ("sync", "assessor_desk.hub"),
    ("hub", "assessor_desk.operations"),
    ("hub", "assessor_desk.sync"),
    ("hub", "assessor_desk.store"),
    ("cli", "PySide6"),
    ("operations", "sqlalchemy"),
    ("artifacts", "sqlite3"),
    ("store", "httpx"),
    ("store", "cryptography"),
    ("programs", "docx"),
    ("hub", "pymupdf"),
    ("domain", "msgspec"),
]


def test_a_trespass_over_each_wall_is_named_and_breaks_every_contract(tmp_path: Path) -> None:
    verdict = _lint(tmp_path, TRESPASSES)

    assert [f"{room} -> {module}" for room, module in TRESPASSES if not _named(verdict, room, module)] == []
    assert [each["name"] for each in CONTRACTS if f"{each['name']} BROKEN" not in verdict] == []


def test_a_house_without_trespasses_keeps_every_contract(tmp_path: Path) -> None:
    verdict = _lint(
        tmp_path, [("cli", "assessor_desk.hub"), ("hub", "httpx"), ("hub", "sqlalchemy"), ("seals", "cryptography")]
    )

    assert [each["name"] for each in CONTRACTS if f"{each['name']} KEPT" not in verdict] == []


def test_a_room_that_the_house_does_not_know_breaks_the_floors(tmp_path: Path) -> None:
    verdict = _lint(tmp_path, [("helpers", "json")])

    assert "assessor_desk.helpers" in verdict
    assert "1 broken" in verdict


@pytest.mark.parametrize("importing", ["if TYPE_CHECKING:\n    import {0}", "def late() -> None:\n    import {0}"])
def test_an_import_for_types_only_or_inside_a_function_is_a_trespass_too(tmp_path: Path, importing: str) -> None:
    verdict = _lint(tmp_path, [("store", "assessor_desk.wire")], f"from typing import TYPE_CHECKING\n{importing}\n")

    assert "1 broken" in verdict


def _lint(folder: Path, imports: list[tuple[str, str]], template: str = "import {0}\n") -> str:
    """Build a house of empty rooms with these imports and return what the linter says of it."""
    house = folder / "assessor_desk"
    for room in {*ROOMS, *(room for room, _ in imports)}:
        (house / room).mkdir(parents=True)
        content = "".join(template.format(module) for importer, module in imports if importer == room)
        (house / room / "__init__.py").write_text(content)
    (house / "__init__.py").touch()
    walls = Path("tests", "checks", "walls.py")
    for name in (Path("pyproject.toml"), walls):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((repository.ROOT / name).read_bytes())
    wide = {"COLUMNS": "300", "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, env=wide, capture_output=True, text=True, check=False
    )
    return " ".join(done.stdout.split()) + done.stderr


def _named(verdict: str, room: str, module: str) -> bool:
    by_wall = f"assessor_desk.{room} imports {module} "
    by_floor = f"assessor_desk.{room} -> {module} "
    return by_wall in verdict or by_floor in verdict
