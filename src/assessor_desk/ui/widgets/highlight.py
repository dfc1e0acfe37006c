"""How a quote is marked in an artifact: wash behind it, its criterion's line under it, badge after its last word."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style, Theme
from assessor_desk.ui.widgets.badge import BadgeSize, badge_width, paint_badge
from assessor_desk.ui.widgets.paint import measure, pen_on, rule, write
from assessor_desk.ui.widgets.part import Part

WAVE = 8.0  # pixels from crest to crest
DASHES = {"dash": (3.0, 2.0), "dot": (1.2, 1.0), "dashDot": (4.0, 2.0, 1.0, 2.0), "longDash": (6.0, 2.0)}


@dataclass(frozen=True, slots=True)
class Link:
    """One criterion that a quote is linked to: its position in the rubric and its tag."""

    position: int
    tag: str


def paint_highlight(painter: QPainter, theme: Theme, lines: Sequence[QRectF], links: Sequence[Link]) -> None:
    """Paint a quote's wash and lines over the rectangles of its lines; the wash is the first criterion's."""
    for line in lines:
        painter.fillRect(line, theme.criterion(links[0].position).wash)
        for number, link in enumerate(links):
            shades = theme.criterion(link.position)
            y = line.bottom() + number * 4.0
            paint_pattern(painter, shades.pattern, QPointF(line.left(), y), line.width(), shades.solid)
    at = lines[-1].right() + 3.0
    for link in links:
        width = badge_width(theme, link.tag, BadgeSize.SMALL)
        place = QRectF(at, lines[-1].center().y() - theme.px(7), width, theme.px(BadgeSize.SMALL))
        paint_badge(painter, theme, place, link.position, link.tag, BadgeSize.SMALL)
        at += width + 2.0


def paint_pattern(painter: QPainter, pattern: str, start: QPointF, length: float, ink: QColor) -> None:
    """Paint a line in one of the eight patterns, its middle at the height of the start."""
    end = QPointF(start.x() + length, start.y())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match pattern:
        case "double":
            for shift in (QPointF(0, -1.5), QPointF(0, 1.5)):
                rule(painter, start + shift, end + shift, ink, 1.4)
        case "wave":
            painter.setPen(QPen(ink, 1.5))
            painter.drawPath(_wave(start, length))
        case "thick":
            rule(painter, start, end, ink, 3.2)
        case "solid":
            rule(painter, start, end, ink, 2.0)
        case _:
            pen = QPen(ink, 2.0)
            pen.setDashPattern(DASHES[pattern])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(start, end)


def _wave(start: QPointF, length: float) -> QPainterPath:
    path = QPainterPath(start)
    for number in range(max(1, round(length / (WAVE / 2)))):
        lift = 3.2 if number % 2 else -3.2
        path.quadTo(
            QPointF(start.x() + (number + 0.5) * WAVE / 2, start.y() + lift),
            QPointF(start.x() + (number + 1) * WAVE / 2, start.y()),
        )
    return path


class PatternLine(Part):
    """A criterion's line by itself, as keys and settings show it."""

    def __init__(self, look: Look, position: int, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._position = position
        pattern = look.theme.criterion(position).pattern
        named(self, f"pattern_{position}", self.tr("Line of criterion {0}: {1}").format(position, pattern))

    def sizeHint(self) -> QSize:
        """Return the size of a sample."""
        return QSize(self.theme.px(56), self.theme.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        shades = self.theme.criterion(self._position)
        paint_pattern(pen_on(self), shades.pattern, QPointF(0, self.height() / 2), self.width(), shades.solid)


class Quote(Part):
    """Linked words as they look in an artifact, on paper."""

    def __init__(self, look: Look, words: str, links: Sequence[Link], parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._words, self._links = words, tuple(links)
        tags = ", ".join(link.tag for link in links)
        named(self, f"quote_{'_'.join(link.tag for link in links)}", self.tr("Linked to {0}: {1}").format(tags, words))

    def sizeHint(self) -> QSize:
        """Return the size of words, lines and badges."""
        badges = sum(badge_width(self.theme, link.tag, BadgeSize.SMALL) + 3 for link in self._links)
        return QSize(ceil(self._wide() + badges + 8), self.theme.line(Style.READING) + 4 * len(self._links) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the quote on paper."""
        painter, theme = pen_on(self), self.theme
        painter.fillRect(self.rect(), theme.colors.paper)
        line = QRectF(2, 2, self._wide(), theme.line(Style.READING) - 4)
        paint_highlight(painter, theme.on_paper(), [line], self._links)
        write(painter, line.adjusted(0, 0, 1, 0), self._words, theme.font(Style.READING), theme.colors.paper_ink)

    def _wide(self) -> float:
        return measure(self._words, self.theme.font(Style.READING))


class Wash(Part):
    """Words in a criterion's own color on its wash, as lists and keys show a linked quote."""

    def __init__(self, look: Look, position: int, words: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._position, self._words = position, words
        named(self, f"wash_{position}", self.tr("Criterion {0}: {1}").format(position, words))

    def sizeHint(self) -> QSize:
        """Return the size."""
        wide = measure(self._words, self.theme.font(Style.SMALL, 500)) + 2 * self.theme.space[4]
        return QSize(ceil(wide), self.theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words on their wash."""
        painter, shades = pen_on(self), self.theme.criterion(self._position)
        painter.setBrush(shades.wash)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(self.rect(), self.theme.radius.chip, self.theme.radius.chip)
        inner = QRectF(self.rect()).adjusted(self.theme.space[4], 0, 0, 0)
        write(painter, inner, self._words, self.theme.font(Style.SMALL, 500), shades.text)
