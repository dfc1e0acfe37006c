import zipfile
from dataclasses import replace
from io import BytesIO

from docx import Document

from assessor_desk.letters.blocks import blocks_of
from assessor_desk.letters.word import render_letter_as_docx
from tests.letters.letter_samples import LETTER, with_many_criteria


def test_the_docx_says_the_same_in_the_same_order() -> None:
    letter = with_many_criteria()

    document = Document(BytesIO(render_letter_as_docx(letter)))

    assert [paragraph.text for paragraph in document.paragraphs] == [block.words for block in blocks_of(letter)]
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    assert styles[3] == "Title"
    assert styles.count("Heading 2") == 27


def test_the_docx_names_no_author_and_repeats_its_bytes() -> None:
    first, second = render_letter_as_docx(LETTER), render_letter_as_docx(LETTER)

    about = Document(BytesIO(first)).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.title == LETTER.title
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_signs_that_xml_cannot_hold_are_left_out_of_the_docx() -> None:
    document = Document(
        BytesIO(render_letter_as_docx(replace(LETTER, opening="One\x00 \x1f<b>t\ufffewo</b>\uffff & three")))
    )

    assert "One <b>two</b> & three" in [paragraph.text for paragraph in document.paragraphs]
