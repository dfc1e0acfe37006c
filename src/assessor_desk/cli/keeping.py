"""`assessor-desk export | remove | verify`: looking after what is on this laptop."""

import argparse
from pathlib import Path

from assessor_desk.cli.answers import DONE, REFUSED, Answer
from assessor_desk.cli.commands import DESK, PORTFOLIO, Command, option
from assessor_desk.cli.desks import workplace
from assessor_desk.errors import PackageError
from assessor_desk.operations import keeping
from assessor_desk.operations.packaging import opened_from_hub
from assessor_desk.operations.wording import counted
from assessor_desk.operations.workplace import Workplace, find
from assessor_desk.wire import codec

READABLE = "These copies are not encrypted. Look after them, and delete them when you are done."


def export(arguments: argparse.Namespace) -> Answer:
    """Write readable copies of a portfolio's artifacts."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        exported = keeping.export(desk, assignment, Path(arguments.to))
    files = [str(path) for path in exported.files]
    left_out = [f"Not here yet: {title}" for title in exported.left_out]
    data = {"files": files, "left_out": list(exported.left_out), "warning": READABLE}
    return Answer(data, (*files, *left_out, READABLE))


def remove(arguments: argparse.Namespace) -> Answer:
    """Take a portfolio off this laptop."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        purged = keeping.purge(desk, assignment, unfinished=arguments.unfinished)
    data = {
        "artifacts": list(purged.artifacts),
        "rows": purged.rows,
        "removed_at": codec.to_json(purged.removed_at),
        "erased_at": codec.to_json(purged.erased_at),
    }
    line = f"Removed: {counted(len(purged.artifacts), 'artifact')} and {counted(purged.rows, 'row')}."
    later = "Traces in the database file are erased at the next sync: something else is reading it now."
    return Answer(data, (line,) if purged.erased_at else (line, later))


def verify(arguments: argparse.Namespace) -> Answer:
    """Check this laptop's store, or a package from the hub."""
    with workplace(arguments) as desk:
        faults = _faults_here(desk) if arguments.file is None else _faults_of(desk, Path(arguments.file))
    data = {"holds": not faults, "faults": list(faults)}
    sound = "Everything on this laptop holds together." if arguments.file is None else "The package holds."
    return Answer(data, faults or (sound,), REFUSED if faults else DONE)


def _faults_here(desk: Workplace) -> tuple[str, ...]:
    desk.store.paths.sweep()
    return keeping.check(desk)


def _faults_of(desk: Workplace, package: Path) -> tuple[str, ...]:
    try:
        with opened_from_hub(desk, package):
            return ()
    except PackageError as fault:
        return (fault.detail,)


COMMANDS = (
    Command(
        ("export",),
        "Write readable copies of a portfolio's artifacts to a folder.",
        export,
        (PORTFOLIO, option("--to", help="the folder", required=True, metavar="DIR"), *DESK),
    ),
    Command(
        ("remove",),
        "Take a portfolio off this laptop for good; refused while work on it exists only here.",
        remove,
        (
            PORTFOLIO,
            option(
                "--unfinished",
                help="also one that is not done; a draft and what the hub refused go with it",
                action="store_true",
            ),
            *DESK,
        ),
    ),
    Command(
        ("verify",),
        "Check that the database, every artifact and every signature on this laptop hold together, or a package.",
        verify,
        (
            option("file", help="a package from the hub, to be checked and not taken in", nargs="?", metavar="FILE"),
            *DESK,
        ),
    ),
)
