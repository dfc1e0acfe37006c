"""Fields for one line and for paragraphs: their border says focus and fault, and they take no markup."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFocusEvent, QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.paint import RIGHT, box, measure, pen_on, write

PADDING = 9


class Field(QLineEdit):
    """A line to fill in, with an icon before it and its key after it where there is room.

    Listen to Qt's own `textEdited` and `editingFinished`.
    """

    def __init__(
        self,
        look: Look,
        object_name: str,
        spoken: str,
        *,
        prompt: str = "",
        icon: str = "",
        key: str = "",
        code: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._icon, self._key, self._code = look, icon, key, code
        self._fault = ""
        named(self, object_name, spoken)
        self.setPlaceholderText(prompt)
        self.setFrame(False)
        self.setAttribute(Qt.WidgetAttribute.WA_MacShowFocusRect, False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._dress)
        self._dress()

    def blame(self, fault: str) -> None:
        """Show that what stands here cannot be taken, and say why to who hears the window; nothing takes it back."""
        self._fault = fault
        self.setAccessibleDescription(fault)
        self._dress()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of about twenty letters."""
        return QSize(self._look.theme.px(190), self._look.theme.control.default)

    def minimumSizeHint(self) -> QSize:
        """Return the size of a few letters."""
        return QSize(self._look.theme.px(80), self._look.theme.control.default)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint border, icon, text and key."""
        painter = pen_on(self)
        paint_frame(painter, self._look, self, bool(self._fault))
        theme, colors, rect = self._look.theme, self._look.colors, QRectF(self.rect())
        top = (rect.height() - theme.icon.default) / 2
        if self._icon:
            self._look.paint_icon(painter, self._icon, theme.px(PADDING), top, theme.icon.default, colors.text2)
        if self._fault:
            right = rect.right() - theme.icon.default - theme.px(7)
            self._look.paint_icon(painter, "circle-alert", right, top, theme.icon.default, colors.text2)
        elif self._key and not self.text():
            write(painter, rect.adjusted(0, 0, -theme.px(PADDING), 0), self._key, self._key_face(), colors.text3, RIGHT)
        painter.end()
        super().paintEvent(event)

    @Slot()
    def _dress(self) -> None:
        theme = self._look.theme
        self.setFont(theme.code_font() if self._code else theme.font(Style.BODY))
        left = theme.px(PADDING) + (theme.icon.default + theme.px(3) if self._icon else -2)
        end = theme.icon.default if self._fault else measure(self._key, self._key_face())
        self.setTextMargins(left, 0, theme.px(PADDING) - 2 + (round(end) + theme.space[2] if end else 0), 0)
        self.updateGeometry()

    def _key_face(self) -> QFont:
        return self._look.theme.font(Style.SMALL)


class TextArea(QPlainTextEdit):
    """Paragraphs to write; Tab moves on, because it never means anything else.

    Listen to Qt's own `textChanged`.
    """

    def __init__(self, look: Look, object_name: str, spoken: str, rows: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._rows = look, rows
        named(self, object_name, spoken)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        look.changed.connect(self._dress)
        self._dress()

    def sizeHint(self) -> QSize:
        """Return the size of the rows asked for."""
        theme = self._look.theme
        return QSize(theme.px(320), self._rows * self.fontMetrics().lineSpacing() + 2 * theme.space[4] + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the size of two rows."""
        return QSize(self._look.theme.px(120), 2 * self.fontMetrics().lineSpacing() + 2 * self._look.theme.space[4])

    def event(self, event: QEvent) -> bool:
        """Paint the border around the page, where Qt would paint a frame of its own."""
        if event.type() is QEvent.Type.Paint:
            paint_frame(pen_on(self), self._look, self, False)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus in the border."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the focus is gone."""
        super().focusOutEvent(event)
        self.update()

    @Slot()
    def _dress(self) -> None:
        theme = self._look.theme
        self.setFont(theme.font(Style.READING))
        inks = self.palette()
        inks.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))  # the surface is painted with the border
        inks.setColor(QPalette.ColorRole.Text, theme.colors.text)
        inks.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, theme.colors.disabled)
        inks.setColor(QPalette.ColorRole.Highlight, theme.colors.accent_wash2)
        inks.setColor(QPalette.ColorRole.HighlightedText, theme.colors.text)
        self.setPalette(inks)
        self.setViewportMargins(theme.px(PADDING), theme.space[4], theme.space[2], theme.space[4])
        self.updateGeometry()


def paint_frame(painter: QPainter, look: Look, widget: QWidget, fault: bool) -> None:
    """Paint the surface and border that all fields share."""
    theme, colors, rect = look.theme, look.colors, QRectF(widget.rect())
    if not widget.isEnabled():
        box(painter, rect, theme.radius.control, colors.panel_alt, colors.border, theme.border.hair)
    elif widget.hasFocus() or widget.property("posed_focus"):
        box(painter, rect, theme.radius.control, colors.panel, colors.focus, theme.border.focus)
    else:
        edge = colors.danger if fault else colors.control_border
        box(painter, rect, theme.radius.control, colors.panel, edge, theme.border.hair)
