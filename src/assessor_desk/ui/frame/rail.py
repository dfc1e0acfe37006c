"""The rail at the left: one item a place, with a number for what waits there."""

from collections.abc import Mapping, Sequence
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from assessor_desk.ui.frame.places import Place, Stop
from assessor_desk.ui.naming import named, told
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.paint import CENTER, box, measure, pen_on, write
from assessor_desk.ui.widgets.part import Part

WIDE, COMPACT = QSize(68, 48), QSize(40, 38)
BAR = 3
LOGO, INITIALS = 28, 26
BADGE = 16


class RailButton(QToolButton):
    """One place: icon, word, number; where one is, a wash and a bar at the window's edge."""

    def __init__(self, look: Look, stop: Stop, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._stop, self._waiting, self._compact = look, stop, 0, False
        self.setObjectName(f"rail_{stop.place}")
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_waiting(0)

    def show_waiting(self, count: int) -> None:
        """Show how much waits there for this person."""
        self._waiting = count
        spoken = self.tr("{0}, {1} waiting").format(self._stop.words, count) if count else self._stop.words
        named(self, self.objectName(), spoken)
        told(self, spoken if self._compact else "")
        self.update()

    def stand_compact(self, compact: bool) -> None:
        """Leave out the word, or show it."""
        self._compact = compact
        self.show_waiting(self._waiting)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size of an item; a word that needs more room gets it."""
        theme = self._look.theme
        if self._compact:
            return QSize(theme.px(COMPACT.width()), theme.px(COMPACT.height()))
        wide = ceil(measure(self._stop.words, theme.font(Style.CAPTION))) + theme.space[2]
        return QSize(max(theme.px(WIDE.width()), wide), theme.px(WIDE.height()))

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the item."""
        theme, colors, painter, rect = self._look.theme, self._look.colors, pen_on(self), QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            fill = colors.accent_wash2 if self.isChecked() else colors.sunken
            box(painter, rect, theme.radius.control, fill, None, 0)
        ink = colors.accent if self.isChecked() else colors.text2
        size = theme.icon.large
        top = (rect.height() - size) / 2 if self._compact else theme.px(5)
        self._look.paint_icon(painter, self._stop.icon, (rect.width() - size) / 2, top, size, ink)
        if not self._compact:
            below = QRectF(0, top + size, rect.width(), rect.height() - top - size - theme.space[1])
            write(painter, below, self._stop.words, theme.font(Style.CAPTION), ink, CENTER)
        if self._waiting:
            self._paint_waiting(painter, rect)

    def _paint_waiting(self, painter: QPainter, rect: QRectF) -> None:
        theme, colors = self._look.theme, self._look.colors
        words, font = str(self._waiting), theme.font(Style.CAPTION, 600)
        wide = max(theme.px(BADGE), measure(words, font) + theme.space[4])
        left = rect.right() - wide - theme.space[1]
        place = QRectF(left, theme.px(2), wide, theme.px(BADGE))
        box(painter, place, theme.px(BADGE) / 2, colors.text2, None, 0)
        write(painter, place.adjusted(-2, 0, 2, 0), words, font, colors.window, CENTER)


class Initials(Part):
    """Who works here."""

    def __init__(self, look: Look, initials: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._initials = initials
        told(named(self, "initials", name), name)

    def sizeHint(self) -> QSize:
        """Return the size of the circle."""
        return QSize(self.theme.px(INITIALS), self.theme.px(INITIALS))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint circle and letters."""
        painter, rect, colors = pen_on(self), QRectF(self.rect()), self.theme.colors
        box(painter, rect, rect.height() / 2, colors.sunken, colors.border_strong, 1)
        write(painter, rect, self._initials, self.theme.font(Style.CAPTION, 600), colors.text2, CENTER)


class Logo(Part):
    """The program's sign."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        named(self, "logo", "Assessor Desk")

    def sizeHint(self) -> QSize:
        """Return the size of the sign."""
        return QSize(self.theme.px(LOGO), self.theme.px(LOGO))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign."""
        painter, rect, theme = pen_on(self), QRectF(self.rect()), self.theme
        box(painter, rect, theme.radius.card, theme.colors.accent_fill, None, 0)
        size = theme.px(18)
        at = (rect.width() - size) / 2
        self._look.paint_icon(painter, "file-check", at, at, size, theme.colors.on_accent)


class Rail(QWidget):
    """All places that this person may go to; up and down move between them.

    Signals:
        went: the place that was chosen
    """

    went = Signal(str)

    def __init__(
        self, look: Look, stops: Sequence[Stop], person: tuple[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        named(self, "rail", self.tr("Places"))
        self._buttons = {stop.place: RailButton(look, stop, self) for stop in stops}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._column.addWidget(Logo(look), 0, middle)
        self._column.addSpacing(look.theme.px(8))
        for place, button in self._buttons.items():
            self._group.addButton(button)
            if place is Place.SETTINGS:
                self._column.addStretch(1)
            self._column.addWidget(button, 0, middle)
            button.clicked.connect(self._go)
        if Place.SETTINGS not in self._buttons:
            self._column.addStretch(1)
        self._column.addWidget(Initials(look, *person), 0, middle)
        look.changed.connect(self._dress)
        self.stand_compact(False)

    def show_place(self, place: Place) -> None:
        """Show where one is."""
        self._buttons[place].setChecked(True)
        self.update()

    def show_waiting(self, counts: Mapping[Place, int]) -> None:
        """Show how much waits at each place."""
        for place, button in self._buttons.items():
            button.show_waiting(counts.get(place, 0))

    def stand_compact(self, compact: bool) -> None:
        """Leave out the words, or show them."""
        self._compact = compact
        for button in self._buttons.values():
            button.stand_compact(compact)
        self._dress()

    def has_room(self, height: int) -> bool:
        """Return whether all items with their words fit into a height."""
        theme = self._look.theme
        items = len(self._buttons) * theme.px(WIDE.height() + 2)
        return height >= items + theme.px(LOGO + INITIALS + 12 + 8 + 8 + 2 * 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the places with up and down."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        buttons: list[QWidget] = list(self._buttons.values())
        here = self.focusWidget()
        if step is None or here not in buttons:
            super().keyPressEvent(event)
        else:
            buttons[(buttons.index(here) + step) % len(buttons)].setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, the edge, and the bar beside where one is."""
        theme, colors, painter, rect = self._look.theme, self._look.colors, pen_on(self), QRectF(self.rect())
        painter.fillRect(rect, colors.window)
        painter.fillRect(QRectF(rect.right() - theme.border.hair, 0, theme.border.hair, rect.height()), colors.border)
        here = self._group.checkedButton()
        if here is not None:
            place = QRectF(here.geometry())
            tall = place.height() / 2
            painter.fillRect(QRectF(0, place.center().y() - tall / 2, BAR, tall), colors.accent)

    @Slot()
    def _dress(self) -> None:
        theme = self._look.theme
        self._column.setContentsMargins(0, theme.px(12), 0, theme.px(8))
        self._column.setSpacing(theme.px(2))
        base = theme.tokens.layout["rail_compact" if self._compact else "rail"]
        need = max(button.sizeHint().width() for button in self._buttons.values()) + 2 * theme.space[2]
        self.setFixedWidth(max(theme.px(base), need))

    @Slot()
    def _go(self) -> None:
        here = self._group.checkedButton()
        place = next(place for place, button in self._buttons.items() if button is here)
        self.update()
        self.went.emit(place)
