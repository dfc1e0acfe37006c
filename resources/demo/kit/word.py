"""Sources as Word documents, the same bytes each time."""

import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor
from docx.text.paragraph import Paragraph

from kit.markup import Document, Part, runs

_STYLES = {"h1": "Title", "h2": "Heading 1", "h3": "Heading 2", "p": "Normal", "li": "List Bullet", "quote": "Quote"}
_NO_TIME = (2026, 1, 1, 0, 0, 0)


def word_document(source: Document, pictures: Mapping[str, bytes]) -> bytes:
    """Return a source as DOCX; pictures are named in it."""
    document = docx.Document()
    _dress(document, source.settings)
    for part in source.parts:
        _add(document, part, pictures)
    out = BytesIO()
    document.save(out)
    return _repeatable(out.getvalue())


def _dress(document: WordDocument, settings: dict[str, str]) -> None:
    """Set letters, colors, header and facts; nobody is named as the author, as the program asks."""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = settings.get("font", "Calibri"), Pt(11)
    normal.paragraph_format.space_after = Pt(7)
    for name in ("Title", "Heading 1", "Heading 2"):
        document.styles[name].font.color.rgb = RGBColor.from_string(settings.get("color", "1F3864"))
    header = document.sections[0].header.paragraphs[0]
    header.text = f"{settings.get('header', '')}\t\tPage "
    _field(header, "PAGE")
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = ""
    about.title = settings.get("header", "")
    about.created = about.modified = datetime.fromisoformat(settings["day"])


def _field(paragraph: Paragraph, name: str) -> None:
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), name)
    paragraph._p.append(element)


def _add(document: WordDocument, part: Part, pictures: Mapping[str, bytes]) -> None:
    if part.kind == "page":
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    elif part.kind == "table":
        _table(document, part.cells)
    elif part.kind == "picture":
        document.add_picture(BytesIO(pictures[part.text]), width=Inches(6))
    else:
        _write(document.add_paragraph(style=_STYLES[part.kind]), part.text)


def _table(document: WordDocument, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Light Grid Accent 1")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT
            _write(cell.paragraphs[0], text)
    document.add_paragraph()


def _write(paragraph: Paragraph, text: str) -> None:
    for piece, style in runs(text):
        run = paragraph.add_run(piece)
        run.bold, run.italic = (True if style == "bold" else None), (True if style == "italic" else None)


def _repeatable(archive: bytes) -> bytes:
    """Return the archive with one fixed time on every entry."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _NO_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
