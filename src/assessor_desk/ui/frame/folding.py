"""What a strip leaves out where there is no room for all of it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget


def fold(row: QHBoxLayout, width: int, optional: Sequence[QWidget]) -> None:
    """Hide as many of the optional parts, the first ones first, as a row needs to fit into a width."""
    for part in optional:
        part.setVisible(True)
    for part in optional:
        if row.minimumSize().width() <= width:
            break
        part.setVisible(False)
