"""The text layer of a PDF, with the place of every word; the only file that reads with PyMuPDF."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from assessor_desk.artifacts.kinds import Kind
from assessor_desk.artifacts.source import Source, read_at
from assessor_desk.artifacts.text import ArtifactText, PageText, Word, sound
from assessor_desk.errors import ArtifactError

# PyMuPDF's layout module would bring an inference engine into the process that reads hostile files, and numpy with it.
_blocked = [name for name in ("pymupdf.layout", "numpy") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_blocked))  # type: ignore[arg-type]
import pymupdf  # noqa: E402

if "numpy" in _blocked:
    del sys.modules["numpy"]

_mupdf: Any = pymupdf  # its calls carry no types

READING = "pdf-words/1"

_LARGEST = 400 * 1024 * 1024
_MOST_PAGES = 25_000
_MOST_TEXT = 30_000_000
_FLAGS = _mupdf.TEXT_PRESERVE_WHITESPACE | _mupdf.TEXT_MEDIABOX_CLIP
_FAILURES = (_mupdf.mupdf.FzErrorBase, RuntimeError, ValueError, IndexError, TypeError)

_mupdf.TOOLS.mupdf_display_errors(False)
_mupdf.TOOLS.mupdf_display_warnings(False)


class _PageError(Exception):
    """The engine gave up on something; what it said stays inside, it may quote the file."""


def read_pdf(source: Source, size: int, password: str | None) -> ArtifactText:
    """Return the text of every page; a page that cannot be read is empty and told in the notes."""
    pages, unread, pictures, left = [], [], [], _MOST_TEXT
    with _opened(source, size, password) as document:
        for number in range(1, document.page_count + 1):
            text = ""
            try:
                page = _load(document, number)
                text = _joined(_words(page))
                if not text and _has_pictures(page):
                    pictures.append(number)
            except _PageError:
                unread.append(number)
            left -= len(text)
            if left < 0:
                raise ArtifactError("The PDF holds more text than can be shown.")
            pages.append(PageText(number, text))
    notes = [f"{_pages(unread)} cannot be read."] if unread else []
    notes += (
        [
            f"{_pages(pictures)} hold a picture and no text."
            if pictures[1:]
            else f"{_pages(pictures)} is a picture without text."
        ]
        if pictures
        else []
    )
    return ArtifactText(Kind.PDF, READING, tuple(pages), True, tuple(notes))


def read_words(source: Source, size: int, page: int, password: str | None) -> tuple[Word, ...]:
    """Return the words of one page with their places."""
    with _opened(source, size, password) as document:
        if not 1 <= page <= document.page_count:
            raise ArtifactError(f"The PDF has no page {page}; its last is {document.page_count}.")
        try:
            return tuple(word for _, word in _placed(_words(_load(document, page))))
        except _PageError:
            raise ArtifactError(f"Page {page} of the PDF cannot be read.") from None


@contextmanager
def _opened(source: Source, size: int, password: str | None) -> Iterator[Any]:
    if size > _LARGEST:
        raise ArtifactError(f"The PDF is larger than the {_LARGEST // 1024**2} MiB whose text can be read.")
    try:
        with _engine():
            document = _mupdf.open(stream=read_at(source, 0, size), filetype="pdf")
            locked, pages = bool(document.needs_pass), 0
            if locked and password is not None:
                locked = not document.authenticate(password)
            if not locked:
                pages = document.page_count
    except _PageError:
        raise _damaged() from None
    with document:
        if locked:
            raise _locked(password)
        if not pages:
            raise _damaged()
        if pages > _MOST_PAGES:
            raise ArtifactError(f"The PDF has {pages:,} pages, more than the {_MOST_PAGES:,} that can be read.")
        yield document


@contextmanager
def _engine() -> Iterator[None]:
    try:
        yield
    except _FAILURES as failure:
        if "malloc" in str(failure):
            raise MemoryError from None
        raise _PageError from failure


def _load(document: Any, number: int) -> Any:
    with _engine():
        return document.load_page(number - 1)


def _words(page: Any) -> Sequence[tuple[Any, ...]]:
    """Return the engine's words: box, text, block, line, place in the line."""
    with _engine():
        words: Sequence[tuple[Any, ...]] = page.get_textpage(flags=_FLAGS).extractWORDS()
        return words


def _has_pictures(page: Any) -> bool:
    with _engine():
        return bool(page.get_images())


def _placed(words: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, Word]]:
    """Yield each word with what parts it from the one before: a space, a line's end, or an empty line."""
    at, last_block, last_line = 0, None, None
    for left, top, right, bottom, raw, block, line, _ in words:
        gap = "" if last_block is None else "\n\n" if block != last_block else "\n" if line != last_line else " "
        text = sound(raw)
        start = at + len(gap)
        at, last_block, last_line = start + len(text), block, line
        yield gap + text, Word(start, at, left, top, right, bottom)


def _joined(words: Sequence[tuple[Any, ...]]) -> str:
    return "".join(text for text, _ in _placed(words))


def _pages(numbers: Sequence[int]) -> str:
    """Return pages in words, runs of them shortened: `Pages 1, 3–5`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    told = ", ".join("–".join(map(str, run)) for run in runs[:12]) + (" and more" if len(runs) > 12 else "")
    return f"Page {told}" if len(numbers) == 1 else f"Pages {told}"


def _damaged() -> ArtifactError:
    return ArtifactError(
        "The PDF is damaged and cannot be opened.", next="Flag it as unreadable, or ask for a new copy."
    )


def _locked(password: str | None) -> ArtifactError:
    if password is None:
        return ArtifactError("The PDF asks for a password.", next="Give the password, or ask for a copy without one.")
    return ArtifactError("The password does not open this PDF.", next="Try again, or ask for a copy without one.")
