"""`assessor-desk hub`: running a hub, who works on it, what comes in, and what it can prove."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assessor_desk.cli.answers import DONE, REFUSED, Answer, table
from assessor_desk.cli.commands import JSON, option
from assessor_desk.cli.hub_opened import USER, opened, verb
from assessor_desk.cli.hub_people import PEOPLE
from assessor_desk.domain.portfolio import Part
from assessor_desk.environment.clock import SystemClock
from assessor_desk.environment.packaged import packaged
from assessor_desk.errors import DeskError
from assessor_desk.hub import (
    assignment,
    intake,
    ledger,
    letters_out,
    offers,
    overview,
    packaging,
    people,
    release,
)
from assessor_desk.hub.cases import newest_round
from assessor_desk.hub.data import Hub, declare_demonstration, declare_restored
from assessor_desk.hub.serve import Serving
from assessor_desk.hub.serve import serve as serve_hub
from assessor_desk.hub.verification import verify_hub
from assessor_desk.programs.catalog import load
from assessor_desk.seals.codes import parse_portfolio_code
from assessor_desk.tables.transactions import reading, writing


def init(arguments: argparse.Namespace) -> Answer:
    """Make a hub."""
    hub = Hub.init(Path(arguments.data), arguments.name, SystemClock().now, database=arguments.database)
    try:
        if arguments.demo:
            with writing(hub.engine) as connection:
                declare_demonstration(connection)
        fingerprint = hub.identity.public.fingerprint
        data = {"hub": hub.id, "name": hub.name, "fingerprint": fingerprint}
        return Answer(data, (f"The hub “{hub.name}” is ready. Its fingerprint is {fingerprint}.",))
    finally:
        hub.close()


def serve(arguments: argparse.Namespace) -> Answer:
    """Serve until stopped; the first line on standard output says where."""
    with opened(arguments) as hub:
        serve_hub(hub, arguments.host, arguments.port, ready=_announce, behind_proxy=arguments.behind_proxy)
    return Answer({"stopped": True}, ("The hub was stopped.",))


def _announce(serving: Serving) -> None:
    print(f"Listening on {serving.url}", flush=True)


def add_program(arguments: argparse.Namespace) -> Answer:
    """Offer the micro-credentials of a folder, or of the programs that come with Assessor Desk."""
    folder = Path(arguments.path) if Path(arguments.path).exists() else packaged("rubrics")
    named = frozenset() if folder == Path(arguments.path) or arguments.path == "all" else frozenset({arguments.path})
    with opened(arguments) as hub:
        offered = offers.add(hub, load(folder), named)
    data = [{"id": each.id, "version": each.version, "title": each.title, "new": each.new} for each in offered]
    return Answer(data, table([(each.id, each.version, "new" if each.new else "known") for each in offered]))


def import_(arguments: argparse.Namespace) -> Answer:
    """Take in folders and archives, one round each."""
    options = intake.Options(
        micro_credential=arguments.micro_credential or "",
        external_id=arguments.external_id or "",
        round=arguments.round or 0,
        code=arguments.code or "",
        organization=arguments.organization or "",
    )
    received: list[intake.Received] = []
    with opened(arguments) as hub:
        for path in arguments.path:
            with _taken_before(received):
                received.append(intake.receive(hub, Path(path), options))
    data = [_received(each) for each in received]
    return Answer(data, tuple(line for each in received for line in _told(each)))


@contextmanager
def _taken_before(received: list[intake.Received]) -> Iterator[None]:
    """Let an error say that what came before it is on the hub."""
    try:
        yield
    except DeskError as error:
        if received:
            error.safe = f"This one was left out; before it came {', '.join(each.code for each in received)}."
        raise


def assign(arguments: argparse.Namespace) -> Answer:
    """Give a round to a person."""
    part = Part(arguments.part)
    with opened(arguments) as hub, writing(hub.engine) as connection:
        person = people.find(connection, arguments.user)
        round_id = newest_round(connection, parse_portfolio_code(arguments.portfolio))
        handed = assignment.assign(connection, round_id, person.id, part, hub.clock())
    data = {"assignment": handed.id, "part": handed.part.value, "due_at": handed.due_at.isoformat()}
    line = f"{arguments.portfolio} is with {person.name} ({part}) until {handed.due_at:%Y-%m-%d %H:%M} UTC."
    return Answer(data, (line,))


def withdraw(arguments: argparse.Namespace) -> Answer:
    """Take a round back from a person; their draft stays on their laptop."""
    with opened(arguments) as hub, writing(hub.engine) as connection:
        person = people.find(connection, arguments.user)
        round_id = newest_round(connection, parse_portfolio_code(arguments.portfolio))
        ended = assignment.withdraw_from(connection, round_id, person.id, arguments.reason, hub.clock())
    return Answer({"assignment": ended}, (f"{arguments.portfolio} is no longer with {person.name}.",))


def package_export(arguments: argparse.Namespace) -> Answer:
    """Pack a person's feed and artifacts for a laptop without a network."""
    with opened(arguments) as hub:
        packed = packaging.export_to_desk(hub, arguments.user, Path(arguments.to))
    data = {"records": packed.records, "artifacts": packed.artifacts, "bytes": packed.bytes, "file": arguments.to}
    line = f"{packed.records} records and {packed.artifacts} artifacts are in {arguments.to}, for {packed.person}."
    return Answer(data, (line,))


def package_open(arguments: argparse.Namespace) -> Answer:
    """Take in a package from a laptop without a network."""
    with opened(arguments) as hub:
        taken = packaging.open_from_desk(hub, Path(arguments.path))
    data = {"accepted": taken.accepted, "refused": list(taken.refused)}
    return Answer(data, (f"{taken.accepted} deeds of {taken.person} were taken.", *taken.refused))


