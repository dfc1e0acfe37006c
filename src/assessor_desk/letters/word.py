"""A feedback letter as DOCX, for offices that read or print from Word; the same letter gives the same bytes."""

import zipfile
from datetime import datetime, time
from io import BytesIO
from typing import Any

from assessor_desk.letters.blocks import Block, Role, blocks_of
from assessor_desk.letters.letter import FeedbackLetter
from assessor_desk.letters.style import plain

_STYLES = {
    Role.TITLE: "Title",
    Role.SECTION: "Heading 1",
    Role.CRITERION: "Heading 2",
    Role.TEXT: "Normal",
    Role.ITEM: "List Bullet",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def render_letter_as_docx(letter: FeedbackLetter) -> bytes:
    """Return the letter as DOCX, with the same texts in the same order as the PDF."""
    from docx import Document

    document = Document()
    for block in blocks_of(letter):
        _add(document, block)
    _describe(document, letter)
    out = BytesIO()
    document.save(out)
    return _without_times(out.getvalue())


def _add(document: Any, block: Block) -> None:
    paragraph = document.add_paragraph(style=_STYLES[block.role])
    if block.label:
        paragraph.add_run(f"{plain(block.label)} ").bold = True
    paragraph.add_run(plain(block.text))
    if block.aside:
        paragraph.add_run(f" {plain(block.aside)}").italic = True


def _describe(document: Any, letter: FeedbackLetter) -> None:
    """Set title, language and day; whoever wrote the letter is left out on purpose."""
    day = datetime.combine(letter.signed_on, time())
    about = document.core_properties
    about.title, about.language = letter.title, letter.language
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = day


def _without_times(archive: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
