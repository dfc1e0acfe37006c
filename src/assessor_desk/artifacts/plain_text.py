"""Plain text out of bytes, whatever encoding a classroom computer wrote it in."""

import codecs
import re
from dataclasses import dataclass

from assessor_desk.artifacts.kinds import Kind
from assessor_desk.artifacts.source import Source, read_at
from assessor_desk.artifacts.text import ArtifactText, PageText, sound
from assessor_desk.errors import ArtifactError

READING = "plain/1"

_LARGEST = 32 * 1024 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Signs that no text carries; tab, line feeds, form feed and escape do occur.
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with its line ends made equal; `guessed` names an encoding that the bytes do not prove."""

    text: str
    guessed: str = ""


def decoded(data: bytes, *, cut: bool = False) -> Decoded:
    """Return the text that the bytes spell; `cut` allows for a last sign that is incomplete."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(_checked(_strictly(data[len(bom) :], encoding, cut)))
    for encoding in _unmarked_utf16(data) or ("utf-8",):
        try:
            return Decoded(_checked(_strictly(data, encoding, cut)))
        except ArtifactError:
            continue
    text = data.decode("cp1252", "replace")
    return Decoded(_checked(text), "Windows-1252")


def _strictly(data: bytes, encoding: str, cut: bool) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, final=not cut)
    except UnicodeDecodeError:
        raise _no_text() from None


def _unmarked_utf16(data: bytes) -> tuple[str, ...]:
    """Return the byte orders worth trying: Latin text in UTF-16 has every second byte zero."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if odd > half * 0.4 and even < half * 0.1:
        return ("utf-16-le",)
    if even > half * 0.4 and odd < half * 0.1:
        return ("utf-16-be",)
    return ()


def _checked(text: str) -> str:
    if _NOT_TEXT.search(text):
        raise _no_text()
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _no_text() -> ArtifactError:
    return ArtifactError("The file holds bytes that are no text.", next="Flag it as unreadable, or ask for a new copy.")


def read_plain(source: Source, size: int, kind: Kind) -> ArtifactText:
    """Return a plain text as one page, whatever kind of plain text it is."""
    if size > _LARGEST:
        raise ArtifactError(f"The text is larger than the {_LARGEST // 1024**2} MiB that can be shown.")
    found = decoded(read_at(source, 0, size))
    notes = (f"The encoding is not told; it was read as {found.guessed}.",) if found.guessed else ()
    return ArtifactText(kind, READING, (PageText(1, sound(found.text)),), notes=notes)
