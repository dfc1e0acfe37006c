"""`assessor-desk programs`: what is offered, and whether a program's files are in order."""

import argparse
from pathlib import Path

from assessor_desk.cli.answers import DONE, REFUSED, Answer, table
from assessor_desk.cli.commands import JSON, Command, option
from assessor_desk.environment.packaged import packaged
from assessor_desk.programs.catalog import Row, load
from assessor_desk.programs.check import check as faults_of


def check(arguments: argparse.Namespace) -> Answer:
    """Explain every fault of a program's files."""
    faults = faults_of(Path(arguments.path))
    data = [
        {"file": each.file, "line": each.line, "rule": each.kind.value, "what": each.what, "write": each.write}
        for each in faults
    ]
    lines = tuple(map(str, faults)) or ("Everything is in order.",)
    return Answer({"faults": data}, lines, REFUSED if faults else DONE)


def list_(arguments: argparse.Namespace) -> Answer:
    """List the micro-credentials of a folder of programs."""
    catalog = load(Path(arguments.path) if arguments.path else packaged("rubrics"))
    rows = catalog.rows()
    data = {
        "programs": [{"id": each.id, "title": each.title, "version": each.version} for each in catalog.programs],
        "micro_credentials": [_plain(each) for each in rows],
    }
    return Answer(data, table([(each.id, each.version, each.title, _levels(each)) for each in rows]))


def _plain(row: Row) -> dict[str, object]:
    return {
        "program": row.program,
        "id": row.id,
        "version": row.version,
        "status": row.status,
        "pilot": row.pilot.value,
        "title": row.title,
        "levels": [list(each) for each in row.levels],
        "groups": row.groups,
        "criteria": row.criteria,
        "credit": list(row.credit),
        "sha256": row.sha256,
    }


def _levels(row: Row) -> str:
    return "; ".join(" / ".join(each) for each in row.levels)


COMMANDS = (
    Command(
        ("programs", "check"),
        "Check a folder of programs, one program or one file, and explain every fault.",
        check,
        (option("path", help="a folder or a YAML file", metavar="PATH"), JSON),
    ),
    Command(
        ("programs", "list"),
        "List the micro-credentials with their level sets and credit.",
        list_,
        (
            option("path", help="a folder of programs (default: those that are shipped)", nargs="?", metavar="PATH"),
            JSON,
        ),
    ),
)
