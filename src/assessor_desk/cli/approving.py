"""`assessor-desk approvals | sign-off`: the approver's work."""

import argparse
from collections.abc import Iterator

from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.cli.answers import Answer, table
from assessor_desk.cli.commands import DESK, Choice, Command, option
from assessor_desk.cli.desks import workplace
from assessor_desk.domain.decision import Verdict
from assessor_desk.operations import reviewing
from assessor_desk.operations.approving import sign_off as sign_off_decision
from assessor_desk.operations.reviewing import Awaiting, Review, Reviewed, Walked
from assessor_desk.wire import codec


def approvals(arguments: argparse.Namespace) -> Answer:
    """List the decisions that wait for a sign-off, or open one of them."""
    if arguments.decision is not None:
        return _opened(arguments)
    with workplace(arguments) as desk:
        waiting = reviewing.awaiting(desk)
    lines = table([_row(each) for each in waiting])
    return Answer(codec.to_json(waiting), lines or ("Nothing waits for your signature.",))


def sign_off(arguments: argparse.Namespace) -> Answer:
    """Sign a decision off, or return it with reasons."""
    verdict = Verdict.APPROVE if arguments.approve else Verdict.RETURN
    with workplace(arguments) as desk:
        made = sign_off_decision(desk, arguments.decision, verdict, arguments.reasons or ())
    data = {"sign_off": made.id, "decision": made.decision, "verdict": verdict.value, "clock": made.clock}
    did = "Signed off" if arguments.approve else "Returned with reasons"
    line = f"{did}. It is kept on this laptop and goes out at the next sync."
    return Answer(data, (line, made.clock) if made.clock else (line,))


def _opened(arguments: argparse.Namespace) -> Answer:
    with workplace(arguments) as desk, Renderer() as renderer:
        review = reviewing.review(desk, arguments.decision, renderer)
    return Answer(codec.to_json(review), tuple(_review(review)))


def _row(row: Awaiting) -> tuple[str, ...]:
    return (
        row.decision[:8],
        row.code,
        row.title,
        row.outcome,
        f"{row.with_evidence} of {row.criteria} with evidence",
        f"{row.with_rationale} of {row.criteria} with a rationale",
        f"second score: {row.second_score}",
        f"{row.assessor} ({row.standing})",
        row.problem,
    )


def _review(review: Review) -> Iterator[str]:
    summary = review.summary
    yield f"{summary.code}  {summary.title}, round {summary.round}: {summary.outcome}, by {summary.assessor}"
    yield f"  second score: {summary.second_score}; the assessor is {summary.standing}"
    if summary.problem:
        yield f"  {summary.problem}"
    yield from (line for each in review.scores for line in _score(each))
    letter = review.letter if isinstance(review.letter, dict) else {}
    yield from (f"Letter, {block}: {text}" for block, text in letter.items())


def _score(score: Reviewed) -> Iterator[str]:
    others = ", ".join("none" if each is None else str(each) for each in score.other_levels)
    beside = f" (others: {others})" if others else ""
    yield f"{score.name} [{score.id}]: {score.level_name or 'not scored'}{beside}"
    yield f"  {score.rationale}"
    if score.looked_for:
        yield f"  Looked for, not found: {score.looked_for}"
    yield from map(_place, score.evidence)


def _place(place: Walked) -> str:
    words = f": {place.words}" if place.words else ""
    return f"  {place.place}{words}{'' if place.stands else f' ({place.problem})'}"


COMMANDS = (
    Command(
        ("approvals",),
        "List the decisions that wait for your sign-off; with DECISION, open one and go to every place that it cites.",
        approvals,
        (
            option(
                "decision",
                help="its id, the beginning of it, or the portfolio's code; its author can then no longer ask it back",
                nargs="?",
                metavar="DECISION",
            ),
            *DESK,
        ),
    ),
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
                        help="return it; begin with CRITERION: or letter: to say what it is about; may be given again",
                        dest="reasons",
                        action="append",
                        metavar="REASON",
                    ),
                )
            ),
            *DESK,
        ),
    ),
)
