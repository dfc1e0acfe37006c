"""What we depend on is declared, locked with hashes and reasoned for."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.checks import repository

PYPROJECT = tomllib.loads((repository.ROOT / "pyproject.toml").read_text())
LOCK = (repository.ROOT / "requirements.lock").read_text()
PROVIDED = {*sys.stdlib_module_names, "_typeshed", "assessor_desk"}
REASONS = (repository.ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text()


def test_every_dependency_has_its_reason_and_no_reason_outlives_its_dependency() -> None:
    reasoned = {canonicalize_name(name) for name in re.findall(r"^\| ([\w.-]+) \| \w", REASONS, flags=re.MULTILINE)}

    assert reasoned - {"library"} == {canonicalize_name(each.name) for each in (*_runtime(), *_development())}


def test_every_locked_package_is_pinned_to_hashes() -> None:
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.partition("\n")[2])
    pinned = [entry for entry in entries if not entry.startswith("#")]

    assert [
        entry.split()[0] for entry in pinned if not re.match(r"[\w.-]+==\S+.*--hash=sha256:", entry, re.DOTALL)
    ] == []
    assert len(pinned) > len([*_runtime(), *_development()])


def test_the_lock_names_no_addresses() -> None:
    assert re.findall(r"\S*(?://|@|--(?:extra-)?index|--find-links)\S*", LOCK) == []


def test_the_lock_satisfies_what_is_declared() -> None:
    locked = {
        canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK, re.MULTILINE)
    }

    unsatisfied = [
        str(each)
        for each in (*_runtime(), *_development())
        if not each.specifier.contains(locked.get(canonicalize_name(each.name), "0"), prereleases=True)
    ]

    assert unsatisfied == []


def test_this_environment_holds_what_the_lock_says() -> None:
    installed = {canonicalize_name(each.metadata["Name"]): each.version for each in importlib.metadata.distributions()}
    wanted = [Requirement(line.rstrip(" \\")) for line in LOCK.splitlines() if re.match(r"[a-z0-9]", line)]

    astray = [
        str(each)
        for each in wanted
        if (each.marker is None or each.marker.evaluate())
        and not each.specifier.contains(installed.get(canonicalize_name(each.name), "0"), prereleases=True)
    ]

    assert astray == []


def test_the_package_imports_only_what_it_declares() -> None:
    declared = {canonicalize_name(each.name) for each in _runtime()}
    bringers = importlib.metadata.packages_distributions()
    undeclared = {
        module
        for module in _imported()
        if declared.isdisjoint(canonicalize_name(each) for each in bringers.get(module, [module]))
    }

    assert undeclared == set()


def _runtime() -> list[Requirement]:
    return [Requirement(each) for each in PYPROJECT["project"]["dependencies"]]


def _development() -> list[Requirement]:
    return [Requirement(each) for each in PYPROJECT["dependency-groups"]["dev"]]


def _imported() -> Iterator[str]:
    for path in repository.python_files("src"):
        for node in ast.walk(ast.parse(repository.text(path))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            roots = (name.partition(".")[0] for name in names)
            yield from (root for root in roots if root not in PROVIDED)
