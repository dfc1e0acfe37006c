"""`python -m assessor_desk.story [--out DIR]`: plays the story and writes what happened."""

import argparse
import json
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


@dataclass(slots=True)
class Played:
    """One step as it went: what happened, in how many seconds, with which facts and files."""

    what: str
    seconds: float
    done: bool
    facts: dict[str, Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    problem: str = ""


def main() -> int:
    """Play the story and return 0, or 1 when a step did not end as it should."""
    harden()
    parser = argparse.ArgumentParser(prog="story", description="Plays the whole job with made-up portfolios.")
    parser.add_argument("--out", default="demo-output", help="the folder for the summary and the letters")
    out = Path(parser.parse_args().out)
    out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="assessor-desk-demo-") as folder:
        played = play(Path(folder), out)
    done = all(step.done for step in played)
    summary = {
        "done": done,
        "seconds": round(time.monotonic() - started, 1),
        "steps": [asdict(step) for step in played],
    }
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(played)} of {len(STEPS)} steps in {summary['seconds']} s; see {out / 'summary.json'}\n")
    return 0 if done else 1


def play(folder: Path, out: Path) -> list[Played]:
    """Play the steps in a scratch folder until one fails, and return how each went; no process is left behind."""
    stage = Stage(folder)
    cast = Cast(stage, packaged("resources") / "demo", out / "letters")
    played: list[Played] = []
    try:
        for number, step in enumerate(STEPS, start=1):
            sys.stdout.write(f"{number:2} {step.what}\n")
            sys.stdout.flush()
            played.append(_played(step, cast))
            if not played[-1].done:
                sys.stderr.write(f"   {played[-1].problem}\n")
                break
    finally:
        stage.stop_hub()
    return played


def _played(step: Step, cast: Cast) -> Played:
    started = time.monotonic()
    try:
        facts = step.play(cast)
    except DeskError as error:
        return Played(step.what, _since(started), done=False, problem=str(error))
    return Played(step.what, _since(started), done=True, facts=facts, files=facts.pop("files", []))


def _since(started: float) -> float:
    return round(time.monotonic() - started, 2)


if __name__ == "__main__":
    sys.exit(main())
