"""The text of an artifact, page by page, as everything that searches and cites sees it."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from assessor_desk.artifacts.kinds import Kind

PAGE_BREAK = "\f"


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page, counted from one; a file without pages has one."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the whole text that stands apart on paper, such as footnotes or comments."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a page: where it stands in the page's text, and its box in points on the unturned page."""

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class ArtifactText:
    """What an artifact says in words.

    Positions count code points in `whole`. `reading` names the way the text was taken and its version: a position
    holds only within one reading, a quote holds in all. `notes` say what a reader of the text alone would miss.
    """

    kind: Kind
    reading: str
    pages: tuple[PageText, ...]
    paged: bool = False
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def whole(self) -> str:
        """Return the text of all pages, with a form feed between two of them."""
        return PAGE_BREAK.join(page.text for page in self.pages)

    @property
    def starts(self) -> tuple[int, ...]:
        """Return where each page starts in the whole text."""
        lengths = (len(page.text) + len(PAGE_BREAK) for page in self.pages[:-1])
        return tuple(accumulate(lengths, initial=0)) if self.pages else ()

    def page_at(self, position: int) -> int | None:
        """Return the number of the page on which a position of the whole text lies, if there are pages."""
        if not self.paged or not self.pages:
            return None
        return self.pages[bisect_right(self.starts, position) - 1].number


def sound(text: str) -> str:
    """Return text without what no text can hold: lone surrogates and zero characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
