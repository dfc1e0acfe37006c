"""The few strokes that parts paint themselves with."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

LEFT = Qt.AlignmentFlag.AlignLeft
CENTER = Qt.AlignmentFlag.AlignHCenter
RIGHT = Qt.AlignmentFlag.AlignRight
MIDDLE = Qt.AlignmentFlag.AlignVCenter


def pen_on(widget: QWidget) -> QPainter:
    """Return a painter with smooth edges."""
    painter = QPainter(widget)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    return painter


def box(painter: QPainter, rect: QRectF, radius: float, fill: QColor | None, edge: QColor | None, width: float) -> None:
    """Paint a rectangle with round corners whose edge lies inside it."""
    half = width / 2 if edge else 0.0
    painter.setBrush(fill if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(edge, width) if edge else Qt.PenStyle.NoPen)
    inner = rect.adjusted(half, half, -half, -half)
    painter.drawRoundedRect(inner, max(0.0, radius - half), max(0.0, radius - half))


def write(
    painter: QPainter,
    rect: QRectF,
    words: str,
    font: QFont,
    ink: QColor,
    align: Qt.AlignmentFlag = LEFT,
) -> str:
    """Write one line in the middle of a rectangle's height, cut short where it must be, and return what stands there.

    Words are never taken for markup, and a line end in them is only a space.
    """
    shown = cut(words, font, rect.width())
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(rect, int(align | MIDDLE) | int(Qt.TextFlag.TextSingleLine), shown)
    return shown


def cut(words: str, font: QFont, width: float) -> str:
    """Return words as they fit into a width, with … where something is missing."""
    line = " ".join(words.split())
    if measure(line, font) <= width + 0.5:
        return line
    return QFontMetricsF(font).elidedText(line, Qt.TextElideMode.ElideRight, width)


def measure(words: str, font: QFont) -> float:
    """Return how wide words are in one line."""
    return QFontMetricsF(font).horizontalAdvance(words)


def rule(painter: QPainter, start: QPointF, end: QPointF, ink: QColor, width: float) -> None:
    """Paint a straight line."""
    painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(start, end)
