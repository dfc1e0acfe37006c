"""Blocks flow onto pages; every piece is remembered, so that tags can be set on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from assessor_desk.letters.blocks import Block, Role
from assessor_desk.letters.engine import pymupdf
from assessor_desk.letters.style import (
    BOTTOM,
    BOX_PADDING,
    CSS,
    FOOTER_TOP,
    INDENT,
    LEFT,
    PAPER,
    RIGHT,
    TOP,
    plain,
    space_above,
)

_TAGS = {Role.TITLE: ["h1"], Role.SECTION: ["h2"], Role.CRITERION: ["h3"], Role.TEXT: ["p"], Role.ITEM: ["ul", "li"]}
_LINES_TO_KEEP = 44.0  # a heading wants about three lines of what follows below it


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, or one page's share of it, from top to bottom; `block` is its place in the row, none for a footer."""

    block: int | None
    top: float
    bottom: float
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Flowed:
    """The pages as PDF, without tags, and their pieces in the order in which each page draws them."""

    pdf: bytes
    pages: tuple[tuple[Piece, ...], ...]


def flow(blocks: Sequence[Block], fonts: Path, footer: str) -> Flowed:
    """Return the blocks on pages; the first pass only counts them, for “Page 1 of 3”."""
    counted = _Flow(blocks, fonts, footer, total=0).run()
    return _Flow(blocks, fonts, footer, total=len(counted.pages)).run()


@dataclass(slots=True)
class _Flow:
    """One pass over the blocks."""

    blocks: Sequence[Block]
    fonts: Path
    footer: str
    total: int
    pages: list[list[Piece]] = field(default_factory=list)
    y: float = TOP
    _out: BytesIO = field(default_factory=BytesIO)
    _writer: Any = None
    _device: Any = None
    _archive: Any = None

    def run(self) -> Flowed:
        library = pymupdf()
        self._archive = library.Archive(str(self.fonts))
        self._writer = library.DocumentWriter(self._out, "")
        heights = [self._height(block) for block in self.blocks]
        self._begin()
        for place, block in enumerate(self.blocks):
            self._set(place, block, heights)
        self._end()
        self._writer.close()
        return Flowed(self._out.getvalue(), tuple(tuple(pieces) for pieces in self.pages))

    def _set(self, place: int, block: Block, heights: Sequence[float]) -> None:
        gap = self._gap(place)
        if self.y > TOP and self.y + gap + self._wanted(place, heights) > BOTTOM:
            self._turn()
            gap = BOX_PADDING if block.boxed else 0.0
        self.y += gap
        story = self._story(block)
        first = True
        while self._draw(story, place, block, first):
            first = False
            self._turn()

    def _draw(self, story: Any, place: int, block: Block, first: bool) -> bool:
        """Draw what fits and return whether more is left; what does not fit on an empty page is drawn all the same."""
        left = LEFT + INDENT if block.boxed else LEFT
        right = RIGHT - INDENT if block.boxed else RIGHT
        more, filled = story.place((left, self.y, right, BOTTOM))
        story.draw(self._device)
        bottom = max(filled[3], self.y)
        self.pages[-1].append(Piece(place, self.y, bottom, whole=first and not more))
        self.y = bottom
        return bool(more)

    def _gap(self, place: int) -> float:
        block = self.blocks[place]
        before = self.blocks[place - 1] if place else None
        gap = space_above(block) if self.y > TOP else 0.0
        box_opens = block.boxed and block.role is Role.CRITERION
        box_closed = before is not None and before.boxed and not (block.boxed and not box_opens)
        return gap + BOX_PADDING * (box_opens + box_closed)

    def _wanted(self, place: int, heights: Sequence[float]) -> float:
        """Return the room below which a new page is better: headings keep what follows, short texts stay whole."""
        wanted = self._criterion(place, heights)
        if wanted:
            return wanted
        while self.blocks[place].keeps_with_next and place + 1 < len(self.blocks):
            wanted += heights[place] + space_above(self.blocks[place + 1])
            place += 1
        return wanted + (heights[place] if heights[place] < 3 * _LINES_TO_KEEP else _LINES_TO_KEEP)

    def _criterion(self, place: int, heights: Sequence[float]) -> float:
        """Return the height of a criterion that stays whole, none for other blocks and for very long criteria."""
        last = place
        while last < len(self.blocks) and self.blocks[last].role is not Role.CRITERION:
            if not self.blocks[last].keeps_with_next:
                return 0.0
            last += 1
        last += 1
        while last < len(self.blocks) and self.blocks[last].of_criterion:
            last += 1
        height = sum(heights[each] + space_above(self.blocks[each]) for each in range(place, last))
        return height if height < (BOTTOM - TOP) / 2 else 0.0

    def _height(self, block: Block) -> float:
        inset = 2 * INDENT if block.boxed else 0.0
        _, filled = self._story(block).place((0, 0, RIGHT - LEFT - inset, 1e6))
        return float(filled[3])

    def _story(self, block: Block) -> Any:
        """Return the block ready to be placed; words are added as text, so that none is ever read as markup."""
        story = pymupdf().Story(user_css=CSS, archive=self._archive)
        node = story.body
        for tag in _TAGS[block.role]:
            node = _inside(node, tag)
        node.set_attribute("class", block.look)
        if block.label:
            _inside(node, "b").add_text(f"{plain(block.label)} ")
        node.add_text(plain(block.text))
        if block.aside:
            node.add_text("  ")
            aside = _inside(node, "span")
            aside.set_attribute("class", "aside")
            aside.add_text(plain(block.aside))
        return story

    def _turn(self) -> None:
        self._end()
        self._begin()

    def _begin(self) -> None:
        self._device = self._writer.begin_page((0, 0, *PAPER))
        self.pages.append([])
        self.y = TOP

    def _end(self) -> None:
        text = f"{self.footer} · Page {len(self.pages)} of {self.total}"
        story = self._story(Block(Role.TEXT, text, "footer"))
        story.place((LEFT, FOOTER_TOP, RIGHT, PAPER[1] - 14))
        story.draw(self._device)
        self.pages[-1].append(Piece(None, FOOTER_TOP, PAPER[1]))
        self._writer.end_page()


def _inside(node: Any, tag: str) -> Any:
    """Return a new element at the end of another."""
    element = node.create_element(tag)
    node.append_child(element)
    return element
