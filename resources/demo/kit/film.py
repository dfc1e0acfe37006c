"""A short film that nobody shot: blurred figures in a staff room, as a QuickTime file of still pictures."""

from collections.abc import Callable, Sequence
from io import BytesIO
from math import sin
from struct import pack

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from kit.photo import FONT

_SIZE = (640, 360)
_SECONDS_A_PICTURE = 40
_SLIDES = (
    "Watch first",
    "Watch first",
    "The five lines",
    "Now you",
    "Now you",
    "Now you",
    "What did you notice?",
    "Your first step",
)
_COATS = ("#39506b", "#7a4a3a", "#4d6b4a", "#6b4a6a", "#8a6d2f", "#3f6f73", "#5b5b66")


def workshop() -> bytes:
    """Return twelve minutes of a workshop: a demonstration, practice in pairs, a round of talk."""
    return _film(720, _workshop)


def call(minutes: int, lamp: str) -> bytes:
    """Return a talk by video: two people side by side, each before a wall of their own."""
    return _film(minutes * 60, lambda scene, second, _: _call(scene, second, lamp))


def _film(length: int, paint: Callable[[Image.Image, int, int], None]) -> bytes:
    pictures = []
    for second in range(0, length, _SECONDS_A_PICTURE):
        scene = Image.new("RGB", _SIZE, "#c9c3b4")
        paint(scene, second, length)
        pictures.append(_as_jpeg(scene.filter(ImageFilter.GaussianBlur(2.2)), second))
    return _quicktime(pictures, _SECONDS_A_PICTURE)


def _as_jpeg(scene: Image.Image, second: int) -> bytes:
    """Return the picture with the time in its corner."""
    clock = ImageFont.truetype(str(FONT), 20, layout_engine=ImageFont.Layout.BASIC)
    ImageDraw.Draw(scene).text((576, 330), f"{second // 60:02}:{second % 60:02}", font=clock, fill="#ffffff")
    out = BytesIO()
    scene.save(out, "JPEG", quality=45)
    return out.getvalue()


def _workshop(scene: Image.Image, second: int, length: int) -> None:
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 262, 640, 360), fill="#8d7f6c")
    draw.rectangle((505, 60, 600, 290), fill="#a88f6a")
    draw.rectangle((518, 74, 588, 290), fill="#3b3f46")
    part = second * len(_SLIDES) // length
    draw.rectangle((60, 36, 262, 150), fill="#f6f8f8")
    slide = ImageFont.truetype(str(FONT), 22, layout_engine=ImageFont.Layout.BASIC)
    draw.text((74, 50), _SLIDES[part], font=slide, fill="#0f5b66")
    for line in range(4):
        draw.line((76, 92 + line * 13, 200 + line % 2 * 30, 92 + line * 13), fill="#9db7bb", width=4)
    for number in range(7):
        _figure(draw, number, part, second)


def _call(scene: Image.Image, second: int, lamp: str) -> None:
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 0, 640, 360), fill="#20242b")
    for left, wall, coat in ((16, "#8c97a3", "#4a3f5c"), (328, lamp, "#2f5d57")):
        sway = int(5 * sin(second / 13 + left))
        draw.rectangle((left, 60, left + 296, 300), fill=wall)
        draw.rectangle((left + 24, 82, left + 84, 190), fill="#d9d2c0")
        draw.rounded_rectangle((left + 88 + sway, 216, left + 218 + sway, 330), radius=40, fill=coat)
        draw.ellipse((left + 118 + sway, 112, left + 188 + sway, 210), fill="#b98f72")
        draw.rectangle((left, 300, left + 296, 360), fill="#20242b")


def _figure(draw: ImageDraw.ImageDraw, number: int, part: int, second: int) -> None:
    """Draw one person: seated in a row while somebody shows, standing in pairs while all practice."""
    sway = int(6 * sin(second / 17 + number * 2.1))
    if number == 0 and part in (0, 1, 7):
        x, feet, high = 465 + sway, 300, 150
    elif part in (3, 4, 5):
        x, feet, high = 70 + number * 78 + number // 2 * 22 + sway, 330 - number % 3 * 14, 150
    else:
        x, feet, high = 50 + number * 88 + sway // 3, 372, 118
    top, head = feet - high, high // 9
    draw.rounded_rectangle((x - head * 2, top + head * 2, x + head * 2, feet), radius=head, fill=_COATS[number])
    draw.ellipse((x - head, top, x + head, top + head * 2 + 4), fill="#b98f72")
    if number in (0, 6) and part not in (2, 6):
        draw.line((x + head * 2 - 3, top + head * 4, x + head * 4, top + head * 3), fill=_COATS[number], width=head)


def _quicktime(pictures: Sequence[bytes], seconds: int) -> bytes:
    """Return pictures as a QuickTime film, each shown for some seconds; no times of making are kept."""
    start = _atom(b"ftyp", b"qt  " + pack(">I", 0x200) + b"qt  ")
    offset = len(start) + 8
    offsets = [offset + sum(len(each) for each in pictures[:number]) for number in range(len(pictures))]
    return start + _atom(b"mdat", *pictures) + _atom(b"moov", *_movie(pictures, offsets, seconds))


def _movie(pictures: Sequence[bytes], offsets: Sequence[int], seconds: int) -> tuple[bytes, bytes]:
    count, (width, height) = len(pictures), _SIZE
    length = count * seconds
    upright = pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    about_movie = pack(">IIIII", 0, 0, 0, 1, length) + pack(">iH10x", 0x10000, 0x100) + upright + pack(">24xI", 2)
    about_track = (
        pack(">IIII4xI8xhhHH", 7, 0, 0, 1, length, 0, 0, 0, 0) + upright + pack(">II", width << 16, height << 16)
    )
    codec = (
        pack(">6xHHH4xIIHHIIIH", 1, 0, 0, 0, 512, width, height, 0x480000, 0x480000, 0, 1)
        + bytes(32)
        + pack(">Hh", 24, -1)
    )
    samples = _atom(
        b"stbl",
        _atom(b"stsd", pack(">II", 0, 1), _atom(b"jpeg", codec)),
        _atom(b"stts", pack(">IIII", 0, 1, count, seconds)),
        _atom(b"stsc", pack(">IIIII", 0, 1, 1, 1, 1)),
        _atom(b"stsz", pack(">III", 0, 0, count), *(pack(">I", len(each)) for each in pictures)),
        _atom(b"stco", pack(">II", 0, count), *(pack(">I", each) for each in offsets)),
    )
    here = _atom(b"dinf", _atom(b"dref", pack(">II", 0, 1), _atom(b"alis", pack(">I", 1))))
    media = _atom(
        b"mdia",
        _atom(b"mdhd", pack(">IIIIIHH", 0, 0, 0, 1, length, 0, 0)),
        _atom(b"hdlr", pack(">I", 0), b"mhlr", b"vide", bytes(13)),
        _atom(b"minf", _atom(b"vmhd", pack(">IHHHH", 1, 0x40, 0x8000, 0x8000, 0x8000)), here, samples),
    )
    return _atom(b"mvhd", about_movie), _atom(b"trak", _atom(b"tkhd", about_track), media)


def _atom(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return pack(">I", len(body) + 8) + name + body
