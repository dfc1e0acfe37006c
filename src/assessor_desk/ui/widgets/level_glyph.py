"""A level as bars, as many as the rubric has levels; with two levels a ring with tick or cross."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style, Theme
from assessor_desk.ui.widgets.paint import box, measure, pen_on, write
from assessor_desk.ui.widgets.part import Part


class LevelGlyph(Part):
    """A level's glyph with its name, in no color: levels are told by shape and word."""

    def __init__(self, look: Look, level: int, levels: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._level, self._levels, self._name = level, levels, name
        named(self, f"level_glyph_{level}_of_{levels}", self.tr("{0}, level {1} of {2}").format(name, level, levels))

    def sizeHint(self) -> QSize:
        """Return the size of glyph and name."""
        wide = glyph_width(self.theme, self._levels) + self.theme.px(7)
        return QSize(ceil(wide + measure(self._name, self.theme.font(Style.SMALL))), self.theme.line(Style.SMALL))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint glyph and name."""
        painter, theme = pen_on(self), self.theme
        paint_glyph(painter, theme, QPointF(0, self.height() / 2), self._level, self._levels)
        left = glyph_width(theme, self._levels) + theme.px(7)
        write(
            painter,
            QRectF(self.rect()).adjusted(left, 0, 1, 0),
            self._name,
            theme.font(Style.SMALL),
            theme.colors.text2,
        )


def glyph_width(theme: Theme, levels: int) -> int:
    """Return how wide a glyph is."""
    if levels == 2:
        return theme.px(14)
    return levels * theme.px(theme.tokens.glyph_bar) + (levels - 1) * theme.px(theme.tokens.glyph_gap)


def paint_glyph(painter: QPainter, theme: Theme, at: QPointF, level: int, levels: int) -> None:
    """Paint a glyph whose left edge's middle is at a place, for delegates too."""
    if levels == 2:
        _paint_ring(painter, theme, QRectF(at.x(), at.y() - theme.px(7), theme.px(14), theme.px(14)), level == 2)
        return
    bar, gap, high = (
        theme.px(each) for each in (theme.tokens.glyph_bar, theme.tokens.glyph_gap, theme.tokens.glyph_height)
    )
    for number in range(1, levels + 1):
        tall = max(bar, round(high * (number + 0.5) / (levels + 0.5)))
        rect = QRectF(at.x() + (number - 1) * (bar + gap), at.y() + high / 2 - tall, bar, tall)
        filled = number <= level
        box(
            painter, rect, 1, theme.colors.text2 if filled else None, None if filled else theme.colors.control_border, 1
        )


def _paint_ring(painter: QPainter, theme: Theme, rect: QRectF, met: bool) -> None:
    inner = rect.adjusted(1, 1, -1, -1)
    painter.setPen(QPen(theme.colors.text2, 1.5 * theme.factor))
    painter.drawEllipse(inner)
    x, y, unit = inner.center().x(), inner.center().y(), inner.width() / 12
    if met:
        painter.drawPolyline(
            [QPointF(x - 3 * unit, y), QPointF(x - unit, y + 2 * unit), QPointF(x + 3 * unit, y - 2 * unit)]
        )
    else:
        painter.drawLine(QPointF(x - 2 * unit, y - 2 * unit), QPointF(x + 2 * unit, y + 2 * unit))
        painter.drawLine(QPointF(x - 2 * unit, y + 2 * unit), QPointF(x + 2 * unit, y - 2 * unit))
