"""The levels of one criterion to choose from: columns, pairs or rows, whichever their descriptors fit into."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QWidget

from assessor_desk.ui.naming import literal, named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.keys import HEIGHT as KEY
from assessor_desk.ui.widgets.keys import key_width, paint_key
from assessor_desk.ui.widgets.paint import box, measure, pen_on, write
from assessor_desk.ui.widgets.words import lines

NARROWEST, MOST_LINES = 96, 8  # a column is never narrower, and no descriptor in it longer
NAME_COLUMN = 82  # where descriptors stand beside the names
MARK = 15


class Shape(IntEnum):
    """How many levels stand side by side; 0 stands for all. Two levels always stand as rows."""

    COLUMNS = 0
    ROWS = 1
    PAIRS = 2


@dataclass(frozen=True, slots=True)
class Level:
    """One level as the rubric has it."""

    number: int
    name: str
    descriptor: str
    meets: bool


class LevelButton(QRadioButton):
    """One level: name, key, descriptor; chosen it has a strong edge, a wash and a tick."""

    def __init__(self, look: Look, level: Level, count: int, parent: QWidget) -> None:
        super().__init__(literal(level.name), parent)
        self._look, self._level, self._beside = look, level, False
        rule = self.tr("meets the rule") if level.meets else self.tr("not yet")
        spoken = self.tr("{0}, level {1} of {2}, {3}. {4}")
        named(self, f"level_{level.number}", spoken.format(level.name, level.number, count, rule, level.descriptor))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def stand_beside(self, beside: bool) -> None:
        """Put the descriptor beside the name, as in rows, or below it."""
        self._beside = beside
        self.update()

    def hitButton(self, place: QPoint) -> bool:
        """Return that all of it can be pressed."""
        return self.rect().contains(place)

    def height_at(self, width: int, beside: bool) -> int:
        """Return how high the level is at a width."""
        theme = self._look.theme
        step, pad = theme.line(Style.SMALL), theme.space[4]
        rows = len(self.descriptor_lines(width, beside)) * step
        head = theme.px(KEY) + theme.space[1]
        return 2 * pad + (max(rows, head + theme.line(Style.BODY)) if beside else head + rows)

    def descriptor_lines(self, width: int, beside: bool) -> list[str]:
        """Return the lines that the descriptor breaks into at a width."""
        theme = self._look.theme
        room = width - 2 * theme.space[4] - (theme.px(NAME_COLUMN) if beside else 0)
        return lines(self._level.descriptor, theme.font(Style.SMALL), room)

    def head_width(self) -> int:
        """Return how wide name and key are, so that neither is ever cut."""
        theme = self._look.theme
        wide = measure(self._level.name, theme.font(Style.SMALL, 600)) + key_width(theme, str(self._level.number))
        return ceil(wide + 2 * theme.space[4] + theme.space[2])

    def sizeHint(self) -> QSize:
        """Return the size in a column."""
        wide = max(self.head_width(), self._look.theme.px(NARROWEST))
        return QSize(wide, self.height_at(wide, False))

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut, at the width that it has."""
        return QSize(self.head_width(), self.height_at(self.width(), self._beside))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the level."""
        theme, colors, painter, rect = self._look.theme, self._look.colors, pen_on(self), QRectF(self.rect())
        if self.isChecked():
            box(painter, rect, theme.radius.control, colors.accent_wash, colors.accent, theme.border.selected)
        elif self.underMouse() and self.isEnabled():
            box(painter, rect.adjusted(1, 1, -1, -1), theme.radius.control, colors.panel_alt, None, 0)
        pad, step = theme.space[4], theme.line(Style.SMALL)
        ink = colors.accent if self.isChecked() else colors.text
        name = QRectF(pad, pad, rect.width() - 2 * pad, theme.px(KEY))
        write(
            painter, name, self._level.name, theme.font(Style.SMALL, 600), ink if self.isEnabled() else colors.disabled
        )
        self._paint_key(painter, name)
        left = pad + (theme.px(NAME_COLUMN) if self._beside else 0)
        top = pad if self._beside else name.bottom() + theme.space[1]
        faint = colors.text if self.isChecked() else colors.text2
        for number, line in enumerate(self.descriptor_lines(self.width(), self._beside)):
            place = QRectF(left, top + number * step, rect.width() - left - pad + 2, step)
            write(painter, place, line, theme.font(Style.SMALL), faint if self.isEnabled() else colors.disabled)

    def _paint_key(self, painter: QPainter, name: QRectF) -> None:
        theme, key, size = self._look.theme, str(self._level.number), self._look.theme.px(MARK)
        wide = key_width(theme, key)
        if self._beside:
            below = QPointF(name.left(), name.bottom() + theme.space[1])
            paint_key(painter, theme, below, key)
            if self.isChecked():
                after = name.left() + measure(self._level.name, theme.font(Style.SMALL, 600)) + 4
                self._look.paint_icon(painter, "circle-check", after, name.top() + 1, size, theme.colors.accent)
        elif self.isChecked():
            self._look.paint_icon(
                painter, "circle-check", name.right() - size, name.top() + 1, size, theme.colors.accent
            )
        else:
            paint_key(painter, theme, QPointF(name.right() - wide, name.top()), key)


class LevelGrid(QWidget):
    """All levels of one criterion; a digit, a click or an arrow chooses.

    Signals:
        chosen: the level, once for each choice that changes something
        not_found: looked for, not found (the key 0)
    """

    chosen = Signal(int)
    not_found = Signal()

    def __init__(self, look: Look, criterion: str, levels: Sequence[Level], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._levels = look, tuple(levels)
        named(self, "level_grid", self.tr("Level of {0}").format(criterion))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._group = QButtonGroup(self)
        self._buttons = [LevelButton(look, level, len(self._levels), self) for level in self._levels]
        for button, level in zip(self._buttons, self._levels, strict=True):
            self._group.addButton(button, level.number)
        self._group.idToggled.connect(self._announce)
        look.changed.connect(self._arrange)

    def show_level(self, level: int | None) -> None:
        """Show the level that is recorded; it is not announced, because nobody here chose it."""
        self._group.blockSignals(True)
        self._group.setExclusive(False)
        for button, each in zip(self._buttons, self._levels, strict=True):
            button.setChecked(each.number == level)
        self._group.setExclusive(True)
        self._group.blockSignals(False)

    def take_focus(self) -> None:
        """Put the focus on the chosen level, or on the first."""
        checked = self._group.checkedButton()
        (checked if checked is not None else self._buttons[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def shape_at(self, width: int) -> Shape:
        """Return how the levels stand at a width."""
        shapes = {2: (), 3: (Shape.COLUMNS,)}.get(len(self._levels), (Shape.COLUMNS, Shape.PAIRS))
        return next((shape for shape in shapes if self._fits(width // (shape or len(self._levels)))), Shape.ROWS)

    def hasHeightForWidth(self) -> bool:
        """Return that the height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all levels at a width."""
        return max((place.bottom() + 1 for place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        """Return the size in the rubric's panel."""
        wide = self._look.theme.px(420)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Return the size of one column."""
        wide = max((button.head_width() for button in self._buttons), default=0)
        return QSize(max(wide, self._look.theme.px(NAME_COLUMN + NARROWEST)), self._look.theme.px(60))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in the shape that fits."""
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a digit as a level, and 0 as looked for, not found."""
        button = self._group.button(int(event.text())) if event.text().isascii() and event.text().isdigit() else None
        if event.text() == "0":
            self.not_found.emit()
        elif button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            button.setChecked(True)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame, the lines between levels, and over columns on which side the rule begins."""
        theme, colors, painter = self._look.theme, self._look.colors, pen_on(self)
        places = self._places(self.width())
        frame = QRectF(QRect(places[0].topLeft(), places[-1].bottomRight()))
        frame.setRight(max(place.right() for place in places) + 1)
        box(painter, frame, theme.radius.control, colors.panel, colors.border_strong, theme.border.hair)
        for place in places:
            if place.left() > 0:
                painter.fillRect(QRectF(place.left(), place.top(), 1, place.height()), colors.border)
            if place.top() > places[0].top():
                painter.fillRect(QRectF(place.left() + 1, place.top(), place.width() - 2, 1), colors.border)
        if self._heading():
            self._paint_heading(painter, places)

    def _fits(self, column: int) -> bool:
        narrowest = max(self._look.theme.px(NARROWEST), *(button.head_width() for button in self._buttons))
        longest = max(len(button.descriptor_lines(column, False)) for button in self._buttons)
        return column >= narrowest and longest <= MOST_LINES

    def _paint_heading(self, painter: QPainter, places: Sequence[QRect]) -> None:
        theme, colors = self._look.theme, self._look.colors
        row = theme.line(Style.SMALL)
        if not self._levels[0].meets:
            write(painter, QRectF(0, 0, self.width(), row), self.tr("Not yet"), theme.font(Style.CAPTION), colors.text2)
        first = next((place for place, level in zip(places, self._levels, strict=True) if level.meets), None)
        if first is not None:
            self._look.paint_icon(painter, "check", first.left(), 1, theme.icon.small, colors.success)
            place = QRectF(first.left() + theme.icon.small + 3, 0, self.width(), row)
            write(painter, place, self.tr("Meets the rule"), theme.font(Style.CAPTION), colors.success)

    def _heading(self) -> bool:
        return self.shape_at(self.width()) is Shape.COLUMNS and len(self._levels) > 2

    def _places(self, width: int) -> list[QRect]:
        shape = self.shape_at(width)
        across = shape or len(self._levels)
        top = self._look.theme.line(Style.SMALL) + 2 if shape is Shape.COLUMNS and len(self._levels) > 2 else 0
        edges = [round(number * width / across) for number in range(across + 1)]
        places = []
        for start in range(0, len(self._buttons), across):
            row = self._buttons[start : start + across]
            widths = [edges[number + 1] - edges[number] for number in range(len(row))]
            high = max(each.height_at(wide, shape is Shape.ROWS) for each, wide in zip(row, widths, strict=True))
            places += [QRect(edges[number], top, wide, high) for number, wide in enumerate(widths)]
            top += high
        return places

    @Slot()
    def _arrange(self) -> None:
        rows = self.shape_at(self.width()) is Shape.ROWS
        for button, place in zip(self._buttons, self._places(self.width()), strict=True):
            button.stand_beside(rows)
            button.setGeometry(place)
        self.updateGeometry()
        self.update()

    @Slot(int, bool)
    def _announce(self, level: int, on: bool) -> None:
        if on:
            self.chosen.emit(level)
