"""Listens to the XML of a Word document and keeps what a reader would see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

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
        space, _, local = name.rpartition(" ")
        if self._fallback_depth or (space == _COMPATIBILITY and local == "Fallback"):
            # The same content once more, for older readers.
            self._fallback_depth += 1
            return
        self._note(space, local, attributes)
        if local in _HEARD:
            self._hearing = True
            self._removed_depth += local == "delText"
        elif space in _W and local in _REMOVED:
            self._removed_depth += 1
        elif local == "txbxContent":
            self._flows.append(_Flow())
        elif local == "textpath":
            self._add(attributes.get("string", "") + "\n")
        elif space in _W and local in _SIGNS:
            self._add(_SIGNS[local](attributes))

    def end(self, name: str) -> None:
        """Hear that an element ends."""
        if self._fallback_depth:
            self._fallback_depth -= 1
            return
        space, _, local = name.rpartition(" ")
        if local in _HEARD:
            self._hearing = False
            self._removed_depth -= local == "delText"
            if local == "v":
                self._add("\n")
        elif space in _W and local in _REMOVED:
            self._removed_depth -= 1
        elif local == "txbxContent" and len(self._flows) > 1:
            box = self._flows.pop()
            self._flows[-1].boxes += box.text + box.boxes
        elif local == "p":
            self._end_paragraph()
        elif space in _W and local in ("tc", "tr"):
            self._end_cell("\t" if local == "tc" else "\n")

    def words(self, text: str) -> None:
        """Hear text."""
        if self._hearing and not self._fallback_depth:
            self._add(text)

    def _add(self, text: str) -> None:
        (self.removed if self._removed_depth else self._flows[-1].text).append(text)

    def _end_paragraph(self) -> None:
        flow = self._flows[-1]
        flow.text.append("\n")
        if flow.boxes:
            flow.text += [*flow.boxes, "\n"]
            flow.boxes.clear()
        if self.removed and self.removed[-1] != "\n":
            self.removed.append("\n")

    def _end_cell(self, mark: str) -> None:
        text = self._flows[-1].text
        if text and text[-1] in ("\n", "\t"):
            text[-1] = mark
        else:
            text.append(mark)

    def _note(self, space: str, local: str, attributes: Mapping[str, str]) -> None:
        what = _WORTH_A_NOTE.get(local)
        if what == "hidden" and any(value in ("0", "false", "off") for value in attributes.values()):
            return
        if what is not None and (space in _W or what == "picture"):
            self._seen[what] = self._seen.get(what, 0) + 1


def _symbol(attributes: Mapping[str, str]) -> str:
    code = next((value for name, value in attributes.items() if name.endswith("char")), "")
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    # Signs of picture fonts lie in the private area and mean nothing without their font.
    return "•" if "\ue000" <= sign <= "\uf8ff" or not sign.isprintable() else sign


_HEARD = frozenset({"t", "delText", "v"})
_REMOVED = frozenset({"del", "moveFrom"})
_SIGNS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "tab": lambda _: "\t",
    "ptab": lambda _: "\t",
    "br": lambda _: "\n",
    "cr": lambda _: "\n",
    "noBreakHyphen": lambda _: "\u2011",
    "sym": _symbol,
}
_WORTH_A_NOTE = {
    "blip": "picture",
    "imagedata": "picture",
    "altChunk": "chunk",
    "object": "object",
    "ins": "change",
    "del": "change",
    "moveFrom": "change",
    "moveTo": "change",
    "vanish": "hidden",
}
_NOTES = (
    ("picture", "One picture is not part of the text.", "{} pictures are not part of the text."),
    ("chunk", "A file inside the document is not shown.", "{} files inside the document are not shown."),
    ("object", "An embedded object is not part of the text.", "{} embedded objects are not part of the text."),
    (
        "change",
        "There is a tracked change: new words stand in place, removed ones at the end.",
        "There are {} tracked changes: new words stand in place, removed ones at the end.",
    ),
    (
        "hidden",
        "Some words are hidden in Word and stand here with the others.",
        "Some words are hidden in Word and stand here with the others.",
    ),
)
