"""Segments: they switch between the views of one thing."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainterPath, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from assessor_desk.ui.naming import literal, named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.buttons import Height
from assessor_desk.ui.widgets.paint import CENTER, box, measure, pen_on, rule, write

PADDING = {Height.COMPACT: 11, Height.DEFAULT: 12, Height.LARGE: 15}
STYLE = {Height.COMPACT: Style.CAPTION, Height.DEFAULT: Style.SMALL, Height.LARGE: Style.BODY}


class Segment(QRadioButton):
    """One of the views, chosen or not."""

    def __init__(self, look: Look, object_name: str, words: str, height: Height, parent: QWidget) -> None:
        super().__init__(literal(words), parent)
        self._look, self._words, self._height = look, words, height
        named(self, object_name, words)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        theme = self._look.theme
        wide = measure(self._words, theme.font(STYLE[self._height], 500)) + 2 * theme.px(PADDING[self._height])
        return QSize(ceil(wide), getattr(theme.control, self._height))

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:
        """Return that all of it can be pressed."""
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the words; the row of segments paints what is behind them."""
        colors = self._look.colors
        ink = colors.accent if self.isChecked() else colors.text2
        font = self._look.theme.font(STYLE[self._height], 500)
        write(
            pen_on(self), QRectF(self.rect()), self._words, font, ink if self.isEnabled() else colors.disabled, CENTER
        )


class Segments(QWidget):
    """A row of views of which one is shown; arrows move between them.

    Signals:
        chosen: the number of the view, counted from 0
    """

    chosen = Signal(int)

    def __init__(
        self,
        look: Look,
        object_name: str,
        spoken: str,
        choices: Sequence[str],
        height: Height = Height.DEFAULT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        named(self, object_name, spoken)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        for number, words in enumerate(choices):
            segment = Segment(look, f"{object_name}_{number}", words, height, self)
            self._group.addButton(segment, number)
            row.addWidget(segment)
            segment.toggled.connect(self._repaint)
        self._group.idToggled.connect(self._announce)

    def choose(self, number: int) -> None:
        """Show a view as chosen; it is not announced, because nobody here chose it."""
        self._group.blockSignals(True)
        self._group.button(number).setChecked(True)
        self._group.blockSignals(False)

    def shown(self) -> int:
        """Return the number of the view that is shown."""
        return self._group.checkedId()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row's surface, the chosen view's wash and the lines between."""
        theme, colors, painter, rect = self._look.theme, self._look.colors, pen_on(self), QRectF(self.rect())
        box(painter, rect, theme.radius.control, colors.panel, None, 0)
        inside = QPainterPath()
        inside.addRoundedRect(rect, theme.radius.control, theme.radius.control)
        painter.setClipPath(inside)
        for button in self._group.buttons():
            place = QRectF(button.geometry())
            if button.isChecked() or button.underMouse():
                painter.fillRect(place, colors.accent_wash2 if button.isChecked() else colors.sunken)
            if button.x() > 0:
                rule(painter, place.topLeft(), place.bottomLeft(), colors.border_strong, theme.border.hair)
        painter.setClipping(False)
        box(painter, rect, theme.radius.control, None, colors.border_strong, theme.border.hair)

    @Slot(int, bool)
    def _announce(self, number: int, on: bool) -> None:
        if on:
            self.chosen.emit(number)

    @Slot()
    def _repaint(self) -> None:
        self.update()
