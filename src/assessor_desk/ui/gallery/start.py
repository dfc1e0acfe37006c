"""The gallery as a window to play with, or as pictures."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from assessor_desk.ui.gallery.boards import BOARDS
from assessor_desk.ui.gallery.shots import shoot
from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import FACTORS, Scheme, theme
from assessor_desk.ui.theme.tokens import packaged_tokens
from assessor_desk.ui.widgets.choices import CheckBox
from assessor_desk.ui.widgets.focus_ring import FocusRings
from assessor_desk.ui.widgets.segments import Segments


@dataclass(frozen=True, slots=True)
class Shown:
    """What the gallery left or showed."""

    pictures: tuple[Path, ...]


def show(shots: Path | None, contrast: bool, factor: float) -> Shown:
    """Show the gallery until its window is closed, or leave its pictures in a folder without any display."""
    running = QApplication.instance()
    started = ["assessor-desk", *(("-platform", "offscreen") if shots else ())]
    application = running if isinstance(running, QApplication) else QApplication(started)
    look = Look(application, theme(packaged_tokens(), Scheme.LIGHT, contrast, factor))
    if shots is not None:
        return Shown(tuple(shoot(look, shots)))
    FocusRings(look, application)
    window = Gallery(look)
    window.resize(1480, 860)
    window.show()
    application.exec()
    return Shown(())


class Gallery(QWidget):
    """All boards, with a choice of theme, contrast and text size."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        named(self, "gallery", self.tr("Gallery"))
        self.setWindowTitle(self.tr("Gallery, Assessor Desk"))
        schemes, sizes = [each.capitalize() for each in Scheme], [f"{round(each * 100)}%" for each in FACTORS]
        self._boards = Segments(look, "boards", self.tr("Board"), [name.partition("-")[0] for name in BOARDS])
        self._schemes = Segments(look, "schemes", self.tr("Theme"), schemes)
        self._sizes = Segments(look, "sizes", self.tr("Text size"), sizes)
        self._contrast = CheckBox(look, "contrast", self.tr("High contrast"))
        self._scroll = named(QScrollArea(), "board", self.tr("Board"))
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._arrange()
        for segments in (self._boards, self._schemes, self._sizes):
            segments.choose(0)
            segments.chosen.connect(self._choose)
        self._contrast.toggled.connect(self._choose)
        self._choose()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 8)
        for part in (self._boards, self._schemes, self._sizes, self._contrast):
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._scroll, 1)

    @Slot()
    def _choose(self) -> None:
        scheme, factor = list(Scheme)[self._schemes.shown()], FACTORS[self._sizes.shown()]
        self._look.wear(theme(self._look.theme.tokens, scheme, self._contrast.isChecked(), factor))
        self._scroll.setWidget(list(BOARDS.values())[self._boards.shown()](self._look))
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
