"""A board that parts are pinned to, at the places of the design's picture times the text size."""

from math import floor
from typing import TypeVar

from PySide6.QtCore import QPointF, QRectF, QSize, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.paint import pen_on, rule
from assessor_desk.ui.widgets.words import Words

W = TypeVar("W", bound=QWidget)


class Board(QWidget):
    """A page of specimens in columns, each column with headings and lines under them."""

    def __init__(self, look: Look, name: str, title: str, size: QSize, columns: int = 3) -> None:
        super().__init__()
        self._look, self._design, self._columns = look, size, columns
        self._pinned: list[tuple[QWidget, float, float, float, float]] = []
        self._lines: list[tuple[float, float, float]] = []
        named(self, name, title)
        look.changed.connect(self.place)

    @property
    def look(self) -> Look:
        """The look of this board's parts."""
        return self._look

    def pin(self, widget: W, x: float, middle: float, width: float = 0, height: float = 0) -> W:
        """Pin a part by its left edge and the middle of its height; where no size is given, it has its own."""
        widget.setParent(self)
        self._pinned.append((widget, x, middle, width, height))
        return widget

    def heading(self, words: str, x: float, middle: float, width: float = 431) -> None:
        """Pin a heading with the line below it."""
        name = words.lower().replace(" ", "_")
        self.pin(named(Words(self._look, words, Style.SMALL, "text2", 600), f"heading_{name}", words), x, middle, width)
        self._lines.append((x, middle + 14, width))

    def text(self, words: str, x: float, middle: float, style: Style = Style.BODY, ink: str = "text") -> Words:
        """Pin a line of text."""
        return self.pin(Words(self._look, words, style, ink), x, middle)

    def sizeHint(self) -> QSize:
        """Return the size of the design's picture at this text size."""
        factor = self._look.theme.factor
        return QSize(round(self._design.width() * factor), round(self._design.height() * factor))

    @Slot()
    def place(self) -> None:
        """Put every part at its place."""
        factor = self._look.theme.factor
        self.resize(self.sizeHint())
        for widget, x, middle, width, height in self._pinned:
            hint = widget.sizeHint()
            wide = round(width * factor) if width else hint.width()
            tall = widget.heightForWidth(wide) if widget.hasHeightForWidth() else hint.height()
            high = round(height * factor) if height else tall
            widget.setGeometry(round(x * factor), floor(middle * factor - high / 2 + 0.5), wide, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, the columns' edges and the lines under headings."""
        painter, colors, factor = pen_on(self), self._look.colors, self._look.theme.factor
        painter.fillRect(self.rect(), colors.panel)
        wide = self.width() / self._columns
        for number in range(1, self._columns):
            painter.fillRect(QRectF(round(number * wide) - 1, 0, 1, self.height()), colors.border)
        for x, y, width in self._lines:
            start = QPointF(x * factor, round(y * factor) + 0.5)
            rule(painter, start, start + QPointF(width * factor, 0), colors.border, 1)
