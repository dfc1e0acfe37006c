"""What supports a decision, in five cells that always stand in the same order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from assessor_desk.ui.naming import named, plain_tooltip
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.widgets.paint import box, pen_on, rule
from assessor_desk.ui.widgets.part import Part

ICONS = (
    "eye",
    "quote",
    "message-square-text",
    "users",
    "scale",
)  # dealt with, evidence, rationale, second, calibration
CELL = QSize(19, 18)
GAP = 7


class Support(StrEnum):
    """How one cell stands."""

    FINE = "fine"
    LOOK = "look"
    BLOCKS = "blocks"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SupportCell:
    """One cell: how it stands, and that in words."""

    support: Support
    words: str


class SupportStrip(Part):
    """Five cells; each says in its tooltip what it means, and the strip says all of it to who hears the window."""

    def __init__(self, look: Look, cells: Sequence[SupportCell], parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._cells = tuple(cells)
        named(self, "support_strip", ", ".join(cell.words for cell in self._cells))

    def sizeHint(self) -> QSize:
        """Return the size of five cells."""
        return strip_size(self._look)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells."""
        paint_strip(pen_on(self), self._look, QPoint(0, 0), [cell.support for cell in self._cells])

    def event(self, event: QEvent) -> bool:
        """Tell of the cell that the mouse rests on."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            step = self.theme.px(CELL.width()) + self.theme.px(GAP)
            cell = self._cells[min(int(event.pos().x() / step), len(self._cells) - 1)]
            QToolTip.showText(event.globalPos(), plain_tooltip(cell.words), self)
            return True
        return super().event(event)


def strip_size(look: Look) -> QSize:
    """Return how large a strip is."""
    count = len(ICONS)
    return QSize(count * look.theme.px(CELL.width()) + (count - 1) * look.theme.px(GAP), look.theme.px(CELL.height()))


def paint_strip(painter: QPainter, look: Look, at: QPoint, cells: Sequence[Support]) -> None:
    """Paint a strip with its upper left corner at a place, for delegates too."""
    theme, colors = look.theme, look.colors
    inks = {Support.FINE: colors.text2, Support.LOOK: colors.warning, Support.BLOCKS: colors.danger}
    washes = {Support.LOOK: colors.warning_wash, Support.BLOCKS: colors.danger_wash}
    wide, high, size = theme.px(CELL.width()), theme.px(CELL.height()), theme.icon.small
    for number, (icon, support) in enumerate(zip(ICONS, cells, strict=True)):
        rect = QRectF(at.x() + number * (wide + theme.px(GAP)), at.y(), wide, high)
        if support is Support.NONE:
            middle = rect.center()
            rule(painter, middle - QPoint(4, 0), middle + QPoint(4, 0), colors.text3, 1.5)
            continue
        if support in washes:
            box(painter, rect, theme.radius.chip, washes[support], inks[support], 1)
        look.paint_icon(painter, icon, rect.center().x() - size / 2, rect.center().y() - size / 2, size, inks[support])
