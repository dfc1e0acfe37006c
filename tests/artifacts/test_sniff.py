"""Kinds of files: by content, whatever the name says."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_desk.artifacts.kinds import Kind
from assessor_desk.artifacts.sniff import sniff
from tests.artifacts.corpus import CORPUS
from tests.artifacts.zips import Lie, honest_zip, lying_zip


def ole(*streams: str) -> bytes:
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\x00" + bytes(16) + b"\x00\x00\x00\x00"
    directory = b"".join(stream.encode("utf-16-le").ljust(128, b"\0") for stream in streams)
    return header.ljust(512, b"\0") + directory


BYTES = {
    "plan.pdf": (b"%PDF-1.7\n...", Kind.PDF),
    "late.pdf": (b"\r\n\r\nmail header\n%PDF-1.4", Kind.PDF),
    "plan.docx": (honest_zip({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}), Kind.DOCX),
    "deck.pptx": (honest_zip({"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"}), Kind.PPTX),
    "data.xlsx": (honest_zip({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}), Kind.XLSX),
    "broken.docx": (honest_zip({"word/document.xml": "<x/>"})[:-30], Kind.DOCX),
    "text.odt": (lying_zip(Lie("mimetype", b"application/vnd.oasis.opendocument.text")), Kind.ODT),
    "sheet.ods": (lying_zip(Lie("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")), Kind.ODS),
    "slides.odp": (lying_zip(Lie("mimetype", b"application/vnd.oasis.opendocument.presentation")), Kind.ODP),
    "book.epub": (lying_zip(Lie("mimetype", b"application/epub+zip")), Kind.EPUB),
    "files.zip": (honest_zip({"a.txt": "x"}), Kind.ZIP),
    "none.zip": (honest_zip({}), Kind.ZIP),
    "old.doc": (ole("Root Entry", "WordDocument"), Kind.DOC),
    "old.xls": (ole("Root Entry", "Workbook"), Kind.XLS),
    "old.ppt": (ole("Root Entry", "PowerPoint Document"), Kind.PPT),
    "locked.docx": (ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), Kind.LOCKED_OFFICE),
    "note.rtf": (b"{\\rtf1 hello}", Kind.RTF),
    "page.html": (b"\xef\xbb\xbf<!-- saved -->\n<!DOCTYPE html>\n<html><body>x", Kind.HTML),
    "page.mht": (
        b"From: <Saved>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary=x\n",
        Kind.WEB_ARCHIVE,
    ),
    "notes.md": (b"# Plan\n\n- [ ] first\n- [x] second\n", Kind.MARKDOWN),
    "short.md": (b"only a line", Kind.MARKDOWN),
    "notes.txt": ("Beobachtung: 3 Gruppen\n".encode("utf-16"), Kind.TEXT),
    "big-endian.txt": ("Notes of today".encode("utf-16-be"), Kind.TEXT),
    "windows.txt": (b"na\xefve \x93quotes\x94", Kind.TEXT),
    "scores.csv": (b"name;score\nA;3\nB;4\n", Kind.CSV),
    "quoted.csv": (b'name,note\nA,"one, two"\nB,three\n', Kind.CSV),
    "photo.jpg": (b"\xff\xd8\xff\xe0JFIF", Kind.JPEG),
    "photo.png": (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    "photo.webp": (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Kind.WEBP),
    "photo.heic": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", Kind.HEIC),
    "scan.tif": (b"II*\x00\x08\x00", Kind.TIFF),
    "move.gif": (b"GIF89a", Kind.GIF),
    "draw.svg": (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">', Kind.SVG),
    "lesson.mp4": (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41", Kind.MP4),
    "lesson.mov": (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", Kind.MOV),
    "lesson.webm": (b"\x1a\x45\xdf\xa3\x01", Kind.WEBM),
    "talk.mp3": (b"ID3\x04\x00", Kind.MP3),
    "bare.mp3": (b"\xff\xfb\x90\x64\x00\x00", Kind.MP3),
    "talk.m4a": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00M4A mp42", Kind.M4A),
    "talk.wav": (b"RIFF\x24\x00\x00\x00WAVEfmt ", Kind.WAV),
    "talk.ogg": (b"OggS\x00", Kind.OGG),
    "talk.flac": (b"fLaC\x00", Kind.FLAC),
    "lesson.vtt": (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi", Kind.VTT),
    "lesson.srt": (b"1\r\n00:00:01,000 --> 00:00:02,000\r\nHi\r\n", Kind.SRT),
    "video.url": (b"[InternetShortcut]\r\nURL=https://example.org/\r\n", Kind.LINK),
    "nothing.docx": (b"", Kind.EMPTY),
    "noise.bin": (bytes(range(256)), Kind.UNKNOWN),
}


@pytest.mark.parametrize("name", BYTES)
def test_a_kind_is_told_by_content(name: str) -> None:
    data, kind = BYTES[name]

    sniffed = sniff(io.BytesIO(data), name)

    assert (sniffed.kind, sniffed.size, sniffed.name_fits, sniffed.told) == (kind, len(data), True, "")


@pytest.mark.parametrize("name", [name for name in BYTES if name not in ("short.md", "broken.docx")])
def test_another_name_changes_nothing_about_the_kind(name: str) -> None:
    data, kind = BYTES[name]

    assert sniff(io.BytesIO(data), "portfolio").kind is kind
    assert sniff(io.BytesIO(data), "portfolio.exe").kind is kind


def test_a_name_that_promises_something_else_is_told_in_a_sentence() -> None:
    sniffed = sniff(io.BytesIO(b"%PDF-1.7"), "Plan.DOCX")

    assert (sniffed.name_fits, sniffed.told) == (False, "Its name ends in “.docx”, and it is a PDF.")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([data[:12] for data, _ in BYTES.values()]), st.binary(max_size=300))
def test_no_bytes_make_it_raise(start: bytes, rest: bytes) -> None:
    assert sniff(io.BytesIO(start + rest), "x.docx").kind in Kind


@pytest.mark.parametrize(
    "data",
    [
        b" " * 60_000,
        b"<!---->" * 9_000,
        b"<!--" * 9_000,
        b"<?xml?><!-- --><" * 4_000,
        b"[" * 60_000,
        b"[a](" * 15_000,
        b'"' * 59_999,
        b'a,"b' * 15_000,
        b"a:\n " * 15_000,
        b"1" * 60_000,
        b"|" * 60_000,
    ],
)
def test_text_made_to_hold_up_a_search_does_not(data: bytes) -> None:
    assert sniff(io.BytesIO(data), "x.txt").kind in (Kind.TEXT, Kind.CSV, Kind.MARKDOWN)


EXPECTED = {
    "hostile/type/UPPERCASE.PDF": Kind.PDF,
    "hostile/type/heic-named.jpg": Kind.HEIC,
    "hostile/type/html-named.doc": Kind.HTML,
    "hostile/type/pdf-named.docx": Kind.PDF,
    "hostile/type/random-bytes.bin": Kind.UNKNOWN,
    "hostile/type/xlsx-named.csv": Kind.XLSX,
    "hostile/type/zip-named.pdf": Kind.ZIP,
    "hostile/polyglot/gif-and-html.gif": Kind.GIF,
    "hostile/polyglot/pdf-and-zip.pdf": Kind.PDF,
    "epub/image-renamed.epub": Kind.JPEG,
    "docx/password-tika.docx": Kind.LOCKED_OFFICE,
}
FAMILIES = {
    "audio": {Kind.MP3, Kind.M4A, Kind.MP4, Kind.WAV, Kind.VTT},
    "captions": {Kind.VTT, Kind.SRT, Kind.EMPTY},
    "csv": {Kind.CSV},
    "docx": {Kind.DOCX, Kind.LOCKED_OFFICE},
    "html": {Kind.HTML, Kind.WEB_ARCHIVE},
    "image": {Kind.HEIC, Kind.PNG, Kind.JPEG, Kind.TIFF, Kind.WEBP},
    "link": {Kind.LINK},
    "odf": {Kind.ODT, Kind.ODS, Kind.ODP},
    "pdf": {Kind.PDF},
    "pptx": {Kind.PPTX, Kind.LOCKED_OFFICE},
    "rtf": {Kind.RTF},
    "text": {Kind.TEXT, Kind.MARKDOWN},
    "video": {Kind.MP4, Kind.MOV, Kind.WEBM, Kind.VTT},
    "xlsx": {Kind.XLSX, Kind.LOCKED_OFFICE},
    "doc": {Kind.DOC},
    "ppt": {Kind.PPT},
}


@pytest.mark.parametrize(
    "path", sorted(p for p in CORPUS.rglob("*") if p.is_file()), ids=lambda path: path.relative_to(CORPUS).as_posix()
)
def test_real_files_are_told_for_what_they_are(path: Path) -> None:
    place = path.relative_to(CORPUS)

    sniffed = sniff(path, path.name)

    assert EXPECTED.get(place.as_posix(), sniffed.kind) is sniffed.kind
    assert sniffed.kind in FAMILIES.get(place.parts[0], set(Kind)) | {EXPECTED.get(place.as_posix())}
