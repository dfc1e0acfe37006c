"""The words of a Word document, in reading order, wherever its XML keeps them."""

import re
from collections.abc import Iterator, Mapping

from assessor_desk.artifacts.archive import Archive, ArchiveLimits, Entry
from assessor_desk.artifacts.docx_walker import TextWalker
from assessor_desk.artifacts.kinds import Kind
from assessor_desk.artifacts.safe_xml import walk
from assessor_desk.artifacts.source import Source
from assessor_desk.artifacts.text import ArtifactText, PageText, Part, sound
from assessor_desk.errors import ArchiveError, ArtifactError

READING = "docx-words/1"

_LIMITS = ArchiveLimits(entries=10_000, total=2 * 1024**3, one=1024**3, ratio=1_100)
_LARGEST_PART = 40 * 1024 * 1024
_MOST_XML = 48 * 1024 * 1024
_SEPARATOR = "\n\n"

# The end of a part's content type, and what people call the part; in the order in which they are read.
_PARTS = (
    ("main+xml", "text"),
    ("header+xml", "headers"),
    ("footer+xml", "footers"),
    ("footnotes+xml", "footnotes"),
    ("endnotes+xml", "endnotes"),
    ("comments+xml", "comments"),
    ("chart+xml", "charts"),
    ("diagramData+xml", "diagrams"),
)
_CONTENT_TYPES = "[Content_Types].xml"


def read_docx(source: Source) -> ArtifactText:
    """Return the words of every part of a Word document; who wrote or changed it is left out."""
    try:
        archive = Archive(source, _LIMITS)
        entries = {entry.name: entry for entry in archive.listing.entries}
        walker = TextWalker()
        found = [(name, text) for name, text in _read_parts(archive, entries, walker) if text]
    except ArchiveError:
        raise ArtifactError(
            "The Word document is damaged or packed in an unsafe way.", next="Ask for a new copy of the file."
        ) from None
    if walker.removed:
        found.append(("removed words", "".join(walker.removed).strip()))
    whole, parts = _assembled(found)
    return ArtifactText(Kind.DOCX, READING, (PageText(1, whole),), False, walker.notes(), parts)


def _read_parts(archive: Archive, entries: Mapping[str, Entry], walker: TextWalker) -> Iterator[tuple[str, str]]:
    listed = _listed_parts(archive, entries)
    if not any(kind == "text" for kind, _ in listed):
        raise ArtifactError("The Word document holds no text part.", next="Ask for a new copy of the file.")
    if sum(entry.size for _, entry in listed) > _MOST_XML or any(entry.size > _LARGEST_PART for _, entry in listed):
        raise ArtifactError("The Word document unpacks to more than a document can hold.")
    for kind, entry in listed:
        walk(archive.chunks(entry), walker)
        yield kind, sound(walker.taken())


def _listed_parts(archive: Archive, entries: Mapping[str, Entry]) -> list[tuple[str, Entry]]:
    types = _ContentTypes()
    if (table := entries.get(_CONTENT_TYPES)) is not None and table.size <= _LARGEST_PART:
        walk(archive.chunks(table), types)
    if not any(told.endswith("main+xml") for told in types.told.values()):
        types.told["word/document.xml"] = "main+xml"
    listed = []
    for ending, kind in _PARTS:
        names = sorted((name for name, told in types.told.items() if told.endswith(ending)), key=_by_number)
        listed += [(kind, entries[name]) for name in names if name in entries and "glossary/" not in name]
    return listed


class _ContentTypes:
    """Hears which part of the package is what."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name.endswith(" Override"):
            part = attributes.get("PartName", "").lstrip("/")
            self.told[part] = attributes.get("ContentType", "").replace("document.main", "main").replace(".", " ")

    def end(self, name: str) -> None:
        pass

    def words(self, text: str) -> None:
        pass


def _by_number(name: str) -> tuple[str, int]:
    digits = re.search(r"(\d{1,9})\.xml$", name)
    return (name[: digits.start()], int(digits[1])) if digits else (name, 0)


def _assembled(found: list[tuple[str, str]]) -> tuple[str, tuple[Part, ...]]:
    whole, parts = "", []
    for name, text in found:
        start = len(whole) + len(_SEPARATOR) if whole else 0
        whole = f"{whole}{_SEPARATOR}{text}" if whole else text
        parts.append(Part(name, start, len(whole)))
    return whole, tuple(parts)
