"""The style sheet of a theme: a template whose places are filled from the tokens, for what Qt paints by itself."""

import re
from functools import cache

from PySide6.QtGui import QColor

from assessor_desk.environment.packaged import packaged
from assessor_desk.ui.theme.theme import Style, Theme
from assessor_desk.ui.theme.tokens import snake

PLACE = re.compile(r"\{\{([\w.]+)\}\}")


def sheet(theme: Theme) -> str:
    """Return the style sheet; a place that names no token is an error."""
    return PLACE.sub(lambda found: value(theme, found[1]), template())


@cache
def template() -> str:
    """Return the packaged template."""
    return (packaged("resources") / "desk.qss").read_text(encoding="utf-8")


def value(theme: Theme, place: str) -> str:
    """Return what stands at a place such as `color.accent`, `control.default` or `type.small.size`."""
    match place.split("."):
        case ["color", name]:
            return rgba(getattr(theme.colors, snake(name)))
        case ["type", name, ("size" | "line") as part]:
            return str(theme.px(getattr(theme.step(Style(snake(name))), part)))
        case ["space", number]:
            return str(theme.space[int(number)])
        case [("control" | "row" | "icon" | "radius" | "border") as group, name]:
            return str(getattr(getattr(theme, group), snake(name)))
    raise KeyError(place)


def rgba(color: QColor) -> str:
    """Return a color as style sheets write it."""
    return f"rgba({color.red()}, {color.green()}, {color.blue()}, {color.alpha()})"
