"""The hands of a test: find a part, press a key where the focus is, click."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

W = TypeVar("W", bound=QWidget)


def shown(page: QWidget, qtbot: QtBot, *parts: QWidget) -> None:
    """Put parts into a page and show it, active."""
    column = QVBoxLayout(page)
    for part in parts:
        column.addWidget(part)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()


def find(inside: QWidget, kind: type[W], name: str = "") -> W:
    """Return the part of a kind, and of a name where one is given."""
    found = inside.findChild(kind, name) if name else inside.findChild(kind)
    assert found is not None
    return found


def focused() -> QWidget:
    """Return what has the focus."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key | str, widget: QWidget | None = None) -> None:
    """Press a key, or type letters, where the focus is or on a widget."""
    target = widget or focused()
    if isinstance(key, str):
        QTest.keyClicks(target, key)
    else:
        QTest.keyClick(target, key)


def click(widget: QWidget) -> None:
    """Click in the middle of a widget."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
