"""Surfaces with an edge that other parts stand on; no shadows."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.widgets.paint import box, pen_on


class Card(QWidget):
    """A panel with round corners."""

    def __init__(self, look: Look, radius: str = "card", edge: str = "border", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._radius, self._edge = look, radius, edge

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel."""
        theme, rect = self._look.theme, QRectF(self.rect())
        edge, radius = getattr(theme.colors, self._edge), getattr(theme.radius, self._radius)
        box(pen_on(self), rect, radius, theme.colors.panel, edge, theme.border.hair)
