"""YAML that people hand in, read into a typed shape; a fault is told with its line and what to write instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from assessor_desk.errors import InputError
from assessor_desk.programs.faults import FaultKind, Report
from assessor_desk.programs.marked import Node, read

T = TypeVar("T")

_SAFE = "Nothing was changed."
_WORDS: dict[object, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "names with something under each",
    list: "a list",
    NoneType: "nothing",
}


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """A file's content in its shape, with the lines that faults found later are told with."""

    name: str
    content: T
    node: Node
    error: type[InputError]

    def names(self, *path: str | int) -> bool:
        """Return whether the file itself says something at a place, and does not leave it to the default."""
        return _line(self.node, path) is not None

    def faulty(self, what: str, write: str, *path: str | int) -> InputError:
        """Return the error for something in the file that does not fit what it is for."""
        lines = (_line(self.node, path[:depth]) for depth in range(len(path), 0, -1))
        line = next((line for line in lines if line is not None), self.node.line)
        return self.error(f"{self.name}, line {line}: {what}", safe=_SAFE, next=write)


def read_form(data: bytes, name: str, shape: type[T], error: type[InputError]) -> Form[T]:
    """Return what a file says, or raise one sentence of the given kind."""
    report = Report(name)
    node = read(data, report)
    if report.faults or node is None:
        fault = min(report.faults)
        write = "Write what it should say." if fault.kind is FaultKind.EMPTY else fault.write
        raise error(f"{name}, line {fault.line}: {fault.what}", safe=_SAFE, next=write)
    try:
        return Form(name, msgspec.convert(node.plain(), shape), node, error)
    except msgspec.ValidationError as fault:
        found = next(_misfits(_Spot(node, node.line), shape), _Misfit(node.line, f"{fault}.", "See the guide."))
        raise error(f"{name}, line {found.line}: {found.what}", safe=_SAFE, next=found.write) from fault


@dataclass(frozen=True, slots=True)
class _Misfit:
    """A place that does not have its shape."""

    line: int
    what: str
    write: str


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place of the file: its value, the line where its name stands, and that name."""

    node: Node
    line: int
    name: str = "This"

    def under(self, key: str) -> "_Spot":
        """Return the place of one of its names."""
        values: Any = self.node.value
        return _Spot(values[key], self.node.keys[key], f"“{key}”")


def _misfits(spot: _Spot, shape: Any) -> Iterator[_Misfit]:
    """Yield what does not fit, the innermost first."""
    value = spot.node.value
    if _fits(spot.node, shape):
        return
    for kind in _alternatives(shape):
        if _is_struct(kind) and isinstance(value, Mapping):
            yield from _in_struct(spot, kind)
        elif get_origin(kind) is dict and isinstance(value, Mapping):
            for key in value:
                yield from _misfits(spot.under(key), get_args(kind)[1])
        elif get_origin(kind) in (tuple, list) and isinstance(value, tuple):
            for each in value:
                yield from _misfits(_Spot(each, each.line), get_args(kind)[0])
    yield _Misfit(spot.line, f"{spot.name} is {_called(value)}.", f"Write {_wanted(shape)}{_hint(value, shape)}.")


def _in_struct(spot: _Spot, shape: Any) -> Iterator[_Misfit]:
    hints = get_type_hints(shape)
    required = {each.name for each in msgspec.structs.fields(shape) if each.required}
    for key, line in spot.node.keys.items():
        if key not in hints:
            yield _Misfit(line, f"“{key}” is not known here.", f"Write one of: {', '.join(hints)}.")
        else:
            yield from _misfits(spot.under(key), hints[key])
    for name in sorted(required - spot.node.keys.keys()):
        yield _Misfit(spot.line, f"“{name}” is missing.", f"Add {name}: and {_wanted(hints[name])} after it.")


def _fits(node: Node, shape: Any) -> bool:
    try:
        msgspec.convert(node.plain(), shape)
    except msgspec.ValidationError:
        return False
    return True


def _alternatives(shape: Any) -> tuple[Any, ...]:
    return get_args(shape) if get_origin(shape) in (Union, UnionType) else (shape,)


def _is_struct(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)


def _wanted(shape: Any) -> str:
    return " or ".join(dict.fromkeys(_WORDS.get(_kind(each), "what the guide says") for each in _alternatives(shape)))


def _kind(shape: Any) -> object:
    if _is_struct(shape):
        return dict
    return {tuple: list}.get(get_origin(shape), get_origin(shape) or shape)


def _called(value: object) -> str:
    return _WORDS[dict if isinstance(value, Mapping) else list if isinstance(value, tuple) else type(value)]


def _hint(value: object, shape: Any) -> str:
    if list in map(_kind, _alternatives(shape)):
        return ", each line with a hyphen"
    if str not in _alternatives(shape):
        return ""
    if value is None:
        return ', or "" for none'
    return ", in quotes" if isinstance(value, bool | int | float) else ""


def _line(node: Node, path: tuple[str | int, ...]) -> int | None:
    """Return the line of what a path leads to, nothing where the file does not have it."""
    try:
        return node.line_of(*path) if path else node.line
    except (KeyError, IndexError, TypeError):
        return None
