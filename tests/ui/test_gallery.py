"""Every part of the gallery has its names, fits at every text size, and looks different in the dark."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from assessor_desk.ui.gallery.boards import BOARDS
from assessor_desk.ui.gallery.shots import shoot
from assessor_desk.ui.gallery.start import Gallery
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import FACTORS, Scheme, theme
from assessor_desk.ui.widgets.focus_ring import FocusRing
from assessor_desk.ui.widgets.paint import measure
from assessor_desk.ui.widgets.part import Part
from assessor_desk.ui.widgets.words import Paragraph, Words
from tests.ui.hands import click, find

CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, Part)


@pytest.fixture(params=sorted(BOARDS))
def build(request: pytest.FixtureRequest, look: Look) -> Iterator[Callable[[], QWidget]]:
    """Return a builder of one board, and let go of what it built."""
    built: list[QWidget] = []

    def make() -> QWidget:
        built.append(BOARDS[request.param](look))
        built[-1].grab()  # parts find their places when they are first painted
        return built[-1]

    yield make
    for board in built:
        board.deleteLater()


def test_every_control_has_a_name_for_tests_and_a_name_for_ears(build: Callable[[], QWidget]) -> None:
    controls = [each for each in build().findChildren(QWidget) if isinstance(each, CONTROLS)]

    nameless = [type(each).__name__ for each in controls if not (each.objectName() and each.accessibleName())]

    assert nameless == []
    assert len(controls) > 10


def test_what_can_be_pressed_can_be_reached_with_tab(build: Callable[[], QWidget]) -> None:
    pressed = [each for each in build().findChildren(QAbstractButton) if each.isEnabled() and not _qts_own(each)]
    tab = Qt.FocusPolicy.TabFocus

    assert [each.objectName() for each in pressed if each.focusPolicy() & tab != tab] == []


@pytest.mark.parametrize("factor", FACTORS)
def test_nothing_is_cut_at_any_text_size(build: Callable[[], QWidget], look: Look, factor: float) -> None:
    look.wear(theme(look.theme.tokens, factor=factor))
    board = build()

    parts = [each for each in board.findChildren(QWidget) if isinstance(each, CONTROLS) and each.isVisibleTo(board)]
    small = [(each.objectName(), each.size(), each.minimumSizeHint()) for each in parts if _too_small(each)]
    cut = [label.text() for label in board.findChildren(Words) if not _whole(label)]

    assert (small, cut) == ([], [])


def test_words_are_measured_with_the_font_they_are_painted_with(build: Callable[[], QWidget], look: Look) -> None:
    look.wear(theme(look.theme.tokens, factor=2.0))

    labels = [each for each in build().findChildren(Words) if not isinstance(each, Paragraph)]

    assert [each.text() for each in labels if each.sizeHint().width() < measure(each.text(), each.face())] == []


def test_targets_are_large_enough_to_hit(build: Callable[[], QWidget], look: Look) -> None:
    least = look.theme.control.min_target
    targets = [each for each in build().findChildren(QAbstractButton) if each.isEnabled() and not _qts_own(each)]

    assert [each.objectName() for each in targets if each.height() < least] == []


def test_labels_take_no_markup(build: Callable[[], QWidget]) -> None:
    labels = build().findChildren(QLabel)

    assert {each.textFormat() for each in labels} == {Qt.TextFormat.PlainText}


def test_the_ring_is_around_its_part_and_one_pixel_away(build: Callable[[], QWidget]) -> None:
    for ring in build().findChildren(FocusRing):
        assert ring.geometry().adjusted(3, 3, -3, -3).size() == ring._around.size()


def test_pictures_and_rectangles_carry_the_designs_names_and_size(look: Look, tmp_path: Path) -> None:
    pictures = shoot(look, tmp_path)

    assert {"00-components.png", "00-components-dark.png"} <= {each.name for each in pictures}
    sizes = {each.name: QImage(str(each)).size().toTuple() for each in pictures}
    assert sizes["00-components.png"] == sizes["00-components-dark.png"] == (1440, 760)
    parts = json.loads((tmp_path / "00-components.json").read_text(encoding="utf-8"))
    found = {each["name"]: each["rectangle"] for each in parts}
    assert found["sign"][:2] == [596, 51]
    assert found["sign"][3] == 28
    outside = [each for each in parts if each["rectangle"][0] < 0 or sum(each["rectangle"][::2]) > 1440]
    assert outside == []


def test_the_dark_pictures_really_differ(look: Look, tmp_path: Path) -> None:
    shoot(look, tmp_path)

    for name in BOARDS:
        light, dark = (QImage(str(tmp_path / f"{name}{tail}.png")) for tail in ("", "-dark"))
        assert _changed(light, dark) > 0.9


def test_a_change_of_theme_reaches_parts_that_are_open(build: Callable[[], QWidget], look: Look) -> None:
    board = build()
    before = board.grab().toImage()

    look.wear(theme(look.theme.tokens, Scheme.DARK))

    assert _changed(before, board.grab().toImage()) > 0.9


def test_the_galleries_window_changes_board_theme_and_text_size(look: Look, qtbot: QtBot) -> None:
    window = Gallery(look)
    qtbot.addWidget(window)
    window.resize(1480, 860)
    window.show()

    for name in ("boards_1", "schemes_1", "sizes_4", "boards_2", "contrast"):
        click(find(window, QAbstractButton, name))

    assert (look.theme.scheme, look.theme.factor, look.theme.contrast) == (Scheme.DARK, 2.0, True)
    assert find(window, QWidget, "desk_window").isVisibleTo(window)


def _changed(one: QImage, other: QImage) -> float:
    points = [(x, y) for x in range(0, one.width(), 7) for y in range(0, one.height(), 7)]
    return sum(one.pixelColor(*point) != other.pixelColor(*point) for point in points) / len(points)


def _qts_own(widget: QWidget) -> bool:
    return widget.objectName().startswith("qt_")


def _too_small(widget: QWidget) -> bool:
    need = widget.minimumSizeHint()
    return widget.width() < need.width() or widget.height() < need.height()


def _whole(label: Words) -> bool:
    if isinstance(label, Paragraph):
        return label.height() >= label.heightForWidth(label.width())
    return label.width() >= int(measure(label.text(), label.face())) or bool(label.toolTip())
