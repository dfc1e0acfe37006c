"""The assessor's and the approver's verbs: pair, sync, look, assess, decide, sign off, keep."""

import argparse
import secrets
import socket
from pathlib import Path
from typing import Any

from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.cli.answers import DONE, REFUSED, Answer, table
from assessor_desk.cli.commands import DESK, HOME, JSON, PASSPHRASE, Choice, Command, option
from assessor_desk.cli.desks import bytes_of, home_of, hub_of, passphrase_of, text_of, workplace
from assessor_desk.domain.decision import Reason, Verdict
from assessor_desk.environment.clock import SystemClock
from assessor_desk.environment.files import atomic_write
from assessor_desk.errors import InputError
from assessor_desk.operations import approving, deciding, documents, keeping, overview, reading
from assessor_desk.operations.workplace import find
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.engine import Sync, SyncReport
from assessor_desk.sync.engine import sync as sync_with
from assessor_desk.sync.pairing import FirstRun
from assessor_desk.sync.pairing import pair as pair_with


def pair(arguments: argparse.Namespace) -> Answer:
    """Become a desk of a hub."""
    sheet_at = Path(arguments.recovery_to) if arguments.recovery_to else None
    if sheet_at is not None and sheet_at.exists():
        raise InputError(f"There is a file at {sheet_at} already.", next="Name another file for the recovery sheet.")
    client = HubClient(arguments.url)
    try:
        first_run = FirstRun(
            address=arguments.url,
            ticket=arguments.code,
            passphrase=passphrase_of(arguments),
            device_name=arguments.name or socket.gethostname(),
            recovery_sheet=text_of(arguments.recovery_sheet) if arguments.recovery_sheet else "",
        )
        paired = pair_with(home_of(arguments), client, first_run, SystemClock().now)
    finally:
        client.close()
    sheet = paired.sheet.text()
    if sheet_at is not None:
        atomic_write(sheet_at, sheet.encode())
    data = {
        "store": paired.paths.id,
        "person": paired.membership.person_name,
        "hub": paired.membership.hub_name,
        "roles": list(paired.membership.roles),
        "recovery_sheet": str(sheet_at) if sheet_at else sheet,
    }
    line = f"This laptop is paired with {paired.membership.hub_name} for {paired.membership.person_name}."
    return Answer(data, (line, f"The recovery sheet is in {sheet_at}." if sheet_at else sheet))


def sync(arguments: argparse.Namespace) -> Answer:
    """Exchange with the hub."""
    with workplace(arguments) as desk, hub_of(desk) as hub:
        how = Sync(desk.now, desk.keys.sealing, accept_removals=arguments.accept_removals)
        report = sync_with(desk.store, hub, how)
        refused = overview.refused(desk)
    data = {
        "sent": report.pushed.accepted,
        "not_accepted": refused,
        "received": report.pulled.changed,
        "fetched": report.fetched.artifacts,
        "bytes": report.fetched.bytes,
        "problems": list(report.fetched.problems.values()),
        "equal": report.compared.equal,
        "ledger_warning": report.compared.ledger_warning,
    }
    return Answer(data, (report.words, *_warnings(report), *refused))


def _warnings(report: SyncReport) -> tuple[str, ...]:
    kinds = ", ".join(report.compared.differing)
    differing = (f"The hub and this laptop hold different records of: {kinds}.",) if kinds else ()
    warning = (report.compared.ledger_warning,) if report.compared.ledger_warning else ()
    return (*report.fetched.problems.values(), *differing, *warning)


def status(arguments: argparse.Namespace) -> Answer:
    """Say in plain words what waits, what was sent, and whether the lid may be closed."""
    with workplace(arguments) as desk:
        data = overview.status(desk)
    return Answer(data, tuple(data["words"]))


def queue(arguments: argparse.Namespace) -> Answer:
    """List the work."""
    with workplace(arguments) as desk:
        rows = reading.queue(desk)
    lines = table([_queue_line(row) for row in rows]) or ("You are up to date: nothing is assigned to you.",)
    return Answer(rows, lines)


