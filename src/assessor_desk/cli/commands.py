"""How a command is described once, for the parser and for `docs/cli.md`."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assessor_desk.cli.answers import Answer


@dataclass(frozen=True, slots=True)
class Option:
    """One argument or option of a command, as argparse takes it."""

    flags: tuple[str, ...]
    help: str
    settings: tuple[tuple[str, Any], ...] = ()

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Declare it."""
        parser.add_argument(*self.flags, help=self.help, **dict(self.settings))


def option(*flags: str, help: str, **settings: Any) -> Option:
    """Return an option with argparse's own settings."""
    return Option(flags, help, tuple(settings.items()))


@dataclass(frozen=True, slots=True)
class Choice:
    """Options of which exactly one is given."""

    options: tuple[Option, ...]

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Declare them."""
        group = parser.add_mutually_exclusive_group(required=True)
        for each in self.options:
            group.add_argument(*each.flags, help=each.help, **dict(each.settings))


@dataclass(frozen=True, slots=True)
class Command:
    """One verb: its words, what it does in a sentence, what runs, and its options.

    Those in `before_verb` belong to the noun, and all its verbs name the same ones.
    """

    words: tuple[str, ...]
    help: str
    run: Callable[[argparse.Namespace], Answer]
    options: tuple[Option | Choice, ...] = ()
    before_verb: tuple[Option, ...] = ()


JSON = option("--json", help="answer as JSON, errors included", action="store_true", dest="as_json")
HOME = option("--home", help="the folder that holds the stores (default: this system's place)", metavar="DIR")
PASSPHRASE = option(
    "--passphrase-file",
    help="read the passphrase from a file, or from standard input with -",
    metavar="FILE|-",
)
DEBUG = option("--debug", help="show the details when something goes wrong", action="store_true")
"""Every command has it."""

STORE = option("--store", help="which store, where a home has several", metavar="ID")
DESK = (HOME, STORE, PASSPHRASE, JSON)
"""The options of every command that opens a store."""

PORTFOLIO = option("portfolio", help="the portfolio's code, such as P-7F3K", metavar="PORTFOLIO")
