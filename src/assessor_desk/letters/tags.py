"""Tags that let a screen reader follow a letter: headings, paragraphs and lists in reading order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from assessor_desk.letters.blocks import Block, Role
from assessor_desk.letters.boxes import boxes, drawn
from assessor_desk.letters.pages import Piece
from assessor_desk.letters.style import plain

_FOOTER = b"/Artifact <</Type/Pagination/Subtype/Footer>>"
_SHAPED = re.compile("[\u0590-\u1dff]")  # Hebrew, Arabic, the scripts of India and their neighbors


def tag(document: Any, blocks: Sequence[Block], pages: Sequence[Sequence[Piece]]) -> None:
    """Mark every drawn piece, and write the tree that says what each piece is."""
    tree = _Tree(document)
    for number, pieces in enumerate(pages):
        page = document[number]
        _mark(document, page, blocks, pieces)
        tree.add_page(page.xref, number, [piece.block for piece in pieces if piece.block is not None])
    tree.write(blocks)


def _mark(document: Any, page: Any, blocks: Sequence[Block], pieces: Sequence[Piece]) -> None:
    """Wrap each piece's drawing in marks; boxes and footers are decoration and are marked so."""
    turn, *groups = _groups(page.read_contents())
    parts = [turn, *(b"/Artifact BMC\n%s\nEMC" % box for box in drawn(boxes(pieces, blocks)))]
    counter = count()
    for group, piece in zip(groups, pieces, strict=True):
        opening = _FOOTER if piece.block is None else _opening(blocks[piece.block], next(counter), piece.whole)
        parts.append(b"%s BDC\n%s\nEMC" % (opening, group))
    document.update_stream(page.get_contents()[0], b"\n".join(parts))


def _opening(block: Block, mark: int, whole: bool) -> bytes:
    """Return what opens a mark; scripts whose letters change shape are given in words too."""
    words = plain(block.words)
    told = f"/ActualText<feff{words.encode('utf-16-be').hex()}>" if whole and _SHAPED.search(words) else ""
    kind = "LBody" if block.role is Role.ITEM else block.role.value
    return f"/{kind} <</MCID {mark}{told}>>".encode()


def _groups(content: bytes) -> Iterator[bytes]:
    """Yield what precedes the first drawing, then each outermost `q … Q`, one for each piece that was drawn."""
    depth, group = 0, list[bytes]()
    for line in content.splitlines():
        if line == b"q":
            if depth == 0:
                yield b"\n".join(group)
                group = []
            depth += 1
        group.append(line)
        depth -= line == b"Q"
    yield b"\n".join(group)


@dataclass(slots=True)
class _Tree:
    """The structure tree while it grows: where the marks of each block are, and the parents page by page."""

    document: Any
    marks: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    pages: list[list[int]] = field(default_factory=list)

    def add_page(self, xref: int, number: int, places: list[int]) -> None:
        self.document.xref_set_key(xref, "StructParents", str(number))
        self.document.xref_set_key(xref, "Tabs", "/S")
        self.pages.append(places)
        for mark, place in enumerate(places):
            self.marks.setdefault(place, []).append((xref, mark))

    def write(self, blocks: Sequence[Block]) -> None:
        """Write the tree: headings and paragraphs as they come, items under the list that they belong to."""
        root, top = self._new(), self._new()
        owners: list[int] = []
        kids: list[int] = []
        items: list[int] = []
        for place, block in enumerate(blocks):
            if block.role is not Role.ITEM:
                owners.append(self._leaf(block.role, top, place))
                kids.append(owners[-1])
                continue
            if blocks[place - 1].role is not Role.ITEM:
                kids.append(self._new())
                items = []
            items.append(self._new())
            owners.append(self._leaf("LBody", items[-1], place))
            self._put(items[-1], "LI", kids[-1], _references(owners[-1:]))
            self._put(kids[-1], "L", top, _references(items))
        self._put(top, "Document", root, _references(kids))
        self._plant(root, top, owners)

    def _plant(self, root: int, top: int, owners: Sequence[int]) -> None:
        """Tie the tree to the document, and each page's marks to their elements."""
        parents = " ".join(
            f"{page} {_references([owners[each] for each in marks])}" for page, marks in enumerate(self.pages)
        )
        number_tree = f"<</Nums[{parents}]>>"
        tree = f"<</Type/StructTreeRoot/K {top} 0 R/ParentTree {number_tree}/ParentTreeNextKey {len(self.pages)}>>"
        self.document.update_object(root, tree)
        self.document.xref_set_key(self.document.pdf_catalog(), "StructTreeRoot", f"{root} 0 R")
        self.document.xref_set_key(self.document.pdf_catalog(), "MarkInfo", "<</Marked true>>")

    def _leaf(self, kind: str, parent: int, place: int) -> int:
        """Write an element that holds text, as the marks that were set on it."""
        xref = self._new()
        marks = " ".join(f"<</Type/MCR/Pg {page} 0 R/MCID {mark}>>" for page, mark in self.marks[place])
        self._put(xref, kind, parent, f"[{marks}]")
        return xref

    def _put(self, xref: int, kind: str, parent: int, kids: str) -> None:
        self.document.update_object(xref, f"<</Type/StructElem/S/{kind}/P {parent} 0 R/K {kids}>>")

    def _new(self) -> int:
        xref = int(self.document.get_new_xref())
        self.document.update_object(xref, "<<>>")
        return xref


def _references(xrefs: Sequence[int]) -> str:
    return f"[{' '.join(f'{xref} 0 R' for xref in xrefs)}]"
