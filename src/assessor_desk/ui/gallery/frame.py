"""The frame around an empty page, to compare with the design's pictures of whole screens."""

from PySide6.QtWidgets import QWidget

from assessor_desk.ui.frame.headers import ContextHeader, PageHeader
from assessor_desk.ui.frame.places import ICONS, Place, Stop
from assessor_desk.ui.frame.status_bar import Connection, Hint
from assessor_desk.ui.frame.window import DeskWindow
from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.widgets.banner import Banner
from assessor_desk.ui.widgets.buttons import Button
from assessor_desk.ui.widgets.fields import Field
from assessor_desk.ui.widgets.menu import Item
from assessor_desk.ui.widgets.pills import Tone

MENUS = ("File", "Edit", "View", "Portfolio", "Rubric", "Go", "Help")
WIDTH, HEIGHT = 1440, 900


def page_frame(look: Look) -> DeskWindow:
    """Return the frame of picture 01, offline."""
    window = _window(look)
    search = Field(look, "search", "Search", prompt="Search code, credential or note", icon="search", key="/")
    search.setFixedWidth(look.theme.px(264))
    sync = Button(look, "sync", "Sync now", icon="refresh-cw")
    sync.setEnabled(False)
    header = PageHeader(look, "Queue", (search, sync, Button(look, "package", "Open package…", icon="package-open")))
    header.show_fact("12 to do · 6 due by Friday")
    window.add_page("queue", header, named(QWidget(), "body", "Body"))
    window.show_page("queue", Place.QUEUE)
    rest = "3 signed decisions are safe on this laptop and will be sent when you reconnect."
    window.show_banner(
        Banner(look, "offline", "cloud-off", "You are offline.", rest, Tone.WARNING, "See what is waiting")
    )
    window.status.show_saved("12 of 16 portfolios on this laptop · 2.1 GB", "hard-drive")
    return window


def workbench_frame(look: Look) -> DeskWindow:
    """Return the frame of picture 02, with the rail's words left out."""
    window = _window(look)
    header = ContextHeader(look)
    title = "Promoting Family-School Connections in Early Childhood Programs"
    header.show_portfolio("P-7F3K", title, "Round 1", "Due today, 17:00", Tone.WARNING, "2 of 12")
    window.add_page("workbench", header, named(QWidget(), "body", "Body"), compact_rail=True)
    window.show_page("workbench", Place.QUEUE)
    window.status.show_saved("All changes saved on this laptop · 10:42")
    window.status.show_hints(
        (Hint(("F6",), "next pane"), Hint(("Alt", "↓"), "next artifact"), Hint(("?",), "all shortcuts"))
    )
    return window


def _window(look: Look) -> DeskWindow:
    stops = [Stop(place, place.capitalize(), icon) for place, icon in ICONS.items()]
    window = DeskWindow(look, stops, ("RC", "R. Castellanos"))
    window.resize(WIDTH, HEIGHT)
    items: list[Item | None] = [Item("nothing", "Nothing yet", window.update)]
    window.fill_menus([(name.lower(), name, items) for name in MENUS])
    window.rail.show_waiting({Place.QUEUE: 12, Place.ACTIVITY: 3})
    window.status.show_connection(Connection.OFFLINE, "Offline", "· 3 decisions waiting to send")
    return window
