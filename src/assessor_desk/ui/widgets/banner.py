"""The strip that says what concerns a whole page, and the notice that says it inside one."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from assessor_desk.ui.naming import named, told
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.buttons import Button, Height, Kind
from assessor_desk.ui.widgets.paint import box, cut, measure, pen_on, rule, write
from assessor_desk.ui.widgets.pills import Tone, tone_ink, tone_wash

GAP = 8


class Banner(QWidget):
    """A strip with an icon, a strong beginning, the rest, and at most one action; it stays while it is true.

    Signals:
        followed: the action was taken
    """

    followed = Signal()

    def __init__(
        self,
        look: Look,
        object_name: str,
        icon: str,
        strong: str,
        rest: str,
        tone: Tone,
        action: str = "",
        notice: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._icon, self._strong, self._rest, self._tone, self._notice = (
            look,
            icon,
            strong,
            rest,
            tone,
            notice,
        )
        named(self, object_name, f"{strong} {rest}".strip())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, look.theme.space[4], 0)
        row.addStretch(1)
        self._action: Button | None = None
        if action:
            ink = "text2" if tone is Tone.NEUTRAL else tone.value
            name = f"{object_name}_action"
            self._action = Button(look, name, action, kind=Kind.QUIET, height=Height.COMPACT, ink=ink)
            self._action.clicked.connect(self.followed)
            row.addWidget(self._action, 0, Qt.AlignmentFlag.AlignVCenter)

    def sizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        theme = self._look.theme
        words = measure(self._strong, theme.font(Style.SMALL, 600)) + measure(f" {self._rest}", theme.font(Style.SMALL))
        action = self._action.sizeHint().width() + theme.space[5] if self._action else 0
        wide = self._left() + words + action + theme.space[5] + 2
        return QSize(round(wide), theme.px(theme.tokens.layout["banner"]))

    def minimumSizeHint(self) -> QSize:
        """Return the size at which the words are cut, and told in the tooltip."""
        return QSize(self._look.theme.px(160), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint surface, icon and words."""
        theme, colors, painter, rect = self._look.theme, self._look.colors, pen_on(self), QRectF(self.rect())
        ink, wash, edge = tone_ink(colors, self._tone), tone_wash(colors, self._tone), self._edge()
        if self._notice:
            box(painter, rect, theme.radius.control, wash, edge, theme.border.hair)
        else:
            painter.fillRect(rect, wash)
            rule(painter, rect.bottomLeft(), rect.bottomRight(), edge, 2 * theme.border.hair)
        size = theme.icon.default
        self._look.paint_icon(painter, self._icon, self._edge_left(), (rect.height() - size) / 2, size, ink)
        rect.setLeft(self._left())
        rect.setRight(self._action.x() - theme.space[4] if self._action else rect.right() - theme.space[4])
        write(painter, rect, self._strong, theme.font(Style.SMALL, 600), ink)
        if self._strong:
            rect.setLeft(rect.left() + measure(f"{self._strong} ", theme.font(Style.SMALL, 600)))
        write(painter, rect, self._rest, theme.font(Style.SMALL), ink)
        told(
            self, self.accessibleName() if cut(self._rest, theme.font(Style.SMALL), rect.width()) != self._rest else ""
        )

    def _edge(self) -> QColor:
        colors = self._look.colors
        edges = {
            Tone.WARNING: colors.warning_border,
            Tone.DANGER: colors.danger_border,
            Tone.SUCCESS: colors.success_border,
        }
        return edges.get(self._tone, colors.accent_wash2)

    def _edge_left(self) -> int:
        return self._look.theme.space[5 if self._notice else 6]

    def _left(self) -> int:
        return self._edge_left() + self._look.theme.icon.default + self._look.theme.px(GAP)
