"""Text to read, one line or a paragraph, always plain: nothing in it is ever taken for markup or a shortcut."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from assessor_desk.ui.naming import told
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.paint import LEFT, cut, measure, pen_on, write


class Words(QLabel):
    """One line in a style and ink of the theme; what does not fit ends in … and is told whole in the tooltip."""

    def __init__(
        self,
        look: Look,
        text: str,
        style: Style = Style.BODY,
        ink: str = "text",
        weight: int | None = None,
        align: Qt.AlignmentFlag = LEFT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._style, self._ink, self._weight, self._align = look, style, ink, weight, align
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)
        look.changed.connect(self._hint)

    def face(self) -> QFont:
        """Return the font that the words are set in."""
        return self._look.theme.font(self._style, self._weight)

    def color(self) -> QColor:
        """Return the ink that is worn now; disabled text is dim."""
        found: QColor = getattr(self._look.colors, self._ink if self.isEnabled() else "disabled")
        return found

    def sizeHint(self) -> QSize:
        """Return the size of the whole line."""
        return QSize(ceil(measure(self.text(), self.face())), self._look.theme.line(self._style))

    def minimumSizeHint(self) -> QSize:
        """Return the size that a word cut short still needs."""
        return QSize(min(self.sizeHint().width(), self._look.theme.px(24)), self._look.theme.line(self._style))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the line."""
        write(pen_on(self), QRectF(self.rect()), self.text(), self.face(), self.color(), self._align)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell in the tooltip what the line cannot show."""
        super().resizeEvent(event)
        self._hint()

    @Slot()
    def _hint(self) -> None:
        short = cut(self.text(), self.face(), self.width())
        told(self, self.text() if short.endswith("…") and short != self.text() else "")


class Paragraph(Words):
    """Text over several lines with the line height of its style."""

    def __init__(
        self,
        look: Look,
        text: str,
        style: Style = Style.BODY,
        ink: str = "text",
        weight: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, text, style, ink, weight, parent=parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Return that the height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width."""
        return len(lines(self.text(), self.face(), width)) * self._look.theme.line(self._style)

    def sizeHint(self) -> QSize:
        """Return a size of about sixty letters a line."""
        wide = min(super().sizeHint().width(), self._look.theme.px(420))
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the longest word."""
        longest = max((measure(word, self.face()) for word in self.text().split()), default=0.0)
        return QSize(ceil(longest), self._look.theme.line(self._style))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write all lines."""
        step, painter = self._look.theme.line(self._style), pen_on(self)
        for number, line in enumerate(lines(self.text(), self.face(), self.width())):
            place = QRectF(0, number * step, self.width(), step)
            write(painter, place, line, self.face(), self.color())

    @Slot()
    def _hint(self) -> None:
        """A paragraph is never cut short."""


def lines(text: str, font: QFont, width: float) -> list[str]:
    """Return the lines that a text breaks into at a width, at words where it can."""
    return [line for paragraph in text.splitlines() or [""] for line in _broken(paragraph, font, width)]


def _broken(text: str, font: QFont, width: float) -> list[str]:
    layout = QTextLayout(text, font)
    found = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        line.setPosition(QPointF(0, 0))
        found.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip())
    layout.endLayout()
    return found or [""]


def baseline(rect: QRectF, font: QFont) -> float:
    """Return where a line that stands in the middle of a rectangle has its feet."""
    metrics = QFontMetricsF(font)
    return rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
