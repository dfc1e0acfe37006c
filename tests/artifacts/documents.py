"""Documents for tests, made on the spot."""

import io
from typing import Any

import docx
import pymupdf

from tests.artifacts.zips import honest_zip

_engine: Any = pymupdf
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."


def pdf_of(*pages: str, **save: Any) -> bytes:
    """Return a PDF with one page for each text."""
    document = _engine.open()
    for text in pages:
        document.new_page().insert_text((72, 72), text)
    document.set_metadata({"author": "Plantedname Author", "title": "Plantedname Title"})
    return bytes(document.tobytes(**save))


def docx_of(body: str, **parts: str) -> bytes:
    """Return a Word document around the XML of its body and of other parts, such as `footnotes`."""
    overrides = {"document.main": "document", **{kind.rstrip("0123456789"): kind for kind in parts}}
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}{kind}+xml"/>' for kind, name in overrides.items()
    )
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{types}</Types>',
        "docProps/core.xml": "<x>Plantedname Creator</x>",
        "word/document.xml": f"<w:document {W} {MORE}><w:body>{body}</w:body></w:document>",
    }
    files |= {f"word/{name}.xml": f"<w:part {W} {MORE}>{xml}</w:part>" for name, xml in parts.items()}
    return honest_zip(files)


def paragraph(text: str) -> str:
    """Return the XML of one paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def word_file() -> bytes:
    """Return a document as python-docx writes it."""
    made = docx.Document()
    made.add_heading("Improvement plan")
    made.add_paragraph("Families speak first.")
    table = made.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Goal", "Measure", "Talk", "Minutes"), strict=True
    ):
        cell.text = text
    made.sections[0].header.paragraphs[0].text = "Round one"
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()
