"""One theme: every color, size and font, for a scheme, a contrast and a text size."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TypeVar

from PySide6.QtGui import QFont

from assessor_desk.ui.theme.colors import (
    Colors,
    CriterionColors,
    DifferenceColors,
    colors,
    criterion_colors,
    difference_colors,
)
from assessor_desk.ui.theme.fonts import code_font, interface_font
from assessor_desk.ui.theme.tokens import Border, Control, IconSize, Motion, Radius, Row, Tokens, TypeStyle

FACTORS = (1.0, 1.15, 1.25, 1.5, 2.0)
Sizes = TypeVar("Sizes", Control, Row, IconSize)


class Scheme(StrEnum):
    """Light letters on dark, or dark letters on light."""

    LIGHT = "light"
    DARK = "dark"


class Style(StrEnum):
    """The steps of the type scale."""

    CAPTION = "caption"
    SMALL = "small"
    BODY = "body"
    BODY_STRONG = "body_strong"
    READING = "reading"
    TITLE = "title"
    FIGURE = "figure"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class Theme:
    """What parts paint themselves with; all sizes already carry the text size."""

    tokens: Tokens
    scheme: Scheme
    contrast: bool
    factor: float
    colors: Colors
    criteria: tuple[CriterionColors, ...]
    differences: Mapping[int, DifferenceColors]
    space: tuple[int, ...]
    radius: Radius
    border: Border
    control: Control
    row: Row
    icon: IconSize
    motion: Motion

    def px(self, size: float) -> int:
        """Return a size of the design in pixels at this text size."""
        return max(1, round(size * self.factor)) if size else 0

    def step(self, style: Style) -> TypeStyle:
        """Return a step of the type scale as the design gives it."""
        found: TypeStyle = getattr(self.tokens.type_scale, style)
        return found

    def font(self, style: Style, weight: int | None = None) -> QFont:
        """Return the font of a step, in its own weight or another."""
        step = self.step(style)
        return interface_font(self.tokens, step, self.px(step.size), weight)

    def figures(self, style: Style, weight: int | None = None) -> QFont:
        """Return the font of a step for columns, timers and scores: all its figures are equally wide."""
        step = self.step(style)
        return interface_font(self.tokens, step, self.px(step.size), weight, figures=True)

    def code_font(self, style: Style = Style.BODY) -> QFont:
        """Return the font that codes are set in."""
        return code_font(self.tokens, self.px(self.step(style).size))

    def line(self, style: Style) -> int:
        """Return the height of one line of a step."""
        return self.px(self.step(style).line)

    def criterion(self, position: int) -> CriterionColors:
        """Return the colors of a position in the rubric, counted from 1; after the last they start again."""
        return self.criteria[(position - 1) % len(self.criteria)]

    def on_paper(self) -> "Theme":
        """Return the theme for what is marked on a page, which is light in the dark theme too."""
        return replace(self, criteria=_criteria(self.tokens, Scheme.LIGHT))


def theme(tokens: Tokens, scheme: Scheme = Scheme.LIGHT, contrast: bool = False, factor: float = 1.0) -> Theme:
    """Return the theme that the tokens describe."""
    border = replace(tokens.border, hair=2, strong=2) if contrast else tokens.border
    return Theme(
        tokens=tokens,
        scheme=scheme,
        contrast=contrast,
        factor=factor,
        colors=colors(tokens.colors[scheme], contrast),
        criteria=_criteria(tokens, scheme),
        differences={
            distance: difference_colors(tokens.differences[scheme][name])
            for distance, name in enumerate(("minus2", "minus1", "zero", "plus1", "plus2"), start=-2)
        },
        space=tuple(round(size * factor) for size in tokens.space),
        radius=tokens.radius,
        border=border,
        control=_scaled(tokens.control, factor),
        row=_scaled(tokens.row, factor),
        icon=_scaled(tokens.icon, factor),
        motion=tokens.motion,
    )


def _criteria(tokens: Tokens, scheme: Scheme) -> tuple[CriterionColors, ...]:
    return tuple(map(criterion_colors, tokens.criteria[scheme], tokens.patterns))


def _scaled(sizes: Sizes, factor: float) -> Sizes:
    return type(sizes)(**{each.name: round(getattr(sizes, each.name) * factor) for each in fields(sizes)})
