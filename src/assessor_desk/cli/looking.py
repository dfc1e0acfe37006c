"""`assessor-desk status | activity | queue | show | conflicts`: looking at what is on this laptop."""

import argparse
from collections.abc import Iterator

from assessor_desk.cli.answers import Answer, table
from assessor_desk.cli.commands import DESK, PORTFOLIO, Command, option
from assessor_desk.cli.desks import workplace
from assessor_desk.domain.portfolio import Part
from assessor_desk.operations import differing, listing, overview, showing
from assessor_desk.operations.differing import Conflict
from assessor_desk.operations.following import Returned
from assessor_desk.operations.listing import Listed
from assessor_desk.operations.showing import Shown, ShownArtifact, ShownCriterion
from assessor_desk.operations.wording import counted, moment
from assessor_desk.operations.workplace import find
from assessor_desk.wire import codec


def status(arguments: argparse.Namespace) -> Answer:
    """Say in plain words what waits, what was sent, and whether the lid may be closed."""
    with workplace(arguments) as desk:
        told = overview.status(desk)
    return Answer(codec.to_json(told), told.words)


def activity(arguments: argparse.Namespace) -> Answer:
    """Tell what this desk did last."""
    with workplace(arguments) as desk:
        entries = overview.activity(desk, arguments.last)
    lines = table([(moment(each.at), each.words) for each in entries])
    return Answer(codec.to_json(entries), lines or ("Nothing has happened yet.",))


def queue(arguments: argparse.Namespace) -> Answer:
    """List the work."""
    with workplace(arguments) as desk:
        rows = listing.queue(desk)
    lines = table([_row(each) for each in rows])
    return Answer(codec.to_json(rows), lines or ("You are up to date: nothing is assigned to you.",))


def show(arguments: argparse.Namespace) -> Answer:
    """Show a portfolio and the assessment so far."""
    with workplace(arguments) as desk:
        with desk.store.reading() as tx:
            assignment = find(tx, arguments.portfolio, arguments.round)
        shown = showing.portfolio(desk, assignment)
    return Answer(codec.to_json(shown), tuple(_portfolio(shown)))


def conflicts(arguments: argparse.Namespace) -> Answer:
    """List the fields on which two laptops disagree."""
    with workplace(arguments) as desk:
        found = differing.conflicts(desk)
    lines = tuple(line for each in found for line in _conflict(each))
    return Answer(codec.to_json(found), lines or ("Your laptops agree on everything.",))


def _row(row: Listed) -> tuple[str, ...]:
    scored = "" if row.part is Part.APPROVER else f"{row.criteria_scored} of {row.criteria} scored"
    return (
        row.code,
        row.title,
        f"round {row.round}",
        row.part,
        "two versions" if row.two_versions else row.state,
        f"due {moment(row.due_at)}",
        f"{row.artifacts_here} of {row.artifacts} files here",
        scored,
    )


def _portfolio(shown: Shown) -> Iterator[str]:
    yield f"{shown.code}  {shown.title}, round {shown.round}, {shown.state}, due {moment(shown.due_at)}"
    yield f"  {shown.rule}"
    yield from (line for each in shown.returned for line in _returned(each))
    yield "Files"
    yield from map(_artifact, shown.artifacts)
    if shown.pointers:
        yield "The participant points to"
        yield from (f"  {each.criterion}: {each.artifact}, {each.place}. {each.words}" for each in shown.pointers)
    yield "Criteria"
    yield from (line for each in shown.criteria for line in _criterion(each))
    if shown.decisions:
        yield "Decisions"
        yield from (f"  {each.outcome}, {each.state}, {moment(each.at)} {each.problem}" for each in shown.decisions)
    yield from (line for each in shown.conflicts for line in _conflict(each))
    if shown.open:
        yield "Still open"
        yield from (f"  {each.sentence}" for each in shown.open)
    if shown.words:
        yield shown.words


def _artifact(artifact: ShownArtifact) -> str:
    flags = ", ".join(artifact.flags)
    flagged = f", flagged: {flags}" if flags else ""
    return f"  {artifact.slot}: {artifact.title} ({artifact.state}, {artifact.dealt_with or 'not opened'}{flagged})"


def _criterion(criterion: ShownCriterion) -> Iterator[str]:
    names = {level.level: level.name for level in criterion.levels}
    level = "to score" if criterion.level is None else names[criterion.level]
    yield f"  {criterion.name} [{criterion.id}]: {level}, {counted(len(criterion.evidence), 'place')}"
    yield from (f"    {each.place}: {each.words}" if each.words else f"    {each.place}" for each in criterion.evidence)


def _returned(returned: Returned) -> Iterator[str]:
    yield f"  Returned {moment(returned.at)}. {returned.fault}"
    yield from (f"    {reason.about}: {reason.text}" for reason in returned.reasons)


def _conflict(conflict: Conflict) -> Iterator[str]:
    yield f"{conflict.code}  {conflict.sentence}"
    for each in conflict.versions:
        says = "removed" if each.value is None else str(each.value)
        yield f"  {each.laptop}, {moment(each.at)}: {says}"


COMMANDS = (
    Command(("status",), "Say what waits, what was sent, and what was not accepted.", status, DESK),
    Command(
        ("activity",),
        "Tell what this laptop did last, newest first.",
        activity,
        (option("--last", help="how many lines (default: 20)", type=int, default=20, metavar="N"), *DESK),
    ),
    Command(("queue",), "List the portfolios on this laptop, the nearest due first.", queue, DESK),
    Command(
        ("show",),
        "Show a portfolio, what was asked, and the assessment so far.",
        show,
        (PORTFOLIO, option("--round", help="an earlier round of yours", type=int, metavar="N"), *DESK),
    ),
    Command(
        ("conflicts",),
        "List what two of your laptops say differently; the next `assess` that names it settles it.",
        conflicts,
        DESK,
    ),
)
