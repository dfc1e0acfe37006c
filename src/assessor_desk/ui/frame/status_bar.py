"""The status bar: how the desk stands with the hub, where the work is, and the most useful keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from assessor_desk.ui.frame.folding import fold
from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.keys import KeyCap
from assessor_desk.ui.widgets.paint import pen_on
from assessor_desk.ui.widgets.pills import Tone
from assessor_desk.ui.widgets.status import Fact, StatusLine
from assessor_desk.ui.widgets.words import Words


class Connection(StrEnum):
    """How the desk stands with the hub; exactly one holds."""

    SYNCED = "synced"
    SENDING = "sending"
    OFFLINE = "offline"
    NOT_ANSWERING = "not answering"
    NEEDS_YOU = "needs you"


@dataclass(frozen=True, slots=True)
class Hint:
    """Keys and what they do here."""

    keys: tuple[str, ...]
    words: str


ICONS = {
    Connection.SYNCED: ("cloud-check", Tone.SUCCESS, False),
    Connection.SENDING: ("refresh-cw", Tone.ACCENT, False),
    Connection.OFFLINE: ("cloud-off", Tone.WARNING, True),
    Connection.NOT_ANSWERING: ("wifi-off", Tone.WARNING, True),
    Connection.NEEDS_YOU: ("circle-alert", Tone.DANGER, True),
}


class StatusBar(QWidget):
    """The strip at the window's foot.

    Signals:
        activity_wanted: somebody wants to see what was sent and received
    """

    activity_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._kind: Connection | None = None
        named(self, "status_bar", self.tr("Status"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._connection = StatusLine(look, "connection")
        self._connection.clicked.connect(self.activity_wanted)
        self._saved = Fact(look, "saved", "save", "")
        self._encrypted = Fact(look, "encrypted", "lock", self.tr("Encrypted"))
        self._keys = QWidget()
        self._hints = QHBoxLayout(self._keys)
        self._hints.setContentsMargins(0, 0, 0, 0)
        self._hints.setSpacing(look.theme.space[4])
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(look.theme.px(10), 1, look.theme.px(10), 0)
        row.setSpacing(look.theme.space[5])
        row.addWidget(self._connection)
        row.addWidget(self._saved)
        row.addStretch(1)
        row.addWidget(self._keys)
        row.addWidget(self._encrypted)
        self.show_connection(Connection.SYNCED, self.tr("Synced"))

    def show_connection(self, kind: Connection, strong: str, rest: str = "") -> None:
        """Show how the desk stands with the hub; said aloud, politely, only when the kind changes."""
        icon, tone, whole = ICONS[kind]
        self._connection.show_state(icon, strong, rest, tone, whole)
        if self._kind not in (None, kind):
            announcement = QAccessibleAnnouncementEvent(self._connection, self._connection.accessibleName())
            QAccessible.updateAccessibility(announcement)
        self._kind = kind

    def show_saved(self, words: str, icon: str = "save") -> None:
        """Show where the work is."""
        self._saved.setVisible(bool(words))
        self._saved.say(words, icon)

    def show_hints(self, hints: Sequence[Hint]) -> None:
        """Show the most useful keys of the page."""
        while (item := self._hints.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for hint in hints:
            for key in hint.keys:
                self._hints.addWidget(KeyCap(self._look, key))
            self._hints.addWidget(Words(self._look, hint.words, Style.SMALL, "text2"))
        self._fold()

    def _fold(self) -> None:
        fold(self._row, self.width(), (self._keys, self._encrypted))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        super().resizeEvent(event)
        self._fold()

    def minimumSizeHint(self) -> QSize:
        """Return the height, and no width that the window would have to keep."""
        return QSize(0, self.sizeHint().height())

    def sizeHint(self) -> QSize:
        """Return the strip's height."""
        theme = self._look.theme
        return QSize(super().sizeHint().width(), theme.px(theme.tokens.layout["status_bar"]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strip and the lines between its facts."""
        colors, painter, hair = self._look.colors, pen_on(self), self._look.theme.border.hair
        painter.fillRect(self.rect(), colors.window)
        painter.fillRect(QRectF(0, 0, self.width(), hair), colors.border)
        for fact, shift in ((self._saved, -6), (self._encrypted, -6)):
            if fact.isVisible():
                painter.fillRect(QRectF(fact.x() + shift, self.height() / 2 - 6, 1, 13), colors.border_strong)
