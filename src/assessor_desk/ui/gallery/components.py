"""Picture 00: the parts as the design shows them."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from assessor_desk.ui.gallery.board import Board
from assessor_desk.ui.gallery.sample_rows import sample_list
from assessor_desk.ui.naming import named
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.theme.tokens import snake
from assessor_desk.ui.widgets.badge import Badge, BadgeSize
from assessor_desk.ui.widgets.banner import Banner
from assessor_desk.ui.widgets.buttons import Button, Height, Kind
from assessor_desk.ui.widgets.chips import Chip
from assessor_desk.ui.widgets.choices import CheckBox, RadioButton
from assessor_desk.ui.widgets.difference import DifferenceCell, signed
from assessor_desk.ui.widgets.fields import Field
from assessor_desk.ui.widgets.focus_ring import FocusRing
from assessor_desk.ui.widgets.highlight import PatternLine, Wash
from assessor_desk.ui.widgets.keys import KeyCap
from assessor_desk.ui.widgets.level_glyph import LevelGlyph
from assessor_desk.ui.widgets.marks import Mark, MarkSign
from assessor_desk.ui.widgets.menu import Item, Menu
from assessor_desk.ui.widgets.paint import box, pen_on
from assessor_desk.ui.widgets.part import Part
from assessor_desk.ui.widgets.pills import Pill, Tone
from assessor_desk.ui.widgets.progress import Ring
from assessor_desk.ui.widgets.segments import Segments
from assessor_desk.ui.widgets.status import StatusLine

SWATCHES = (
    ("window", "panel", "panelAlt", "sunken", "canvas", "paper"),
    ("border", "borderStrong", "controlBorder", "text", "text2", "text3"),
    ("accent", "accentFill", "accentWash", "accentWash2", "focus", "neutralWash"),
    ("success", "successWash", "warning", "warningWash", "danger", "dangerWash"),
)
EDGES = ((24, 63), (93, 70), (169, 70), (245, 71), (322, 63), (391, 64))
LEVELS = ((24, "Beginning"), (127, "Developing"), (237, "Proficient"), (338, "Exemplary"))
TYPES = (
    (59, Style.CAPTION, "Evidence for criterion 2", "caption 11/14, 500"),
    (80, Style.SMALL, "Evidence for criterion 2", "small 12/16, 400"),
    (102, Style.BODY, "Evidence for criterion 2", "body 13/18, 400"),
    (126, Style.BODY_STRONG, "Evidence for criterion 2", "bodyStrong 13/18, 600"),
    (150, Style.READING, "Evidence for criterion 2", "reading 14/22, 400"),
    (178, Style.TITLE, "Evidence for criterion 2", "title 16/22, 600"),
    (207, Style.FIGURE, "93%", "figure 22/26, 600"),
    (239, Style.DISPLAY, "Welcome", "display 24/30, 600"),
)


def components(look: Look) -> Board:
    """Return the board of picture 00."""
    board = Board(look, "components", "Components", QSize(1440, 760))
    _colors(board)
    _criteria(board)
    _buttons(board)
    _fields(board)
    _states(board)
    _menu(board)
    _type(board)
    _notices(board)
    board.place()
    return board


class Swatch(Part):
    """One color."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(look)
        self._name = snake(name)
        named(self, f"swatch_{name}", f"Color {name}")

    def sizeHint(self) -> QSize:
        """Return the size."""
        return QSize(self.theme.px(63), self.theme.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the color."""
        colors = self.theme.colors
        box(pen_on(self), QRectF(self.rect()), 4, getattr(colors, self._name), colors.border_strong, 1)


def hovered(widget: QWidget) -> QWidget:
    """Return a part as it looks under the mouse."""
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    return widget


def _colors(board: Board) -> None:
    board.heading("Surfaces, text and state colors", 24, 27)
    for row, names in enumerate(SWATCHES):
        for (x, width), name in zip(EDGES, names, strict=True):
            board.pin(Swatch(board.look, name), x, 64 + 48 * row, width)
            board.text(name, x, 86 + 48 * row, Style.CAPTION, "text2")


def _criteria(board: Board) -> None:
    look = board.look
    board.heading("Criterion colors, numbers and line patterns", 24, 263)
    for number in range(1, 9):
        middle, colors = 297.5 + 27 * (number - 1), look.theme.criterion(number)
        board.pin(Badge(look, number, size=BadgeSize.LARGE), 24, middle)
        board.pin(Badge(look, number, size=BadgeSize.MIDDLE), 53, middle)
        board.pin(Badge(look, number, size=BadgeSize.SMALL), 78, middle)
        board.text(colors.name, 104, middle, Style.SMALL)
        board.pin(PatternLine(look, number), 172, middle)
        words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in colors.pattern)
        board.text(words, 238, middle, Style.SMALL, "text3")
        board.pin(Wash(look, number, "Linked quote"), 308, middle)
    board.heading("Difference from consensus", 24, 523)
    for step, (score, difference) in enumerate(((1, -2), (2, -1), (3, 0), (4, 1), (4, 2))):
        spoken = f"Score {score}, {signed(difference) or 'same as'} consensus"
        board.pin(DifferenceCell(look, score, difference, spoken), 24 + 60 * step, 562)
    board.heading("Performance levels", 24, 603)
    for level, (x, name) in enumerate(LEVELS, start=1):
        board.pin(LevelGlyph(look, level, 4, name), x, 635)


def _buttons(board: Board) -> None:
    look, x, y = board.look, 504, 65
    board.heading("Buttons", x, 27)
    for words, middle in (("Primary", 65), ("Standard", 137), ("Quiet, danger", 173), ("24, 28, 32 px", 211)):
        board.text(words, x, middle, Style.SMALL, "text3")
    board.text("Segments", x, 249, Style.SMALL, "text3")
    primary = Kind.PRIMARY
    board.pin(Button(look, "sign", "Sign and submit", kind=primary, icon="signature"), 596, y)
    board.pin(hovered(Button(look, "primary_hover", "Hover", kind=primary)), 743, y)
    FocusRing(look, board.pin(Button(look, "primary_focus", "Focus", kind=primary), 808, y))
    board.pin(Button(look, "primary_disabled", "Disabled", kind=primary), x, 101).setEnabled(False)
    board.pin(Button(look, "feedback", "Feedback", icon="pen-line"), 596, 137)
    board.pin(hovered(Button(look, "hover", "Hover")), 705, 137)
    FocusRing(look, board.pin(Button(look, "focus", "Focus"), 770, 137))
    board.pin(Button(look, "on", "On", checkable=True), 836, 137).setChecked(True)
    board.pin(Button(look, "details", "Details", kind=Kind.QUIET, icon="chevron-right"), 596, 173)
    board.pin(Button(look, "remove", "Remove…", kind=Kind.DANGER, icon="trash-2"), 688, 173)
    board.pin(Button(look, "more", "", spoken="More", icon="ellipsis"), 797, 173)
    board.pin(Button(look, "compact", "Compact", height=Height.COMPACT), 596, 211)
    board.pin(Button(look, "default", "Default"), 674, 211)
    board.pin(Button(look, "large", "Large", height=Height.LARGE), 747, 211)
    board.pin(Segments(look, "views", "Views", ("Side by side", "Changes")), 596, 249).choose(0)
    who = board.pin(Segments(look, "who", "Who", ("Team", "Person"), Height.COMPACT), 776, 249)
    who.choose(0)


def _fields(board: Board) -> None:
    look, x = board.look, 504
    board.heading("Fields", x, 289)
    board.pin(Field(look, "search", "Search", prompt="Search", icon="search", key="/"), x, 327, 190)
    focused = board.pin(Field(look, "focused", "Focused text"), 702, 327, 190)
    focused.setText("Focused text")
    focused.setProperty("posed_focus", True)
    code = board.pin(Field(look, "code", "Code"), x, 363, 190)
    code.setText("P-7F3")
    code.blame("A code has 4 characters after P-")
    board.text("A code has 4 characters after P-", 702, 363, Style.SMALL, "danger")
    board.pin(CheckBox(look, "check_on", "On"), x, 394).setChecked(True)
    board.pin(CheckBox(look, "check_off", "Off"), 552, 394)
    board.pin(CheckBox(look, "check_some", "Some"), 603, 394).setCheckState(Qt.CheckState.PartiallyChecked)
    board.pin(RadioButton(look, "radio_on", "On"), 678, 394).setChecked(True)
    board.pin(RadioButton(look, "radio_off", "Off"), 727, 394)


def _states(board: Board) -> None:
    look, x = board.look, 504
    board.heading("Chips and status", x, 429)
    board.pin(Chip(look, "credential", "Credential"), x, 465)
    board.pin(Chip(look, "due", "Due within 14 days", on=True), 606, 465)
    board.pin(Pill(look, "round_1", "Round 1"), x, 494.5)
    board.pin(Pill(look, "round_2", "Round 2", Tone.ACCENT, "rotate-ccw"), 572, 494.5)
    board.pin(Pill(look, "earned", "Earned", Tone.SUCCESS, "check"), 655, 494.5)
    board.pin(Pill(look, "not_yet", "Not yet", Tone.WARNING, "rotate-ccw"), 732, 494.5)
    board.pin(Pill(look, "not_accepted", "Not accepted", Tone.DANGER, "x"), 809, 494.5)
    board.pin(Pill(look, "locked", "Locked", Tone.NEUTRAL, "lock"), x, 521.5)
    states = (
        (x, 548, "offline", "cloud-off", "Offline", "· 3 decisions waiting to send", Tone.WARNING, True),
        (x, 574, "synced", "cloud-check", "Synced", "2 min ago", Tone.SUCCESS, False),
        (657, 574, "sending", "refresh-cw", "Sending", "2 of 3", Tone.NEUTRAL, False),
    )
    for left, middle, name, icon, strong, rest, tone, whole in states:
        line = StatusLine(look, name, Style.BODY)
        line.show_state(icon, strong, rest, tone, whole)
        board.pin(line, left, middle)


def _menu(board: Board) -> None:
    look, x = board.look, 504
    board.heading("Menu and keys", x, 609)
    items: list[Item | None] = [
        Item("link", "Link to criterion 2", board.update, "2", "quote"),
        Item("note", "Add a note", board.update, "N", "message-square-plus"),
        Item("to_feedback", "Send to feedback", board.update, "F", "pen-line"),
    ]
    menu = Menu(look, "selection_menu", "Selection", items)
    menu.setWindowFlags(Qt.WindowType.Widget)
    menu.setMinimumWidth(look.theme.px(280))
    board.pin(menu, x, 677, 280)
    menu.setActiveAction(menu.actions()[0])
    left = float(x)
    for key in ("Ctrl", "Enter", "Alt", "2", "F6", "?"):
        cap = board.pin(KeyCap(look, key), left, 739.5)
        left += cap.sizeHint().width() / look.theme.factor + 11


def _type(board: Board) -> None:
    board.heading("Type, Inter", 984, 27)
    for middle, style, words, about in TYPES:
        board.text(words, 984, middle, style)
        board.text(about, 1230, middle, Style.SMALL, "text3")


def _notices(board: Board) -> None:
    look, x = board.look, 984
    board.heading("Notices", x, 280)
    notices = (
        ("offline", "cloud-off", "You are offline.", "3 signed decisions are safe.", Tone.WARNING),
        ("history", "info", "", "Both versions stay in History for 90 days.", Tone.ACCENT),
        ("refused", "circle-alert", "", "The hub did not accept this decision.", Tone.DANGER),
    )
    for number, (name, icon, strong, rest, tone) in enumerate(notices):
        board.pin(Banner(look, f"notice_{name}", icon, strong, rest, tone, notice=True), x, 321 + 40 * number, 432)
    board.heading("Marks", x, 444)
    marks = (
        (984, Mark.ASSESSOR, "Assessor, you"),
        (1087, Mark.SECOND, "Second assessor"),
        (1211, Mark.CONSENSUS, "Consensus"),
    )
    for left, mark, words in marks:
        board.pin(MarkSign(look, mark, words), left, 476)
        board.text(words, left + (19 if mark is Mark.SECOND else 18), 476, Style.SMALL)
    rings = ((985, 3, "3 of 5 scored", 1010), (1093, 5, "Complete", 1117), (1180, 0, "Not started", 1204))
    for left, done, words, at in rings:
        board.pin(Ring(look, done, 5, words), left, 501)
        board.text(words, at, 501, Style.SMALL)
    board.heading("Rows", x, 536)
    board.pin(sample_list(look), x, 637, 432, 154)
