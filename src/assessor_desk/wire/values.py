"""What the codec's library lets pass and no table or clock can hold: times without a zone, numbers without end."""

from dataclasses import fields, is_dataclass
from datetime import MAXYEAR, datetime
from functools import cache
from types import NoneType
from typing import Any, cast, get_args, get_type_hints

from msgspec import Raw

from assessor_desk.errors import HubProtocolError

LARGEST = 2**63 - 1
_HARMLESS = (str, bytes, bool, NoneType, Raw)


def require_keepable(value: object) -> None:
    """Refuse a message with such a value in its members; content that the shape leaves open is not looked into."""
    if isinstance(value, datetime):
        if value.utcoffset() is None or not 1 < value.year < MAXYEAR:
            raise HubProtocolError("A message tells a time without its zone, or one that no clock shows.")
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise HubProtocolError("A message tells a number that is too large to be kept.")
    elif isinstance(value, tuple):
        for each in value:
            require_keepable(each)
    elif is_dataclass(value):
        shape: Any = type(value)
        for name in _names(shape):
            require_keepable(getattr(value, name))


@cache
def _names(shape: Any) -> tuple[str, ...]:
    """Return the members that could hold such a value; looking into all the texts would cost more than reading them."""
    hints = get_type_hints(shape)
    return tuple(each.name for each in fields(shape) if _may_hold(hints[each.name]))


def _may_hold(told: Any) -> bool:
    hint: Any = getattr(told, "__supertype__", told)  # of a NewType
    if inner := [each for each in get_args(hint) if each is not Ellipsis]:
        return any(map(_may_hold, inner))
    if isinstance(hint, type) and issubclass(hint, _HARMLESS):
        return False
    return not is_dataclass(hint) or bool(_names(cast("type", hint)))
