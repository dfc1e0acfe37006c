"""What every painted part begins with: it follows the look, and it can be smaller than the room it is given."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Theme


class Part(QWidget):
    """A painted widget that is as large as it says, neither more nor less.

    It measures and paints itself from the theme that is worn at that moment; Qt asks again when the theme changes.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def theme(self) -> Theme:
        """The theme that is worn."""
        return self._look.theme

    def minimumSizeHint(self) -> QSize:
        """Return the size at which nothing is cut."""
        return self.sizeHint()
