"""Sources as PDF: pages of a document, or slides; the same bytes each time."""

import sys
from html import escape
from io import BytesIO
from typing import Any

from kit.markup import Document, Part, runs

_PAPERS = {"letter": (612, 792, 72), "slides": (960, 540, 58)}
_TAGS = {"bold": "b", "italic": "i"}
_LETTER_CSS = """
body { margin: 0; font-family: serif; font-size: 12pt; line-height: 1.5; color: #1b1b1b; }
h1 { font-family: sans-serif; font-size: 19pt; margin: 0 0 10pt 0; }
h2 { font-family: sans-serif; font-size: 13pt; margin: 12pt 0 5pt 0; }
h3 { font-family: sans-serif; font-size: 11pt; margin: 9pt 0 3pt 0; }
p { margin: 0 0 8pt 0; }
ul { margin: 0 0 5pt 0; }
li { margin: 0; }
.quote { margin-left: 18pt; font-style: italic; }
table { margin: 6pt 0 8pt 0; border-spacing: 0; width: 100%; }
th { text-align: left; font-family: sans-serif; font-size: 9.5pt; padding: 3pt 6pt 3pt 0; }
th { border-bottom: 1pt solid #333333; }
td { border-bottom: 0.4pt solid #999999; padding: 4pt 10pt 4pt 0; font-size: 11pt; }
.top { font-family: sans-serif; font-size: 8.5pt; color: #666666; }
"""
_SLIDE_CSS = """
body { margin: 0; font-family: sans-serif; font-size: 27pt; line-height: 1.35; color: #20303c; }
h1 { font-size: 54pt; margin: 130pt 0 12pt 0; color: #0f5b66; }
h2 { font-size: 38pt; margin: 8pt 0 24pt 0; color: #0f5b66; }
p { margin: 0 0 14pt 0; }
ul { margin: 0 0 9pt 0; }
li { margin: 0; }
table { border-spacing: 0; margin: 0 0 16pt 0; width: 100%; }
.quote { margin-left: 24pt; font-style: italic; color: #0f5b66; }
th { text-align: left; border-bottom: 1.5pt solid #0f5b66; padding: 5pt 14pt 5pt 0; font-size: 22pt; }
td { border-bottom: 0.6pt solid #9db7bb; padding: 7pt 14pt 7pt 0; font-size: 22pt; }
.top { font-size: 11pt; color: #6b8085; }
"""


def pdf(source: Document) -> bytes:
    """Return a source as PDF; a page that runs over its end is a fault in the source."""
    sys.modules.setdefault("pymupdf.layout", None)  # type: ignore[arg-type]
    import pymupdf as loaded

    pymupdf: Any = loaded  # its calls carry no types
    width, height, margin = _PAPERS[source.settings.get("paper", "letter")]
    css = _SLIDE_CSS if width > height else _LETTER_CSS
    pages = _pages(source.parts)
    out = BytesIO()
    writer = pymupdf.DocumentWriter(out, "")
    for number, parts in enumerate(pages, start=1):
        device = writer.begin_page((0, 0, width, height))
        top = f"{source.settings['header']} · Page {number} of {len(pages)}"
        _draw(
            pymupdf.Story(f'<p class="top">{escape(top)}</p>', user_css=css), device, (margin, 34, width - margin, 60)
        )
        body = pymupdf.Story("".join(_html(part) for part in parts), user_css=css)
        _draw(body, device, (margin, 66, width - margin, height - 40))
        writer.end_page()
    writer.close()
    return _repeatable(pymupdf.open("pdf", out.getvalue()), source.settings)


def _draw(story: Any, device: Any, place: tuple[int, int, int, int]) -> None:
    more, _ = story.place(place)
    if more:
        raise ValueError("the text does not fit on its page: set \\newpage earlier")
    story.draw(device)


def _pages(parts: tuple[Part, ...]) -> list[list[Part]]:
    pages: list[list[Part]] = [[]]
    for part in parts:
        if part.kind == "page":
            pages.append([])
        else:
            pages[-1].append(part)
    return pages


def _html(part: Part) -> str:
    if part.kind == "table":
        head, *rows = part.cells
        top = "".join(f"<th>{_inline(cell)}</th>" for cell in head)
        below = "".join(f"<tr>{''.join(f'<td>{_inline(cell)}</td>' for cell in row)}</tr>" for row in rows)
        return f"<table><tr>{top}</tr>{below}</table>"
    if part.kind == "li":
        return f"<ul><li>{_inline(part.text)}</li></ul>"
    if part.kind == "quote":
        return f'<p class="quote">{_inline(part.text)}</p>'
    return f"<{part.kind}>{_inline(part.text)}</{part.kind}>"


def _inline(text: str) -> str:
    pieces = ((escape(piece, quote=False), _TAGS.get(style)) for piece, style in runs(text))
    return "".join(f"<{tag}>{piece}</{tag}>" if tag else piece for piece, tag in pieces)


def _repeatable(document: Any, settings: dict[str, str]) -> bytes:
    day = f"D:{settings['day'].replace('-', '')}090000Z"
    document.subset_fonts()
    document.set_metadata({"title": settings["header"], "creationDate": day, "modDate": day})
    return bytes(document.tobytes(garbage=3, deflate=True, use_objstms=True, no_new_id=True))
