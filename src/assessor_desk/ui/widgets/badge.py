"""The number of a criterion in its color: a rounded square, or a tag such as 3b where the rubric has groups."""

from enum import IntEnum
from math import ceil

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style, Theme
from assessor_desk.ui.widgets.paint import CENTER, box, measure, pen_on, write
from assessor_desk.ui.widgets.part import Part


class BadgeSize(IntEnum):
    """The heights that badges have."""

    LARGE = 21
    MIDDLE = 17
    SMALL = 14


LOOKS = {BadgeSize.LARGE: (Style.SMALL, 4), BadgeSize.MIDDLE: (Style.CAPTION, 3), BadgeSize.SMALL: (Style.CAPTION, 3)}
TINY = 10 / 11  # the numbers of the smallest badge are set a step below the scale's smallest


class Badge(Part):
    """One criterion's number, colored by its position in the rubric and never by its meaning."""

    def __init__(
        self,
        look: Look,
        position: int,
        tag: str = "",
        size: BadgeSize = BadgeSize.LARGE,
        spoken: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._position, self._tag, self._size = position, tag or str(position), size
        named(self, f"badge_{self._tag}", spoken or self.tr("Criterion {0}").format(self._tag))

    def sizeHint(self) -> QSize:
        """Return the size: a square, or wider where the tag is."""
        return QSize(ceil(badge_width(self.theme, self._tag, self._size)), self.theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the badge."""
        paint_badge(pen_on(self), self.theme, QRectF(self.rect()), self._position, self._tag, self._size)


def badge_width(theme: Theme, tag: str, size: BadgeSize) -> float:
    """Return how wide a badge with a tag is."""
    return max(theme.px(size), measure(tag, _face(theme, size)) + theme.space[3])


def paint_badge(painter: QPainter, theme: Theme, rect: QRectF, position: int, tag: str, size: BadgeSize) -> None:
    """Paint a badge, for delegates and pages too."""
    shades = theme.criterion(position)
    box(painter, rect, LOOKS[size][1], shades.solid, None, 0)
    write(painter, rect.adjusted(-2, 0, 2, 0), tag, _face(theme, size), shades.ink, CENTER)


def _face(theme: Theme, size: BadgeSize) -> QFont:
    style, _ = LOOKS[size]
    font = theme.figures(style, 600)
    if size is BadgeSize.SMALL:
        font.setPixelSize(round(font.pixelSize() * TINY))
    return font
