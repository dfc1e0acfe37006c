"""What every control is called, and how text that others wrote stays plain text."""

import html
from typing import TypeVar

from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


def named(widget: W, object_name: str, accessible_name: str) -> W:
    """Give a control its name for tests and its name for people who hear the window, and return it."""
    widget.setObjectName(object_name)
    widget.setAccessibleName(accessible_name)
    return widget


def told(widget: W, words: str) -> W:
    """Give a control a tooltip that shows these words as they are, and return it.

    Qt takes a tooltip for rich text as soon as it sees a tag in it. So it always gets rich text, of our making.
    """
    widget.setToolTip(plain_tooltip(words))
    return widget


def plain_tooltip(words: str) -> str:
    """Return what Qt has to be given so that a tooltip shows these words as they are."""
    return f"<span>{html.escape(words)}</span>" if words else ""


def literal(words: str) -> str:
    """Return words for a button, menu or tab, where Qt would take a single & for a shortcut."""
    return words.replace("&", "&&")
