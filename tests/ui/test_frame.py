"""The frame says where one is, how the desk stands with the hub, and keeps what a person arranged."""

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from assessor_desk.ui.frame.headers import ContextHeader, PageHeader
from assessor_desk.ui.frame.places import ICONS, Place, Stop
from assessor_desk.ui.frame.rail import Rail, RailButton
from assessor_desk.ui.frame.splitters import Panes
from assessor_desk.ui.frame.status_bar import Connection, Hint, StatusBar
from assessor_desk.ui.frame.window import DeskWindow
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import theme
from assessor_desk.ui.widgets.banner import Banner
from assessor_desk.ui.widgets.buttons import Button
from assessor_desk.ui.widgets.keys import KeyCap
from assessor_desk.ui.widgets.menu import Item, Menu
from assessor_desk.ui.widgets.pills import Tone
from assessor_desk.ui.widgets.status import StatusLine
from tests.ui.hands import click, find, focused, press, shown

STOPS = tuple(Stop(place, place.capitalize(), icon) for place, icon in ICONS.items())


class Memory:
    """Keeps widths as settings do."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[int, ...]] = {}

    def widths(self, key: str) -> Sequence[int]:
        return self.kept.get(key, ())

    def keep_widths(self, key: str, widths: Sequence[int]) -> None:
        self.kept[key] = tuple(widths)


@pytest.fixture
def window(look: Look, _nothing_is_left_open: None) -> Iterator[DeskWindow]:
    """Return a window with a queue and a workbench; it ends with the test."""
    made = DeskWindow(look, STOPS, ("RC", "R. Castellanos"))
    made.resize(1440, 900)
    made.add_page("queue", PageHeader(look, "Queue"), QWidget())
    made.add_page("workbench", ContextHeader(look), QWidget(), compact_rail=True)
    made.show_page("queue", Place.QUEUE)
    yield made
    made.close()
    made.deleteLater()


def test_the_rail_says_where_somebody_wants_to_go(window: DeskWindow, qtbot: QtBot) -> None:
    window.show()

    with qtbot.waitSignal(window.went) as heard:
        click(find(window, RailButton, "rail_records"))

    assert heard.args == ["records"]


def test_the_rail_is_walked_with_arrows_and_entered_with_space(look: Look, page: QWidget, qtbot: QtBot) -> None:
    rail = Rail(look, STOPS, ("RC", "R. Castellanos"))
    shown(page, qtbot, rail)
    find(rail, RailButton, "rail_queue").setFocus()

    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    with qtbot.waitSignal(rail.went) as heard:
        press(Qt.Key.Key_Space)

    assert (heard.args, focused().objectName()) == (["calibration"], "rail_calibration")


def test_places_that_a_person_may_not_go_to_are_not_shown(look: Look, page: QWidget) -> None:
    rail = Rail(look, [stop for stop in STOPS if stop.place is not Place.APPROVALS], ("RC", "R. C."), page)

    assert rail.findChild(RailButton, "rail_approvals") is None


def test_what_waits_is_spoken_with_the_place(window: DeskWindow) -> None:
    window.rail.show_waiting({Place.QUEUE: 12})

    assert find(window, RailButton, "rail_queue").accessibleName() == "Queue, 12 waiting"
    assert find(window, RailButton, "rail_activity").accessibleName() == "Activity"


def test_the_rail_gives_way_in_the_workbench_and_in_narrow_windows(window: DeskWindow) -> None:
    window.show()
    wide = window.rail.width()

    window.show_page("workbench", Place.QUEUE)
    in_workbench = window.rail.width()
    window.show_page("queue", Place.QUEUE)
    window.resize(1280, 720)

    assert (wide, in_workbench, window.rail.width()) == (76, 48, 48)


def test_the_frame_stands_where_the_design_has_it(window: DeskWindow, look: Look) -> None:
    window.fill_menus([("file", "File", [Item("close", "Close", window.close)])])
    window.show()
    header = find(window, PageHeader)

    assert window.menuBar().height() == 28
    assert (window.rail.mapTo(window, window.rail.rect().topLeft()).y(), window.rail.width()) == (28, 76)
    assert header.mapTo(window, header.rect().topLeft()).toTuple() == (76, 28)
    assert (header.height(), window.status.height()) == (48, 26)
    assert window.status.mapTo(window, window.status.rect().bottomRight()).toTuple() == (1439, 899)


@pytest.mark.parametrize("factor", [1.15, 2.0])
def test_the_frame_grows_with_the_text(window: DeskWindow, look: Look, qtbot: QtBot, factor: float) -> None:
    window.show()

    look.wear(theme(look.theme.tokens, factor=factor))
    qtbot.waitUntil(lambda: window.status.height() >= 26 * factor - 1)

    buttons = window.rail.findChildren(RailButton)
    assert all(each.height() >= each.sizeHint().height() for each in buttons)
    assert window.rail.width() >= max(each.sizeHint().width() for each in buttons)


def test_there_is_at_most_one_banner(window: DeskWindow, look: Look) -> None:
    window.show()
    for number in range(2):
        window.show_banner(Banner(look, f"banner_{number}", "info", "", "Fact.", Tone.ACCENT))

    visible = [each.objectName() for each in window.findChildren(Banner) if each.isVisible()]
    window.show_banner(None)

    assert visible == ["banner_1"]
    assert [each for each in window.findChildren(Banner) if each.isVisible()] == []


@pytest.mark.parametrize("kind", Connection)
def test_the_connection_is_spoken_as_it_is_seen_and_leads_to_activity(
    look: Look, page: QWidget, qtbot: QtBot, kind: Connection
) -> None:
    status = StatusBar(look)
    shown(page, qtbot, status)

    status.show_connection(kind, "Offline", "· 3 decisions waiting to send")

    line = find(status, StatusLine, "connection")
    assert line.accessibleName() == "Offline 3 decisions waiting to send"
    with qtbot.waitSignal(status.activity_wanted):
        press(Qt.Key.Key_Space, line)


def test_hints_follow_the_page(look: Look, page: QWidget, qtbot: QtBot) -> None:
    status = StatusBar(look)
    shown(page, qtbot, status)

    status.show_hints([Hint(("F6",), "next pane"), Hint(("?",), "all shortcuts")])
    status.show_hints([Hint(("J", "K"), "next, previous")])
    qtbot.waitUntil(lambda: len(status.findChildren(KeyCap)) == 2)

    assert [each.accessibleName() for each in status.findChildren(KeyCap)] == ["Key J", "Key K"]


def test_every_menu_item_runs_and_prints_its_key(window: DeskWindow, qtbot: QtBot) -> None:
    ran: list[str] = []
    window.fill_menus(
        [("file", "File", [Item("sync", "Sync now", lambda: ran.append("sync"), "F5", "refresh-cw"), None])]
    )
    window.show()
    window.activateWindow()

    [menu] = window.menuBar().actions()
    action = find(window, Menu, "menu_file").actions()[0]
    action.trigger()

    assert (ran, action.shortcut().toString(), menu.text()) == (["sync"], "F5", "File")


def test_the_palettes_field_is_in_the_menu_bar(window: DeskWindow, qtbot: QtBot) -> None:
    window.fill_menus([("file", "File", [])])
    window.show()

    with qtbot.waitSignal(window.palette_wanted):
        click(find(window, QWidget, "palette_field"))


def test_the_context_header_says_what_is_wanted(look: Look, page: QWidget, qtbot: QtBot) -> None:
    header = ContextHeader(look)
    shown(page, qtbot, header)
    header.show_portfolio("P-7F3K", "<b>Title</b>", "Round 1", "Due today", Tone.WARNING, "2 of 12")

    with qtbot.waitSignals([header.back, header.feedback_wanted, header.submit_wanted]):
        for name in ("back", "feedback", "check_and_submit"):
            click(find(header, Button, name))
    with qtbot.waitSignal(header.stepped) as heard:
        click(find(header, Button, "portfolio_after"))

    assert heard.args == [1]
    assert header.accessibleName() == "P-7F3K, <b>Title</b>, Round 1, Due today"


def test_panes_come_back_as_a_person_left_them_in_a_window_of_that_size(
    look: Look, page: QWidget, qtbot: QtBot
) -> None:
    memory = Memory()
    memory.kept = {"queue/0": (150, 299), "queue/1": (600, 500)}
    panes = Panes(look, "queue", memory)
    for _ in range(2):
        panes.addWidget(QWidget())

    shown(page, qtbot, panes)
    narrow = panes.sizes()
    page.resize(1200, 400)

    assert abs(narrow[0] - 150) < 15
    assert panes.sizes()[0] > 500


def test_what_a_person_moves_is_kept(look: Look, page: QWidget, qtbot: QtBot) -> None:
    memory = Memory()
    panes = Panes(look, "queue", memory)
    for _ in range(2):
        panes.addWidget(QWidget())
    shown(page, qtbot, panes)

    panes.setSizes([100, 300])
    panes.splitterMoved.emit(100, 1)

    assert memory.kept == {"queue/0": tuple(panes.sizes())}
