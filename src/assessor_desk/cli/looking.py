"""`assessor-desk status | activity | queue | show | conflicts`: looking at what is on this laptop."""

import argparse
from collections.abc import Iterable, Iterator

from assessor_desk.cli.answers import Answer, table
from assessor_desk.cli.commands import DESK, PORTFOLIO, Command, option
from assessor_desk.cli.desks import workplace
from assessor_desk.domain.portfolio import Part
from assessor_desk.operations import differing, listing, overview, showing
from assessor_desk.operations.differing import Conflict
from assessor_desk.operations.following import Decided, Returned
from assessor_desk.operations.listing import Listed
from assessor_desk.operations.showing import Answered, Shown, ShownArtifact, ShownCriterion, ShownPointer
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
    return Answer(codec.to_json(shown), tuple(_portfolio(shown, rubric=arguments.rubric)))


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


def _portfolio(shown: Shown, *, rubric: bool) -> Iterator[str]:
    yield f"{shown.code}  {shown.title}, round {shown.round}, {shown.state}, due {moment(shown.due_at)}"
    yield f"  {shown.rule}"
    yield from (line for each in shown.returned for line in _returned(each))
    if rubric:
        yield from ("What was asked", f"  {shown.task}")
    yield from _titled("Files", (line for each in shown.artifacts for line in _artifact(each, rubric=rubric)))
    yield from _titled("The participant points to", map(_pointer, shown.pointers))
    yield from _titled("Completion", map(_answered, (*shown.checks, *shown.conditions)))
    yield from _titled("Criteria", (line for each in shown.criteria for line in _criterion(each, rubric=rubric)))
    yield from _titled("Letter", (f"  {block}: {text}" for block, text in shown.letter.items()))
    yield from _titled("Decisions", map(_decision, shown.decisions))
    yield from (line for each in shown.conflicts for line in _conflict(each))
    yield from _titled("Still open", (f"  {each.sentence}" for each in shown.open))
    if shown.words and not shown.open:
        yield shown.words


def _titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines under a title, nothing where there are none."""
    for number, line in enumerate(lines):
        if number == 0:
            yield title
        yield line


def _artifact(artifact: ShownArtifact, *, rubric: bool) -> Iterator[str]:
    flags = ", ".join(artifact.flags)
    flagged = f", flagged: {flags}" if flags else ""
    yield f"  {artifact.slot}: {artifact.title} ({artifact.state}, {artifact.dealt_with or 'not opened'}{flagged})"
    yield from (f"    {asked}" for asked in artifact.asked if rubric)


def _pointer(pointer: ShownPointer) -> str:
    return f"  {pointer.criterion}: {pointer.artifact}, {pointer.place}. {pointer.words}"


def _answered(asked: Answered) -> str:
    match asked.answer:
        case bool(said):
            answer = "yes" if said else "no"
        case {"by": by, "at": at}:
            answer = f"{by}, {at}"
        case _:
            answer = "no answer yet"
    return f"  {asked.title} [{asked.id}]: {answer}"


def _criterion(criterion: ShownCriterion, *, rubric: bool) -> Iterator[str]:
    names = {level.level: level.name for level in criterion.levels}
    level = "to score" if criterion.level is None else names[criterion.level]
    yield f"  {criterion.name} [{criterion.id}]: {level}, {counted(len(criterion.evidence), 'place')}"
    if rubric:
        yield f"    It is judged by {criterion.cites}."
        yield from (f"    {each.level} {each.name}: {each.descriptor}" for each in criterion.levels)
    yield from (f"    {each.place}: {each.words}" if each.words else f"    {each.place}" for each in criterion.evidence)


def _decision(decided: Decided) -> str:
    return f"  {decided.outcome}, {decided.state}, {moment(decided.at)} {decided.problem}"


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
        (
            PORTFOLIO,
            option("--round", help="an earlier round of yours", type=int, metavar="N"),
            option("--rubric", help="with what was asked, and every level's descriptor", action="store_true"),
            *DESK,
        ),
    ),
    Command(
        ("conflicts",),
        "List what two of your laptops say differently; the next `assess` that names it settles it.",
        conflicts,
        DESK,
    ),
)
