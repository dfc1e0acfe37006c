"""Letters to try things on, and how to read a PDF back."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from assessor_desk.domain.rubric import Outcome
from assessor_desk.letters.engine import pymupdf
from assessor_desk.letters.letter import CriterionFeedback, FeedbackLetter

FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"

TO_REVISE = CriterionFeedback(
    title="Planning program improvements",
    level="Developing",
    met=False,
    needed="at least Proficient",
    strength="The welcome table comes straight from what a parent said at the meeting.",
    revise="The plan does not yet name who acts or by when.\n- Add a person to each change.\n- Add a date to each.",
    places=("Improvement plan, rows 2–4", "Minutes, page 2"),
)
SHOWN = CriterionFeedback(
    title="Observing a family conference",
    level="Proficient",
    met=True,
    strength="The notes keep to what was said and done.",
    deepen="Read them once with the teacher.",
    places=("Notes, page 3",),
)
LETTER = FeedbackLetter(
    program="Leadership for Early Childhood Education",
    micro_credential="Promoting Family-School Connections in Early Childhood Programs",
    recipient="Marisol Benavides",
    organization="Tallgrass Bend Early Learning Center",
    portfolio="P-7F3K",
    round=1,
    outcome=Outcome.NOT_YET_EARNED,
    signed_on=date(2026, 5, 12),
    result="One of two criteria is met.",
    opening="Thank you for this portfolio.",
    criteria=(SHOWN, TO_REVISE),
    closing="We look forward to the next round.",
    what_next=("Send the revised plan by June 9, 2026.", "Two more attempts are open."),
    verification="Decision 7c1e-41b0, SHA-256 3f2a91c0.",
)


def with_many_criteria() -> FeedbackLetter:
    """Return a letter on 27 criteria in groups, every third still to revise."""
    criteria = tuple(
        replace(
            TO_REVISE if number % 3 == 0 else SHOWN,
            title=f"Criterion {number}: what teams agreed on and how it was tried out in rooms over half a year",
            group=f"Group {number // 5}",
            strength="What was agreed can be found again in what was done. " * (number % 6 + 1),
        )
        for number in range(1, 28)
    )
    return replace(LETTER, criteria=criteria, team=True)


def opened(pdf: bytes) -> Any:
    """Return the PDF as PyMuPDF sees it."""
    return pymupdf().open("pdf", pdf)


def words_of(pdf: bytes) -> str:
    """Return the text of all pages with every run of blanks as one space."""
    with opened(pdf) as document:
        return re.sub(r"\s+", " ", " ".join(page.get_text() for page in document))


def structure(document: Any) -> list[tuple[str, str]]:
    """Return what a screen reader is told: each text's role and words, in the order of the structure tree."""
    marked = {page.xref: _marked(document, page) for page in document}
    found: list[tuple[str, str]] = []

    def walk(xref: int) -> None:
        kids = document.xref_get_key(xref, "K")[1]
        marks = re.findall(r"/Pg (\d+) 0 R/MCID (\d+)", kids)
        if marks:
            role = document.xref_get_key(xref, "S")[1].removeprefix("/")
            found.append((role, " ".join(marked[int(page)][int(mark)] for page, mark in marks)))
        else:
            for kid in re.findall(r"(\d+) 0 R", kids):
                walk(int(kid))

    walk(int(document.xref_get_key(document.pdf_catalog(), "StructTreeRoot")[1].split()[0]))
    return found


def _marked(document: Any, page: Any) -> list[str]:
    """Return the words of each mark on a page: all other drawing is taken away for a moment."""
    content, xref = page.read_contents(), page.get_contents()[0]
    turn = content.split(b"\n", 1)[0]
    texts = []
    for group in re.findall(rb"(?s)/\w+ <</MCID \d+.*?BDC.*?\nEMC", content):
        document.update_stream(xref, turn + b"\n" + group)
        texts.append(re.sub(r"\s+", " ", document[page.number].get_text()).strip().removeprefix("• "))
    document.update_stream(xref, content)
    return texts
