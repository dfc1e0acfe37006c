"""Talks, written line by line as `1:09 Leader: …`, as captions that a player shows."""

import re
from pathlib import Path

_LINE = re.compile(r"(\d+):(\d\d) (.+)")
_LAST = 6


def vtt(source: Path) -> bytes:
    """Return a talk as WebVTT; each line is shown until the next begins."""
    lines = source.read_text(encoding="utf-8").splitlines()
    notes = [line.removeprefix("@note: ") for line in lines if line.startswith("@note: ")]
    said = [match for line in lines if (match := _LINE.fullmatch(line))]
    starts = [int(match[1]) * 60 + int(match[2]) for match in said]
    ends = [*starts[1:], starts[-1] + _LAST]
    cues = [
        f"{number}\n{_time(start)} --> {_time(end)}\n{match[3]}"
        for number, (match, start, end) in enumerate(zip(said, starts, ends, strict=True), start=1)
    ]
    return ("\n\n".join(["WEBVTT", *(f"NOTE {note}" for note in notes), *cues]) + "\n").encode()


def _time(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"
