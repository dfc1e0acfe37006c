"""One piece of evidence in a criterion's list: what kind, where, what it says; go there or remove it."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from assessor_desk.ui.naming import named, told
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.buttons import Button, Height, Kind
from assessor_desk.ui.widgets.paint import box, cut, measure, pen_on, write

HEIGHT, PADDING = 25, 8


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one row shows: the icon of its kind, the place as a link, the quote, and the whole as it is spoken."""

    id: str
    icon: str
    place: str
    quote: str
    spoken: str


class EvidenceRow(QWidget):
    """A row that leads to its place, with a cross that takes the link away.

    Signals:
        followed: the evidence's id; somebody wants to see its place
        removed: the evidence's id; somebody wants the link away
    """

    followed = Signal(str)
    removed = Signal(str)

    def __init__(self, look: Look, evidence: Evidence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._evidence = evidence
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._place = _Place(look, evidence, self)
        cross = self.tr("Remove {0}").format(evidence.place)
        self._cross = Button(
            look, f"remove_{evidence.id}", "", spoken=cross, kind=Kind.QUIET, height=Height.COMPACT, icon="x"
        )
        row.addWidget(self._place, 1)
        row.addWidget(self._cross)
        named(self, f"evidence_row_{evidence.id}", evidence.spoken)
        self._place.clicked.connect(self._follow)
        self._place.emptied.connect(self._remove)
        self._cross.clicked.connect(self._remove)
        self._look = look

    def sizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return QSize(self._place.sizeHint().width() + self._cross.sizeHint().width(), self._look.theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row's surface."""
        theme, colors = self._look.theme, self._look.colors
        box(pen_on(self), QRectF(self.rect()), theme.radius.chip, colors.panel_alt, colors.border, theme.border.hair)

    @Slot()
    def _follow(self) -> None:
        self.followed.emit(self._evidence.id)

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self._evidence.id)


class _Place(QPushButton):
    """The part of the row that leads to the place."""

    emptied = Signal()

    def __init__(self, look: Look, evidence: Evidence, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._evidence = look, evidence
        named(self, f"place_{evidence.id}", evidence.spoken)
        self.setFlat(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        theme = self._look.theme
        wide = self._quote_left() + measure(self._evidence.quote, theme.font(Style.SMALL)) + theme.px(PADDING)
        return QSize(round(wide) + 1, theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the size at which the place can still be read."""
        return QSize(round(self._quote_left()) + self._look.theme.px(24), self._look.theme.px(HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the link away with Delete."""
        if event.key() == Qt.Key.Key_Delete:
            self.emptied.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep the focus ring where the click was."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint icon, place and quote."""
        theme, colors, painter, rect = self._look.theme, self._look.colors, pen_on(self), QRectF(self.rect())
        size = theme.icon.small
        self._look.paint_icon(
            painter, self._evidence.icon, theme.px(PADDING), (rect.height() - size) / 2, size, colors.text2
        )
        rect.setLeft(theme.px(PADDING) + size + theme.px(7))
        write(painter, rect, self._evidence.place, theme.font(Style.SMALL, 500), colors.accent)
        rect.setLeft(self._quote_left())
        shown = write(painter, rect, self._evidence.quote, theme.font(Style.SMALL), colors.text2)
        told(self, "" if shown == cut(self._evidence.quote, theme.font(Style.SMALL), 1e6) else self._evidence.quote)

    def _quote_left(self) -> float:
        theme = self._look.theme
        start = theme.px(PADDING) + theme.icon.small + theme.px(7)
        return start + measure(self._evidence.place, theme.font(Style.SMALL, 500)) + theme.px(8)
