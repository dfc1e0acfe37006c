"""The one way to write a value as bytes (RFC 8785), and the strict way to read it back."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import rfc8785

from assessor_desk.errors import SealError

if TYPE_CHECKING:
    Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"
else:
    Json = Any  # readers of the wire cannot follow a type that names itself

LARGEST_INTEGER = 2**53 - 1


def canonical(value: Json) -> bytes:
    """Return the canonical bytes of a value made of dicts, lists, tuples, strings, numbers, booleans and None."""
    try:
        return rfc8785.dumps(value)
    except ValueError as fault:
        raise SealError(f"The content has no canonical form: {fault}.") from fault
    except RecursionError as fault:
        raise SealError("The content is nested too deeply.") from fault


def parse(data: bytes, *, require_canonical: bool = False) -> Json:
    """Read JSON strictly: UTF-8, no member twice, no number that a double would change, no half character."""
    try:
        text = data.decode("utf-8")
        value: Json = json.loads(
            text, object_pairs_hook=_members, parse_int=_integer, parse_float=_float, parse_constant=_constant
        )
    except ValueError as fault:
        raise SealError(f"The content is not proper JSON: {fault}.") from fault
    except RecursionError as fault:
        raise SealError("The content is nested too deeply.") from fault
    # Only an escape can bring half a surrogate pair; writing the value again finds it.
    written = canonical(value) if require_canonical or "\\u" in text else data
    if require_canonical and written != data:
        raise SealError("The content is not in its canonical form.")
    return value


def parse_object(data: bytes, *, require_canonical: bool = False) -> dict[str, Json]:
    """Read JSON strictly as `parse` does, and refuse anything but an object."""
    value = parse(data, require_canonical=require_canonical)
    if not isinstance(value, dict):
        raise SealError("The content is not a JSON object.")
    return value


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise SealError("The content names a member twice.")
    return members


def _integer(digits: str) -> int | float:
    if len(digits) < 16 or (len(digits) < 18 and abs(int(digits)) <= LARGEST_INTEGER):
        return int(digits)
    number = _float(digits)
    if canonical(number) != digits.encode():
        raise SealError(f"The number {digits[:24]} is too large to be kept exactly.")
    return number


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise SealError(f"The number {digits[:24]} is too large.")
    return number


def _constant(name: str) -> NoReturn:
    raise SealError(f"{name} is not a number that JSON knows.")
