"""Chips: they filter, and do nothing else."""

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from assessor_desk.ui.naming import literal, named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.paint import box, measure, pen_on, write

PADDING, GAP = 8, 5


class Chip(QPushButton):
    """One filter: off it opens its choices, on it shows what was chosen and can be cleared.

    Signals:
        opened: somebody wants to choose
        cleared: somebody wants this filter off (the cross, Delete or Backspace)
    """

    opened = Signal()
    cleared = Signal()

    def __init__(
        self,
        look: Look,
        object_name: str,
        words: str,
        *,
        on: bool = False,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._icon = look, icon
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setObjectName(object_name)
        self.show_filter(words, on)
        self.clicked.connect(self._answer)

    def show_filter(self, words: str, on: bool) -> None:
        """Show what is filtered by, or only what could be."""
        self._words, self._on = words, on
        self.setText(literal(words))
        spoken = self.tr("{0}, filter on, Delete clears it") if on else self.tr("{0}, filter off")
        named(self, self.objectName(), spoken.format(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        theme = self._look.theme
        wide = (
            2 * theme.px(PADDING)
            + theme.px(GAP)
            + theme.icon.small
            + measure(self._words, theme.font(Style.SMALL, 500))
        )
        wide += theme.icon.small + theme.px(GAP) if self._icon else 0
        return QSize(ceil(wide), theme.control.compact)

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip."""
        theme, colors, painter, rect = self._look.theme, self._look.colors, pen_on(self), QRectF(self.rect())
        rest = colors.sunken if self.underMouse() else colors.panel
        fill, edge = (colors.accent_wash, colors.accent) if self._on else (rest, colors.border_strong)
        ink = (colors.accent if self._on else colors.text2) if self.isEnabled() else colors.disabled
        box(painter, rect, theme.radius.control, fill, edge, theme.border.hair)
        inner = rect.adjusted(theme.px(PADDING), 0, -theme.px(PADDING), 0)
        top = (rect.height() - theme.icon.small) / 2
        if self._icon:
            self._look.paint_icon(painter, self._icon, inner.left(), top, theme.icon.small, ink)
            inner.setLeft(inner.left() + theme.icon.small + theme.px(GAP))
        write(painter, inner, self._words, theme.font(Style.SMALL, 500), ink)
        sign = "x" if self._on else "chevron-down"
        self._look.paint_icon(painter, sign, inner.right() - theme.icon.small, top, theme.icon.small, ink)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the filter with Delete or Backspace, open it with Down."""
        if self._on and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _answer(self) -> None:
        (self.cleared if self._on else self.opened).emit()
