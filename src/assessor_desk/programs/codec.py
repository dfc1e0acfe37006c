"""One resolved micro-credential as canonical bytes, and back; plain Python, for hub and desk alike."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from assessor_desk.domain.program import MicroCredential
from assessor_desk.domain.rules import BuildsOn, Condition, EveryCriterion, Growth
from assessor_desk.errors import DeskError, ProgramFileError
from assessor_desk.seals.canonical import Json, canonical, parse_object

FORMAT = 1

RULES: dict[str, type] = {
    "every-criterion": EveryCriterion,
    "growth": Growth,
    "condition": Condition,
    "builds-on": BuildsOn,
}
_RULE_NAMES = {shape: name for name, shape in RULES.items()}


def micro_credential_bytes(micro_credential: MicroCredential) -> bytes:
    """Return the canonical bytes (RFC 8785) of one micro-credential, complete in itself; their SHA-256 is its pin."""
    return canonical({"format": FORMAT, **_members(micro_credential)})


def read_micro_credential(data: bytes) -> MicroCredential:
    """Return the micro-credential that the bytes hold."""
    try:
        content = parse_object(data)
        if content.pop("format", None) != FORMAT:
            raise ProgramFileError(
                "The micro-credential was written by another version of Assessor Desk.",
                next="Update this program, then try again.",
            )
        made: MicroCredential = _made(MicroCredential, content)
    except ProgramFileError:
        raise
    except (KeyError, TypeError, ValueError, DeskError) as fault:
        raise ProgramFileError(f"The micro-credential's content does not have the agreed shape: {fault}.") from fault
    return made


def _members(value: Any) -> dict[str, Json]:
    return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}


def _plain(value: Any) -> Json:
    if is_dataclass(value):
        name = _RULE_NAMES.get(type(value))
        return _members(value) if name is None else {"rule": name, **_members(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    plain: Json = value
    return plain


def _made(shape: Any, value: Any) -> Any:
    shape = getattr(shape, "__supertype__", shape)
    origin = get_origin(shape)
    if origin in (Union, UnionType):
        return _one_of(get_args(shape), value)
    if origin is tuple:
        return tuple(_made(get_args(shape)[0], each) for each in _of_type(list, value))
    if is_dataclass(shape):
        return _dataclass(shape, _of_type(dict, value))
    if issubclass(shape, StrEnum):
        return shape(_of_type(str, value))
    if shape in (date, time):
        return shape.fromisoformat(_of_type(str, value))
    if shape is float:
        return float(value if type(value) is int else _of_type(float, value))
    return _of_type(shape, value)


def _one_of(shapes: tuple[Any, ...], value: Any) -> Any:
    if value is None and NoneType in shapes:
        return None
    if isinstance(value, dict) and "rule" in value:
        return _dataclass(RULES[value["rule"]], value)
    (shape,) = (each for each in shapes if each is not NoneType)
    return _made(shape, value)


def _dataclass(shape: Any, members: Mapping[str, Any]) -> Any:
    return shape(**{name: _made(hint, members[name]) for name, hint in _hints(shape).items()})


@cache
def _hints(shape: Any) -> dict[str, Any]:
    hints = get_type_hints(shape)
    return {each.name: hints[each.name] for each in fields(shape)}


def _of_type(wanted: type, value: Any) -> Any:
    if type(value) is not wanted:
        raise TypeError(f"{wanted.__name__} expected, not {type(value).__name__}")
    return value
