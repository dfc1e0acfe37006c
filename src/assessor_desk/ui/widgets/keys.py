"""Keys as they are printed on screens: small caps with a stronger lower edge."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style, Theme
from assessor_desk.ui.widgets.paint import CENTER, box, measure, pen_on, rule, write
from assessor_desk.ui.widgets.part import Part

HEIGHT = 17


class KeyCap(Part):
    """One key."""

    def __init__(self, look: Look, key: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._key = key
        named(self, f"key_{key}", self.tr("Key {0}").format(key))

    def sizeHint(self) -> QSize:
        """Return the size of the cap."""
        return QSize(ceil(key_width(self.theme, self._key)), self.theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cap."""
        paint_key(pen_on(self), self.theme, QPointF(0, 0), self._key)


def key_width(theme: Theme, key: str) -> float:
    """Return how wide a key's cap is."""
    return max(theme.px(HEIGHT), measure(key, theme.font(Style.CAPTION)) + 2 * theme.px(5))


def paint_key(painter: QPainter, theme: Theme, at: QPointF, key: str) -> None:
    """Paint a key's cap with its upper left corner at a place."""
    rect = QRectF(at.x(), at.y(), ceil(key_width(theme, key)), theme.px(HEIGHT))
    box(painter, rect, theme.radius.chip, theme.colors.panel_alt, theme.colors.border_strong, 1)
    foot = rect.bottom() - 1.5
    rule(painter, QPointF(rect.left() + 2, foot), QPointF(rect.right() - 2, foot), theme.colors.border_strong, 1)
    write(painter, rect.adjusted(-2, -1, 2, -1), key, theme.font(Style.CAPTION), theme.colors.text2, CENTER)
