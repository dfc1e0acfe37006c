"""The strip over a page: what page it is, or which portfolio is open, and what can be done."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from assessor_desk.ui.frame.folding import fold
from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.buttons import Button, Kind
from assessor_desk.ui.widgets.paint import pen_on
from assessor_desk.ui.widgets.pills import Pill, Tone
from assessor_desk.ui.widgets.words import Words


class Strip(QWidget):
    """A strip with a line below it, of one of the layout's heights."""

    def __init__(self, look: Look, object_name: str, spoken: str, height: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._height = look, height
        named(self, object_name, spoken)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(look.theme.space[6], 0, look.theme.space[6], look.theme.border.hair)
        self.row.setSpacing(look.theme.space[4])
        self.optional: tuple[QWidget, ...] = ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        super().resizeEvent(event)
        fold(self.row, self.width(), self.optional)

    def minimumSizeHint(self) -> QSize:
        """Return the height, and no width that the window would have to keep."""
        return QSize(0, self.sizeHint().height())

    def sizeHint(self) -> QSize:
        """Return the strip's height."""
        theme = self._look.theme
        return QSize(super().sizeHint().width(), theme.px(theme.tokens.layout[self._height]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strip."""
        colors, painter, hair = self._look.colors, pen_on(self), self._look.theme.border.hair
        painter.fillRect(self.rect(), colors.panel)
        painter.fillRect(QRectF(0, self.height() - hair, self.width(), hair), colors.border)


class PageHeader(Strip):
    """A page's title, one short line of facts, and at the right its search and actions."""

    def __init__(self, look: Look, title: str, actions: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        super().__init__(look, "page_header", title, "page_header", parent)
        self._title = Words(look, title, Style.TITLE)
        self._fact = Words(look, "", Style.SMALL, "text2")
        self.row.addWidget(self._title)
        self.row.addSpacing(look.theme.space[2])
        self.row.addWidget(self._fact, 1)
        for action in actions:
            self.row.addWidget(action)

    def show_fact(self, words: str) -> None:
        """Show the page's short line of facts."""
        self._fact.setText(words)


class ContextHeader(Strip):
    """Which portfolio is open, when it is due, and where its work goes on.

    Signals:
        back: back to where one came from
        stepped: -1 for the portfolio before, 1 for the next
        feedback_wanted: the letter
        submit_wanted: the check before signing
    """

    back = Signal()
    stepped = Signal(int)
    feedback_wanted = Signal()
    submit_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "context_header", "", "context_header", parent)
        tr = self.tr
        self.row.setContentsMargins(look.theme.space[4], 0, look.theme.space[6], look.theme.border.hair)
        quiet = Kind.QUIET
        self._code = Words(look, "", Style.READING, weight=600)
        self._credential = Words(look, "", Style.READING, weight=600)
        self._round = Pill(look, "round", "")
        self._due = Pill(look, "due", "")
        self._number = Words(look, "", Style.SMALL, "text2")
        back = Button(look, "back", "", spoken=tr("Back"), kind=quiet, icon="arrow-left")
        before = Button(look, "portfolio_before", "", spoken=tr("Portfolio before"), kind=quiet, icon="chevron-up")
        after = Button(look, "portfolio_after", "", spoken=tr("Next portfolio"), kind=quiet, icon="chevron-down")
        feedback = Button(look, "feedback", tr("Feedback"), icon="pen-line")
        submit = Button(look, "check_and_submit", tr("Check and submit…"), kind=Kind.PRIMARY, icon="signature")
        for part in (back, self._code, self._credential, self._round, self._due):
            self.row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.row.addStretch(1)
        self.optional = (self._number, self._round, self._code, feedback)
        for part in (self._number, before, after, feedback, submit):
            self.row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        back.clicked.connect(self.back)
        before.clicked.connect(lambda: self.stepped.emit(-1))
        after.clicked.connect(lambda: self.stepped.emit(1))
        feedback.clicked.connect(self.feedback_wanted)
        submit.clicked.connect(self.submit_wanted)

    def show_portfolio(self, code: str, credential: str, round_: str, due: str, tone: Tone, number: str) -> None:
        """Show which portfolio is open."""
        self._code.setText(code)
        self._credential.setText(credential)
        self._round.show_state(round_, Tone.NEUTRAL)
        self._due.show_state(due, tone, "clock")
        self._number.setText(number)
        self.setAccessibleName(f"{code}, {credential}, {round_}, {due}")
