"""What can be said of an artifact in a few lines, whatever it is."""

from dataclasses import dataclass
from pathlib import Path

from assessor_desk.artifacts.kinds import TEXT_KINDS, Kind, in_words
from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.artifacts.sniff import sniff
from assessor_desk.artifacts.source import Source
from assessor_desk.errors import ArtifactError

READABLE = TEXT_KINDS | {Kind.PDF, Kind.DOCX}


@dataclass(frozen=True, slots=True)
class Description:
    """An artifact in a few words; `pages` and `text_length` are missing where nothing could be read.

    `problem` is the sentence that says why it cannot be shown, with what to do; `notes` say what is worth knowing.
    """

    kind: Kind
    media_type: str
    size: int
    pages: int | None = None
    text_length: int | None = None
    notes: tuple[str, ...] = ()
    problem: str = ""


def describe(source: Source | Path, name: str, renderer: Renderer, password: str | None = None) -> Description:
    """Return what an artifact is and whether it can be read; only the source itself failing raises."""
    sniffed = sniff(source, name)
    told = (sniffed.told,) if sniffed.told else ()
    about = (sniffed.kind, sniffed.media_type, sniffed.size)
    if sniffed.kind is Kind.EMPTY:
        return Description(*about, notes=told, problem="The file is empty. Ask for a new copy.")
    if sniffed.kind not in READABLE:
        return Description(*about, notes=(*told, f"This is {in_words(sniffed.kind)}, which is not shown yet."))
    try:
        text = renderer.text(source, sniffed.kind, password)
    except ArtifactError as error:
        return Description(*about, notes=told, problem=f"{error.detail} {error.next}".strip())
    pages = len(text.pages) if text.paged else None
    return Description(*about, pages, sum(len(page.text) for page in text.pages), (*told, *text.notes))
