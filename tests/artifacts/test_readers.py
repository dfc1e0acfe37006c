"""Texts: what a reader of the document would see, and never who made it."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_desk.artifacts.docx import read_docx
from assessor_desk.artifacts.kinds import Kind
from assessor_desk.artifacts.pdf import read_pdf, read_words
from assessor_desk.artifacts.plain_text import decoded, read_plain
from assessor_desk.artifacts.text import ArtifactText
from assessor_desk.errors import ArtifactError
from tests.artifacts.documents import docx_of, paragraph, pdf_of, word_file
from tests.artifacts.zips import honest_zip


def docx_text(data: bytes) -> ArtifactText:
    return read_docx(io.BytesIO(data))


def pdf_text(data: bytes, password: str | None = None) -> ArtifactText:
    return read_pdf(io.BytesIO(data), len(data), password)


def test_a_word_document_is_read_in_order_with_tables_and_headers() -> None:
    text = docx_text(word_file())

    assert text.pages[0].text == ("Improvement plan\nFamilies speak first.\nGoal\tMeasure\nTalk\tMinutes\n\nRound one")
    assert [(part.name, text.whole[part.start : part.end].splitlines()[0]) for part in text.parts] == [
        ("text", "Improvement plan"),
        ("headers", "Round one"),
    ]


def test_footnotes_endnotes_and_comments_are_read_after_the_text() -> None:
    text = docx_text(
        docx_of(
            paragraph("Body."),
            comments=f'<w:comment w:author="Plantedname Reviewer">{paragraph("A comment.")}</w:comment>',
            endnotes=paragraph("An endnote."),
            footnotes=paragraph("A footnote."),
            footer2=paragraph("Page foot."),
        )
    )

    assert text.whole.split("\n\n") == ["Body.", "Page foot.", "A footnote.", "An endnote.", "A comment."]
    assert [part.name for part in text.parts] == ["text", "footers", "footnotes", "endnotes", "comments"]


def test_text_boxes_are_read_once_and_after_their_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    older = f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
    twice = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice>{older}</mc:AlternateContent>"
    text = docx_text(
        docx_of(f"<w:p><w:r><w:t>Before </w:t></w:r><w:r>{twice}</w:r><w:r><w:t>and after.</w:t></w:r></w:p>")
    )

    assert text.whole.split("\n") == ["Before and after.", "In the box."]


def test_inserted_words_stand_in_place_and_removed_ones_at_the_end() -> None:
    body = (
        '<w:p><w:r><w:t xml:space="preserve">Groups </w:t></w:r>'
        '<w:ins w:author="Plantedname"><w:r><w:t>rotate</w:t></w:r></w:ins>'
        '<w:del w:author="Plantedname"><w:r><w:delText>stay</w:delText></w:r></w:del>'
        "<w:r><w:t>.</w:t></w:r></w:p>"
        '<w:moveFrom w:author="Plantedname"><w:r><w:t>Moved away</w:t></w:r></w:moveFrom>'
    )
    text = docx_text(docx_of(body))

    assert text.whole == "Groups rotate.\n\nstay\nMoved away"
    assert text.parts[1].name == "removed words"
    assert text.notes == ("There are 3 tracked changes: new words stand in place, removed ones at the end.",)


def test_tabs_breaks_signs_formulas_and_word_art_are_kept() -> None:
    body = (
        "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t>"
        '<w:sym w:font="Symbol" w:char="00B1"/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
        "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>"
        '<w:p><w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r></w:p>'
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )

    assert docx_text(docx_of(body)).whole == "a\tb\nc\u2011d±•x=1\nDRAFT"


def test_what_the_text_alone_would_miss_is_told() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden</w:t></w:r></w:p>"
        "<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p><w:altChunk/><w:p><w:r><w:object/></w:r></w:p>"
    )

    assert docx_text(docx_of(body)).notes == (
        "One picture is not part of the text.",
        "A file inside the document is not shown.",
        "An embedded object is not part of the text.",
        "Some words are hidden in Word and stand here with the others.",
    )


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (honest_zip({"word/document.xml": f"{LAUGHS}<x>&b;</x>"}), "defines entities"),
        (honest_zip({"word/document.xml": '<!DOCTYPE x SYSTEM "http://example.org/x"><x/>'}), "defines entities"),
        (honest_zip({"word/document.xml": "<x><y></x>"}), "damaged inside"),
        (honest_zip({"word/document.xml": '<?xml version="1.0" encoding="martian"?><x/>'}), "damaged inside"),
        (honest_zip({"word/document.xml": "<x>" * 500_000}), "damaged inside"),
        (honest_zip({"word/document.xml": b"<x>" + b" " * 70_000_000 + b"</x>"}), "unpacks to more"),
        (honest_zip({"word/other.xml": "<x/>"}), "holds no text part"),
        (b"PK\x03\x04 and nothing more", "damaged or packed in an unsafe way"),
    ],
)
def test_a_hostile_or_damaged_word_document_is_refused_in_a_sentence(data: bytes, told: str) -> None:
    with pytest.raises(ArtifactError, match=told):
        docx_text(data)


def test_a_pdf_is_read_page_by_page_with_the_place_of_every_word() -> None:
    data = pdf_of("First page\nhas two lines", "", "Third page")

    text = pdf_text(data)
    words = read_words(io.BytesIO(data), len(data), 1, None)

    assert [(page.number, page.text) for page in text.pages] == [
        (1, "First page\nhas two lines"),
        (2, ""),
        (3, "Third page"),
    ]
    assert text.starts == (0, 25, 26)
    assert [text.page_at(at) for at in (0, 24, 25, 26, 30)] == [1, 1, 2, 3, 3]
    assert [text.pages[0].text[word.start : word.end] for word in words] == ["First", "page", "has", "two", "lines"]
    assert all(word.left < word.right and word.top < word.bottom for word in words)
    assert words[0].left == pytest.approx(72, abs=1)


def test_a_page_that_is_a_picture_is_told() -> None:
    import pymupdf

    engine: Any = pymupdf
    document = engine.open()
    document.new_page().insert_text((72, 72), "Words")
    for _ in range(2):
        pixels = engine.Pixmap(engine.csGRAY, engine.IRect(0, 0, 20, 20))
        document.new_page().insert_image(engine.Rect(0, 0, 300, 300), pixmap=pixels)

    assert pdf_text(document.tobytes()).notes == ("Pages 2–3 hold a picture and no text.",)


def test_a_pdf_with_a_password_asks_for_it_and_opens_with_it() -> None:
    locked = pdf_of("Secret words", encryption=5, user_pw="open", owner_pw="own")

    with pytest.raises(ArtifactError, match="asks for a password"):
        pdf_text(locked)
    with pytest.raises(ArtifactError, match="does not open"):
        pdf_text(locked, "wrong")
    assert pdf_text(locked, "open").whole == "Secret words"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"no pdf at all", pdf_of("x")[:200]])
def test_a_damaged_pdf_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(ArtifactError, match=r"damaged|cannot be read"):
        pdf_text(data)


def test_a_page_beyond_the_last_is_told() -> None:
    data = pdf_of("x")

    with pytest.raises(ArtifactError, match="no page 2"):
        read_words(io.BytesIO(data), len(data), 2, None)


def test_who_made_a_document_is_never_part_of_what_is_read() -> None:
    comment = f'<w:comment w:author="Plantedname" w:initials="PN">{paragraph("Fine.")}</w:comment>'
    read = (docx_text(docx_of(paragraph("Body."), comments=comment)), pdf_text(pdf_of("Body.")))

    assert [repr(text).count("Plantedname") for text in read] == [0, 0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_plain_text_is_read_in_whatever_encoding_it_is(encoding: str) -> None:
    words = "Observation: the class said “café”.\r\nSecond line\n"
    data = words.encode(encoding)

    text = read_plain(io.BytesIO(data), len(data), Kind.TEXT)

    assert text.whole == words.replace("\r\n", "\n")
    assert text.notes == (("The encoding is not told; it was read as Windows-1252.",) if encoding == "cp1252" else ())


@settings(max_examples=200)
@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1))
def test_utf8_comes_back_as_it_was(words: str) -> None:
    if all(sign not in words for sign in "\x7f\ufeff\ufffe\uffff"):
        assert decoded(words.encode()).text == words


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ArtifactError, match="no text"):
        read_plain(io.BytesIO(bytes(range(256))), 256, Kind.TEXT)
