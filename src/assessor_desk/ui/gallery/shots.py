"""Pictures of the boards in both themes, each with the rectangles of everything that has a name."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget

from assessor_desk.ui.gallery.boards import BOARDS
from assessor_desk.ui.theme.look import Look
from assessor_desk.ui.theme.theme import Scheme, theme


def shoot(look: Look, folder: Path) -> list[Path]:
    """Leave a picture and its rectangles for every board and scheme, and return the pictures' paths."""
    folder.mkdir(parents=True, exist_ok=True)
    worn, pictures = look.theme, []
    for scheme in Scheme:
        look.wear(theme(worn.tokens, scheme, worn.contrast, worn.factor))
        for name, build in BOARDS.items():
            path = folder / f"{name}{'-dark' if scheme is Scheme.DARK else ''}.png"
            pictures.append(picture(build(look), path))
    look.wear(replace(worn))
    return pictures


def picture(page: QWidget, path: Path) -> Path:
    """Leave a picture of a page with its rectangles beside it, and let the page go."""
    page.show()
    QApplication.sendPostedEvents()
    page.grab().save(str(path))
    path.with_suffix(".json").write_text(json.dumps(rectangles(page), indent=1, ensure_ascii=False) + "\n", "utf-8")
    page.hide()
    page.deleteLater()
    return path


def rectangles(page: QWidget) -> list[dict[str, Any]]:
    """Return name, kind, spoken name and rectangle of everything on a page that has a name and can be seen."""
    children = [each for each in page.findChildren(QWidget) if each.objectName() and each.isVisibleTo(page)]
    return [_rectangle(page, each) for each in children if not each.objectName().startswith("qt_")]


def _rectangle(page: QWidget, widget: QWidget) -> dict[str, Any]:
    corner = widget.mapTo(page, QPoint(0, 0))
    return {
        "name": widget.objectName(),
        "kind": type(widget).__name__,
        "spoken": widget.accessibleName(),
        "rectangle": [corner.x(), corner.y(), widget.width(), widget.height()],
    }
