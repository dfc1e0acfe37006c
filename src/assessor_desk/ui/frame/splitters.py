"""Panes whose widths are remembered, for each page and each size of the window."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look

CLASSES = (1100, 1300, 1600)  # window widths at which pages change their panes


class Widths(Protocol):
    """Where widths are kept between two starts."""

    def widths(self, key: str) -> Sequence[int]:
        """Return the widths that were kept, or none."""
        ...

    def keep_widths(self, key: str, widths: Sequence[int]) -> None:
        """Keep widths."""
        ...


class Panes(QSplitter):
    """Panes side by side; the widths that a person gave them come back in a window of about the same size."""

    def __init__(self, look: Look, page: str, memory: Widths, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._page, self._memory, self._class = page, memory, ""
        named(self, f"{page}_panes", self.tr("Panes"))
        self.setHandleWidth(look.theme.border.hair)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._keep)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the widths that were kept for a window of this size."""
        super().resizeEvent(event)
        key = self._key()
        if key != self._class:
            self._class = key
            kept = list(self._memory.widths(key))
            if len(kept) == self.count():
                self.setSizes(kept)

    @Slot()
    def _keep(self) -> None:
        self._memory.keep_widths(self._key(), self.sizes())

    def _key(self) -> str:
        return f"{self._page}/{sum(self.window().width() >= edge for edge in CLASSES)}"
