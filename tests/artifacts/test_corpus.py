"""Every real and hostile file of the corpus: described in a few lines, in time, without harm."""

import re
import time
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from assessor_desk.artifacts.anchors import passage, resolve
from assessor_desk.artifacts.describe import READABLE, Description, describe
from assessor_desk.artifacts.docx import read_docx
from assessor_desk.artifacts.kinds import Kind
from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.artifacts.sniff import sniff
from assessor_desk.errors import ArtifactError
from tests.artifacts.corpus import CORPUS, Sample, samples

FOLDERS = {folder: list(them) for folder, them in groupby(samples(), key=lambda sample: sample.name.partition("/")[0])}
# Files whose manifest expects a refusal that today's road, which shows their text, need not give.
REFUSED = re.compile(r"clear message naming the file")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_described_in_time(folder: str, renderer: Renderer) -> None:
    for sample in FOLDERS[folder]:
        started = time.monotonic()
        told = describe(sample.path, sample.path.name, renderer)

        assert time.monotonic() - started < 20, sample.name
        assert told.size == sample.path.stat().st_size, sample.name
        assert told.problem or told.text_length is not None or told.kind not in READABLE, sample.name
        assert _meets(sample, told), (sample.name, sample.expected, told)


def _meets(sample: Sample, told: Description) -> bool:
    """Return whether what is told fits the manifest, where it speaks of what is read today."""
    if told.kind not in READABLE | {Kind.EMPTY}:
        return not told.problem
    if sample.password:
        return "password" in told.problem
    if REFUSED.search(sample.expected):
        return bool(told.problem or told.notes)
    if pages := re.search(r"^opens; (\d+) pages?\b", sample.expected):
        return told.pages == int(pages[1])
    return bool(told.problem) or not sample.expected.startswith("opens;") or told.text_length is not None


@pytest.mark.parametrize(
    "sample", [sample for sample in samples() if sample.password and sample.name.endswith("pdf")], ids=lambda s: s.name
)
def test_a_password_opens_what_it_protects(sample: Sample, renderer: Renderer) -> None:
    with pytest.raises(ArtifactError, match="asks for a password"):
        renderer.text(sample.path, Kind.PDF)
    with pytest.raises(ArtifactError, match="does not open"):
        renderer.text(sample.path, Kind.PDF, "not it")

    assert renderer.text(sample.path, Kind.PDF, sample.password).pages


DAMAGED = ("truncated", "fuzzed-1")
WORD_FILES = [
    path for path in sorted(CORPUS.glob("docx/*.docx")) if sniff(path).kind is Kind.DOCX and path.stem not in DAMAGED
]


@pytest.mark.parametrize("path", WORD_FILES, ids=lambda path: path.stem)
def test_every_word_of_a_word_document_is_kept(path: Path) -> None:
    with ZipFile(path) as packed:
        parts = [
            name
            for name in packed.namelist()
            if re.match(r"word/(document|header|footer|footnotes|endnotes|comments)\d*\.xml", name)
        ]
        told = " ".join(_told(packed.read(name)) for name in parts)

    with path.open("rb") as file:
        kept = "".join(read_docx(file).whole.split())

    assert [word for word in told.split() if word not in kept] == []


def _told(part: bytes) -> str:
    """Return the words of a part's paragraphs, by another road than ours."""
    root = ElementTree.fromstring(part)  # noqa: S314 these files are sound
    paragraphs = [each for each in root.iter() if each.tag.endswith("}p") and not _nested(each)]
    heard = [[text for text in each.iter() if text.tag.endswith(("}t", "}delText"))] for each in paragraphs]
    return " ".join("".join(text.text or "" for text in texts) for texts in heard)


def _nested(paragraph: Any) -> bool:
    return any(each is not paragraph and each.tag.endswith("}p") for each in paragraph.iter())


@pytest.mark.parametrize(
    "folder", [folder for folder in ("pdf", "docx", "text", "captions", "csv") if folder in FOLDERS]
)
def test_a_quote_from_anywhere_in_a_document_is_found_again(folder: str, renderer: Renderer) -> None:
    for sample in FOLDERS[folder]:
        try:
            text = renderer.text(sample.path, sniff(sample.path, sample.name).kind)
        except ArtifactError:
            continue
        whole = text.whole
        for start in range(0, len(whole), max(1, len(whole) // 40)):
            end = min(len(whole), start + 7 + start % 90)
            if not whole[start:end].strip():
                continue
            taken = passage(text, start, end)
            assert taken.position is not None
            assert resolve(taken, text) == (taken.position.start, taken.position.end), sample.name
