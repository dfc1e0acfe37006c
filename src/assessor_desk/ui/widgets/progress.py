"""How far something is: a ring, a bar, numbered pips."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style, Theme
from assessor_desk.ui.widgets.paint import CENTER, box, pen_on, write
from assessor_desk.ui.widgets.part import Part

PIP, PIP_GAP = 15, 3


class Ring(Part):
    """A share as a ring: dashes when nothing is done, a tick when all is."""

    def __init__(self, look: Look, done: int, whole: int, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._done, self._whole = done, whole
        named(self, "ring", spoken)

    def sizeHint(self) -> QSize:
        """Return the size of an icon."""
        return QSize(self.theme.icon.default, self.theme.icon.default)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring."""
        paint_ring(pen_on(self), self._look, QRectF(self.rect()), self._done, self._whole)


class Bar(Part):
    """A share as a bar; the figure stands beside it in words."""

    def __init__(self, look: Look, share: float, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._share = share
        named(self, "bar", spoken)

    def show_share(self, share: float, spoken: str) -> None:
        """Show another share, from 0 to 1."""
        self._share = share
        self.setAccessibleName(spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size."""
        return QSize(self.theme.px(86), self.theme.px(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        painter, rect, colors = pen_on(self), QRectF(self.rect()), self.theme.colors
        box(painter, rect, rect.height() / 2, colors.border, None, 0)
        rect.setWidth(rect.width() * min(1.0, max(0.0, self._share)))
        box(painter, rect, rect.height() / 2, colors.accent_fill, None, 0)


class Pips(Part):
    """The criteria by number; those that are scored are filled."""

    def __init__(self, look: Look, tags: Sequence[str], scored: Sequence[bool], parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._tags, self._scored = tuple(tags), tuple(scored)
        named(self, "pips", self.tr("{0} of {1} criteria scored").format(sum(self._scored), len(self._tags)))

    def sizeHint(self) -> QSize:
        """Return the size of all pips."""
        return QSize(ceil(pips_width(self.theme, len(self._tags))), self.theme.px(PIP))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pips."""
        paint_pips(pen_on(self), self.theme, QPointF(0, 0), self._tags, self._scored)


def paint_ring(painter: QPainter, look: Look, rect: QRectF, done: int, whole: int) -> None:
    """Paint a ring, for delegates too."""
    theme, colors, width = look.theme, look.colors, 2.5 * look.theme.factor
    if done >= whole:
        look.paint_icon(painter, "circle-check", rect.left(), rect.top(), theme.icon.default, colors.success)
        return
    if done == 0:
        look.paint_icon(painter, "circle-dashed", rect.left(), rect.top(), theme.icon.default, colors.text3)
        return
    inner = rect.adjusted(width / 2 + 0.5, width / 2 + 0.5, -width / 2 - 0.5, -width / 2 - 0.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colors.border, width))
    painter.drawEllipse(inner)
    painter.setPen(QPen(colors.accent, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawArc(inner, 90 * 16, round(-360 * 16 * done / whole))


def pips_width(theme: Theme, count: int) -> int:
    """Return how wide so many pips are."""
    return count * theme.px(PIP) + (count - 1) * theme.px(PIP_GAP)


def paint_pips(painter: QPainter, theme: Theme, at: QPointF, tags: Sequence[str], scored: Sequence[bool]) -> None:
    """Paint pips with their upper left corner at a place, for delegates too."""
    font = theme.figures(Style.CAPTION, 600)
    font.setPixelSize(theme.px(10))
    for number, (tag, full) in enumerate(zip(tags, scored, strict=True)):
        rect = QRectF(at.x() + number * theme.px(PIP + PIP_GAP), at.y(), theme.px(PIP), theme.px(PIP))
        colors = theme.colors
        box(
            painter,
            rect,
            theme.radius.chip,
            colors.text2 if full else colors.panel,
            None if full else colors.border_strong,
            1,
        )
        write(painter, rect.adjusted(-3, 0, 3, 0), tag, font, colors.panel if full else colors.text3, CENTER)
