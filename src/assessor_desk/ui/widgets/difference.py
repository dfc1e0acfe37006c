"""A score with its signed difference from the consensus; the fill only repeats what is printed."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style, Theme
from assessor_desk.ui.widgets.paint import box, measure, pen_on, write
from assessor_desk.ui.widgets.part import Part


class DifferenceCell(Part):
    """One cell of the map of differences."""

    def __init__(self, look: Look, score: int, difference: int, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._score, self._difference = score, difference
        named(self, f"difference_{difference}", spoken)

    def sizeHint(self) -> QSize:
        """Return the size of a cell."""
        return QSize(self.theme.px(52), self.theme.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cell."""
        paint_difference(pen_on(self), self.theme, QRectF(self.rect()), self._score, self._difference)


def signed(difference: int) -> str:
    """Return a difference with its sign, a real minus sign where it is below; nothing for none."""
    return "" if difference == 0 else f"{'−' if difference < 0 else '+'}{abs(difference)}"


def paint_difference(painter: QPainter, theme: Theme, rect: QRectF, score: int, difference: int) -> None:
    """Paint a cell, for delegates too."""
    shades = theme.differences[max(-2, min(2, difference))]
    box(painter, rect, theme.radius.chip, shades.fill, theme.colors.border, 1)
    large, small, tail = theme.figures(Style.BODY, 500), theme.figures(Style.CAPTION), signed(difference)
    gap = 2 if tail else 0
    left = rect.center().x() - (measure(str(score), large) + gap + measure(tail, small)) / 2
    write(painter, QRectF(left, rect.top(), rect.width(), rect.height()), str(score), large, shades.ink)
    left += measure(str(score), large) + gap
    write(painter, QRectF(left, rect.top(), rect.width(), rect.height()), tail, small, shades.ink)
