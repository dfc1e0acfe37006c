"""A small markup for the sources: headings, paragraphs, lists, quotes, tables and page breaks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a document; `kind` is h1, h2, h3, p, li, quote, table, picture or page; cells are rows of texts."""

    kind: str
    text: str = ""
    cells: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A source: its settings (lines `@name: value` at the top) and its parts."""

    parts: tuple[Part, ...]
    settings: dict[str, str] = field(default_factory=dict)


_MARKS = {"# ": "h1", "## ": "h2", "### ": "h3", "- ": "li", "> ": "quote"}


def read(source: Path) -> Document:
    """Return what a source says."""
    lines = source.read_text(encoding="utf-8").splitlines()
    settings = dict(line[1:].split(": ", 1) for line in lines if line.startswith("@"))
    text = "\n".join(line for line in lines if not line.startswith("@"))
    return Document(tuple(_parts(text)), settings)


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield stretches of text with their style: plain, bold or italic."""
    for piece in re.split(r"(\*\*.+?\*\*|\*.+?\*)", text):
        if piece.startswith("**"):
            yield piece[2:-2], "bold"
        elif piece.startswith("*") and len(piece) > 2:
            yield piece[1:-1], "italic"
        elif piece:
            yield piece, "plain"


def _parts(text: str) -> Iterator[Part]:
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = chunk.splitlines()
        if lines[0] == "\\newpage":
            yield Part("page")
        elif lines[0].startswith("!["):
            yield Part("picture", lines[0][2:-1])
        elif lines[0].startswith("|"):
            rows = [tuple(cell.strip() for cell in line.strip()[1:-1].split("|")) for line in lines]
            yield Part("table", cells=tuple(row for row in rows if not set("".join(row)) <= set("- ")))
        else:
            yield from _lines(lines)


def _lines(lines: list[str]) -> Iterator[Part]:
    """Yield a heading or the items of a list line by line, and a paragraph as a whole."""
    run: list[str] = []
    kind = "p"
    for line in lines:
        mark = next((mark for mark in _MARKS if line.startswith(mark)), "")
        if mark:
            if run:
                yield Part(kind, " ".join(run))
            kind, run = _MARKS[mark], [line.removeprefix(mark).strip()]
        else:
            run.append(line.strip())
    yield Part(kind, " ".join(run))
