"""The marks of the house style that no linter knows."""

import ast
import graphlib
import re
from pathlib import Path

import grimp

from tests.checks import repository

OURS = ("src", "tests", "benchmarks", "packaging", "resources")
LONGEST_FILE = 500
LONGEST_FUNCTION = 60

# What would tie the repository to one machine; each is put together here so that this file does not name it.
MACHINES = [
    re.compile(r"/(?:work|root|Users)/\w"),
    re.compile(r"/home/\w+/"),
    re.compile(r"pypi\." + "org|pythonhosted\\." + "org|registry\\.npmjs|deb\\.debian\\." + "org|anaconda\\." + "org"),
]
BLANKET = [
    re.compile(r"#\s*type:\s*" + r"ignore(?!\[)"),
    re.compile(r"#\s*(?:(?:ruff|flake8):\s*)?" + r"noqa(?!:\s*[A-Z])"),
    re.compile(r"#\s*mypy:\s*" + "(?:ignore|disable)"),
    re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
]
WAITING_OR_SKIPPING = re.compile(
    r"\btime\.sle" + r"ep\(|\bsle" + r"ep\(|pytest\.sk" + r"ip|mark\.sk" + r"ip|importorsk" + "ip|mark\\.xf" + "ail"
)


def test_no_file_is_longer_than_the_mark() -> None:
    long = {
        repository.name(path): _lines(path) for path in repository.python_files(*OURS) if _lines(path) > LONGEST_FILE
    }

    assert long == {}


def test_no_function_is_longer_than_the_mark() -> None:
    long = [found for path in repository.python_files(*OURS) for found in _long_functions(path)]

    assert long == []


def test_every_room_is_a_package_so_that_the_contracts_see_it() -> None:
    rooms = {path.parent for path in repository.python_files("src")} - {repository.ROOT / "src"}

    assert [repository.name(room) for room in sorted(rooms) if not (room / "__init__.py").is_file()] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("assessor_desk", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    tuple(graphlib.TopologicalSorter(imports).static_order())


def test_nothing_is_tied_to_one_machine() -> None:
    assert _found(MACHINES, repository.files()) == []


def test_no_check_is_silenced_wholesale_and_nothing_is_put_off() -> None:
    assert _found(BLANKET, repository.files()) == []


def test_nothing_sleeps_and_no_test_is_skipped() -> None:
    assert _found([WAITING_OR_SKIPPING], repository.python_files("src", "tests")) == []


def _lines(path: Path) -> int:
    return repository.text(path).count("\n")


def _long_functions(path: Path) -> list[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(ast.parse(repository.text(path))) if isinstance(node, functions))
    return [
        f"{repository.name(path)}: {node.name}"
        for node in nodes
        if (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]


def _found(patterns: list[re.Pattern[str]], paths: tuple[Path, ...] | list[Path]) -> list[str]:
    return [
        f"{repository.name(path)}:{number}: {line.strip()[:80]}"
        for path in paths
        for number, line in enumerate(repository.text(path).splitlines(), start=1)
        for pattern in patterns
        if pattern.search(line)
    ]
