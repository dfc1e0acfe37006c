"""A feedback letter as a tagged PDF; the same letter always gives the same bytes."""

from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from assessor_desk.letters.blocks import blocks_of
from assessor_desk.letters.engine import pymupdf
from assessor_desk.letters.letter import FeedbackLetter
from assessor_desk.letters.pages import flow
from assessor_desk.letters.tags import tag

_MAKER = "Assessor Desk"


def render_letter(letter: FeedbackLetter, fonts: Path) -> bytes:
    """Return the letter as PDF, set in the fonts of a folder (`resources/fonts`)."""
    blocks = blocks_of(letter)
    footer = f"Portfolio {letter.portfolio} · Round {letter.round}"
    flowed = flow(blocks, fonts, footer)
    with pymupdf().open("pdf", flowed.pdf) as document:
        tag(document, blocks, flowed.pages)
        document.subset_fonts()
        _describe(document, letter)
        return bytes(document.tobytes(garbage=3, deflate=True, use_objstms=True, no_new_id=True))


def _describe(document: Any, letter: FeedbackLetter) -> None:
    """Write title, language and the day of sign-off; who wrote it is left out on purpose."""
    day = f"D:{letter.signed_on:%Y%m%d}000000Z"
    document.set_metadata({"title": letter.title, "creator": _MAKER, "creationDate": day, "modDate": day})
    document.set_xml_metadata(_xmp(letter.title, letter.language, letter.signed_on))
    catalog = document.pdf_catalog()
    document.xref_set_key(catalog, "Lang", pymupdf().get_pdf_str(letter.language))
    document.xref_set_key(catalog, "ViewerPreferences", "<</DisplayDocTitle true>>")
    for xref in range(1, document.xref_length()):
        if document.xref_get_key(xref, "Subtype")[1] == "/CIDFontType2":
            document.xref_set_key(xref, "CIDToGIDMap", "/Identity")


def _xmp(title: str, language: str, day: date) -> str:
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{_MAKER}</xmp:CreatorTool>
<xmp:CreateDate>{day.isoformat()}</xmp:CreateDate><xmp:ModifyDate>{day.isoformat()}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
