"""`python -m assessor_desk.story [--out DIR]`: plays the story and writes what happened."""

import argparse
import json
import signal
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assessor_desk.environment.packaged import packaged
from assessor_desk.environment.process import harden
from assessor_desk.errors import DeskError
from assessor_desk.story.script import STEPS, Cast, Step
from assessor_desk.story.stage import Stage

LETTERS = "letters"


@dataclass(slots=True)
class Played:
    """One step as it went: what happened, in how many seconds, with which facts and files."""

    what: str
    seconds: float = 0.0
    done: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    problem: str = "The step broke off."


def main() -> int:
    """Play the story and return 0, or 1 when a step did not end as it should."""
    harden()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _asked_to_stop)
    parser = argparse.ArgumentParser(prog="story", description="Plays the whole job with made-up portfolios.")
    parser.add_argument("--out", default="demo-output", help="the folder for the summary and the letters")
    parser.add_argument("--material", help="a folder with portfolios and assessments (default: what is shipped)")
    arguments = parser.parse_args()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    _clear(out)
    material = Path(arguments.material) if arguments.material else packaged("resources") / "demo"
    with tempfile.TemporaryDirectory(prefix="assessor-desk-demo-", ignore_cleanup_errors=True) as folder:
        return 0 if played(Stage(Path(folder)), material, out) else 1


def played(stage: Stage, material: Path, out: Path) -> bool:
    """Play the steps until one fails, write the summary, and return whether all went well; no process is left."""
    cast = Cast(stage, material, out / LETTERS)
    went: list[Played] = []
    started = time.monotonic()
    try:
        for number, step in enumerate(STEPS, start=1):
            sys.stdout.write(f"{number:2} {step.what}\n")
            sys.stdout.flush()
            went.append(Played(step.what))
            _play(step, cast, went[-1])
            if not went[-1].done:
                sys.stderr.write(f"   {went[-1].problem}\n")
                break
    finally:
        stage.close()
        place = _write(went, stage, _since(started), out)
    sys.stdout.write(f"{sum(each.done for each in went)} of {len(STEPS)} steps in {_since(started)} s; see {place}\n")
    return _done(went)


def _clear(out: Path) -> None:
    """Remove the letters of an earlier play, whose portfolios had other codes."""
    for letter in (out / LETTERS).glob("P-* round *.*"):
        letter.unlink()


def _play(step: Step, cast: Cast, went: Played) -> None:
    started = time.monotonic()
    try:
        facts = step.play(cast)
        went.files = facts.pop("files", [])
        went.facts, went.done, went.problem = facts, True, ""
    except DeskError as error:
        went.problem = str(error)
    finally:
        went.seconds = _since(started)


def _write(went: list[Played], stage: Stage, seconds: float, out: Path) -> Path:
    summary = {
        "done": _done(went),
        "seconds": seconds,
        "processes": len(stage.started),
        "steps": [asdict(step) for step in went],
    }
    place = out / "summary.json"
    place.write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return place


def _done(went: list[Played]) -> bool:
    return len(went) == len(STEPS) and all(each.done for each in went)


def _asked_to_stop(number: int, _: object) -> None:
    sys.exit(128 + number)


def _since(started: float) -> float:
    return round(time.monotonic() - started, 2)


if __name__ == "__main__":
    sys.exit(main())
