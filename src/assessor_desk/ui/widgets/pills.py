"""Pills: they state, and cannot be pressed."""

from enum import StrEnum
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.colors import Colors
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.paint import box, measure, pen_on, write
from assessor_desk.ui.widgets.part import Part

HEIGHT, ICON, GAP = 19, 12, 4


class Tone(StrEnum):
    """What kind of state a pill, a banner or a line of status tells."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


def tone_ink(colors: Colors, tone: Tone) -> QColor:
    """Return the ink of a tone."""
    found: QColor = colors.text2 if tone is Tone.NEUTRAL else getattr(colors, tone)
    return found


def tone_wash(colors: Colors, tone: Tone) -> QColor:
    """Return the wash of a tone."""
    found: QColor = getattr(colors, f"{tone}_wash")
    return found


class Pill(Part):
    """A state in a word or two, with an icon where the state is more than a fact."""

    def __init__(
        self,
        look: Look,
        object_name: str,
        words: str,
        tone: Tone = Tone.NEUTRAL,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._words, self._tone, self._icon = words, tone, icon
        named(self, object_name, words)

    def show_state(self, words: str, tone: Tone, icon: str = "") -> None:
        """Show another state."""
        self._words, self._tone, self._icon = words, tone, icon
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return QSize(ceil(pill_width(self._look, self._words, self._icon)), self.theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill."""
        paint_pill(pen_on(self), self._look, QPointF(0, 0), self._words, self._tone, self._icon)


def pill_width(look: Look, words: str, icon: str = "") -> float:
    """Return how wide a pill is."""
    theme = look.theme
    wide = 2 * theme.space[4] + measure(words, theme.font(Style.CAPTION))
    return wide + (theme.px(ICON) + theme.px(GAP) if icon else 0)


def paint_pill(painter: QPainter, look: Look, at: QPointF, words: str, tone: Tone, icon: str = "") -> None:
    """Paint a pill with its upper left corner at a place, for delegates too."""
    theme, ink = look.theme, tone_ink(look.colors, tone)
    rect = QRectF(at.x(), at.y(), ceil(pill_width(look, words, icon)), theme.px(HEIGHT))
    wash = look.colors.accent_wash2 if tone is Tone.ACCENT else tone_wash(look.colors, tone)
    box(painter, rect, theme.radius.chip, wash, look.colors.text if theme.contrast else None, theme.border.hair)
    inner = rect.adjusted(theme.space[4], 0, -theme.space[4] + 1, 0)
    if icon:
        size = theme.px(ICON)
        look.paint_icon(painter, icon, inner.left(), rect.center().y() - size / 2, size, ink)
        inner.setLeft(inner.left() + size + theme.px(GAP))
    write(painter, inner, words, theme.font(Style.CAPTION), ink)
