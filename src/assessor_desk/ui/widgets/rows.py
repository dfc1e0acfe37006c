"""How rows of lists look: headings, groups, one line or two; no widgets inside."""

from enum import StrEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from assessor_desk.ui.naming import named, plain_tooltip
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.paint import box, rule, write

Index = QModelIndex | QPersistentModelIndex
KIND = int(Qt.ItemDataRole.UserRole)
SECOND = KIND + 1
COUNT = KIND + 2
OPEN = KIND + 3
FREE = KIND + 8
"""The first role that a model may use for something of its own."""
PADDING, BAR = 12, 3


class RowKind(StrEnum):
    """What kind of row it is, and with it how high."""

    HEADING = "header"
    GROUP = "group"
    SINGLE = "single"
    DEFAULT = "default"
    TWO_LINES = "two_line"


class RowDelegate(QStyledItemDelegate):
    """Paints what all rows share and calls `paint_content` for the rest.

    Models answer `KIND`, and for two lines `SECOND`; groups answer `COUNT` and `OPEN`.
    """

    def __init__(self, look: Look, view: QAbstractItemView) -> None:
        super().__init__(view)
        self.look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of the row's kind."""
        return QSize(0, getattr(self.look.theme.row, kind_of(index)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_ground(painter, option, index)
        self.paint_content(painter, option, index)
        painter.restore()

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint surface, selection, hover, focus and the line below."""
        theme, colors, rect = self.look.theme, self.look.colors, QRectF(option.rect)
        state = option.state
        quiet = kind_of(index) in (RowKind.HEADING, RowKind.GROUP)
        selected = bool(state & QStyle.StateFlag.State_Selected) and not quiet
        hot = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = colors.accent_wash if selected else colors.panel_alt if hot or quiet else colors.panel
        painter.fillRect(rect, ground)
        foot = rect.bottom() - theme.border.hair / 2
        rule(painter, QPointF(rect.left(), foot), QPointF(rect.right(), foot), colors.border, theme.border.hair)
        if selected:
            painter.fillRect(QRectF(rect.left(), rect.top(), BAR, rect.height() - 1), colors.accent)
        if state & QStyle.StateFlag.State_HasFocus:
            box(painter, rect.adjusted(1, 1, -1, -2), theme.radius.chip, None, colors.focus, theme.border.focus)

    def paint_content(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the words of one row."""
        theme, colors = self.look.theme, self.look.colors
        rect = QRectF(option.rect).adjusted(theme.px(PADDING), 0, -theme.px(PADDING), -1)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        match kind_of(index):
            case RowKind.HEADING:
                write(painter, rect, words, theme.font(Style.SMALL), colors.text3)
            case RowKind.GROUP:
                self._paint_group(painter, rect, words, index)
            case RowKind.TWO_LINES:
                first, second = theme.line(Style.BODY), theme.line(Style.SMALL)
                top = rect.center().y() - (first + second) / 2
                write(
                    painter,
                    QRectF(rect.left(), top, rect.width(), first),
                    words,
                    theme.font(Style.BODY, 500),
                    colors.text,
                )
                below = QRectF(rect.left(), top + first, rect.width(), second)
                selected = bool(option.state & QStyle.StateFlag.State_Selected)
                ink = colors.text2 if selected else colors.text3
                write(painter, below, str(index.data(SECOND) or ""), theme.font(Style.SMALL), ink)
            case _:
                write(painter, rect, words, theme.font(Style.BODY), colors.text)

    def _paint_group(self, painter: QPainter, rect: QRectF, words: str, index: Index) -> None:
        theme, colors, size = self.look.theme, self.look.colors, self.look.theme.icon.small
        arrow = "chevron-down" if index.data(OPEN) is not False else "chevron-right"
        self.look.paint_icon(painter, arrow, rect.left(), rect.center().y() - size / 2, size, colors.text2)
        count = index.data(COUNT)
        shown = words if count is None else f"{words}  {count}"
        write(painter, rect.adjusted(size + 6, 0, 0, 0), shown, theme.font(Style.SMALL, 600), colors.text2)


class RowList(QListView):
    """A list of rows; hovered rows show it, the current one has the ring, and nothing can be edited in place."""

    def __init__(self, look: Look, object_name: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, object_name, spoken)
        self.setItemDelegate(RowDelegate(look, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look.changed.connect(self.doItemsLayout)


def kind_of(index: Index) -> RowKind:
    """Return a row's kind."""
    return RowKind(index.data(KIND) or RowKind.DEFAULT)


def row_tooltip(words: str) -> str:
    """Return what a model answers for the tooltip role."""
    return plain_tooltip(words)