def _queue_line(row: dict[str, Any]) -> tuple[str, ...]:
    files = f"{row['artifacts_here']} of {row['artifacts']} files here"
    return (row["code"], f"round {row['round']}", row["part"], row["state"], f"due {row['due_at'][:16]}", files)


def show(arguments: argparse.Namespace) -> Answer:
    """Show a portfolio and the assessment so far."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        data = reading.portfolio(desk, assignment)
    return Answer(data, tuple(_portfolio_lines(data)))


def _portfolio_lines(data: dict[str, Any]) -> list[str]:
    lines = [f"{data['code']}  {data['title']}, round {data['round']}, {data['state']}, due {data['due_at'][:16]}"]
    lines += [f"  returned: {data['reason']}"] if data["reason"] else []
    lines += [f"  {each['slot']}: {each['title']} ({each['state']})" for each in data["artifacts"]]
    for each in data["criteria"]:
        names = {level["level"]: level["name"] for level in each["levels"]}
        lines.append(f"  {each['name']}: {names.get(each['level'], 'to score')}, {len(each['evidence'])} places")
    lines += [f"  open: {each['sentence']}" for each in data["open"]]
    return [*lines, f"  {data['words']}"]


def assess(arguments: argparse.Namespace) -> Answer:
    """Take in a whole assessment from a YAML file."""
    data = bytes_of(arguments.source)
    with workplace(arguments) as desk, Renderer() as renderer:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        changes = documents.assess(desk, assignment, data, Path(arguments.source).name, renderer)
        after = reading.portfolio(desk, assignment)
    answer = {"edits": changes.edits, "outcome_so_far": after["outcome_so_far"], "open": after["open"]}
    lines = [
        f"{changes.edits} changes saved. {after['words']}",
        *(f"open: {each['sentence']}" for each in after["open"]),
    ]
    return Answer(answer, tuple(lines))


def decide(arguments: argparse.Namespace) -> Answer:
    """Sign the decision."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        signature = deciding.decide(desk, assignment, secrets.token_bytes)
    data = {"decision": signature.id, "outcome": signature.outcome.value, "words": signature.words}
    return Answer(data, (f"Signed: {signature.outcome}. It is kept on this laptop and goes out at the next sync.",))


def recall(arguments: argparse.Namespace) -> Answer:
    """Take a decision back."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        done = deciding.recall(desk, assignment, arguments.reason)
    return Answer({"words": done}, (done,))


def approvals(arguments: argparse.Namespace) -> Answer:
    """List the decisions that wait for a sign-off."""
    with workplace(arguments) as desk, desk.store.reading() as tx:
        data = [reading.decision(each) for each in approving.waiting(tx)]
    rows = [(each["decision"], each["code"], each["outcome"], each["assessor"], each["standing"]) for each in data]
    return Answer(data, table(rows) or ("Nothing waits for your signature.",))


def sign_off(arguments: argparse.Namespace) -> Answer:
    """Sign a decision off, or return it with reasons."""
    reasons = [_reason(text) for text in arguments.reasons or ()]
    verdict = Verdict.RETURN if reasons else Verdict.APPROVE
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            decision = approving.find(tx, arguments.decision).record.id
        made = approving.sign_off(desk, decision, verdict, reasons)
    did = "Returned with reasons" if reasons else "Signed off"
    data = {"sign_off": made, "decision": decision, "verdict": verdict.value}
    return Answer(data, (f"{did}. It is kept on this laptop and goes out at the next sync.",))


def _reason(text: str) -> Reason:
    about, colon, why = text.partition(":")
    named = bool(colon) and " " not in about.strip()
    return Reason(about.strip(), why.strip()) if named else Reason("letter", text.strip())


def remove(arguments: argparse.Namespace) -> Answer:
    """Take a portfolio off this laptop."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        purged = keeping.purge(desk, assignment)
    data = {
        "artifacts": list(purged.artifacts),
        "rows": purged.rows,
        "removed_at": purged.removed_at.isoformat(),
        "erased_at": purged.erased_at.isoformat() if purged.erased_at else None,
    }
    return Answer(data, (f"Removed: {len(purged.artifacts)} artifacts and {purged.rows} rows.",))


