"""Buttons in three heights: one primary a view, standard, quiet and danger."""

from enum import StrEnum
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from assessor_desk.ui.naming import literal, named, told
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style, Theme
from assessor_desk.ui.widgets.paint import box, measure, pen_on, write


class Kind(StrEnum):
    """How much a button asks for attention."""

    PRIMARY = "primary"
    STANDARD = "standard"
    QUIET = "quiet"
    DANGER = "danger"


class Height(StrEnum):
    """How high a button is."""

    COMPACT = "compact"
    DEFAULT = "default"
    LARGE = "large"


PADDING = {Height.COMPACT: 9, Height.DEFAULT: 12, Height.LARGE: 15}
STYLE = {Height.COMPACT: Style.SMALL, Height.DEFAULT: Style.SMALL, Height.LARGE: Style.BODY}


class Button(QPushButton):
    """A button with words, an icon or both, and its key printed after the words.

    A quiet one can take the `ink` of what it stands on, such as a banner.

    Listen to Qt's own `clicked`, and to `toggled` where it was made checkable.
    """

    def __init__(
        self,
        look: Look,
        object_name: str,
        words: str,
        *,
        spoken: str = "",
        kind: Kind = Kind.STANDARD,
        height: Height = Height.DEFAULT,
        icon: str = "",
        trailing: str = "",
        key: str = "",
        checkable: bool = False,
        ink: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._kind, self._height, self._icon, self._trailing = look, kind, height, icon, trailing
        self._words, self._key, self._ink = words, key, ink
        named(self, object_name, spoken or words)
        self.setText(literal(words))
        self.setCheckable(checkable)
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if not words:
            told(self, f"{spoken} ({key})" if key else spoken)

    def say(self, words: str) -> None:
        """Change the words, and with them what is spoken."""
        self._words = words
        self.setText(literal(words))
        self.setAccessibleName(words)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        theme = self._look.theme
        high: int = getattr(theme.control, self._height)
        if not (self._words or self._key):
            return QSize(high, high)
        wide = 2 * theme.px(PADDING[self._height]) + measure(self._words, self._face())
        wide += sum(theme.icon.default + theme.space[3] for each in (self._icon, self._trailing) if each)
        wide += measure(self._key, self._key_face()) + theme.space[4] if self._key else 0
        return QSize(ceil(wide), high)

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint surface, icon, words and key."""
        theme, painter, rect = self._look.theme, pen_on(self), QRectF(self.rect())
        fill, edge, ink, icon_ink = self._dress(theme)
        box(painter, rect, theme.radius.control, fill, edge, theme.border.hair)
        if not (self._words or self._key):
            air = (rect.height() - theme.icon.default) / 2
            self._look.paint_icon(painter, self._icon, air, air, theme.icon.default, icon_ink)
            return
        inner = rect.adjusted(theme.px(PADDING[self._height]), 0, -theme.px(PADDING[self._height]), 0)
        top = (rect.height() - theme.icon.default) / 2
        if self._icon:
            self._look.paint_icon(painter, self._icon, inner.left(), top, theme.icon.default, icon_ink)
            inner.setLeft(inner.left() + theme.icon.default + theme.space[3])
        if self._trailing:
            left = inner.right() - theme.icon.default
            self._look.paint_icon(painter, self._trailing, left, top, theme.icon.default, icon_ink)
        write(painter, inner, self._words, self._face(), ink)
        if self._key:
            inner.setLeft(inner.left() + measure(self._words, self._face()) + theme.space[4])
            write(painter, inner, self._key, self._key_face(), ink if self._kind is Kind.PRIMARY else icon_ink)

    def _face(self) -> QFont:
        return self._look.theme.font(STYLE[self._height], 500)

    def _key_face(self) -> QFont:
        return self._look.theme.font(Style.CAPTION, 400)

    def _dress(self, theme: Theme) -> tuple[QColor | None, QColor | None, QColor, QColor]:
        """Return fill, edge, ink and the icon's ink for the state that the button is in."""
        colors, hot = theme.colors, self.underMouse() or self.isDown()
        if not self.isEnabled():
            quiet = self._kind is Kind.QUIET
            plain = (None, None) if quiet else (colors.panel_alt, colors.border)
            return (*plain, colors.disabled, colors.disabled)
        if self.isChecked():
            return colors.accent_wash, colors.accent, colors.accent, colors.accent
        match self._kind:
            case Kind.PRIMARY:
                fill = colors.accent_fill_hover if hot else colors.accent_fill
                return fill, None, colors.on_accent, colors.on_accent
            case Kind.QUIET:
                ink = getattr(colors, self._ink) if self._ink else colors.text
                return (colors.sunken if hot and not self._ink else None), None, ink, ink if self._ink else colors.text2
            case Kind.DANGER:
                fill = colors.danger_wash if hot else colors.panel
                return fill, colors.danger_border, colors.danger, colors.danger
        return (colors.sunken if hot else colors.panel), colors.border_strong, colors.text, colors.text2
