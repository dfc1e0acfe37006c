"""Dialogs: a sheet in the middle of the window over a plain scrim."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.buttons import Button, Kind
from assessor_desk.ui.widgets.card import Card
from assessor_desk.ui.widgets.words import Paragraph, Words

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Sheet(QWidget):
    """A dialog that covers its window with a scrim; Tab stays inside, Enter is the primary, Esc is Cancel.

    Signals:
        accepted: the primary was taken
        cancelled: Esc, or the button that cancels
    """

    accepted = Signal()
    cancelled = Signal()

    def __init__(
        self,
        look: Look,
        object_name: str,
        title: str,
        sentence: str,
        content: QWidget,
        primary: str,
        *,
        cancel: str = "",
        key: str = "",
        size: str = "dialog_small",
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._look, self._size, self._window, self._content = look, size, window, content
        named(self, object_name, title).setAccessibleDescription(sentence)
        self._before: QWidget | None = QApplication.focusWidget()
        self._first: QWidget | None = None
        self._card = Card(look, "dialog", "border_strong", self)
        self.primary = Button(look, f"{object_name}_primary", primary, kind=Kind.PRIMARY, key=key)
        self._cancel = Button(look, f"{object_name}_cancel", cancel or self.tr("Cancel"))
        self._fill(title, sentence, content, [self._cancel, self.primary])
        self.primary.clicked.connect(self._accept)
        self._cancel.clicked.connect(self.cancel)
        window.installEventFilter(self)

    def open_at(self, first: QWidget) -> None:
        """Show the sheet with the focus on the first field that needs something."""
        self._first = first
        self.place()
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def cancel(self) -> None:
        """Close without doing it."""
        self._leave()
        self.cancelled.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window whatever size it takes."""
        if watched is self._window and event.type() is QEvent.Type.Resize:
            self.place()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep the focus inside."""
        stops = self._stops()
        at = QApplication.focusWidget()
        step = stops.index(at) + (1 if forward else -1) if at in stops else 0
        if stops:
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            stops[step % len(stops)].setFocus(reason)
        return bool(stops)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc as Cancel, and Enter as the button that has the focus, or the primary."""
        focus = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif event.key() in ENTER and not isinstance(focus, QPlainTextEdit):
            (focus if isinstance(focus, QPushButton) else self.primary).click()
        # Every other key ends here: what lies under the scrim must not hear it.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the scrim."""
        QPainter(self).fillRect(event.rect(), self._look.colors.scrim)

    def _fill(self, title: str, sentence: str, content: QWidget, buttons: Sequence[Button]) -> None:
        theme = self._look.theme
        edge = theme.space[7]
        column = self._column = QVBoxLayout(self._card)
        column.setContentsMargins(edge, theme.space[6], edge, theme.space[6])
        column.setSpacing(theme.space[4])
        column.addWidget(Paragraph(self._look, title, Style.TITLE))
        column.addWidget(Paragraph(self._look, sentence, Style.BODY, "text2"))
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(content)
        content.setAutoFillBackground(False)
        self._scroll = named(scroll, "sheet_content", title)
        column.addWidget(scroll, 1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.space[4])
        foot.addStretch(1)
        for button in buttons:
            foot.addWidget(button)
        column.addLayout(foot)

    def place(self) -> None:
        """Cover the window and put the sheet in its middle."""
        theme, room = self._look.theme, self._window.rect()
        self.setGeometry(room)
        wide = min(theme.px(theme.tokens.layout[self._size]), room.width() - 2 * theme.space[8])
        inner = wide - 2 * theme.space[7]
        fluid = self._content.hasHeightForWidth()
        need = self._content.heightForWidth(inner) if fluid else self._content.sizeHint().height()
        rest = self._column.heightForWidth(wide) - self._scroll.sizeHint().height()
        high = min(rest + need + 2, room.height() - 2 * theme.space[8])
        self._card.setGeometry((room.width() - wide) // 2, (room.height() - high) // 2, wide, high)

    def _stops(self) -> list[QWidget]:
        tab = Qt.FocusPolicy.TabFocus
        inside = [each for each in self.findChildren(QWidget) if each.isVisibleTo(self) and each.isEnabled()]
        found = [each for each in inside if each.focusPolicy() & tab == tab]
        ordered: list[QWidget] = []
        at: QWidget | None = self.nextInFocusChain()
        while at is not None and at is not self and len(ordered) < len(found):
            if at in found:
                ordered.append(at)
            at = at.nextInFocusChain()
        return ordered

    @Slot()
    def _accept(self) -> None:
        self._leave()
        self.accepted.emit()

    def _leave(self) -> None:
        self._window.removeEventFilter(self)
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.deleteLater()


def heading(look: Look, words: str) -> Words:
    """Return the small heading of a part of a sheet or an aside."""
    return Words(look, words, Style.SMALL, "text2", 600)
