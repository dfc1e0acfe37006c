"""Check boxes and radio buttons."""

from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QWidget

from assessor_desk.ui.naming import literal, named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.paint import box, measure, pen_on, rule, write

GAP = 7


class CheckBox(QCheckBox):
    """Something that holds or does not; for a whole of several it can be half. Listen to Qt's own `toggled`."""

    def __init__(
        self, look: Look, object_name: str, words: str, spoken: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(literal(words), parent)
        self._look, self._words = look, words
        prepare(self, object_name, spoken or words)

    def sizeHint(self) -> QSize:
        """Return the size of box and words."""
        return choice_size(self._look, self._words)

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:
        """Return that the words can be pressed too."""
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, tick and words."""
        theme, colors, painter = self._look.theme, self._look.colors, pen_on(self)
        size = theme.control.checkbox
        rect = QRectF(0, (self.height() - size) / 2, size, size)
        state, live = self.checkState(), self.isEnabled()
        if state is Qt.CheckState.Unchecked:
            fill = colors.sunken if self.underMouse() and live else colors.panel
            box(
                painter,
                rect,
                theme.radius.chip,
                fill,
                colors.control_border if live else colors.border,
                theme.border.hair,
            )
        else:
            box(painter, rect, theme.radius.chip, colors.accent_fill if live else colors.disabled, None, 0)
            middle, unit = rect.center(), size / 16
            painter.setPen(QPen(colors.on_accent, 2 * unit))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if state is Qt.CheckState.PartiallyChecked:
                rule(painter, middle - QPointF(4 * unit, 0), middle + QPointF(4 * unit, 0), colors.on_accent, 2 * unit)
            else:
                steps = (QPointF(-4, 0), QPointF(-1, 3), QPointF(4, -3))
                painter.drawPolyline([middle + step * unit for step in steps])
        paint_words(painter, self, self._look, self._words)


class RadioButton(QRadioButton):
    """One of several of which one holds. Listen to Qt's own `toggled`."""

    def __init__(
        self, look: Look, object_name: str, words: str, spoken: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(literal(words), parent)
        self._look, self._words = look, words
        prepare(self, object_name, spoken or words)

    def sizeHint(self) -> QSize:
        """Return the size of ring and words."""
        return choice_size(self._look, self._words)

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:
        """Return that the words can be pressed too."""
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ring, dot and words."""
        theme, colors, painter = self._look.theme, self._look.colors, pen_on(self)
        size = theme.control.radio
        rect = QRectF(0, (self.height() - size) / 2, size, size)
        edge = colors.control_border if self.isEnabled() else colors.border
        if self.isChecked():
            box(painter, rect, size / 2, colors.accent_fill if self.isEnabled() else colors.disabled, None, 0)
            box(
                painter,
                rect.adjusted(size * 0.3, size * 0.3, -size * 0.3, -size * 0.3),
                size / 2,
                colors.on_accent,
                None,
                0,
            )
        else:
            box(painter, rect, size / 2, colors.sunken if self.underMouse() else colors.panel, edge, theme.border.hair)
        paint_words(painter, self, self._look, self._words)


def prepare(button: QAbstractButton, object_name: str, spoken: str) -> None:
    """Give a choice its names and manners."""
    named(button, object_name, spoken)
    button.setAttribute(Qt.WidgetAttribute.WA_Hover)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


def choice_size(look: Look, words: str) -> QSize:
    """Return the size of a box or ring with words; never lower than what a finger or a tremor can hit."""
    theme = look.theme
    wide = theme.control.checkbox + (theme.px(GAP) + measure(words, theme.font(Style.BODY)) if words else 0)
    return QSize(ceil(wide), theme.control.min_target)


def paint_words(painter: QPainter, button: QAbstractButton, look: Look, words: str) -> None:
    """Write what a choice is about."""
    theme = look.theme
    place = QRectF(button.rect()).adjusted(theme.control.checkbox + theme.px(GAP), 0, 1, 0)
    ink = theme.colors.text if button.isEnabled() else theme.colors.disabled
    write(painter, place, words, theme.font(Style.BODY), ink)
