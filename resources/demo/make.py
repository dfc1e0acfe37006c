"""Makes the demo portfolios from their sources, the same bytes each time: `python resources/demo/make.py`."""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from kit import boards, film, surveys
from kit.captions import vtt
from kit.markup import read
from kit.paper import pdf
from kit.word import word_document

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
Maker: TypeAlias = Callable[[], bytes]


def word(source: str, **pictures: Maker) -> Maker:
    """Return what makes a Word document of a source with pictures."""
    return lambda: word_document(read(SOURCES / source), {name: made() for name, made in pictures.items()})


def paper(source: str) -> Maker:
    """Return what makes a PDF of a source."""
    return lambda: pdf(read(SOURCES / source))


def captions(source: str) -> Maker:
    """Return what makes captions of a talk."""
    return lambda: vtt(SOURCES / source)


def same(source: str) -> Maker:
    """Return what takes a source as it is."""
    return partial(Path.read_bytes, SOURCES / source)


_FAMILY = {
    "Benavides Moves Plan.docx": word("family-school-connections/moves-plan.md"),
    "Conference notes March 12.pdf": paper("family-school-connections/conference-notes.md"),
    "Meeting minutes.docx": word("family-school-connections/meeting-minutes.md"),
    "reflection.md": same("family-school-connections/reflection.md"),
}
PORTFOLIOS: dict[str, dict[str, Maker]] = {
    "family-school-connections-round-1": {
        **_FAMILY,
        "portfolio.yaml": same("family-school-connections/portfolio-round-1.yaml"),
        "IMG_2047.jpg": boards.family_meeting,
        "Improvement plan.csv": same("family-school-connections/improvement-plan-round-1.csv"),
    },
    "family-school-connections-round-2": {
        **_FAMILY,
        "portfolio.yaml": same("family-school-connections/portfolio-round-2.yaml"),
        "Improvement plan revised.csv": same("family-school-connections/improvement-plan-round-2.csv"),
        "Welcome table first week.pdf": paper("family-school-connections/welcome-table-first-week.md"),
    },
    "elevating-sel-team": {
        "portfolio.yaml": same("elevating-sel/portfolio.yaml"),
        "1 Needs survey results.docx": word("elevating-sel/needs-summary.md", staff_wall=boards.staff_wall),
        "1 Needs survey answers.csv": surveys.january,
        "2 Team agreement and agenda.docx": word("elevating-sel/team-agreement.md"),
        "3 Development plan.docx": word("elevating-sel/development-plan.md"),
        "4 Workshop slides.pdf": paper("elevating-sel/workshop-slides.md"),
        "4 Workshop March 13.mov": film.workshop,
        "4 Workshop March 13.vtt": captions("elevating-sel/workshop.talk"),
        "5 What changed.pdf": paper("elevating-sel/evaluation.md"),
        "5 Follow-up answers.csv": surveys.may,
    },
    "collaborative-coaching": {
        "portfolio.yaml": same("collaborative-coaching/portfolio.yaml"),
        "Part 1 overview.docx": word("collaborative-coaching/overview.md"),
        "Part 2 self-analysis.pdf": paper("collaborative-coaching/self-analysis.md"),
        "Talk October 14.mov": lambda: film.call(10, lamp="#6d6350"),
        "Talk February 10.mov": lambda: film.call(9, lamp="#c8b98f"),
        "Talk October 14.vtt": captions("collaborative-coaching/talk-october.talk"),
        "Talk February 10.vtt": captions("collaborative-coaching/talk-february.talk"),
        "Goals and plan.csv": same("collaborative-coaching/plan.csv"),
        "Part 3 reflection.md": same("collaborative-coaching/reflection.md"),
    },
}


def make(folder: Path) -> None:
    """Write every portfolio into a folder."""
    for name, files in PORTFOLIOS.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file, maker in files.items():
            (folder / name / file).write_bytes(maker())


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="Make the demo portfolios from their sources.")
    options.add_argument("--to", type=Path, default=HERE / "portfolios", help="the folder to write to")
    make(options.parse_args().to)
