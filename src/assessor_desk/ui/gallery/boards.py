"""The gallery's boards by the names of their pictures."""

from collections.abc import Callable, Mapping

from assessor_desk.ui.gallery.board import Board
from assessor_desk.ui.gallery.components import components
from assessor_desk.ui.gallery.more import more
from assessor_desk.ui.theme.look import Look

BOARDS: Mapping[str, Callable[[Look], Board]] = {"00-components": components, "00b-more-components": more}
