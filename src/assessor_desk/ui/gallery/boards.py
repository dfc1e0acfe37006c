"""The gallery's boards by the names of their pictures."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from assessor_desk.ui.gallery.components import components
from assessor_desk.ui.gallery.frame import page_frame, workbench_frame
from assessor_desk.ui.gallery.more import more
from assessor_desk.ui.theme.look import Look

BOARDS: Mapping[str, Callable[[Look], QWidget]] = {
    "00-components": components,
    "00b-more-components": more,
    "00c-frame-page": page_frame,
    "00d-frame-workbench": workbench_frame,
}
