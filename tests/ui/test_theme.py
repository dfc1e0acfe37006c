"""The theme keeps what the design promises: every token is used by name, and everything can be read."""

import json
import sys

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF

from assessor_desk.environment.packaged import packaged
from assessor_desk.ui.theme.colors import Colors
from assessor_desk.ui.theme.icons import Icons
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.palette import Role, palette
from assessor_desk.ui.theme.sheet import PLACE, sheet, template, value
from assessor_desk.ui.theme.theme import FACTORS, Scheme, Style, Theme, theme
from assessor_desk.ui.theme.tokens import packaged_tokens, tokens

TOKENS = packaged_tokens()
THEMES = [theme(TOKENS, scheme, contrast) for scheme in Scheme for contrast in (False, True)]
READ = 4.5
SEEN = 3.0
SURFACES = ("window", "panel", "panel_alt", "sunken", "accent_wash", "neutral_wash")
TEXT = [(ink, surface) for ink in ("text", "text2", "text3") for surface in SURFACES]
TEXT += [("text", "accent_wash2"), ("text2", "accent_wash2"), ("accent", "panel"), ("accent", "accent_wash")]
TEXT += [("accent", "accent_wash2"), ("on_accent", "accent_fill"), ("on_accent", "accent_fill_hover")]
TEXT += [(tone, f"{tone}_wash") for tone in ("success", "warning", "danger")]
TEXT += [(tone, "panel") for tone in ("success", "warning", "danger")]
TEXT += [("tooltip_text", "tooltip"), ("paper_ink", "paper"), ("on_accent", "danger_fill")]
LINES = [(line, surface) for line in ("control_border", "focus") for surface in ("window", "panel", "panel_alt")]


@pytest.mark.parametrize("worn", THEMES, ids=lambda each: f"{each.scheme}-{each.contrast}")
def test_all_text_can_be_read_on_what_it_stands_on(worn: Theme) -> None:
    pairs = [(ink, surface, contrast(_color(worn, ink), _color(worn, surface))) for ink, surface in TEXT]
    for criterion in worn.criteria:
        pairs.append((criterion.name, "badge", contrast(criterion.ink, criterion.solid)))
        pairs.append((criterion.name, "wash", contrast(criterion.text, criterion.wash)))
    for distance, shades in worn.differences.items():
        pairs.append((str(distance), "difference", contrast(shades.ink, shades.fill)))

    assert [pair for pair in pairs if pair[2] < READ] == []


@pytest.mark.parametrize("worn", THEMES, ids=lambda each: f"{each.scheme}-{each.contrast}")
def test_edges_focus_and_criteria_can_be_seen(worn: Theme) -> None:
    pairs = [(line, surface, contrast(_color(worn, line), _color(worn, surface))) for line, surface in LINES]
    pairs += [(each.name, "panel", contrast(each.solid, worn.colors.panel)) for each in worn.criteria]

    assert [pair for pair in pairs if pair[2] < SEEN] == []


def test_high_contrast_makes_quiet_things_loud() -> None:
    plain, loud = theme(TOKENS, Scheme.LIGHT), theme(TOKENS, Scheme.LIGHT, contrast=True)

    assert (loud.colors.text3, loud.colors.border, loud.border.hair) == (
        plain.colors.text,
        plain.colors.control_border,
        2,
    )


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("scheme", Scheme)
def test_every_place_of_the_style_sheet_names_a_token(scheme: Scheme, factor: float) -> None:
    made = sheet(theme(TOKENS, scheme, factor=factor))

    assert len(PLACE.findall(template())) > 30
    assert "{{" not in made


@pytest.mark.parametrize("place", ["color.acccent", "row.huge", "type.tiny.size", "space.99", "shadow.large"])
def test_a_place_that_names_no_token_is_an_error(place: str) -> None:
    with pytest.raises((KeyError, AttributeError, ValueError, IndexError)):
        value(theme(TOKENS), place)


def test_a_token_that_is_missing_from_the_file_is_an_error() -> None:
    read = json.loads((packaged("resources") / "tokens.json").read_text(encoding="utf-8"))
    del read["radius"]["pill"]

    with pytest.raises(TypeError):
        tokens(read)


def test_every_color_of_the_file_has_its_field() -> None:
    assert [set(each) ^ set(Colors.__slots__) for each in TOKENS.colors.values()] == [set(), set()]


def test_every_size_grows_with_the_text() -> None:
    large = theme(TOKENS, factor=2.0)

    assert (large.control.default, large.row.two_line, large.icon.small, large.line(Style.BODY)) == (56, 88, 28, 36)
    assert large.font(Style.BODY).pixelSize() == 26
    assert large.radius == theme(TOKENS).radius


def test_the_scrim_lets_the_window_through() -> None:
    assert theme(TOKENS).colors.scrim.alpha() == 0x66


def test_criteria_beyond_the_eighth_start_again() -> None:
    assert theme(TOKENS).criterion(9) == theme(TOKENS).criterion(1)


def test_the_palette_is_the_themes() -> None:
    for worn in THEMES:
        assert palette(worn.colors).color(Role.Base) == worn.colors.panel


@pytest.mark.parametrize("weight", [400, 500, 600])
def test_the_packaged_fonts_are_the_ones_that_are_shown(look: Look, weight: int) -> None:
    info = QFontInfo(look.theme.font(Style.BODY, weight))

    assert (info.family(), info.weight()) == ("Inter", weight)


def test_codes_are_set_in_the_packaged_font_for_codes(look: Look) -> None:
    assert QFontInfo(look.theme.code_font()).family() == "JetBrains Mono"


def test_figures_in_columns_are_equally_wide(look: Look) -> None:
    metrics = QFontMetricsF(look.theme.figures(Style.BODY))

    assert len({metrics.horizontalAdvance(figure * 4) for figure in "0123456789"}) == 1


def test_hyphens_in_text_stay_narrow(look: Look) -> None:
    plain, figures = (QFontMetricsF(face(Style.BODY)) for face in (look.theme.font, look.theme.figures))

    assert plain.horizontalAdvance("P-7F3K") < figures.horizontalAdvance("P-7F3K")


def test_an_icon_takes_the_color_it_is_given(look: Look) -> None:
    image = Icons(1.75).pixmap("check", QColor("#ff0000"), 16).toImage()
    inks = {
        image.pixelColor(x, y).name() for x in range(16) for y in range(16) if image.pixelColor(x, y).alpha() == 255
    }

    assert inks == {"#ff0000"}


def test_every_packaged_icon_can_be_drawn(look: Look) -> None:
    names = [path.stem for path in (packaged("resources") / "icons").glob("*.svg")]
    icons = Icons(1.75)

    empty = [name for name in names if icons.pixmap(name, QColor("black"), 24).toImage().allGray() is False]
    assert empty == []
    assert len(names) > 80


def test_qt_counts_none_as_python_does(look: Look) -> None:
    font, before = QFont(), sys.getrefcount(None)

    for _ in range(500):
        font.setPixelSize(13)

    assert before - sys.getrefcount(None) < 100


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of two colors as WCAG defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    red, green, blue = (_linear(part) for part in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    linear: float = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
    return linear


def _color(worn: Theme, name: str) -> QColor:
    found: QColor = getattr(worn.colors, name)
    return found
