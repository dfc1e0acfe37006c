"""A list with a row of every kind and state."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.widgets.card import Card
from assessor_desk.ui.widgets.paint import box, pen_on
from assessor_desk.ui.widgets.rows import KIND, SECOND, Index, RowDelegate, RowKind, RowList

ROWS = (
    (RowKind.HEADING, "Heading, 28", ""),
    (RowKind.TWO_LINES, "Two-line row, 44", "Second line"),
    (RowKind.TWO_LINES, "Selected", "Second line in text2"),
    (RowKind.DEFAULT, "Hover, 36", ""),
)
HOVERED = 3
ROOT = QModelIndex()


class SampleModel(QAbstractListModel):
    """A row of every kind."""

    def __init__(self, rows: Sequence[tuple[RowKind, str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = tuple(rows)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = ROOT) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what one row says."""
        kind, first, second = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return first
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{first}, {second}" if second else first
            case role if role == KIND:
                return kind
            case role if role == SECOND:
                return second
        return None


class PosedDelegate(RowDelegate):
    """Shows one row as it looks under the mouse."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        if index.row() == HOVERED:
            option.state |= QStyle.StateFlag.State_MouseOver
        super().paint(painter, option, index)


class Framed(Card):
    """A list with round corners around it."""

    def __init__(self, look: Look, inside: QWidget) -> None:
        super().__init__(look)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(inside)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge."""
        theme = self._look.theme
        box(pen_on(self), QRectF(self.rect()), theme.radius.card, theme.colors.panel, theme.colors.border, 1)


def sample_list(look: Look) -> QWidget:
    """Return the list in its frame."""
    view = RowList(look, "sample_rows", "Rows")
    view.setItemDelegate(PosedDelegate(look, view))
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    model = SampleModel(ROWS, view)
    view.setModel(model)
    view.selectionModel().setCurrentIndex(model.index(2), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    return Framed(look, view)
