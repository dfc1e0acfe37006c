"""What a command gives back: plain values for programs, lines for people."""

import json
import os
import re
import sys
import traceback
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from assessor_desk.errors import DeskError

DONE, REFUSED, USAGE, STOPPED = 0, 1, 2, 130
DEBUG = "ASSESSOR_DESK_DEBUG"

# What nobody sees, what turns the direction of writing, and what a terminal obeys.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UTF = re.compile(r"utf-?8", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one command; `exit` is 1 when the answer itself is a no, such as a chain that does not hold."""

    data: Any
    lines: tuple[str, ...] = ()
    exit: int = DONE


class UnexpectedError(DeskError):
    """A fault of this program's own."""

    type = "unexpected"
    title = "Something went wrong that should not"
    default_safe = "What was saved before is untouched."
    default_next = f"Try again; if it happens again, run it with --debug (or {DEBUG}=1) and tell the program office."


def answered(command: Callable[[], Answer], *, as_json: bool, debug: bool = False) -> int:
    """Run a command, print its answer or its one sentence, and return the exit code; no fault shows a traceback."""
    debug = debug or bool(os.environ.get(DEBUG))
    try:
        answer = command()
    except Exception as fault:  # noqa: BLE001  the last handler: people get a sentence, whatever went wrong
        return _refuse(fault, as_json=as_json, debug=debug)
    return _give(answer, as_json=as_json)


def _give(answer: Answer, *, as_json: bool) -> int:
    lines = [_json(answer.data)] if as_json else [shown(line) for line in answer.lines]
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go(sys.stdout)
    except OSError as fault:
        _let_go(sys.stdout)
        why = fault.strerror or str(fault)
        print(f"What was asked for was done, but the answer could not be written: {why}.", file=sys.stderr)
        return REFUSED
    return answer.exit


def _refuse(fault: Exception, *, as_json: bool, debug: bool) -> int:
    error = fault if isinstance(fault, DeskError) else UnexpectedError("Something went wrong inside Assessor Desk.")
    try:
        if as_json:
            print(_json({"problem": error.problem()}))
        sys.stdout.flush()
    except OSError:
        _let_go(sys.stdout)
    print(_one_line(str(error)), file=sys.stderr)
    if debug:
        traceback.print_exception(fault)
    return REFUSED


def stopped() -> int:
    """Say that a person stopped the command, and return the exit code."""
    print("Stopped. What was saved before is untouched.", file=sys.stderr)
    return STOPPED


def shown(text: str) -> str:
    """Return a line without signs that hide, that turn the direction of writing, or that a terminal obeys."""
    return "".join(" " if unicodedata.category(sign) in _HIDDEN else sign for sign in text).rstrip()


def table(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return rows as lines with their columns under each other."""
    cells = [tuple(map(_one_line, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return tuple("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)


def _one_line(text: str) -> str:
    return " ".join(shown(text).split())


def _json(data: Any) -> str:
    """Return data as JSON that any terminal can show: what hides is escaped, and all but ASCII where it must be."""
    ascii_only = not _UTF.fullmatch(sys.stdout.encoding or "")
    text = json.dumps(data, ensure_ascii=ascii_only, indent=2)
    return "".join(_escaped(sign) if unicodedata.category(sign) in _HIDDEN and sign != "\n" else sign for sign in text)


def _escaped(sign: str) -> str:
    """Return a sign as JSON escapes it; one beyond 16 bits is two."""
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _let_go(out: TextIO) -> None:
    """Send what is still to be written nowhere, so that the end of the process does not stumble over it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, out.fileno())
    os.close(nowhere)
