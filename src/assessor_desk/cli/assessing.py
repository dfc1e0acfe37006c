"""`assessor-desk assess | decide | recall | decline`: judging a portfolio."""

import argparse
import secrets
from pathlib import Path

from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.cli.answers import Answer
from assessor_desk.cli.commands import DESK, PORTFOLIO, Command, option
from assessor_desk.cli.desks import bytes_of, workplace
from assessor_desk.operations import deciding, declining, documents, recalling, showing
from assessor_desk.operations.wording import counted
from assessor_desk.operations.workplace import find
from assessor_desk.wire import codec


def assess(arguments: argparse.Namespace) -> Answer:
    """Take in an assessment from a YAML file."""
    data = bytes_of(arguments.source)
    with workplace(arguments) as desk, Renderer() as renderer:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        changes = documents.assess(desk, assignment, data, Path(arguments.source).name, renderer)
        after = showing.portfolio(desk, assignment)
    answer = {"edits": changes.edits, "outcome_so_far": after.outcome_so_far, "open": codec.to_json(after.open)}
    saved = f"{counted(changes.edits, 'change')} saved."
    if not after.open:
        return Answer(answer, (f"{saved} {after.words}",))
    more = f"{counted(len(after.open), 'thing is', 'things are')} still open:"
    return Answer(answer, (f"{saved} {more}", *(f"  {each.sentence}" for each in after.open)))


def decide(arguments: argparse.Namespace) -> Answer:
    """Sign the decision."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        signature = deciding.decide(desk, assignment, secrets.token_bytes)
    data = {
        "decision": signature.id,
        "outcome": signature.outcome.value,
        "words": signature.words,
        "clock": signature.clock,
    }
    line = f"Signed: {signature.outcome}. It is kept on this laptop and goes out at the next sync."
    return Answer(data, (line, signature.clock) if signature.clock else (line,))


def recall(arguments: argparse.Namespace) -> Answer:
    """Take back what was signed."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        done = recalling.recall(desk, assignment, arguments.reason)
    return Answer({"what": done.what, "asked": done.asked, "words": done.words}, (done.words,))


def decline(arguments: argparse.Namespace) -> Answer:
    """Declare a conflict of interest."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio)
        declined = declining.decline(desk, assignment, arguments.reason)
    code = declined.portfolio.code
    line = f"You stepped back from {code}. The hub hears of it at the next sync and gives it to someone else."
    return Answer({"code": code, "assignment": declined.id, "words": line}, (line,))


COMMANDS = (
    Command(
        ("assess",),
        "Record scores, rationales, evidence, feedback and more from a YAML file; the same file again changes nothing.",
        assess,
        (PORTFOLIO, option("--from", help="the YAML file", dest="source", required=True, metavar="FILE"), *DESK),
    ),
    Command(
        ("decide",),
        "Sign the decision that follows from the assessment; it is sent at the next sync.",
        decide,
        (PORTFOLIO, *DESK),
    ),
    Command(
        ("recall",),
        "Take back what you signed while it is here, or ask the hub for it back.",
        recall,
        (PORTFOLIO, option("--reason", help="why, for the record", default="", metavar="TEXT"), *DESK),
    ),
    Command(
        ("decline",),
        "Declare a conflict of interest and step back from a portfolio.",
        decline,
        (PORTFOLIO, option("--reason", help="what it is, for program staff", required=True, metavar="TEXT"), *DESK),
    ),
)
