"""Reads the plain part of YAML, with the line of everything, and refuses what people never mean.

Anchors, tags, several documents, double keys and keys that are no text are refused, so that a file means what it
seems to mean and cannot grow when it is read. Only `true`, `false`, `null` and plain numbers are not text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

import yaml

from assessor_desk.programs.faults import FaultKind, Report

LARGEST_FILE = 1 << 20
DEEPEST = 12

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_FRACTION = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the line it starts on, and for a mapping the line of each key."""

    value: "str | int | float | bool | tuple[Node, ...] | Mapping[str, Node] | None"
    line: int
    keys: Mapping[str, int] = field(default_factory=dict)

    def plain(self) -> Plain:
        """Return the value without its lines."""
        if isinstance(self.value, Mapping):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, path: Sequence[str | int]) -> "Node":
        """Return the node that a path of keys and positions leads to."""
        node = self
        for step in path:
            value: Any = node.value
            node = value[step]
        return node

    def line_of(self, *path: str | int) -> int:
        """Return the line on which what the path leads to begins; for a mapping's member, the line of its key."""
        *way, last = path
        node = self.at(way)
        return node.keys[last] if isinstance(last, str) else node.at([last]).line

    def texts(self) -> Iterator["Node"]:
        """Return every text in it, in the order of the file."""
        if isinstance(self.value, str):
            yield self
        for node in self._within():
            yield from node.texts()

    def _within(self) -> Iterable["Node"]:
        if isinstance(self.value, Mapping):
            return self.value.values()
        return self.value if isinstance(self.value, tuple) else ()


class _UnreadableError(Exception):
    """The rest of the file cannot be understood; what is wrong has been noted."""


def read(data: bytes, report: Report) -> Node | None:
    """Return the file's one document with its lines, or `None` where a fault forbids to go on."""
    text = _text(data, report)
    if text is None:
        return None
    try:
        return _Composer(yaml.parse(text, Loader=_LOADER), report).document()
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        told = getattr(fault, "problem", None) or "a sign that YAML does not know"
        report.add(FaultKind.SYNTAX, line, f"This is not proper YAML: {told}.", _SYNTAX_HINT)
    except _UnreadableError:
        pass
    return None


_SYNTAX_HINT = (
    "Indent with the same number of spaces, and put text that holds “: ” or starts with a sign in quotes or after >-."
)


def _text(data: bytes, report: Report) -> str | None:
    if len(data) > LARGEST_FILE:
        report.add(FaultKind.TOO_LARGE, 1, f"The file has {len(data)} bytes.", f"Keep it under {LARGEST_FILE}.")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        report.add(FaultKind.ENCODING, line, "The file is not UTF-8.", "Save it as UTF-8.")
        return None
    for number, line_text in enumerate(text.split("\n"), start=1):
        if "\t" in line_text:
            report.add(FaultKind.TAB, number, "There is a tab.", "Write spaces.")
            return None
        hidden = next((sign for sign in line_text.rstrip("\r") if unicodedata.category(sign) in ("Cc", "Cf")), None)
        if hidden is not None:
            what = f"There is a sign that nobody sees (U+{ord(hidden):04X})."
            report.add(FaultKind.HIDDEN_CHARACTER, number, what, "Leave it out.")
            return None
    return text


class _Composer:
    """Builds nodes from the parser's events, one document, nothing that refers or converts."""

    def __init__(self, events: Iterator[Any], report: Report) -> None:
        self._events = events
        self._report = report

    def document(self) -> Node | None:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            self._report.add(FaultKind.EMPTY, 1, "The file is empty.", "Start with format: 1.")
            return None
        node = self._node(next(self._events), 1)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            line = after.start_mark.line + 1
            self._stop(FaultKind.SEVERAL_DOCUMENTS, line, "A second document starts here.", "Make it its own file.")
        return node

    def _node(self, event: Any, depth: int) -> Node:
        line = event.start_mark.line + 1
        if event.anchor is not None:
            self._stop(FaultKind.ANCHOR, line, f"“{event.anchor}” is an anchor or refers to one.", "Write it out.")
        if event.tag is not None:
            self._stop(FaultKind.TAG, line, f"“{event.tag}” is a tag.", "Leave the tag out.")
        if depth > DEEPEST:
            self._stop(FaultKind.TOO_DEEP, line, f"This is more than {DEEPEST} deep.", "See the schema for its shape.")
        if isinstance(event, yaml.ScalarEvent):
            return Node(_scalar(event.value) if event.implicit[0] else event.value, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(tuple(self._node(each, depth + 1) for each in self._until(yaml.SequenceEndEvent)), line)
        return self._mapping(line, depth)

    def _mapping(self, line: int, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, int] = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key.value, str):
                self._report.add(FaultKind.KEY_NOT_TEXT, key.line, "A name is not text.", "Write the name in quotes.")
            elif key.value in values:
                what = f"“{key.value}” stands here twice, first in line {keys[key.value]}."
                self._report.add(FaultKind.DUPLICATE_KEY, key.line, what, "Keep one of them.")
            else:
                values[key.value], keys[key.value] = value, key.line
        return Node(values, line, keys)

    def _until(self, end: type) -> Iterator[Any]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _stop(self, kind: FaultKind, line: int, what: str, write: str) -> NoReturn:
        self._report.add(kind, line, what, write)
        raise _UnreadableError


def _scalar(text: str) -> str | int | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text
