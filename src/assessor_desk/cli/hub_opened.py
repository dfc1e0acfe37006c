"""What every verb of `assessor-desk hub` begins with: the folder, and the open hub in it."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assessor_desk.cli.answers import Answer
from assessor_desk.cli.commands import Choice, Command, Option, option
from assessor_desk.environment.clock import SystemClock
from assessor_desk.hub.data import Hub

DATA = option("--data", help="the hub's folder", required=True, metavar="DIR")
USER = option("user", help="the person's short name")


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Hub]:
    """Yield the hub of the folder that was named."""
    hub = Hub.open(Path(arguments.data), SystemClock().now)
    try:
        yield hub
    finally:
        hub.close()


def verb(
    word: str, help: str, run: Callable[[argparse.Namespace], Answer], options: tuple[Option | Choice, ...]
) -> Command:
    """Return a verb of the hub."""
    return Command(("hub", word), help, run, options, before_verb=(DATA,))
