"""Portfolios made for journeys, with words in them that are found wherever they end up."""

import os
import secrets
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assessor_desk.letters.engine import pymupdf
from tests.journeys.traces import forms

MICRO_CREDENTIAL = "lead-ed.family-school-connections"
SIDE = 64
SLICE = 64


@dataclass(frozen=True)
class Planted:
    """A portfolio's folder, an assessment of it, and what must not be found: words by where they stand, raw bytes."""

    folder: Path
    assessment: Path
    words: dict[str, str]
    looks: dict[str, tuple[bytes, ...]]


def planted(folder: Path) -> Planted:
    """Write a portfolio and an assessment of it, with new words in every place where a person may have written."""
    places = ("text file", "UTF-16 file", "EXIF", "rationale", "letter", "feedback")
    words = {place: f"{secrets.token_hex(4)}-zq-{secrets.token_hex(8)}" for place in places}
    portfolio = folder / "portfolio"
    portfolio.mkdir(parents=True)
    files = {
        "plan.txt": _told(words["text file"]).encode(),
        "notes.txt": _told(words["UTF-16 file"]).encode("utf-16"),
        "photo.jpg": _photo(words["EXIF"]),
        "changes.txt": _told(secrets.token_hex(8)).encode(),
    }
    for name, content in files.items():
        (portfolio / name).write_bytes(content)
    (portfolio / "portfolio.yaml").write_text(yaml.safe_dump(_manifest()), encoding="utf-8")
    assessment = folder / "assessment.yaml"
    assessment.write_text(yaml.safe_dump(_assessment(words)), encoding="utf-8")
    looks = {place: forms(word) for place, word in words.items()}
    return Planted(portfolio, assessment, words, looks | {name: _slices(files[name]) for name in files})


def _told(word: str) -> str:
    lines = (f"{number:03} {secrets.token_hex(24)} we heard {word}-{number:03} at the door" for number in range(200))
    return "\n".join(lines)


def _slices(content: bytes) -> tuple[bytes, ...]:
    return tuple(content[at : at + SLICE] for at in (len(content) // 5, len(content) // 2, len(content) - 2 * SLICE))


def _photo(description: str) -> bytes:
    engine = pymupdf()
    pixels = engine.Pixmap(engine.csRGB, SIDE, SIDE, os.urandom(3 * SIDE * SIDE), False)
    picture: bytes = pixels.tobytes("jpeg")
    text = description.encode() + b"\0"
    tiff = struct.pack("<2sHIHHHIII", b"II", 42, 8, 1, 0x010E, 2, len(text), 26, 0) + text
    exif = b"Exif\0\0" + tiff
    return picture[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + picture[2:]


def _manifest() -> Any:
    slots = {
        "plan.txt": ("moves-plan", "Plan"),
        "notes.txt": ("conference-record", "Notes"),
        "photo.jpg": ("meeting-record", "Whiteboard"),
        "changes.txt": ("improvement-plan", "Changes"),
    }
    artifacts = [{"file": name, "slot": slot, "title": title} for name, (slot, title) in slots.items()]
    return {"micro_credential": MICRO_CREDENTIAL, "round": 1, "artifacts": artifacts}


def _assessment(words: dict[str, str]) -> Any:
    cited = {
        "planning-moves": {"artifact": "Plan", "quote": f"{words['text file']}-017"},
        "observing-conference": {"artifact": "Notes", "quote": f"we heard {words['UTF-16 file']}-023 at the door"},
        "facilitating-meeting": {"artifact": "Whiteboard"},
        "planning-improvements": {"artifact": "Changes"},
        "reflecting-insights": {"artifact": "Notes", "quote": f"{words['UTF-16 file']}-151"},
    }
    scores = {
        criterion: {
            "level": "proficient",
            "rationale": f"The place that is cited shows it: {words['rationale']}.",
            "evidence": [place],
            "feedback": {"strength": f"Seen and liked: {words['feedback']}."},
        }
        for criterion, place in cited.items()
    }
    checks = ("files-open", "legible", "clear-sound", "all-there", "names-removed", "first-handed-in")
    return {
        "scores": scores,
        "letter": {"opening": f"Thank you. {words['letter']}", "closing": "Goodbye."},
        "artifacts": dict.fromkeys(("Plan", "Notes", "Whiteboard", "Changes"), "opened"),
        "checks": dict.fromkeys(checks, True),
    }
