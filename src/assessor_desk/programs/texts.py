"""Looks at the texts of a file: nothing hidden, nothing unfinished, descriptors of a readable length."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assessor_desk.programs.faults import FaultKind, Report
from assessor_desk.programs.marked import Node
from assessor_desk.programs.references import Path, criteria

FEWEST_WORDS, MOST_WORDS = 4, 60

_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&[a-z]+;|\[[^\]]*\]\([^)]*\)")
_PLACEHOLDER = re.compile(r"\b(lorem ipsum|tbd|todo|fixme|xxx|placeholder)\b", re.IGNORECASE)


def check_texts(root: Node, report: Report) -> None:
    """Note line breaks, markup and placeholders in any text of a file."""
    for node in root.texts():
        text = str(node.value)
        if "\n" in text:
            what = "A text has a line break inside."
            report.add(FaultKind.LINE_BREAK, node.line, what, "Write it after >- without empty lines.")
        if found := _MARKUP.search(text):
            report.add(FaultKind.MARKUP, node.line, f"“{found[0]}” is markup.", "Write plain text.")
        if found := _PLACEHOLDER.search(text):
            what = f"“{found[0]}” stands for something that is not written yet."
            report.add(FaultKind.PLACEHOLDER, node.line, what, "Write it, or leave the field out.")


def descriptors(said: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Return every descriptor with the path that leads to it."""
    for path, criterion in criteria(said):
        for level, text in criterion["descriptors"].items():
            yield (*path, "descriptors", level), text


def check_wording(root: Node, said: Mapping[str, Any], report: Report) -> None:
    """Note a program's own text that nobody is said to have allowed."""
    if said["wording"] == "program" and "wording_note" not in said:
        what = "The program's text is used, and nothing says who allowed it."
        write = "Add wording_note with who and when, or write the descriptors in own words and wording: own."
        report.add(FaultKind.WORDING, root.line_of("wording"), what, write)


def check_descriptors(root: Node, said: Mapping[str, Any], report: Report) -> None:
    """Note descriptors that are too short to say anything or too long to be read beside a page."""
    for path, text in descriptors(said):
        words = len(text.split())
        if not FEWEST_WORDS <= words <= MOST_WORDS:
            what = f"A descriptor has {words} words."
            write = f"Write {FEWEST_WORDS} to {MOST_WORDS} words that say what can be seen at this level."
            report.add(FaultKind.DESCRIPTOR_LENGTH, root.line_of(*path), what, write)
