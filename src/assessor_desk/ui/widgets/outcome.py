"""The outcome so far: one numbered cell a criterion, in groups where the rubric has groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from assessor_desk.ui.naming import named, told
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style, Theme
from assessor_desk.ui.widgets.badge import BadgeSize, badge_width, paint_badge
from assessor_desk.ui.widgets.paint import box, measure, pen_on, write

HEIGHT, GAP, GROUP_GAP, MARK = 16, 4, 10, 12


class Met(StrEnum):
    """How one criterion stands against the rule."""

    MET = "met"
    NOT_MET = "not met"
    TO_SCORE = "to score"


@dataclass(frozen=True, slots=True)
class OutcomeGroup:
    """Cells that stand together: with a name they are a group of the rubric, at its position."""

    cells: tuple[tuple[str, Met], ...]
    position: int = 0
    name: str = ""


class OutcomeCells(QWidget):
    """All cells in a row; a tick is met, a cross not met, dashes are to score."""

    def __init__(self, look: Look, groups: Sequence[OutcomeGroup], spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._groups = look, tuple(groups)
        told(named(self, "outcome_cells", spoken), spoken)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_groups(self, groups: Sequence[OutcomeGroup], spoken: str) -> None:
        """Show how the criteria stand now."""
        self._groups = tuple(groups)
        told(self, spoken).setAccessibleName(spoken)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size that the cells need at least; they take the width that there is."""
        theme = self._look.theme
        cells = sum(len(group.cells) for group in self._groups)
        need = max((measure(tag, self._face()) for group in self._groups for tag, _ in group.cells), default=0)
        wide = cells * (need + theme.px(MARK + 2 * GAP)) + (len(self._groups) - 1) * theme.px(GROUP_GAP)
        head = theme.line(Style.SMALL) + theme.space[2] if self._headed() else 0
        return QSize(ceil(wide), head + theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint groups and cells."""
        theme, painter = self._look.theme, pen_on(self)
        cells = sum(len(group.cells) for group in self._groups)
        gaps = (len(self._groups) - 1) * theme.px(GROUP_GAP) + (cells - len(self._groups)) * theme.px(GAP)
        wide, left = (self.width() - gaps) / max(1, cells), 0.0
        top = self.height() - theme.px(HEIGHT)
        for group in self._groups:
            if group.name:
                room = len(group.cells) * (wide + theme.px(GAP)) + theme.px(GROUP_GAP) - theme.px(GAP)
                self._head(painter, theme, group, left, room)
            for tag, met in group.cells:
                paint_cell(painter, self._look, QRectF(left, top, wide, theme.px(HEIGHT)), tag, met)
                left += wide + theme.px(GAP)
            left += theme.px(GROUP_GAP - GAP)

    def _head(self, painter: QPainter, theme: Theme, group: OutcomeGroup, left: float, room: float) -> None:
        tag = str(group.position)
        wide = badge_width(theme, tag, BadgeSize.SMALL)
        paint_badge(
            painter, theme, QRectF(left, 1, wide, theme.px(BadgeSize.SMALL)), group.position, tag, BadgeSize.SMALL
        )
        name = QRectF(left + wide + 4, 0, room - wide - 6, theme.line(Style.SMALL))
        write(painter, name, group.name, theme.font(Style.CAPTION), theme.colors.text2)

    def _headed(self) -> bool:
        return any(group.name for group in self._groups)

    def _face(self) -> QFont:
        return self._look.theme.font(Style.CAPTION, 600)


def paint_cell(painter: QPainter, look: Look, rect: QRectF, tag: str, met: Met) -> None:
    """Paint one cell with its sign, for delegates too."""
    theme, colors, font = look.theme, look.colors, look.theme.font(Style.CAPTION, 600)
    inks = {Met.MET: colors.success, Met.NOT_MET: colors.danger, Met.TO_SCORE: colors.text2}
    if met is Met.TO_SCORE:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colors.text3, 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    else:
        good = met is Met.MET
        edge = colors.success_border if good else colors.danger_border
        box(painter, rect, 2, colors.success_wash if good else colors.danger_wash, edge, 1)
    sign = theme.px(MARK) if met is not Met.TO_SCORE else 0
    left = rect.center().x() - (measure(tag, font) + (sign + 2 if sign else 0)) / 2
    write(painter, QRectF(left, rect.top(), rect.right() - left, rect.height()), tag, font, inks[met])
    if sign:
        at = QPointF(left + measure(tag, font) + 2, rect.center().y() - sign / 2)
        look.paint_icon(painter, "check" if met is Met.MET else "x", at.x(), at.y(), sign, inks[met])
