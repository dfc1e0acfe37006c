"""Inter and JetBrains Mono, loaded from the packaged files."""

from PySide6.QtGui import QFont, QFontDatabase

from assessor_desk.environment.packaged import packaged
from assessor_desk.ui.theme.tokens import Tokens, TypeStyle

FILES = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "JetBrainsMono-Regular.ttf")
EQUAL_FIGURES = QFont.Tag("tnum")
SLASHED_ZERO = QFont.Tag("zero")


def load_fonts() -> tuple[str, ...]:
    """Load the packaged fonts into the running application and return their families."""
    folder = packaged("resources") / "fonts"
    loaded = (QFontDatabase.addApplicationFont(str(folder / name)) for name in FILES)
    return tuple(dict.fromkeys(family for each in loaded for family in QFontDatabase.applicationFontFamilies(each)))


def interface_font(
    tokens: Tokens, style: TypeStyle, pixels: int, weight: int | None = None, figures: bool = False
) -> QFont:
    """Return the font of a step of the type scale at a size in pixels.

    Equal `figures` are for columns, timers and scores only: Inter widens hyphens and spaces with them.
    """
    font = QFont([tokens.family, *tokens.fallback])
    if figures:
        font.setFeature(EQUAL_FIGURES, 1)
    return _set(font, pixels, weight or style.weight)


def code_font(tokens: Tokens, pixels: int) -> QFont:
    """Return the font that codes are set in."""
    font = QFont([tokens.mono, *tokens.mono_fallback])
    font.setFeature(SLASHED_ZERO, 1)
    return _set(font, pixels, 400)


def _set(font: QFont, pixels: int, weight: int) -> QFont:
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setKerning(True)
    return font