def letter(arguments: argparse.Namespace) -> Answer:
    """Write the feedback letter of a released round."""
    with opened(arguments) as hub:
        release.release_due(hub.engine, hub.clock())
        paths = letters_out.write(hub, parse_portfolio_code(arguments.portfolio), Path(arguments.to))
    return Answer({"files": [str(path) for path in paths]}, tuple(str(path) for path in paths))


def status(arguments: argparse.Namespace) -> Answer:
    """Show every portfolio and how its case stands."""
    with opened(arguments) as hub:
        release.release_due(hub.engine, hub.clock())
        with reading(hub.engine) as connection:
            cases = overview.cases(connection)
    data = [each.plain() for each in cases]
    rows = [(each.code, f"round {each.round}", each.state, each.micro_credential, each.who) for each in cases]
    return Answer(data, table(rows) or ("No portfolio has been received yet.",))


def restored(arguments: argparse.Namespace) -> Answer:
    """Begin a new epoch after a restore."""
    with opened(arguments) as hub:
        epoch = declare_restored(hub)
    return Answer({"epoch": epoch}, ("Desks will offer again what the backup does not hold.",))


def verify(arguments: argparse.Namespace) -> Answer:
    """Check the ledger, every signature and every stored file."""
    with opened(arguments) as hub:
        ledger.seal(hub.engine, hub.id, hub.identity, hub.clock())
        report = verify_hub(hub)
    data = {
        "entries": report.entries,
        "decisions": report.decisions,
        "sign_offs": report.sign_offs,
        "files": report.files,
        "holds": not report.faults,
        "faults": list(report.faults),
    }
    held = (
        f"The chain of {report.entries} acts holds, and so do {report.decisions} decisions, "
        f"{report.sign_offs} sign-offs and {report.files} files."
    )
    return Answer(data, report.faults or (held,), REFUSED if report.faults else DONE)


def _received(received: intake.Received) -> dict[str, object]:
    return {
        "code": received.code,
        "round": received.number,
        "known": received.known,
        "artifacts": [{"slot": each.slot, "title": each.title, "sha256": each.sha256} for each in received.artifacts],
        "advice": list(received.advice),
        "left_out": list(received.dropped),
    }


def _told(received: intake.Received) -> Iterator[str]:
    known = " was received before" if received.known else ""
    yield f"{received.code} round {received.number}{known}: {len(received.artifacts)} artifacts"
    yield from (f"  {line}" for line in received.advice)
    yield from (f"  left out: {line}" for line in received.dropped)


PORTFOLIO = option("portfolio", help="the portfolio's code, such as P-7F3K", metavar="CODE")


COMMANDS = (
    verb(
        "init",
        "Make a hub in a folder.",
        init,
        (
            option("--name", help="what desks show", required=True),
            option("--demo", help="for trying things out: results leave without delay", action="store_true"),
            option("--database", help="a postgresql:// address instead of a file in the folder", metavar="URL"),
            JSON,
        ),
    ),
    verb(
        "serve",
        "Serve desks until stopped; says on standard output where it listens.",
        serve,
        (
            option("--host", help="where to listen (default: this computer only)", default="127.0.0.1"),
            option("--port", help="the port (default: one that is free)", type=int, default=0),
            option("--behind-proxy", help="a proxy in front speaks TLS with the desks", action="store_true"),
        ),
    ),
    verb(
        "add-program",
        "Offer the micro-credentials of a program's folder, of a program that is shipped, or of all of those.",
        add_program,
        (option("path", help="a folder, the id of a shipped program, or all", metavar="PATH|PROGRAM|all"), JSON),
    ),
    *PEOPLE,
    verb(
        "import",
        "Take in portfolios: each folder or zip is one round.",
        import_,
        (
            option("path", help="a folder or a zip, with a portfolio.yaml or without", nargs="+", metavar="PATH"),
            option("--micro-credential", help="what it is for", metavar="ID"),
            option("--external-id", help="its id on the platform it comes from", metavar="ID"),
            option("--round", help="which round it is", type=int, metavar="N"),
            option("--code", help="the portfolio that the next round belongs to", metavar="CODE"),
            option("--organization", help="the participants' organization"),
            JSON,
        ),
    ),
    verb(
        "assign",
        "Give the newest round of a portfolio to a person.",
        assign,
        (
            PORTFOLIO,
            USER,
            option(
                "--part",
                help="the part the person takes (default: first assessor)",
                choices=[part.value for part in Part],
                default=Part.FIRST.value,
            ),
            JSON,
        ),
    ),
    verb(
        "withdraw",
        "Take a portfolio back from a person.",
        withdraw,
        (PORTFOLIO, USER, option("--reason", help="why, for the person", required=True), JSON),
    ),
    verb(
        "letter",
        "Write the feedback letter of a released round as PDF and as DOCX.",
        letter,
        (PORTFOLIO, option("--to", help="the folder to write it to", required=True, metavar="DIR"), JSON),
    ),
    verb(
        "package-export",
        "Pack a person's feed, receipts and artifacts, sealed to them, to be carried to a laptop on a drive.",
        package_export,
        (USER, option("--to", help="the file to write", required=True, metavar="FILE"), JSON),
    ),
    verb(
        "package-open",
        "Take in a package that a desk made.",
        package_open,
        (option("path", help="the package", metavar="FILE"), JSON),
    ),
    verb("status", "Show how every case stands.", status, (JSON,)),
    verb("restored", "Say that the hub comes from a backup, before it serves again.", restored, (JSON,)),
    verb("verify", "Prove that nothing was changed after the fact.", verify, (JSON,)),
)
