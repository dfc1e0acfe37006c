"""The parts of the status bar: the connection in words, and quiet facts with an icon."""

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from assessor_desk.ui.naming import named, told
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.paint import measure, pen_on, write
from assessor_desk.ui.widgets.part import Part
from assessor_desk.ui.widgets.pills import Tone, tone_ink

GAP = 6


class StatusLine(QPushButton):
    """How the desk stands with the hub: icon, one strong word, the rest. Qt's own `clicked` opens Activity.

    `whole` says whether the tone holds for the words too, as for a warning, or only for the icon.
    """

    def __init__(self, look: Look, object_name: str, style: Style = Style.SMALL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._style = look, style
        self._icon, self._strong, self._rest, self._tone, self._whole = "", "", "", Tone.NEUTRAL, False
        self.setObjectName(object_name)
        self.setFlat(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, icon: str, strong: str, rest: str, tone: Tone, whole: bool = False) -> None:
        """Show another state; what is seen is what is spoken."""
        self._icon, self._strong, self._rest, self._tone, self._whole = icon, strong, rest, tone, whole
        named(self, self.objectName(), f"{strong} {rest.lstrip('· ')}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        theme = self._look.theme
        gaps = theme.icon.small + 2 * theme.px(GAP)
        wide = gaps + measure(self._strong, self._face(600)) + measure(self._rest, self._face(400))
        return QSize(ceil(wide), theme.px(24))

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint icon, strong word and the rest."""
        theme, colors, painter, rect = self._look.theme, self._look.colors, pen_on(self), QRectF(self.rect())
        ink, size = tone_ink(colors, self._tone), theme.icon.small
        top = (rect.height() - size) / 2
        self._look.paint_icon(painter, self._icon, 0, top, size, ink)
        rect.setLeft(size + theme.px(GAP))
        write(painter, rect, self._strong, self._face(600), ink if self._whole else colors.text2)
        rect.setLeft(rect.left() + measure(self._strong, self._face(600)) + theme.px(GAP) - 1)
        write(painter, rect.adjusted(0, 0, 2, 0), self._rest, self._face(400), ink if self._whole else colors.text2)

    def _face(self, weight: int) -> QFont:
        return self._look.theme.font(self._style, weight)


class Fact(Part):
    """A quiet fact with an icon, such as where the work is saved."""

    def __init__(self, look: Look, object_name: str, icon: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._icon, self._words = icon, words
        named(self, object_name, words)

    def say(self, words: str, icon: str) -> None:
        """Say another fact."""
        self._words, self._icon = words, icon
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        wide = self.theme.icon.small + self.theme.px(GAP) + measure(self._words, self.theme.font(Style.SMALL))
        return QSize(ceil(wide), self.theme.px(18))

    def minimumSizeHint(self) -> QSize:
        """Return the size of icon and a few letters; what is cut is told in the tooltip."""
        few = self.theme.icon.small + self.theme.px(GAP + 40)
        return QSize(min(few, self.sizeHint().width()), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell what is cut."""
        super().resizeEvent(event)
        told(self, self._words if self.width() < self.sizeHint().width() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint icon and words."""
        theme, painter, rect = self.theme, pen_on(self), QRectF(self.rect())
        size = theme.icon.small
        self._look.paint_icon(painter, self._icon, 0, (rect.height() - size) / 2, size, theme.colors.text2)
        rect.setLeft(size + theme.px(GAP))
        write(painter, rect.adjusted(0, 0, 1, 0), self._words, theme.font(Style.SMALL), theme.colors.text2)
