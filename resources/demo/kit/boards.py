"""What was written on the boards of the demo's photos."""

from math import cos, radians, sin

from kit.photo import Stroke, Writing, photo

_RED, _GREEN, _BLACK = "#b3261e", "#1d7a46", "#23282f"


def family_meeting() -> bytes:
    """Return the whiteboard after the meeting of families and staff."""
    writings = (
        Writing("What helps your child feel at home here?", (90, 60), 70, _BLACK, 1.2),
        Writing("Drop-off", (110, 210), 62, _RED),
        Writing(
            "- 3 minutes, not 30 seconds\n- someone who knows her song\n- a place for the strollers", (110, 290), 48
        ),
        Writing("Words from home", (960, 205), 62, _RED, -0.8),
        Writing("- send them BEFORE the unit\n- Spanish + Polish + Arabic\n- voice message is OK", (960, 290), 48),
        Writing("News of the day", (110, 570), 62, _RED, 0.9),
        Writing("- photo, not a form\n- tell us what she DID", (110, 650), 48),
        Writing("Dots", (1010, 565), 62, _BLACK),
        Writing("Drop-off\nWords\nNews", (1010, 645), 56, _GREEN, -1.0),
        Writing("9\n7\n4", (1330, 640), 56, _GREEN, -1.0),
        Writing("1) welcome table by the door", (150, 900), 62, _BLACK, 0.8),
        Writing("2) word list to families first", (150, 995), 62, _BLACK, 0.4),
        Writing("who?  by when?", (1180, 945), 68, _RED, -2),
        Writing("next: May 7, 5:30, with soup", (620, 1160), 54, _GREEN, -0.6),
    )
    strokes = (
        Stroke(((90, 170), (560, 164), (1130, 172), (1480, 160)), _BLACK, 5),
        Stroke(((900, 230), (905, 520), (896, 810)), "#7a808a", 4),
        Stroke(((110, 860), (700, 852), (1650, 866)), "#7a808a", 4),
        Stroke(_loop(1420, 1000, 300, 105), _RED, 6),
        Stroke(((960, 955), (1040, 962), (1110, 985)), _RED, 6),
        Stroke(((960, 1050), (1040, 1040), (1108, 1015)), _RED, 6),
    )
    return photo(writings, strokes, board="#f3f4f1", wall="#b9b3a3", day="2026-03-26")


def staff_wall() -> bytes:
    """Return the wall of notes from the staff session on hard moments of the day."""
    notes = (
        ("hallway\nafter lunch", "#ffe27a"), ("hallway\n8th period", "#ffe27a"), ("locker talk", "#ffe27a"),
        ("sub days", "#a9dcf5"), ("phones at\nlunch", "#a9dcf5"), ("sitting\nalone", "#a9dcf5"),
        ("my own\ntemper", "#f7b6c8"), ("who do I\ncall?", "#f7b6c8"), ("no time\nto reset", "#f7b6c8"),
        ("6th gr.\nlost first\nweek", "#c9ecb0"), ("new kids\nin January", "#c9ecb0"), ("bus line", "#ffe27a"),
    )  # fmt: skip
    writings = [Writing("When is it hardest to stay calm?", (110, 60), 74, _BLACK, 0.8)]
    for number, (text, color) in enumerate(notes):
        column, row = number % 4, number // 4
        at = (110 + column * 410 + (row % 2) * 26, 215 + row * 300 + (column % 2) * 18)
        writings.append(Writing(text, at, 56, _BLACK, (-4, 3, -2, 5)[(column + row) % 4], color))
    writings.append(Writing("33 of 47 dots: HALLWAY", (560, 1190), 76, _RED, -1.2))
    return photo(writings, (), board="#e9e4d8", wall="#8f9aa6", day="2026-01-22")


def _loop(x: int, y: int, wide: int, high: int) -> tuple[tuple[int, int], ...]:
    """Return a ring as a hand draws it: its end runs past its start."""
    turns = (radians(angle) for angle in range(200, 590, 6))
    return tuple((int(x + wide * cos(turn) * 1.02), int(y + high * sin(turn))) for turn in turns)
