"""YAML that people hand in, read into a typed shape; a fault is told with its line and what to write instead."""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from assessor_desk.errors import InputError
from assessor_desk.programs.faults import Report
from assessor_desk.programs.marked import Node, read

T = TypeVar("T")

_PATH = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """A file's content in its shape, with the lines that faults found later are told with."""

    name: str
    content: T
    node: Node
    error: type[InputError]

    def faulty(self, what: str, write: str, *path: str | int) -> InputError:
        """Return the error for something in the file that does not fit what it is for."""
        return self.error(f"{self.name}, line {_line(self.node, path)}: {what}", safe=_SAFE, next=write)


_SAFE = "Nothing was changed."


def read_form(data: bytes, name: str, shape: type[T], error: type[InputError]) -> Form[T]:
    """Return what a file says, or raise one sentence of the given kind."""
    report = Report(name)
    node = read(data, report)
    if report.faults or node is None:
        fault = min(report.faults)
        raise error(f"{name}, line {fault.line}: {fault.what}", safe=_SAFE, next=fault.write)
    try:
        return Form(name, msgspec.convert(node.plain(), shape), node, error)
    except msgspec.ValidationError as misfit:
        what, _, place = str(misfit).partition(" - at `")
        told = what.replace("`", "“", 1).replace("`", "”", 1)
        path = [member or int(index) for member, index in _PATH.findall(place.rstrip("`"))]
        raise error(
            f"{name}, line {_line(node, path)}: {told}.", safe=_SAFE, next="See the guide for the file's shape."
        ) from misfit


def _line(node: Node, path: "tuple[str | int, ...] | list[str | int]") -> int:
    """Return the line of what a path leads to, or of the last thing on the way that is there."""
    line = node.line
    for depth in range(1, len(path) + 1):
        try:
            line = node.line_of(*path[:depth])
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line
