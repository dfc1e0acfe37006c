"""The window: menus above, rail at the left, the page with its header and banner, the status bar below."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from assessor_desk.ui.frame.palette_field import PaletteField
from assessor_desk.ui.frame.places import Place, Stop
from assessor_desk.ui.frame.rail import Rail
from assessor_desk.ui.frame.status_bar import StatusBar
from assessor_desk.ui.naming import literal, named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.banner import Banner
from assessor_desk.ui.widgets.menu import Item, Menu

COMPACT_BELOW = 1300


class DeskWindow(QMainWindow):
    """The frame around all pages. It shows pages, and knows nothing of what is on them.

    Signals:
        went: the place that was chosen on the rail
        palette_wanted: somebody wants to search or run a command
    """

    went = Signal(str)
    palette_wanted = Signal()

    def __init__(self, look: Look, stops: Sequence[Stop], person: tuple[str, str]) -> None:
        super().__init__()
        self._look, self._wants_compact = look, False
        self._pages: dict[str, tuple[QWidget, bool]] = {}
        named(self, "desk_window", "Assessor Desk")
        self.setWindowTitle("Assessor Desk")
        width, height = 1024, 600
        self.setMinimumSize(width, height)
        self.rail = Rail(look, stops, person)
        self.status = StatusBar(look)
        self.rail.went.connect(self.went)
        self._banner: Banner | None = None
        self._stack = named(QStackedWidget(), "pages", self.tr("Page"))
        self._palette_field = PaletteField(look)
        self._palette_field.clicked.connect(self.palette_wanted)
        self.setCentralWidget(self._arranged())
        look.changed.connect(self._dress)
        self._dress()

    def fill_menus(self, menus: Sequence[tuple[str, str, list[Item | None]]]) -> None:
        """Fill the menu bar; each menu has a name for tests, its word, and its items."""
        bar = self.menuBar()
        bar.clear()
        for name, words, items in menus:
            menu = Menu(self._look, f"menu_{name}", words, items, self)
            menu.setTitle(literal(words))
            bar.addMenu(menu)
        for button in bar.findChildren(QToolButton):  # Qt's own, for the menus that a narrow window has no room for
            button.setAccessibleName(self.tr("More menus"))
        bar.setCornerWidget(self._palette_field)
        self._palette_field.show()

    def add_page(self, name: str, header: QWidget, body: QWidget, compact_rail: bool = False) -> None:
        """Add a page; some need so much room that the rail goes without its words."""
        page = named(QWidget(), f"page_{name}", name)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(body, 1)
        self._pages[name] = (page, compact_rail)
        self._stack.addWidget(page)

    def show_page(self, name: str, place: Place) -> None:
        """Show a page, and on the rail where one is."""
        page, self._wants_compact = self._pages[name]
        self._stack.setCurrentWidget(page)
        self.rail.show_place(place)
        self._fold()

    def show_banner(self, banner: Banner | None) -> None:
        """Show one strip under the header of the page that is shown, or none."""
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
        self._banner = banner
        page = self._stack.currentWidget()
        column = page.layout() if page is not None else None
        if banner is not None and isinstance(column, QVBoxLayout):
            column.insertWidget(1, banner)
            banner.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the rail where there is little room."""
        super().resizeEvent(event)
        self._fold()

    def _arranged(self) -> QWidget:
        center = QWidget()
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self._stack, 1)
        column = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.status)
        return center

    def _fold(self) -> None:
        theme = self._look.theme
        room = self.height() - theme.px(theme.tokens.layout["menu_bar"]) - self.status.sizeHint().height()
        narrow = self.width() < COMPACT_BELOW
        self.rail.stand_compact(self._wants_compact or narrow or not self.rail.has_room(room))

    @Slot()
    def _dress(self) -> None:
        theme = self._look.theme
        self.menuBar().setFont(theme.font(Style.SMALL))
        self.menuBar().setFixedHeight(theme.px(theme.tokens.layout["menu_bar"]))
        self._fold()
