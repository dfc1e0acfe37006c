"""The ring around what has the focus: one pixel away, above its neighbors, never in the way of the mouse."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.widgets.paint import box, pen_on

SHOW_IT_THEMSELVES = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractItemView)
MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange)


class FocusRing(QWidget):
    """A ring around one widget; it lies in the page that scrolls with it, and ends with it."""

    def __init__(self, look: Look, around: QWidget) -> None:
        super().__init__(page_of(around))
        self._look, self._around, self._page = look, around, page_of(around)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setObjectName("focus_ring")
        around.installEventFilter(self)
        around.destroyed.connect(self.deleteLater)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the widget that the ring is around."""
        if event.type() in MOVES:
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring."""
        theme = self._look.theme
        radius = theme.radius.control + theme.border.focus_offset + theme.border.focus
        box(pen_on(self), QRectF(self.rect()), radius, None, theme.colors.focus, theme.border.focus)

    def _follow(self) -> None:
        reach = self._look.theme.border.focus + self._look.theme.border.focus_offset
        if not self._page.isAncestorOf(self._around):  # it was moved to another window, and gets a new ring there
            self.hide()
            return
        corner = self._around.mapTo(self._page, QPoint(0, 0))
        self.setGeometry(QRect(corner, self._around.size()).adjusted(-reach, -reach, reach, reach))
        self.setVisible(not self._around.isHidden())
        self.raise_()


class FocusRings(QObject):
    """Puts the ring around whatever gets the focus, in every window."""

    def __init__(self, look: Look, application: QApplication) -> None:
        super().__init__(look)
        self._look = look
        self._ring: FocusRing | None = None
        application.focusChanged.connect(self._move)

    @Slot(QWidget, QWidget)
    def _move(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._ring is not None:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None
        if new is not None and not isinstance(new, SHOW_IT_THEMSELVES) and new.parentWidget() is not None:
            self._ring = FocusRing(self._look, new)
            self._ring.destroyed.connect(self._forget)

    @Slot()
    def _forget(self) -> None:
        self._ring = None


def page_of(widget: QWidget) -> QWidget:
    """Return the widget that scrolls with this one, or its window."""
    while (above := widget.parentWidget()) is not None:
        if widget.isWindow() or isinstance(above.parentWidget(), QAbstractScrollArea):
            break
        widget = above
    return widget
