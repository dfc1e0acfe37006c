"""`assessor-desk package`: exchanging work with the hub where there is no network."""

import argparse
from pathlib import Path

from assessor_desk.cli.answers import Answer
from assessor_desk.cli.commands import DESK, Command, option
from assessor_desk.cli.desks import workplace
from assessor_desk.operations.packaging import export_to_hub, opened_from_hub
from assessor_desk.sync.engine import Sync, sync
from assessor_desk.sync.packaged import PackagedHub


def export(arguments: argparse.Namespace) -> Answer:
    """Pack what waits for the hub."""
    with workplace(arguments) as desk:
        packed = export_to_hub(desk, Path(arguments.to))
    line = f"{packed.deeds} things that wait are in {arguments.to}; only the hub can open it."
    return Answer({"deeds": packed.deeds, "bytes": packed.bytes, "file": arguments.to}, (line,))


def open_(arguments: argparse.Namespace) -> Answer:
    """Take in a package that the hub made for this person."""
    with workplace(arguments) as desk, opened_from_hub(desk, Path(arguments.path)) as (package, content):
        hub = PackagedHub(content, desk.member.device, package.artifact)
        report = sync(desk.store, hub, Sync(desk.now, desk.keys.sealing, carried=True))
    data = {
        "receipts": report.pushed.accepted + report.pushed.refused,
        "received": report.pulled.changed,
        "fetched": report.fetched.artifacts,
        "problems": list(report.fetched.problems.values()),
    }
    return Answer(data, (report.words, *report.fetched.problems.values()))


COMMANDS = (
    Command(
        ("package", "export"),
        "Pack all that waits to be sent, sealed to the hub and signed, to be carried there on a drive.",
        export,
        (option("--to", help="the file to write", required=True, metavar="FILE"), *DESK),
    ),
    Command(
        ("package", "open"),
        "Take in a package that the hub made for you.",
        open_,
        (option("path", help="the package", metavar="FILE"), *DESK),
    ),
)
