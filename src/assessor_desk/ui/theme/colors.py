"""The colors of one theme by name, so that a name that does not exist is found by the type checker."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtGui import QColor

from assessor_desk.ui.theme.tokens import CriterionTokens, DifferenceTokens, record


@dataclass(frozen=True, slots=True)
class Colors:
    """What surfaces, text, borders and states are painted with."""

    window: QColor
    panel: QColor
    panel_alt: QColor
    sunken: QColor
    canvas: QColor
    paper: QColor
    paper_ink: QColor
    border: QColor
    border_strong: QColor
    control_border: QColor
    text: QColor
    text2: QColor
    text3: QColor
    disabled: QColor
    accent: QColor
    accent_fill: QColor
    accent_fill_hover: QColor
    on_accent: QColor
    accent_wash: QColor
    accent_wash2: QColor
    focus: QColor
    success: QColor
    success_wash: QColor
    success_border: QColor
    warning: QColor
    warning_wash: QColor
    warning_border: QColor
    danger: QColor
    danger_fill: QColor
    danger_wash: QColor
    danger_border: QColor
    neutral_wash: QColor
    tooltip: QColor
    tooltip_text: QColor
    scrim: QColor
    scrollbar: QColor


@dataclass(frozen=True, slots=True)
class CriterionColors:
    """The colors and the line pattern of one position in a rubric."""

    name: str
    pattern: str
    solid: QColor
    ink: QColor
    wash: QColor
    text: QColor


@dataclass(frozen=True, slots=True)
class DifferenceColors:
    """The fill and the ink of one distance from the consensus."""

    fill: QColor
    ink: QColor


def colors(written: Mapping[str, str], contrast: bool = False) -> Colors:
    """Return a scheme's colors; with high contrast, quiet borders and quiet text become strong ones."""
    plain = record(Colors, {name: color(value) for name, value in written.items()})
    if not contrast:
        return plain
    strong = plain.control_border
    return replace(plain, border=strong, border_strong=strong, text2=plain.text, text3=plain.text)


def criterion_colors(written: CriterionTokens, pattern: str) -> CriterionColors:
    """Return the colors of one position in a rubric."""
    shades = (written.solid, written.ink, written.wash, written.text)
    return CriterionColors(written.name, pattern, *map(color, shades))


def difference_colors(written: DifferenceTokens) -> DifferenceColors:
    """Return the colors of one distance from the consensus."""
    return DifferenceColors(color(written.fill), color(written.ink))


def color(written: str) -> QColor:
    """Return the color of #RRGGBB or #RRGGBBAA, as the token file writes them."""
    made = QColor(written[:7])
    if len(written) == 9:
        made.setAlpha(int(written[7:], 16))
    return made
