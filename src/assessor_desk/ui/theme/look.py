"""The look that the application wears: one theme at a time, changed for all windows at once."""

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtWidgets import QApplication

from assessor_desk.ui.theme.colors import Colors
from assessor_desk.ui.theme.fonts import load_fonts
from assessor_desk.ui.theme.icons import Icons
from assessor_desk.ui.theme.palette import palette
from assessor_desk.ui.theme.sheet import sheet
from assessor_desk.ui.theme.theme import Style, Theme


class Look(QObject):
    """Dresses the application, and tells parts what to paint themselves with.

    Parts ask for the theme whenever they paint or measure. What keeps a color or size of its own listens to `changed`.

    Signals:
        changed: another theme is worn
    """

    changed = Signal()

    def __init__(self, application: QApplication, theme: Theme) -> None:
        super().__init__(application)
        load_fonts()
        self._application = application
        application.setStyle("Fusion")  # the same ground on every system
        self._icons = Icons(theme.tokens.icon_stroke)
        self._theme = theme
        self.wear(theme)

    @property
    def theme(self) -> Theme:
        """The theme that is worn."""
        return self._theme

    @property
    def colors(self) -> Colors:
        """The colors of the theme that is worn."""
        return self._theme.colors

    def wear(self, theme: Theme) -> None:
        """Change the theme of every window."""
        self._theme = theme
        self._application.setPalette(palette(theme.colors))
        self._application.setFont(theme.font(Style.BODY))
        self._application.setStyleSheet(sheet(theme))
        self.changed.emit()

    def icon(self, name: str, ink: QColor) -> QIcon:
        """Return an icon for what Qt paints by itself, such as menu items."""
        size = self._theme.icon.default
        made = QIcon(self._icons.pixmap(name, ink, size, 1.0))
        made.addPixmap(self._icons.pixmap(name, ink, size, 2.0))
        made.addPixmap(self._icons.pixmap(name, self.colors.disabled, size, 1.0), QIcon.Mode.Disabled)
        return made

    def paint_icon(self, painter: QPainter, name: str, x: float, y: float, size: int, ink: QColor) -> None:
        """Paint an icon with its upper left corner at a place."""
        ratio = painter.device().devicePixelRatio()
        pixmap = self._icons.pixmap(name, ink, size, ratio)
        painter.drawPixmap(QRectF(x, y, size, size), pixmap, QRectF(pixmap.rect()))
