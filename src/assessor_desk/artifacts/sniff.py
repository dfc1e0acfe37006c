"""What kind of file something is, by its content and never by its name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assessor_desk.artifacts.kinds import Kind, ending_of, in_words, media_type, name_fits
from assessor_desk.artifacts.plain_text import decoded
from assessor_desk.artifacts.source import Source, opened, read_at, size_of
from assessor_desk.artifacts.zip_directory import read_directory
from assessor_desk.errors import ArchiveError, ArtifactError

_HEAD = 64 * 1024
_MOST_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is; `told` says it in a sentence when the name promises something else."""

    kind: Kind
    media_type: str
    size: int
    name_fits: bool = True
    told: str = ""


def sniff(source: Source | Path, name: str = "") -> Sniffed:
    """Return what a file is by its first bytes and, for archives, by its directory."""
    with opened(source) as file:
        size = size_of(file)
        kind = _kind(file, read_at(file, 0, _HEAD), size, name)
    fits = name_fits(kind, name)
    told = "" if fits else f"Its name ends in “.{ending_of(name)}”, and it is {in_words(kind)}."
    return Sniffed(kind, media_type(kind), size, fits, told)


def _kind(source: Source, head: bytes, size: int, name: str) -> Kind:
    if size == 0:
        return Kind.EMPTY
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed_kind(source, head)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(source, head)
    for recognizes in (_riff, _boxes, _mpeg_audio, _pdf_later):
        found = recognizes(head)
        if found is not None:
            return found
    return _text_kind(head, cut=size > len(head), name=name)


_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", Kind.PDF),
    (b"{\\rtf", Kind.RTF),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"II+\x00", Kind.TIFF),
    (b"MM\x00+", Kind.TIFF),
    (b"OggS", Kind.OGG),
    (b"fLaC", Kind.FLAC),
    (b"ID3", Kind.MP3),
    (b"\x1a\x45\xdf\xa3", Kind.WEBM),
)


def _riff(head: bytes) -> Kind | None:
    if head[:4] not in (b"RIFF", b"RF64"):
        return None
    return {b"WEBP": Kind.WEBP, b"WAVE": Kind.WAV}.get(head[8:12], Kind.UNKNOWN)


_BRANDS = {
    b"qt  ": Kind.MOV,
    b"M4A ": Kind.M4A,
    b"M4B ": Kind.M4A,
    b"M4P ": Kind.M4A,
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"), Kind.HEIC),
}


