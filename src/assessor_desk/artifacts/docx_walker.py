"""Listens to the XML of a Word document and keeps what a reader would see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_W = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    }
)
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


@dataclass(slots=True)
class _Flow:
    """Text that runs on its own; text boxes wait until the paragraph that holds them ends."""

    text: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)


class TextWalker:
    """Gathers the words of one part after another.

    Inserted words stand where they are; removed words are gathered apart. Names of authors are never taken.
    """

    def __init__(self) -> None:
        self.removed: list[str] = []
        self._flows = [_Flow()]
        self._hearing = False
        self._removed_depth = 0
        self._fallback_depth = 0
        self._seen: dict[str, int] = {}

    def taken(self) -> str:
        """Return the text gathered since the last call."""
        flow, self._flows = self._flows[0], [_Flow()]
        return "".join(flow.text + flow.boxes).strip()

    def notes(self) -> tuple[str, ...]:
        """Return what a reader of the text alone would miss."""
        return tuple(
            (one if count == 1 else several).format(count)
            for what, one, several in _NOTES
            if (count := self._seen.get(what, 0))
        )

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Hear that an element begins."""
        if self._fallback_depth:
            self._fallback_depth += 1
        elif (begins := _meaning(name).begins) is not None:
            begins(self, attributes)

    def end(self, name: str) -> None:
        """Hear that an element ends."""
        if self._fallback_depth:
            self._fallback_depth -= 1
        elif (ends := _meaning(name).ends) is not None:
            ends(self)

    def words(self, text: str) -> None:
        """Hear text."""
        if self._hearing and not self._fallback_depth:
            self.add(text)

    def add(self, text: str) -> None:
        """Take text to where it belongs now."""
        (self.removed if self._removed_depth else self._flows[-1].text).append(text)

    def note(self, what: str) -> None:
        """Count something that the text alone does not show."""
        self._seen[what] = self._seen.get(what, 0) + 1

    def hear(self, yes: bool) -> None:
        """Take, or stop taking, the text that comes."""
        self._hearing = yes

    def remove(self, step: int) -> None:
        """Enter or leave what a change took out of the document."""
        self._removed_depth += step

    def skip(self) -> None:
        """Pass over everything up to the end of this element."""
        self._fallback_depth = 1

    def open_box(self) -> None:
        """Begin text that runs on its own."""
        self._flows.append(_Flow())

    def close_box(self) -> None:
        """Keep a text box until its paragraph ends."""
        box = self._flows.pop()
        self._flows[-1].boxes += box.text + box.boxes

    def end_paragraph(self) -> None:
        """End a line, and set down the text boxes that it held."""
        flow = self._flows[-1]
        flow.text.append("\n")
        if flow.boxes:
            flow.text += [*flow.boxes, "\n"]
            flow.boxes.clear()
        if self.removed and self.removed[-1] != "\n":
            self.removed.append("\n")

    def end_cell(self, mark: str) -> None:
        """Let a tab part two cells, and a line's end two rows."""
        text = self._flows[-1].text
        if text and text[-1] in ("\n", "\t"):
            text[-1] = mark
        else:
            text.append(mark)


_Begins = Callable[[TextWalker, Mapping[str, str]], None]
_Ends = Callable[[TextWalker], None]


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What to do when an element begins and when it ends."""

    begins: _Begins | None = None
    ends: _Ends | None = None


@lru_cache(maxsize=1_024)
def _meaning(name: str) -> _Meaning:
    space, _, local = name.rpartition(" ")
    if space == _COMPATIBILITY and local == "Fallback":
        # The same content once more, for older readers.
        return _Meaning(lambda walker, _: walker.skip())
    return (_WORD.get(local) if space in _W else None) or _ANYWHERE.get(local, _Meaning())


def _sign(sign: str) -> _Meaning:
    return _Meaning(lambda walker, _: walker.add(sign))


def _noted(what: str) -> _Meaning:
    return _Meaning(lambda walker, _: walker.note(what))


def _begin_removed(walker: TextWalker, _: Mapping[str, str]) -> None:
    walker.note("change")
    walker.remove(1)


def _begin_removed_words(walker: TextWalker, _: Mapping[str, str]) -> None:
    walker.hear(True)
    walker.remove(1)


def _end_removed_words(walker: TextWalker) -> None:
    walker.hear(False)
    walker.remove(-1)


def _end_value(walker: TextWalker) -> None:
    walker.hear(False)
    walker.add("\n")


def _begin_hidden(walker: TextWalker, attributes: Mapping[str, str]) -> None:
    if not any(value in ("0", "false", "off") for value in attributes.values()):
        walker.note("hidden")


def _begin_symbol(walker: TextWalker, attributes: Mapping[str, str]) -> None:
    code = next((value for name, value in attributes.items() if name.endswith("char")), "")
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return
    # Signs of picture fonts lie in the private area and mean nothing without their font.
    walker.add("•" if "\ue000" <= sign <= "\uf8ff" or not sign.isprintable() else sign)


_TEXT = _Meaning(lambda walker, _: walker.hear(True), lambda walker: walker.hear(False))
_PARAGRAPH = _Meaning(None, TextWalker.end_paragraph)
_REMOVED = _Meaning(_begin_removed, lambda walker: walker.remove(-1))
_BOX = _Meaning(lambda walker, _: walker.open_box(), TextWalker.close_box)

_WORD = {
    "delText": _Meaning(_begin_removed_words, _end_removed_words),
    "del": _REMOVED,
    "moveFrom": _REMOVED,
    "ins": _noted("change"),
    "moveTo": _noted("change"),
    "tc": _Meaning(None, lambda walker: walker.end_cell("\t")),
    "tr": _Meaning(None, lambda walker: walker.end_cell("\n")),
    "tab": _sign("\t"),
    "ptab": _sign("\t"),
    "br": _sign("\n"),
    "cr": _sign("\n"),
    "noBreakHyphen": _sign("\u2011"),
    "sym": _Meaning(_begin_symbol),
    "altChunk": _noted("chunk"),
    "object": _noted("object"),
    "vanish": _Meaning(_begin_hidden),
}
# Words also stand in formulas, drawings and charts, each with a namespace of its own.
_ANYWHERE = {
    "t": _TEXT,
    "v": _Meaning(lambda walker, _: walker.hear(True), _end_value),
    "p": _PARAGRAPH,
    "txbxContent": _BOX,
    "textpath": _Meaning(lambda walker, attributes: walker.add(attributes.get("string", "") + "\n")),
    "blip": _noted("picture"),
    "imagedata": _noted("picture"),
}
_HIDDEN = "Some words are hidden in Word and stand here with the others."
_NOTES = (
    ("picture", "One picture is not part of the text.", "{} pictures are not part of the text."),
    ("chunk", "A file inside the document is not shown.", "{} files inside the document are not shown."),
    ("object", "An embedded object is not part of the text.", "{} embedded objects are not part of the text."),
    (
        "change",
        "There is a tracked change: new words stand in place, removed ones at the end.",
        "There are {} tracked changes: new words stand in place, removed ones at the end.",
    ),
    ("hidden", _HIDDEN, _HIDDEN),
)
