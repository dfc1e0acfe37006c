"""What a command gives back: plain values for programs, lines for people."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from assessor_desk.errors import DeskError

DONE, REFUSED, USAGE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one command; `exit` is 1 when the answer itself is a no, such as a chain that does not hold."""

    data: Any
    lines: tuple[str, ...] = ()
    exit: int = DONE


def answered(
    command: Callable[[], Answer], *, as_json: bool, out: TextIO = sys.stdout, err: TextIO = sys.stderr
) -> int:
    """Run a command, print its answer or its one sentence, and return the exit code."""
    try:
        answer = command()
    except DeskError as error:
        _explain(error, as_json=as_json, out=out, err=err)
        return REFUSED
    if as_json:
        print(json.dumps(answer.data, ensure_ascii=False, indent=2), file=out)
    else:
        for line in answer.lines:
            print(line, file=out)
    return answer.exit


def _explain(error: DeskError, *, as_json: bool, out: TextIO, err: TextIO) -> None:
    if as_json:
        print(json.dumps({"problem": error.problem()}, ensure_ascii=False, indent=2), file=out)
    print(_plain(str(error)), file=err)


def _plain(text: str) -> str:
    """Return the text on one line and without control characters, which a hostile name could hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def table(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return rows as lines with their columns under each other."""
    widths = [max(len(_plain(row[column])) for row in rows) for column in range(len(rows[0]))] if rows else []
    return tuple(
        "  ".join(_plain(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
