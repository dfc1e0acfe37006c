"""Lucide icons in a color of the theme, drawn once a size and kept."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from assessor_desk.environment.packaged import packaged

KEPT = 512
GRID = 24  # the width of the grid that Lucide draws on
BOLDEST = 2.63  # on that grid: below 16 pixels the stroke gets thinner with the icon, or it would fill itself in


class Icons:
    """Draws icons by name; what was drawn is kept until more are drawn than anybody needs."""

    def __init__(self, stroke: float) -> None:
        self._stroke = stroke
        self._drawn: dict[tuple[str, str, int, float], QPixmap] = {}

    def pixmap(self, name: str, ink: QColor, size: int, ratio: float = 1.0) -> QPixmap:
        """Return an icon in a color, `size` logical pixels wide."""
        key = (name, ink.name(QColor.NameFormat.HexArgb), size, ratio)
        if key not in self._drawn:
            if len(self._drawn) >= KEPT:
                self._drawn.clear()
            self._drawn[key] = self._draw(name, ink, size, ratio)
        return self._drawn[key]

    def _draw(self, name: str, ink: QColor, size: int, ratio: float) -> QPixmap:
        tinted = svg(name).replace("currentColor", ink.name())
        stroke = min(GRID * self._stroke / size, BOLDEST)
        tinted = tinted.replace('stroke-width="2"', f'stroke-width="{stroke:.3f}"')
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setOpacity(ink.alphaF())
        QSvgRenderer(QByteArray(tinted.encode())).render(painter, QRectF(pixmap.rect()))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


def icon_file(name: str) -> Path:
    """Return where an icon lies."""
    return packaged("resources") / "icons" / f"{name}.svg"


@cache
def svg(name: str) -> str:
    """Return an icon's drawing as it was published."""
    return icon_file(name).read_text(encoding="utf-8")
