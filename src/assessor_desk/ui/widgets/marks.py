"""Who gave which score: a filled circle, a diamond's outline, a square's outline, told apart by shape."""

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Theme
from assessor_desk.ui.widgets.paint import pen_on, rule
from assessor_desk.ui.widgets.part import Part


class Mark(StrEnum):
    """Whose score a mark stands for."""

    ASSESSOR = "assessor"
    SECOND = "second assessor"
    CONSENSUS = "consensus"


SIZE = {Mark.ASSESSOR: 12, Mark.SECOND: 15, Mark.CONSENSUS: 12}
NESTED = {Mark.ASSESSOR: 8, Mark.SECOND: 16, Mark.CONSENSUS: 20}  # on the same level they lie inside each other


class MarkSign(Part):
    """One mark by itself, as keys show it."""

    def __init__(self, look: Look, mark: Mark, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._mark = mark
        named(self, f"mark_{mark.name.lower()}", spoken)

    def sizeHint(self) -> QSize:
        """Return the size of the mark."""
        return QSize(self.theme.px(SIZE[self._mark]), self.theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark."""
        paint_mark(pen_on(self), self.theme, self._mark, QRectF(self.rect()).center(), self.theme.px(SIZE[self._mark]))


class ScoreLine(Part):
    """The rubric's levels as a line with the marks on it, and a dashed line where the rule starts."""

    def __init__(
        self,
        look: Look,
        levels: int,
        rule_at: int,
        marks: Mapping[Mark, int],
        spoken: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._levels, self._rule_at, self._marks = levels, rule_at, dict(marks)
        named(self, "score_line", spoken)

    def sizeHint(self) -> QSize:
        """Return the size for the levels."""
        return QSize(self.theme.px(59 * (self._levels - 1) + 22), self.theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line, rule and marks."""
        painter, colors, middle = pen_on(self), self.theme.colors, self.height() / 2
        rule(painter, QPointF(self._x(1), middle), QPointF(self._x(self._levels), middle), colors.border_strong, 1)
        for level in range(1, self._levels + 1):
            rule(
                painter,
                QPointF(self._x(level), middle - 4),
                QPointF(self._x(level), middle + 4),
                colors.border_strong,
                1,
            )
        between = (self._x(self._rule_at - 1) + self._x(self._rule_at)) / 2
        painter.setPen(QPen(colors.success, 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(between, 2), QPointF(between, self.height() - 2))
        for mark, level in self._marks.items():
            shared = sum(other == level for other in self._marks.values()) > 1
            size = self.theme.px((NESTED if shared else SIZE)[mark])
            paint_mark(painter, self.theme, mark, QPointF(self._x(level), middle), size)

    def _x(self, level: int) -> float:
        edge = self.theme.px(11)
        return edge + (self.width() - 2 * edge) * (level - 1) / (self._levels - 1)


def paint_mark(painter: QPainter, theme: Theme, mark: Mark, at: QPointF, size: float) -> None:
    """Paint a mark around a place, for delegates too."""
    half = size / 2
    if mark is Mark.ASSESSOR:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colors.accent)
        painter.drawEllipse(at, half, half)
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(
        QPen(
            theme.colors.text,
            2 * theme.factor,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.SquareCap,
            Qt.PenJoinStyle.MiterJoin,
        )
    )
    if mark is Mark.SECOND:
        half -= 1.4 * theme.factor
        steps = (QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0))
        painter.drawPolygon(QPolygonF([at + step for step in steps]))
    else:
        half -= theme.factor
        painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))
