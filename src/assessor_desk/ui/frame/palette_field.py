"""The field in the menu bar's corner that opens the command palette."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.paint import RIGHT, box, pen_on, write

WIDTH, FIELD, EDGE = 268, 20, 4


class PaletteField(QPushButton):
    """Looks like a field and is a button: what is typed is typed into the palette. Listen to Qt's own `clicked`."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        named(self, "palette_field", self.tr("Search or run a command, Ctrl K"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the field and the edge beside it; the target is higher than the field."""
        theme = self._look.theme
        return QSize(theme.px(WIDTH + EDGE), theme.control.min_target)

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field."""
        theme, colors, painter = self._look.theme, self._look.colors, pen_on(self)
        rect = QRectF(0, (self.height() - theme.px(FIELD)) / 2, theme.px(WIDTH), theme.px(FIELD))
        box(painter, rect, theme.radius.control, colors.panel, colors.border_strong, theme.border.hair)
        inner = rect.adjusted(theme.px(6), 0, -theme.px(6), 0)
        size = theme.icon.small
        self._look.paint_icon(painter, "search", inner.left(), rect.center().y() - size / 2, size, colors.text2)
        words = inner.adjusted(size + theme.space[3], 0, 0, 0)
        write(painter, words, self.tr("Search or run a command"), theme.font(Style.SMALL), colors.text3)
        write(painter, inner, "Ctrl K", theme.font(Style.CAPTION), colors.text3, RIGHT)
