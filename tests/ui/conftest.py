"""What holds for every test of the window: no screen, one look, and nothing left open or ticking."""

import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Scheme, theme
from assessor_desk.ui.theme.tokens import packaged_tokens


@pytest.fixture(scope="session")
def _dressed(qapp: QApplication) -> Look:
    return Look(qapp, theme(packaged_tokens()))


@pytest.fixture
def look(_dressed: Look) -> Look:
    """Return the look, in the light theme at 100 % when the test begins."""
    plain = theme(packaged_tokens(), Scheme.LIGHT)
    if _dressed.theme != plain:
        _dressed.wear(plain)
    return _dressed


@pytest.fixture
def page(look: Look, _nothing_is_left_open: None) -> Iterator[QWidget]:
    """Return a window to put parts into; it ends with the test."""
    window = QWidget()
    window.resize(480, 360)
    window.setObjectName("page")
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture(autouse=True)
def _nothing_is_left_open(qapp: QApplication) -> Iterator[None]:
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    open_windows = [each.objectName() or type(each).__name__ for each in qapp.topLevelWidgets() if each.isVisible()]
    roots: list[QObject] = [qapp, *qapp.topLevelWidgets()]
    ticking = [timer.objectName() for root in roots for timer in root.findChildren(QTimer) if timer.isActive()]
    assert (open_windows, ticking) == ([], [])
