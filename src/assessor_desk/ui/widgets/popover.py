"""A small panel beside what it belongs to, which it never covers."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.widgets.card import Card

DISTANCE = 6


class Popover(Card):
    """A panel inside the window, above a place or below it; Esc closes it and gives the focus back.

    Signals:
        closed: it was closed by the person
    """

    closed = Signal()

    def __init__(self, look: Look, object_name: str, spoken: str, parent: QWidget) -> None:
        super().__init__(look, "card", "control_border", parent)
        named(self, object_name, spoken)
        self._room = parent
        self._before: QWidget | None = None
        self.hide()

    def show_by(self, place: QRect) -> None:
        """Show it by a place of its parent."""
        self._before = QApplication.focusWidget()
        self.adjustSize()
        self.move(beside(place, self.size(), self._room.rect()))
        self.show()
        self.raise_()

    def close_it(self) -> None:
        """Close it and give the focus back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_it()
        else:
            super().keyPressEvent(event)


def beside(place: QRect, size: QSize, room: QRect) -> QPoint:
    """Return where a panel goes: above the place, below it where there is no room above, always inside."""
    above, below = place.top() - DISTANCE - size.height(), place.bottom() + 1 + DISTANCE
    y = above if above >= room.top() else min(below, room.bottom() + 1 - size.height())
    x = min(max(room.left(), place.center().x() - size.width() // 2), room.right() + 1 - size.width())
    return QPoint(max(room.left(), x), max(room.top(), y))