def _boxes(head: bytes) -> Kind | None:
    """Tell the files that are made of boxes: MP4, QuickTime, HEIC."""
    box = head[4:8]
    if box == b"ftyp":
        length = min(int.from_bytes(head[:4], "big"), 256)
        brands = [head[8:12], *(head[at : at + 4] for at in range(16, length, 4))]
        return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), Kind.MP4)
    return Kind.MOV if box in (b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot") else None


def _ole_kind(source: Source, head: bytes) -> Kind:
    """Tell the Office files of before 2007, and the locked ones of today, by the streams that they name."""
    if len(head) < 52:
        return Kind.UNKNOWN
    sector, first = 1 << min(int.from_bytes(head[30:32], "little"), 12), int.from_bytes(head[48:52], "little")
    names = head + read_at(source, (first + 1) * sector, 16 * 1024)
    for stream, kind in _STREAMS:
        if stream.encode("utf-16-le") in names:
            return kind
    return Kind.UNKNOWN


_STREAMS = (
    ("EncryptedPackage", Kind.LOCKED_OFFICE),
    ("WordDocument", Kind.DOC),
    ("PowerPoint Document", Kind.PPT),
    ("Workbook", Kind.XLS),
    ("Book", Kind.XLS),
)


def _mpeg_audio(head: bytes) -> Kind | None:
    """Tell an MP3 that starts with sound; other layers look like the byte order mark of UTF-16."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    rate, frequency = head[2] >> 4, head[2] >> 2 & 3
    return Kind.MP3 if rate not in (0, 15) and frequency != 3 else None


def _pdf_later(head: bytes) -> Kind | None:
    """Tell a PDF that has something before its first line, as readers of PDF do."""
    return Kind.PDF if b"%PDF-" in head[:1024] else None


def _packed_kind(source: Source, head: bytes) -> Kind:
    if head[30:38] == b"mimetype":
        for media, kind in _PACKED_MEDIA:
            if head[38:].startswith(media):
                return kind
    try:
        names = [record.name for record in read_directory(source, _MOST_ENTRIES)]
    except ArchiveError:
        # A damaged directory says nothing, but the entries often still do.
        names = [name.decode("ascii") for name in re.findall(rb"(?:word|ppt|xl)/[A-Za-z]+\.xml", head)]
    for folder, kind in (("word/", Kind.DOCX), ("ppt/", Kind.PPTX), ("xl/", Kind.XLSX)):
        if any(name.startswith(folder) for name in names):
            return kind
    return Kind.ZIP


_PACKED_MEDIA = (
    (b"application/epub+zip", Kind.EPUB),
    (b"application/vnd.oasis.opendocument.text", Kind.ODT),
    (b"application/vnd.oasis.opendocument.spreadsheet", Kind.ODS),
    (b"application/vnd.oasis.opendocument.presentation", Kind.ODP),
)


def _text_kind(head: bytes, *, cut: bool, name: str) -> Kind:
    try:
        text = decoded(head, cut=cut).text
    except ArtifactError:
        return Kind.UNKNOWN
    for recognizes, kind in _TEXTS:
        if recognizes(text):
            return kind
    # Inside the family of plain texts nothing but the name tells a short note from a one-column table.
    return _PLAIN_BY_NAME.get(ending_of(name), Kind.TEXT)


_PLAIN_BY_NAME = {"md": Kind.MARKDOWN, "markdown": Kind.MARKDOWN, "csv": Kind.CSV, "tsv": Kind.CSV}


def _without_prolog(text: str) -> str:
    """Return the text from its first element on, in lower case: declaration, comments and spaces left out."""
    text = text.lstrip()
    for start, end in _PROLOG:
        while text.startswith(start):
            text = text.partition(end)[2].lstrip()
    return text[:80].lower()


# In this order: a declaration, comments, a document type that is not HTML's own, comments again.
_COMMENT = ("<!--", "-->")
_PROLOG = (("<?xml", "?>"), _COMMENT, ("<!DOCTYPE svg", ">"), _COMMENT)


def _is_svg(text: str) -> bool:
    return re.match(r"<svg[\s>]", _without_prolog(text)) is not None


def _is_html(text: str) -> bool:
    return re.match(r"<(?:!doctype\s+html|html|head|body)[\s>]", _without_prolog(text)) is not None


def _is_web_archive(text: str) -> bool:
    headers = text.lstrip()[:8_000].partition("\n\n")[0].lower()
    return re.match(r"[a-z-]+:", headers) is not None and "content-type: multipart/related" in headers


def _is_markdown(text: str) -> bool:
    marks = re.findall(_MARKDOWN, text, re.MULTILINE)
    return len(marks) >= 2


_MARKDOWN = r"^(?:#{1,6} \S|```|[-*] \[[ xX]\] |\|.*\|$|> \S)|\[[^\]\[\n]{1,200}\]\([^)(\s]{1,500}\)"


def _is_table(text: str) -> bool:
    lines = [_outside_quotes(line) for line in text.splitlines()[:20] if line.strip()]
    if len(lines) < 2:
        return False
    # The last line may be cut.
    return any(lines[0].count(mark) and len({line.count(mark) for line in lines[:-1]}) == 1 for mark in "\t;,")


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


_TEXTS: tuple[tuple[Callable[[str], bool], Kind], ...] = (
    (lambda text: re.match(r"WEBVTT(?:\s|$)", text) is not None, Kind.VTT),
    (lambda text: re.match(r"\s{0,9}\d{1,9} *\n\d\d:\d\d:\d\d[,.]\d{3} --> ", text) is not None, Kind.SRT),
    (lambda text: text.lstrip().lower().startswith(("[internetshortcut]", "[desktop entry]")), Kind.LINK),
    (_is_svg, Kind.SVG),
    (_is_html, Kind.HTML),
    (_is_web_archive, Kind.WEB_ARCHIVE),
    (_is_markdown, Kind.MARKDOWN),
    (_is_table, Kind.CSV),
)
