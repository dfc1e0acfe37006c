"""The whole command line: one parser made from the commands' own descriptions."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from importlib import import_module

from assessor_desk.cli.answers import answered
from assessor_desk.cli.commands import Command
from assessor_desk.environment.versions import program_version

NOUNS = ("programs", "hub", "package", "desk")
PROGRAM = "assessor-desk"


def commands(words: Sequence[str] = ()) -> tuple[Command, ...]:
    """Return every command, in the order of the documentation; of those that a line begins with, no others.

    The rooms behind a noun are large, so that a line loads only its own.
    """
    first = words[0] if words else ""
    nouns: tuple[str, ...] = NOUNS
    if first and not first.startswith("-"):
        nouns = (first,) if first in NOUNS[:-1] else NOUNS[-1:]
    return tuple(command for noun in nouns for command in import_module(f"assessor_desk.cli.{noun}").COMMANDS)


def parser(described: Iterable[Command]) -> argparse.ArgumentParser:
    """Return the parser for the commands."""
    top = argparse.ArgumentParser(prog=PROGRAM, description="Assess micro-credential portfolios, offline.")
    top.add_argument("--version", action="version", version=f"%(prog)s {program_version()}")
    verbs = top.add_subparsers(metavar="COMMAND", required=True)
    nouns: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for command in described:
        *noun, verb = command.words
        if noun and noun[0] not in nouns:
            about = verbs.add_parser(noun[0], help=f"{noun[0]}: see `{PROGRAM} {noun[0]} --help`")
            for each in command.before_verb:
                each.add_to(about)
            nouns[noun[0]] = about.add_subparsers(metavar="VERB", required=True)
        place = nouns[noun[0]] if noun else verbs
        sub = place.add_parser(verb, help=command.help, description=command.help)
        for option in command.options:
            option.add_to(sub)
        sub.set_defaults(command=command)
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused in one sentence, 2 not understood."""
    given = list(sys.argv[1:] if words is None else words)
    arguments = parser(commands(given)).parse_args(given)
    command: Command = arguments.command
    return answered(partial(command.run, arguments), as_json=getattr(arguments, "as_json", False))
