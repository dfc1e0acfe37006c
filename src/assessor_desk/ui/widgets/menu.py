"""Menus: icon, words, key; every action of the window has its place in one."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from assessor_desk.ui.naming import literal, named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a menu: its name for tests, its words, its key as it is printed, its icon, what it does."""

    name: str
    words: str
    run: Callable[[], object]
    key: str = ""
    icon: str = ""


class Menu(QMenu):
    """A menu of items, with `None` for a line between."""

    def __init__(
        self, look: Look, object_name: str, spoken: str, items: list[Item | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        named(self, object_name, spoken)
        self._look = look
        self._icons: dict[QAction, str] = {}
        for item in items:
            self._add(item) if item else self.addSeparator()
        look.changed.connect(self._dress)
        self._dress()

    def _add(self, item: Item) -> None:
        action = QAction(literal(item.words), self)
        action.setObjectName(item.name)
        action.setShortcut(QKeySequence(item.key))
        action.setShortcutVisibleInContextMenu(True)
        action.triggered.connect(item.run)
        self._icons[action] = item.icon
        self.addAction(action)

    @Slot()
    def _dress(self) -> None:
        self.setFont(self._look.theme.font(Style.BODY))
        for action, icon in self._icons.items():
            if icon:
                action.setIcon(self._look.icon(icon, self._look.colors.text))
