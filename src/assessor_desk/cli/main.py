"""The whole command line: one parser made from the commands' own descriptions."""

import argparse
import io
import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from difflib import get_close_matches
from functools import partial
from importlib import import_module

from assessor_desk.cli.answers import DONE, USAGE, Answer, answered, shown, stopped, table
from assessor_desk.cli.commands import DEBUG, Command

PROGRAM = "assessor-desk"
ABOUT = "Assess micro-credential portfolios, offline."

# Each word that a line can begin with, and the file of this room that knows it: a line loads only its own rooms.
SECTIONS = {
    "To begin": {"pair": "connecting", "sync": "connecting", "status": "looking", "activity": "looking"},
    "To assess": {
        "queue": "looking",
        "show": "looking",
        "assess": "assessing",
        "conflicts": "looking",
        "decide": "assessing",
        "recall": "assessing",
        "decline": "assessing",
    },
    "To sign off": {"approvals": "approving", "sign-off": "approving"},
    "To look after": {"export": "keeping", "remove": "keeping", "verify": "keeping", "package": "package"},
    "For program staff": {"programs": "programs", "artifact": "artifact", "hub": "hub"},
    "For those who build it": {"gallery": "gallery"},
}
PLACES = {word: place for words in SECTIONS.values() for word, place in words.items()}
_HELP = ("help", "--help", "-h")


def commands(word: str) -> tuple[Command, ...]:
    """Return the commands that begin with a word, in the order of the documentation."""
    place = PLACES.get(word)
    if place is None:
        return ()
    found: tuple[Command, ...] = import_module(f"assessor_desk.cli.{place}").COMMANDS
    return tuple(command for command in found if command.words[0] == word)


def parser(described: Iterable[Command]) -> argparse.ArgumentParser:
    """Return the parser for the commands."""
    top = argparse.ArgumentParser(prog=PROGRAM, description=ABOUT, allow_abbrev=False)
    top.add_argument("--version", help="tell the version", action="store_true")
    verbs = top.add_subparsers(metavar="COMMAND", required=True)
    nouns: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for command in described:
        *noun, verb = command.words
        if noun and noun[0] not in nouns:
            about = verbs.add_parser(noun[0], allow_abbrev=False)
            for each in command.before_verb:
                each.add_to(about)
            nouns[noun[0]] = about.add_subparsers(metavar="VERB", required=True)
        place = nouns[noun[0]] if noun else verbs
        sub = place.add_parser(verb, help=command.help, description=command.help, allow_abbrev=False)
        for option in (*command.options, DEBUG):
            option.add_to(sub)
        sub.set_defaults(command=command)
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused in one sentence, 2 not understood."""
    given = list(sys.argv[1:] if words is None else words)
    try:
        return _run(given)
    except KeyboardInterrupt:
        return stopped()


def _run(given: list[str]) -> int:
    if not given or (given[0] in _HELP and len(given) == 1):
        return answered(_overview, as_json=False)
    if given[0] == "--version":
        return answered(_version, as_json=False)
    if given[0] in _HELP:
        given = [*given[1:], "--help"]
    if not given[0].startswith("-") and given[0] not in PLACES:
        return _unknown(given[0])
    return answered(partial(_command, given), as_json="--json" in given, debug="--debug" in given)


def _command(given: Sequence[str]) -> Answer:
    helped = io.StringIO()
    try:
        with redirect_stdout(helped):
            arguments = parser(commands(given[0])).parse_args(given)
    except SystemExit as ended:
        if ended.code:
            raise
        return Answer(None, tuple(helped.getvalue().splitlines()))
    command: Command = arguments.command
    return command.run(arguments)


def _overview() -> Answer:
    lines = [ABOUT]
    for title, words in SECTIONS.items():
        described = [command for word in words for command in commands(word)]
        lines += [
            "",
            title,
            *(f"  {line}" for line in table([(" ".join(each.words), each.help) for each in described])),
        ]
    more = (f"`{PROGRAM} help COMMAND` tells what a command takes; docs/cli.md tells everything.",)
    return Answer(None, (*lines, "", *more), DONE)


def _version() -> Answer:
    # Looking up an installed package takes as long as half of a command.
    from assessor_desk.environment.versions import program_version

    return Answer(None, (f"{PROGRAM} {program_version()}",))


def _unknown(word: str) -> int:
    near = get_close_matches(word, PLACES, n=1)
    hint = f"Did you mean `{near[0]}`? " if near else ""
    print(f"{PROGRAM}: “{shown(word)}” is no command. {hint}See `{PROGRAM} help`.", file=sys.stderr)
    return USAGE
