"""Evidence: a place in an artifact tied to a criterion, or the word that it was looked for and not found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from assessor_desk.domain.ids import CriterionId, Digest, EvidenceId
from assessor_desk.errors import InputError


class TextUnit(StrEnum):
    """What a position in a text counts."""

    CODE_POINTS = "code-points"


class RegionUnit(StrEnum):
    """What a region is measured in: thousandths of a point on a page, or pixels of a picture as it stands upright."""

    MILLIPOINTS = "millipoints"
    PIXELS = "pixels"


@dataclass(frozen=True, slots=True)
class TextQuote:
    """Words of the artifact as they stand in its text, with what stands before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    def __post_init__(self) -> None:
        if not self.exact.strip():
            raise InputError("A quote needs at least one word.")

    @property
    def words(self) -> str:
        """Return the quote on one line, as people read it."""
        return " ".join(self.exact.split())


@dataclass(frozen=True, slots=True)
class TextPosition:
    """Where words stand in the text of the whole artifact; `reading` names the way in which the text was taken."""

    start: int
    end: int
    reading: str
    unit: TextUnit = TextUnit.CODE_POINTS

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise InputError(f"From {self.start} to {self.end} is no stretch of a text.")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in the text of an artifact; `page` is counted from one, and is missing where there are no pages."""

    quote: TextQuote
    position: TextPosition | None = None
    page: int | None = None

    def __post_init__(self) -> None:
        _check_page(self.page)

    def named(self, title: str) -> str:
        """Return the place in plain words."""
        return _on_page(title, self.page)


@dataclass(frozen=True, slots=True)
class Region:
    """A box on a page or a picture, measured from the upper left corner as it stands upright and unturned."""

    left: int
    top: int
    width: int
    height: int
    unit: RegionUnit
    page: int | None = None

    def __post_init__(self) -> None:
        _check_page(self.page)
        if self.unit is RegionUnit.MILLIPOINTS and self.page is None:
            raise InputError("A region in points lies on a page.")
        if min(self.left, self.top) < 0 or min(self.width, self.height) <= 0:
            raise InputError("A region needs a width and a height and lies on the page.")

    def named(self, title: str) -> str:
        """Return the place in plain words."""
        return f"{_on_page(title, self.page)}, marked part"


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A stretch of a recording in milliseconds; the end is not part of it."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise InputError("A stretch of a recording ends after it starts.")

    def named(self, title: str) -> str:
        """Return the place in plain words."""
        return f"{title}, {_clock(self.start)}–{_clock(self.end)}"


@dataclass(frozen=True, slots=True)
class CellRange:
    """Cells of one sheet, rows and columns counted from one; both corners are part of it."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def __post_init__(self) -> None:
        if not (1 <= self.top <= self.bottom and 1 <= self.left <= self.right):
            raise InputError("A cell range runs from its upper left to its lower right cell.")

    def named(self, title: str) -> str:
        """Return the place in plain words."""
        first, last = _cell(self.top, self.left), _cell(self.bottom, self.right)
        cells = first if first == last else f"{first}:{last}"
        return ", ".join(part for part in (title, self.sheet, cells) if part)


@dataclass(frozen=True, slots=True)
class WholeArtifact:
    """The artifact as a whole."""

    def named(self, title: str) -> str:
        """Return the place in plain words."""
        return f"{title}, as a whole"


Place: TypeAlias = Passage | Region | TimeSpan | CellRange | WholeArtifact


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in an artifact that an assessor ties to a criterion.

    `artifact` is the hash of the original, whatever was looked at; `rendition` is the hash of the copy that was
    read instead, where there is one, and only says in which state the original was seen.
    """

    id: EvidenceId
    criterion: CriterionId
    artifact: Digest
    place: Place
    rendition: Digest | None = None
    note: str = ""

    def named(self, title: str) -> str:
        """Return the place in plain words, such as “Notes, page 3”, for an artifact of that title."""
        return self.place.named(title)


@dataclass(frozen=True, slots=True)
class LookedForNotFound:
    """An assessor's word that a criterion has no evidence, with where it was looked for; it stands in for evidence."""

    criterion: CriterionId
    where: str

    def __post_init__(self) -> None:
        if not self.where.strip():
            raise InputError("“Looked for, not found” says where it was looked for.")


def _check_page(page: int | None) -> None:
    if page is not None and page < 1:
        raise InputError("Pages are counted from one.")


def _on_page(title: str, page: int | None) -> str:
    return title if page is None else f"{title}, page {page}"


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def _cell(row: int, column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
