"""Photos that nobody took: a whiteboard and a wall of notes, drawn by hand as a phone would see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import shake_256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

FONT = Path(__file__).resolve().parents[1] / "fonts" / "Kalam-Regular.ttf"
_SCENE = (1800, 1350)
_PHOTO = (1400, 1050)
_CORNERS = ((96, 70), (1722, 128), (1690, 1262), (60, 1292))  # where the board's corners lie in the photo


@dataclass(frozen=True, slots=True)
class Writing:
    """Words on the board in marker; `note` is the color of the paper square they are written on, if any."""

    text: str
    at: tuple[int, int]
    size: int = 52
    ink: str = "#1c3f94"
    tilt: float = 0.0
    note: str = ""
    note_size: tuple[int, int] = (300, 240)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line drawn through points."""

    points: tuple[tuple[int, int], ...]
    ink: str = "#1c3f94"
    width: int = 6


def photo(writings: Sequence[Writing], strokes: Sequence[Stroke], board: str, wall: str, day: str) -> bytes:
    """Return a JPEG of a board with writings on it, taken slightly from the left under a lamp."""
    surface = Image.new("RGB", _SCENE, board)
    draw = ImageDraw.Draw(surface)
    for stroke in strokes:
        draw.line(_shaken(stroke.points), fill=stroke.ink, width=stroke.width, joint="curve")
    for writing in writings:
        _write(surface, writing)
    scene = _seen_from_the_left(surface, wall)
    scene = _lit(scene.resize(_PHOTO, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.7)))
    return _as_jpeg(_grainy(scene), day)


def _write(surface: Image.Image, writing: Writing) -> None:
    """Draw words line by line on a patch of their own, turn it, and put it on the board."""
    font = ImageFont.truetype(str(FONT), writing.size, layout_engine=ImageFont.Layout.BASIC)
    lines = writing.text.split("\n")
    step = int(writing.size * 1.22)
    width = int(max(font.getlength(line) for line in lines)) + 40
    size = writing.note_size if writing.note else (width, step * len(lines) + 30)
    patch = Image.new("RGBA", size, (*_rgb(writing.note), 255) if writing.note else (0, 0, 0, 0))
    pen = ImageDraw.Draw(patch)
    for number, line in enumerate(lines):
        wobble = _wobble(f"{line}{number}")
        pen.text((18 + wobble, 12 + number * step + wobble // 2), line, font=font, fill=writing.ink)
    turned = patch.rotate(writing.tilt, expand=True, resample=Image.Resampling.BICUBIC)
    if writing.note:
        shadow = Image.new("RGBA", turned.size, (40, 40, 40, 0))
        shadow.putalpha(turned.getchannel("A").point(lambda alpha: alpha // 4))
        surface.paste(shadow, (writing.at[0] + 7, writing.at[1] + 9), shadow)
    surface.paste(turned, writing.at, turned)


def _seen_from_the_left(surface: Image.Image, wall: str) -> Image.Image:
    """Return the board hung on its wall, with its frame, as seen from a step to the left."""
    width, height = surface.size
    framed = surface.copy()
    ImageDraw.Draw(framed).rectangle((0, 0, width - 1, height - 1), outline="#8d9197", width=22)
    back = _inverse(_CORNERS, width, height)
    mask = Image.new("L", surface.size, 255).transform(_SCENE, Image.Transform.PERSPECTIVE, back)
    board = framed.transform(_SCENE, Image.Transform.PERSPECTIVE, back, resample=Image.Resampling.BICUBIC)
    scene = Image.new("RGB", _SCENE, wall)
    scene.paste(board, (0, 0), mask)
    return scene


def _inverse(corners: Sequence[tuple[int, int]], width: int, height: int) -> list[float]:
    """Return the eight numbers by which Pillow finds, for a place in the photo, its place on the board."""
    board = ((0, 0), (width, 0), (width, height), (0, height))
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, board, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Return the solution of a linear system by elimination with pivots."""
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = [value / rows[column][column] for value in rows[column]]
        rows[column] = head
        for other in range(size):
            if other != column:
                factor = rows[other][column]
                rows[other] = [value - factor * own for value, own in zip(rows[other], head, strict=True)]
    return [row[-1] for row in rows]


def _lit(scene: Image.Image) -> Image.Image:
    """Return the scene under a lamp at the upper left: a soft glare there, darker corners elsewhere."""
    glow = Image.radial_gradient("L").resize((2600, 2000)).crop((700, 600, 700 + _PHOTO[0], 600 + _PHOTO[1]))
    shade = Image.new("RGB", _PHOTO, "#2b2a26")
    darker = Image.composite(shade, scene, glow.point(lambda value: min(110, value // 3)))
    return ImageEnhance.Color(darker).enhance(0.93)


def _grainy(scene: Image.Image) -> Image.Image:
    """Return the scene with the grain of a small sensor; the grain is a fixed sequence, not chance."""
    small = (_PHOTO[0] // 2, _PHOTO[1] // 2)
    grain = Image.frombytes("L", small, shake_256(b"grain").digest(small[0] * small[1])).resize(_PHOTO)
    return Image.blend(scene, Image.merge("RGB", (grain, grain, grain)), 0.018)


def _as_jpeg(scene: Image.Image, day: str) -> bytes:
    about = Image.Exif()
    about[0x0132] = f"{day.replace('-', ':')} 18:52:07"  # DateTime
    out = BytesIO()
    scene.save(out, "JPEG", quality=70, optimize=False, exif=about)
    return out.getvalue()


def _shaken(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(x + _wobble(f"x{x}{y}"), y + _wobble(f"y{x}{y}")) for x, y in points]


def _wobble(seed: str) -> int:
    """Return some pixels left or right, always the same for the same words."""
    return shake_256(seed.encode()).digest(1)[0] % 7 - 3


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
