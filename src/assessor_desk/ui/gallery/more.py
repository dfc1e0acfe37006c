"""The parts that picture 00 has no room for, as the screens use them."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_desk.ui.gallery.board import Board
from assessor_desk.ui.naming import named, told
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Style
from assessor_desk.ui.widgets.banner import Banner
from assessor_desk.ui.widgets.buttons import Button, Height, Kind
from assessor_desk.ui.widgets.chips import Chip
from assessor_desk.ui.widgets.choices import CheckBox, RadioButton
from assessor_desk.ui.widgets.evidence_row import Evidence, EvidenceRow
from assessor_desk.ui.widgets.fields import Field, TextArea
from assessor_desk.ui.widgets.focus_ring import FocusRing
from assessor_desk.ui.widgets.highlight import Link, Quote
from assessor_desk.ui.widgets.level_glyph import LevelGlyph
from assessor_desk.ui.widgets.level_grid import Level, LevelGrid
from assessor_desk.ui.widgets.marks import Mark, ScoreLine
from assessor_desk.ui.widgets.outcome import Met, OutcomeCells, OutcomeGroup
from assessor_desk.ui.widgets.pills import Tone
from assessor_desk.ui.widgets.popover import Popover
from assessor_desk.ui.widgets.progress import Bar, Pips, Ring
from assessor_desk.ui.widgets.sheet import Sheet
from assessor_desk.ui.widgets.status import Fact, StatusLine
from assessor_desk.ui.widgets.support_strip import Support, SupportCell, SupportStrip
from assessor_desk.ui.widgets.words import Paragraph

FOUR = (
    Level(1, "Beginning", "Opinions stand where a record was asked for.", False),
    Level(2, "Developing", "Some of it is recorded; who spoke, or when, stays open.", False),
    Level(3, "Proficient", "Says who said what, in plain words, and ties it to the plan.", True),
    Level(4, "Exemplary", "Sees a pattern across the talk and checks it with the teacher.", True),
)
TWO = (
    Level(
        1,
        "Not met",
        "The plan goes to the students' lessons at once. No time is set aside in which the adults try it "
        "themselves, and nobody is named who would see to it.",
        False,
    ),
    Level(
        2,
        "Met",
        "Every adult on the team has time to try it first. The plan names who does so, when, and for how "
        "long, and keeps a record from which a reader can see what changed.",
        True,
    ),
)
EVIDENCE = (
    Evidence(
        "e1",
        "file-text",
        "Notes p. 3",
        "“Speaks for just under three minutes about the stairs at home”",
        "Criterion 2, Notes, page 3, link",
    ),
    Evidence(
        "e2",
        "clapperboard",
        "Video 04:12–05:03",
        "Waits eleven seconds after the question",
        "Criterion 2, Video, 04:12 to 05:03, link",
    ),
)
FINE = SupportCell(Support.FINE, "All artifacts dealt with")
STRIPS = (
    (
        FINE,
        SupportCell(Support.FINE, "Evidence for every score"),
        SupportCell(Support.FINE, "Rationale for every score"),
        SupportCell(Support.FINE, "Second score has the same outcome"),
        SupportCell(Support.FINE, "Assessor qualified"),
    ),
    (
        FINE,
        SupportCell(Support.LOOK, "1 score without evidence"),
        SupportCell(Support.FINE, "Rationale for every score"),
        SupportCell(Support.NONE, "No second score"),
        SupportCell(Support.LOOK, "Assessor provisional"),
    ),
    (
        SupportCell(Support.BLOCKS, "2 artifacts not dealt with"),
        SupportCell(Support.LOOK, "1 score without evidence"),
        SupportCell(Support.BLOCKS, "3 scores without a rationale"),
        SupportCell(Support.NONE, "No second score"),
        SupportCell(Support.NONE, "Not yet calibrated"),
    ),
)


def more(look: Look) -> Board:
    """Return the board."""
    board = Board(look, "more_components", "More components", QSize(1440, 760))
    _levels(board)
    _evidence(board)
    _marks(board)
    _states(board)
    _panels(board)
    board.place()
    return board


def _levels(board: Board) -> None:
    look = board.look
    board.heading("Level grid: columns, rows", 24, 27)
    columns = board.pin(LevelGrid(look, "Observing a conference", FOUR), 24, 130, 431)
    columns.show_level(3)
    rows = board.pin(LevelGrid(look, "Adults practice first", TWO), 24, 300, 431)
    rows.show_level(2)
    board.heading("Level glyphs for two and three levels", 24, 420)
    samples = ((24, 1, 2, "Not met"), (110, 2, 2, "Met"), (180, 1, 3, "Emerging"), (290, 3, 3, "Secure"))
    for x, level, levels, name in samples:
        board.pin(LevelGlyph(look, level, levels, name), x, 450)
    board.heading("Rationale", 24, 490)
    area = board.pin(TextArea(look, "rationale", "Rationale for the approver"), 24, 560, 431, 96)
    area.setPlainText("Each entry has a time, a speaker and an action.\nTwo of the four moves are named in the record.")
    off = board.pin(TextArea(look, "rationale_off", "Rationale, read only"), 24, 650, 431, 56)
    off.setPlainText("Signed on May 12; it can no longer be changed.")
    off.setEnabled(False)
    sentence = "A paragraph keeps the line height of its style, breaks at words, and takes <b>no markup</b> & no keys."
    board.pin(named(Paragraph(look, sentence, Style.SMALL, "text2"), "paragraph", sentence), 24, 714, 431)


def _evidence(board: Board) -> None:
    look, x = board.look, 504
    board.heading("Highlights on paper", x, 27)
    for number in range(4):
        board.pin(Quote(look, "what have you noticed", [Link(number + 1, str(number + 1))]), x, 62 + 32 * number)
        board.pin(Quote(look, "and waits eleven", [Link(number + 5, str(number + 5))]), x + 210, 62 + 32 * number)
    board.pin(Quote(look, "two criteria on the same words", [Link(3, "3b"), Link(5, "5")]), x, 194)
    board.heading("Evidence", x, 236)
    for number, evidence in enumerate(EVIDENCE):
        board.pin(EvidenceRow(look, evidence), x, 274 + 29 * number, 431)
    board.heading("Outcome", x, 340)
    met, cross, open_ = Met.MET, Met.NOT_MET, Met.TO_SCORE
    plain = OutcomeGroup((("1", met), ("2", met), ("3", cross), ("4", open_), ("5", met)))
    board.pin(OutcomeCells(look, [plain], "3 of 5 met, criterion 3 not met, criterion 4 to score"), x, 372, 431)
    groups = (
        OutcomeGroup((("1a", met), ("1b", met)), 1, "Analyze"),
        OutcomeGroup((("2a", met), ("2b", cross)), 2, "Design"),
        OutcomeGroup((("3a", met), ("3b", met), ("3c", met)), 3, "Develop"),
        OutcomeGroup((("4a", open_),), 4, "Implement"),
    )
    board.pin(OutcomeCells(look, groups, "6 of 8 met, 2b not met, 4a to score"), x, 408, 431)
    board.heading("Fields", x, 454)
    board.pin(Field(look, "prompt", "Address", prompt="https://hub.example.org"), x, 490, 200)
    off = board.pin(Field(look, "field_off", "Address, fixed"), 716, 490, 200)
    off.setText("Cannot be changed")
    off.setEnabled(False)
    code = board.pin(Field(look, "invitation", "Invitation code", code=True), x, 526, 200)
    code.setText("7QKD-M2VX-40")
    board.pin(CheckBox(look, "check_dim", "Dim"), 716, 526).setEnabled(False)
    board.pin(RadioButton(look, "radio_dim", "Dim"), 776, 526).setEnabled(False)
    board.pin(Chip(look, "chip_dim", "Round"), 836, 526).setEnabled(False)
    board.heading("Buttons with keys and tooltips", x, 574)
    board.pin(Button(look, "sign_key", "Sign", kind=Kind.PRIMARY, icon="signature", key="Ctrl Shift S"), x, 610)
    board.pin(Button(look, "next_key", "Next criterion", key="Ctrl Enter"), 646, 610)
    board.pin(Button(look, "choose", "Program", trailing="chevron-down"), 832, 610)
    quiet = board.pin(Button(look, "quiet_off", "Second score…", kind=Kind.STANDARD), x, 646)
    quiet.setEnabled(False)
    told(quiet, "A second score exists already")
    board.pin(Button(look, "quiet_dim", "Quiet", kind=Kind.QUIET), 630, 646).setEnabled(False)
    board.pin(Button(look, "danger_large", "Remove & close", kind=Kind.DANGER, height=Height.LARGE), 700, 646)
    board.pin(
        Banner(
            look,
            "banner",
            "cloud-off",
            "You are offline.",
            "3 decisions are safe.",
            Tone.WARNING,
            "See what is waiting",
        ),
        x,
        700,
        431,
    )


def _marks(board: Board) -> None:
    look, x = board.look, 984
    board.heading("Score lines and support", x, 27)
    same = {Mark.CONSENSUS: 3, Mark.SECOND: 3, Mark.ASSESSOR: 3}
    apart = {Mark.SECOND: 3, Mark.ASSESSOR: 4}
    board.pin(ScoreLine(look, 4, 3, same, "All three: Proficient"), x, 62)
    board.pin(ScoreLine(look, 4, 3, apart, "Assessor Exemplary, second assessor Proficient"), 1200, 62)
    for number, cells in enumerate(STRIPS):
        board.pin(SupportStrip(look, cells), x + 146 * number, 100)


def _states(board: Board) -> None:
    look, x = board.look, 984
    board.heading("Progress and status", x, 140)
    board.pin(Pips(look, "12345", (True, True, True, False, True)), x, 174)
    board.pin(Bar(look, 0.49, "49% of 640 MB"), 1090, 174)
    board.text("49% of 640 MB", 1184, 174, Style.SMALL, "text2")
    board.pin(Ring(look, 1, 6, "1 of 6 scored"), 1290, 174)
    states = (
        ("synced", "cloud-check", "Synced", "2 min ago", Tone.SUCCESS, False),
        ("sending", "refresh-cw", "Sending", "2 of 3", Tone.ACCENT, False),
        ("offline", "cloud-off", "Offline", "· 3 decisions waiting to send", Tone.WARNING, True),
        ("not_answering", "wifi-off", "Hub not answering", "· next try in 40 s", Tone.WARNING, True),
        ("need_you", "circle-alert", "2 need you", "", Tone.DANGER, True),
    )
    places = ((x, 200), (1120, 200), (x, 224), (x, 248), (1240, 200))
    for number, (name, icon, strong, rest, tone, whole) in enumerate(states):
        line = StatusLine(look, f"status_{name}")
        line.show_state(icon, strong, rest, tone, whole)
        board.pin(line, *places[number])
    board.pin(Fact(look, "saved", "save", "All changes saved on this laptop · 10:42"), x, 272)


def _panels(board: Board) -> None:
    look, x = board.look, 984
    board.heading("Popover", x, 296)
    corner = board.pin(named(QWidget(), "popover_place", "Popover's place"), x, 340, 431, 60)
    popover = Popover(look, "popover", "Link to", corner)
    column = QVBoxLayout(popover)
    column.addWidget(Button(look, "popover_note", "Note", kind=Kind.QUIET, icon="message-square-plus"))
    popover.resize(popover.sizeHint())
    popover.show()
    board.heading("Sheet over its scrim", x, 396)
    window = board.pin(named(QWidget(), "sheet_window", "A window under a sheet"), x, 580, 431, 320)
    content = QWidget()
    fields = QVBoxLayout(content)
    fields.setContentsMargins(3, 3, 3, 3)
    passphrase = Field(look, "passphrase", "Your passphrase", prompt="Your passphrase")
    passphrase.setProperty("posed_focus", True)
    fields.addWidget(passphrase)
    sentence = "It stays unlocked for 30 minutes. Nothing is sent before you sign."
    sheet = Sheet(look, "sheet", "Sign and keep to send", sentence, content, "Sign", key="Ctrl Shift S", window=window)
    FocusRing(look, sheet.primary)
    sheet.show()
    sheet.place()
