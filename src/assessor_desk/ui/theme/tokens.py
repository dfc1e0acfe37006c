"""The design's tokens as typed facts; one that the file lacks, or has too many of, is noticed at once."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, TypeVar

from assessor_desk.environment.packaged import packaged

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """One step of the type scale: size and line in pixels at 100 %, weight as fonts count it."""

    size: int
    line: int
    weight: int


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Every size of type that is used."""

    caption: TypeStyle
    small: TypeStyle
    body: TypeStyle
    body_strong: TypeStyle
    reading: TypeStyle
    title: TypeStyle
    figure: TypeStyle
    display: TypeStyle


@dataclass(frozen=True, slots=True)
class Radius:
    """How round corners are."""

    none: int
    chip: int
    control: int
    card: int
    dialog: int
    pill: int


@dataclass(frozen=True, slots=True)
class Border:
    """How thick lines are."""

    hair: int
    strong: int
    selected: int
    focus: int
    focus_offset: int


@dataclass(frozen=True, slots=True)
class Control:
    """How high controls are."""

    compact: int
    default: int
    large: int
    min_target: int
    checkbox: int
    radio: int
    scrollbar: int
    splitter: int
    splitter_grab: int


@dataclass(frozen=True, slots=True)
class Row:
    """How high rows are."""

    single: int
    default: int
    two_line: int
    group: int
    header: int
    menu: int


@dataclass(frozen=True, slots=True)
class IconSize:
    """How large icons are."""

    small: int
    default: int
    large: int
    hero: int


@dataclass(frozen=True, slots=True)
class Motion:
    """How long, in milliseconds, what moves takes."""

    fast: int
    standard: int
    panel: int
    reduced: int


@dataclass(frozen=True, slots=True)
class CriterionTokens:
    """The colors of one position in a rubric, as written in the file."""

    n: int
    name: str
    solid: str
    ink: str
    wash: str
    text: str


@dataclass(frozen=True, slots=True)
class DifferenceTokens:
    """The fill and the ink of one distance from the consensus, as written in the file."""

    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """All tokens; colors, criteria and differences by scheme, `light` or `dark`."""

    family: str
    fallback: tuple[str, ...]
    mono: str
    mono_fallback: tuple[str, ...]
    type_scale: TypeScale
    space: tuple[int, ...]
    radius: Radius
    border: Border
    control: Control
    row: Row
    icon: IconSize
    icon_stroke: float
    motion: Motion
    layout: Mapping[str, int]
    colors: Mapping[str, Mapping[str, str]]
    patterns: tuple[str, ...]
    criteria: Mapping[str, tuple[CriterionTokens, ...]]
    differences: Mapping[str, Mapping[str, DifferenceTokens]]
    glyph_bar: int
    glyph_gap: int
    glyph_height: int


@cache
def packaged_tokens() -> Tokens:
    """Return the tokens that travel with the program."""
    return tokens(json.loads((packaged("resources") / "tokens.json").read_text(encoding="utf-8")))


def tokens(read: Mapping[str, Any]) -> Tokens:
    """Return the tokens of a token file."""
    font, criterion, glyph = read["font"], read["criterion"], read["level"]["glyph"]
    return Tokens(
        family=font["family"],
        fallback=tuple(font["fallback"]),
        mono=font["mono"],
        mono_fallback=tuple(font["monoFallback"]),
        type_scale=TypeScale(**{snake(name): record(TypeStyle, step) for name, step in read["typeScale"].items()}),
        space=tuple(read["space"].values()),
        radius=record(Radius, read["radius"]),
        border=record(Border, read["border"]),
        control=record(Control, read["control"]),
        row=record(Row, read["row"]),
        icon=record(IconSize, read["icon"]),
        icon_stroke=read["icon"]["stroke"],
        motion=record(Motion, read["motion"]),
        layout={snake(name): size for name, size in read["layout"].items() if isinstance(size, int)},
        colors={scheme: {snake(name): value for name, value in each.items()} for scheme, each in read["color"].items()},
        patterns=tuple(criterion["patterns"]),
        criteria={scheme: tuple(CriterionTokens(**each) for each in criterion[scheme]) for scheme in read["color"]},
        differences={
            scheme: {snake(name): DifferenceTokens(**pair) for name, pair in read["agreement"][scheme].items()}
            for scheme in read["color"]
        },
        glyph_bar=glyph["barWidth"],
        glyph_gap=glyph["gap"],
        glyph_height=glyph["height"],
    )


def record(kind: type[Record], read: Mapping[str, Any]) -> Record:
    """Return a record of those values of a mapping that it has a field for; one that is missing is an error."""
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{snake(name): value for name, value in read.items() if snake(name) in known})


def snake(name: str) -> str:
    """Return a name of the file as Python writes it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