def export(arguments: argparse.Namespace) -> Answer:
    """Write readable copies of a portfolio's artifacts."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        exported = keeping.export(desk, assignment, Path(arguments.to))
    files = [str(path) for path in exported.files]
    warning = "These copies are not encrypted. Look after them, and delete them when you are done."
    return Answer({"files": files, "warning": warning}, (*files, warning))


def verify(arguments: argparse.Namespace) -> Answer:
    """Check this laptop's store."""
    with workplace(arguments) as desk:
        findings = desk.store.check(read_artifacts=True)
    data = {"holds": findings.sound, "faults": list(findings.faults)}
    lines = findings.faults or ("Everything on this laptop holds together.",)
    return Answer(data, lines, DONE if findings.sound else REFUSED)


PORTFOLIO = option("portfolio", help="the portfolio's code, such as P-7F3K", metavar="PORTFOLIO")

COMMANDS = (
    Command(
        ("pair",),
        "Pair this laptop with a hub by an invitation, and make its encrypted store.",
        pair,
        (
            option("url", help="the hub's address", metavar="URL"),
            option("code", help="the invitation, with the part after the point", metavar="CODE"),
            HOME,
            PASSPHRASE,
            option("--name", help="what this laptop is called (default: its own name)"),
            option("--recovery-sheet", help="the sheet of an earlier laptop of yours", metavar="FILE"),
            option("--recovery-to", help="write the recovery sheet to a file instead of showing it", metavar="FILE"),
            JSON,
        ),
    ),
    Command(
        ("sync",),
        "Send what waits, receive what is new, fetch artifacts, and compare both sides.",
        sync,
        (
            option(
                "--accept-removals",
                help="go on when the hub takes most portfolios away",
                action="store_true",
            ),
            *DESK,
        ),
    ),
    Command(("status",), "Say what waits, what was sent, and what was not accepted.", status, DESK),
    Command(("queue",), "List the portfolios on this laptop, the nearest due first.", queue, DESK),
    Command(("show",), "Show a portfolio, what was asked, and the assessment so far.", show, (PORTFOLIO, *DESK)),
    Command(
        ("assess",),
        "Record scores, rationales, evidence, feedback and more from a YAML file; the same file again changes nothing.",
        assess,
        (
            PORTFOLIO,
            option("--from", help="the YAML file", dest="source", required=True, metavar="FILE"),
            *DESK,
        ),
    ),
    Command(
        ("decide",),
        "Sign the decision that follows from the assessment; it is sent at the next sync.",
        decide,
        (PORTFOLIO, *DESK),
    ),
    Command(
        ("recall",),
        "Take a decision back while it is here, or ask the hub for it back.",
        recall,
        (PORTFOLIO, option("--reason", help="why, for the record", default=""), *DESK),
    ),
    Command(("approvals",), "List the decisions that wait for your sign-off, with all they rest on.", approvals, DESK),
    Command(
        ("sign-off",),
        "Sign a decision off, or return it with reasons.",
        sign_off,
        (
            option("decision", help="its id, the beginning of it, or the portfolio's code", metavar="DECISION"),
            Choice(
                (
                    option("--approve", help="sign it off", action="store_true"),
                    option(
                        "--return",
                        help="return it; begin with CRITERION: to name one; may be given several times",
                        dest="reasons",
                        action="append",
                        metavar="REASON",
                    ),
                )
            ),
            *DESK,
        ),
    ),
    Command(
        ("remove",),
        "Take a portfolio off this laptop for good; refused while work on it exists only here.",
        remove,
        (PORTFOLIO, *DESK),
    ),
    Command(
        ("export",),
        "Write readable copies of a portfolio's artifacts to a folder.",
        export,
        (PORTFOLIO, option("--to", help="the folder", required=True, metavar="DIR"), *DESK),
    ),
    Command(("verify",), "Check that everything on this laptop holds together.", verify, DESK),
)
