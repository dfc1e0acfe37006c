"""The parts take data in and give meaning out, with keys as with the mouse."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from assessor_desk.ui.naming import literal, told
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import theme
from assessor_desk.ui.widgets.banner import Banner
from assessor_desk.ui.widgets.buttons import Button
from assessor_desk.ui.widgets.chips import Chip
from assessor_desk.ui.widgets.evidence_row import Evidence, EvidenceRow
from assessor_desk.ui.widgets.fields import Field, TextArea
from assessor_desk.ui.widgets.focus_ring import FocusRing, FocusRings
from assessor_desk.ui.widgets.level_grid import Level, LevelButton, LevelGrid, Shape
from assessor_desk.ui.widgets.outcome import Met, OutcomeCells, OutcomeGroup
from assessor_desk.ui.widgets.pills import Tone
from assessor_desk.ui.widgets.popover import Popover, beside
from assessor_desk.ui.widgets.segments import Segments
from assessor_desk.ui.widgets.sheet import Sheet
from assessor_desk.ui.widgets.status import StatusLine
from assessor_desk.ui.widgets.support_strip import Support, SupportCell, SupportStrip
from assessor_desk.ui.widgets.words import Paragraph, Words
from tests.ui.hands import click, find, focused, press, shown

HOSTILE = '<img src="x">R&D <b>bold</b>\nline'
LEVELS = tuple(Level(number, name, "A short descriptor.", number > 2) for number, name in enumerate("ABCD", start=1))


class TestLevelGrid:
    @pytest.fixture
    def grid(self, look: Look, page: QWidget, qtbot: QtBot) -> LevelGrid:
        made = LevelGrid(look, "Planning", LEVELS)
        shown(page, qtbot, made)
        made.take_focus()
        return made

    def test_a_digit_chooses_a_level_once(self, grid: LevelGrid, qtbot: QtBot) -> None:
        heard: list[int] = []
        grid.chosen.connect(heard.append)

        press("3")
        press("3")

        assert heard == [3]

    def test_arrows_choose_the_neighbor(self, grid: LevelGrid, qtbot: QtBot) -> None:
        grid.show_level(2)
        grid.take_focus()

        with qtbot.waitSignal(grid.chosen) as heard:
            press(Qt.Key.Key_Right)

        assert heard.args == [3]

    def test_a_click_chooses(self, grid: LevelGrid, qtbot: QtBot) -> None:
        with qtbot.waitSignal(grid.chosen) as heard:
            click(find(grid, LevelButton, "level_4"))

        assert heard.args == [4]

    def test_zero_says_looked_for_and_not_found(self, grid: LevelGrid, qtbot: QtBot) -> None:
        with qtbot.waitSignal(grid.not_found), qtbot.assertNotEmitted(grid.chosen):
            press("0")

    def test_a_digit_that_is_no_level_says_nothing(self, grid: LevelGrid, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(grid.chosen), qtbot.assertNotEmitted(grid.not_found):
            press("7")

    def test_what_is_only_shown_is_not_announced(self, grid: LevelGrid, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(grid.chosen):
            grid.show_level(3)
            grid.show_level(None)

        assert not any(each.isChecked() for each in grid.findChildren(LevelButton))

    def test_a_level_is_spoken_with_rule_and_descriptor_as_a_radio_button(self, grid: LevelGrid) -> None:
        button = find(grid, LevelButton, "level_3")

        assert button.accessibleName() == "C, level 3 of 4, meets the rule. A short descriptor."
        assert QAccessible.queryAccessibleInterface(button).role() == QAccessible.Role.RadioButton

    def test_levels_stand_as_their_descriptors_allow(self, look: Look, page: QWidget) -> None:
        long = tuple(Level(number, "Level", "word " * 60, False) for number in range(1, 5))
        two = (Level(1, "Not met", "No.", False), Level(2, "Met", "Yes.", True))

        short_grid, long_grid, two_grid = (LevelGrid(look, "C", levels, page) for levels in (LEVELS, long, two))

        assert short_grid.shape_at(431) is Shape.COLUMNS
        assert long_grid.shape_at(431) is Shape.ROWS
        assert two_grid.shape_at(431) is Shape.ROWS
        look.wear(theme(look.theme.tokens, factor=1.5))
        assert short_grid.shape_at(431) is Shape.PAIRS
        look.wear(theme(look.theme.tokens, factor=2.0))
        assert short_grid.shape_at(380) is Shape.ROWS

    @pytest.mark.parametrize("factor", [1.0, 1.5, 2.0])
    def test_levels_never_overlap_and_stay_inside(self, look: Look, page: QWidget, factor: float) -> None:
        look.wear(theme(look.theme.tokens, factor=factor))
        grid = LevelGrid(look, "C", LEVELS, page)
        grid.resize(431, grid.heightForWidth(431))
        page.show()

        places = [each.geometry() for each in grid.findChildren(LevelButton)]

        assert not any(one.intersects(other) for one in places for other in places if one is not other)
        assert all(grid.rect().contains(each) for each in places)


def test_arrows_move_between_segments_and_say_so(look: Look, page: QWidget, qtbot: QtBot) -> None:
    segments = Segments(look, "views", "Views", ("One", "Two", "Three"))
    shown(page, qtbot, segments)
    segments.choose(0)
    find(segments, QWidget, "views_0").setFocus()

    with qtbot.waitSignal(segments.chosen) as heard:
        press(Qt.Key.Key_Right)

    assert heard.args == [1]
    assert segments.shown() == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Down])
def test_a_chip_that_is_off_opens_by_key(look: Look, page: QWidget, qtbot: QtBot, key: Qt.Key) -> None:
    chip = Chip(look, "due", "Due")
    shown(page, qtbot, chip)

    with qtbot.waitSignal(chip.opened), qtbot.assertNotEmitted(chip.cleared):
        press(key, chip)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_a_chip_that_is_on_is_cleared_by_key(look: Look, page: QWidget, qtbot: QtBot, key: Qt.Key) -> None:
    chip = Chip(look, "due", "Due", on=True)
    shown(page, qtbot, chip)

    with qtbot.waitSignal(chip.cleared):
        press(key, chip)


def test_an_evidence_row_leads_to_its_place_and_can_be_taken_away(look: Look, page: QWidget, qtbot: QtBot) -> None:
    row = EvidenceRow(look, Evidence("e7", "file-text", "Notes p. 3", HOSTILE, "Criterion 2, Notes, page 3"))
    shown(page, qtbot, row)
    place = find(row, QWidget, "place_e7")

    with qtbot.waitSignal(row.followed) as followed:
        press(Qt.Key.Key_Space, place)
    with qtbot.waitSignal(row.removed) as removed:
        press(Qt.Key.Key_Delete, place)
    with qtbot.waitSignal(row.removed):
        click(find(row, Button, "remove_e7"))

    assert followed.args == removed.args == ["e7"]


class TestSheet:
    @pytest.fixture
    def sheet(self, look: Look, page: QWidget, qtbot: QtBot) -> Sheet:
        opener = Button(look, "opener", "Open")
        shown(page, qtbot, opener)
        opener.setFocus()
        content = QWidget()
        column = QVBoxLayout(content)
        column.addWidget(Field(look, "passphrase", "Passphrase"))
        column.addWidget(TextArea(look, "reason", "Reason"))
        made = Sheet(look, "sheet", "Sign", "Once.", content, "Sign", window=page)
        made.open_at(find(content, Field))
        return made

    def test_focus_starts_where_something_is_needed_and_stays_inside(self, sheet: Sheet, qtbot: QtBot) -> None:
        visited = []
        for _ in range(5):
            visited.append(focused().objectName())
            press(Qt.Key.Key_Tab)

        assert visited == ["passphrase", "reason", "sheet_cancel", "sheet_primary", "passphrase"]

    def test_enter_is_the_primary_and_the_focus_goes_back(self, sheet: Sheet, qtbot: QtBot) -> None:
        with qtbot.waitSignal(sheet.accepted):
            press(Qt.Key.Key_Return)

        assert focused().objectName() == "opener"

    def test_enter_in_a_paragraph_is_only_a_new_line(self, sheet: Sheet, qtbot: QtBot) -> None:
        area = find(sheet, TextArea)
        area.setFocus()

        with qtbot.assertNotEmitted(sheet.accepted):
            press(Qt.Key.Key_Return, area)

        assert area.toPlainText() == "\n"

    def test_enter_on_cancel_cancels(self, sheet: Sheet, qtbot: QtBot) -> None:
        find(sheet, Button, "sheet_cancel").setFocus()

        with qtbot.waitSignal(sheet.cancelled), qtbot.assertNotEmitted(sheet.accepted):
            press(Qt.Key.Key_Return)

    def test_escape_cancels(self, sheet: Sheet, qtbot: QtBot) -> None:
        with qtbot.waitSignal(sheet.cancelled):
            press(Qt.Key.Key_Escape)

    def test_it_covers_the_window_whatever_size_that_takes(self, sheet: Sheet, page: QWidget, qtbot: QtBot) -> None:
        page.resize(640, 520)
        qtbot.waitUntil(lambda: sheet.size() == page.size())

        assert sheet.rect().contains(sheet._card.geometry())


@pytest.mark.parametrize("place", [QRect(200, 150, 40, 16), QRect(200, 4, 40, 16), QRect(0, 150, 5, 16)])
def test_a_popover_never_covers_what_it_belongs_to(place: QRect) -> None:
    room, size = QRect(0, 0, 480, 360), QSize(200, 80)

    corner = beside(place, size, room)

    assert not QRect(corner, size).intersects(place)
    assert room.contains(QRect(corner, size))


def test_escape_closes_a_popover_and_gives_the_focus_back(look: Look, page: QWidget, qtbot: QtBot) -> None:
    opener = Button(look, "opener", "Open")
    shown(page, qtbot, opener)
    opener.setFocus()
    popover = Popover(look, "popover", "Link to", page)
    QVBoxLayout(popover).addWidget(Button(look, "note", "Note"))
    popover.show_by(opener.geometry())
    find(popover, Button).setFocus()

    with qtbot.waitSignal(popover.closed):
        press(Qt.Key.Key_Escape)

    assert focused() is opener


def test_the_focus_ring_goes_where_the_focus_goes_but_not_into_fields(look: Look, page: QWidget, qtbot: QtBot) -> None:
    rings = FocusRings(look, QApplication.instance())  # type: ignore[arg-type]
    one, other, field = Button(look, "one", "One"), Button(look, "other", "Other"), Field(look, "field", "Field")
    shown(page, qtbot, one, other, field)
    around = []

    for part in (one, other, field):
        part.setFocus()
        around.append([ring._around.objectName() for ring in page.findChildren(FocusRing) if not ring.isHidden()])

    rings.deleteLater()
    assert around == [["one"], ["other"], []]


def test_a_ring_ends_with_the_part_it_is_around(look: Look, page: QWidget, qtbot: QtBot) -> None:
    button = Button(look, "one", "One")
    shown(page, qtbot, button)
    ring = FocusRing(look, button)

    with qtbot.waitSignal(ring.destroyed):
        button.deleteLater()


def test_hostile_words_are_shown_as_they_are(look: Look, page: QWidget) -> None:
    words, paragraph = Words(look, HOSTILE, parent=page), Paragraph(look, HOSTILE, parent=page)
    button = Button(look, "hostile", HOSTILE, parent=page)
    page.show()
    words.resize(40, 18)

    assert words.text() == paragraph.text() == HOSTILE
    assert "&lt;img" in words.toolTip()
    assert "<b>" not in told(button, HOSTILE).toolTip()
    assert button.shortcut().isEmpty()
    assert literal("R&D") == "R&&D"


def test_words_that_fit_have_no_tooltip_and_words_that_do_not_end_in_dots(look: Look, page: QWidget) -> None:
    words = Words(look, "Observing a family conference", parent=page)
    words.resize(words.sizeHint())
    page.show()
    assert words.toolTip() == ""

    words.resize(60, 18)

    assert "Observing a family conference" in words.toolTip()


def test_a_paragraph_needs_more_height_where_it_is_narrow(look: Look, page: QWidget) -> None:
    paragraph = Paragraph(look, "word " * 30, parent=page)

    assert paragraph.heightForWidth(120) > 2 * paragraph.heightForWidth(420)
    assert paragraph.heightForWidth(420) % look.theme.px(18) == 0


def test_a_banners_action_is_announced(look: Look, page: QWidget, qtbot: QtBot) -> None:
    banner = Banner(look, "offline", "cloud-off", "You are offline.", "Work is safe.", Tone.WARNING, "See what waits")
    shown(page, qtbot, banner)

    with qtbot.waitSignal(banner.followed):
        press(Qt.Key.Key_Space, find(banner, Button))

    assert banner.accessibleName() == "You are offline. Work is safe."


def test_the_status_is_spoken_as_it_is_seen(look: Look, page: QWidget) -> None:
    line = StatusLine(look, "connection", parent=page)

    line.show_state("cloud-off", "Offline", "· 3 decisions waiting to send", Tone.WARNING, whole=True)

    assert line.accessibleName() == "Offline 3 decisions waiting to send"


def test_a_field_says_why_it_is_refused(look: Look, page: QWidget) -> None:
    field = Field(look, "code", "Code", parent=page)

    field.blame("A code has 4 characters after P-")

    assert field.accessibleDescription() == "A code has 4 characters after P-"


def test_tab_leaves_a_text_area(look: Look, page: QWidget, qtbot: QtBot) -> None:
    area, button = TextArea(look, "rationale", "Rationale"), Button(look, "next", "Next")
    shown(page, qtbot, area, button)
    area.setFocus()

    press(Qt.Key.Key_Tab, area)

    assert focused() is button
    assert area.toPlainText() == ""


def test_the_support_strip_says_every_cell_in_words(look: Look, page: QWidget) -> None:
    cells = [SupportCell(Support.FINE, f"Fact {number}") for number in range(5)]

    assert SupportStrip(look, cells, page).accessibleName() == "Fact 0, Fact 1, Fact 2, Fact 3, Fact 4"


def test_outcome_cells_follow_what_they_are_shown(look: Look, page: QWidget) -> None:
    cells = OutcomeCells(look, [OutcomeGroup((("1", Met.TO_SCORE),))], "criterion 1 to score", page)
    cells.resize(100, 16)
    before = cells.grab().toImage()

    cells.show_groups([OutcomeGroup((("1", Met.MET),))], "1 of 1 met")

    assert cells.grab().toImage() != before
    assert cells.accessibleName() == "1 of 1 met"


def test_a_button_without_words_tells_what_it_does(look: Look, page: QWidget) -> None:
    button = Button(look, "more", "", spoken="More", key="M", icon="ellipsis", parent=page)

    assert (button.accessibleName(), "More (M)" in button.toolTip()) == ("More", True)
    assert button.hitButton(QPoint(2, 2))
