"""How the set-up speaks: to standard error, so that a command's own output stays clean."""

import sys


class SetupError(Exception):
    """The set-up cannot go on; the text says why and what to do."""


def say(text: str) -> None:
    """Print one line for the person who waits."""
    print(text, file=sys.stderr, flush=True)


def tick(text: str) -> None:
    """Print progress over the line before, or nothing where nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K  {text}", end="", file=sys.stderr, flush=True)
