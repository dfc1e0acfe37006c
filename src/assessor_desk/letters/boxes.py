"""Where the boxes around criteria to revise lie on each page."""

from collections.abc import Sequence

from assessor_desk.letters.blocks import Block, Role
from assessor_desk.letters.pages import Piece
from assessor_desk.letters.style import BOX_BAR, BOX_FILL, BOX_PADDING, LEFT, RIGHT


def boxes(pieces: Sequence[Piece], blocks: Sequence[Block]) -> list[tuple[float, float]]:
    """Return top and bottom of each box on one page; a box may go on from the page before."""
    found: list[tuple[float, float]] = []
    open_box = False
    for piece in pieces:
        block = None if piece.block is None else blocks[piece.block]
        if block is None or not block.boxed:
            open_box = False
        elif open_box and block.role is not Role.CRITERION:
            found[-1] = (found[-1][0], piece.bottom + BOX_PADDING)
        else:
            found.append((piece.top - BOX_PADDING, piece.bottom + BOX_PADDING))
            open_box = True
    return found


def drawn(found: Sequence[tuple[float, float]]) -> list[bytes]:
    """Return the boxes as drawing operators: a light field with a bar at its left."""
    fill, bar = (" ".join(f"{part:g}" for part in color) for color in (BOX_FILL, BOX_BAR))
    return [
        f"q {fill} rg {LEFT:g} {top:g} {RIGHT - LEFT:g} {bottom - top:g} re f "
        f"{bar} rg {LEFT:g} {top:g} 2.6 {bottom - top:g} re f Q".encode()
        for top, bottom in found
    ]
