"""One codec between frozen dataclasses and canonical bytes."""

from typing import TypeVar, cast

import msgspec

from assessor_desk.errors import HubProtocolError, SignatureError
from assessor_desk.seals.canonical import Json, canonical, parse_object
from assessor_desk.wire.values import require_keepable

T = TypeVar("T")

VERSION = 1
"""The wire version this program speaks; a hub accepts the one before it for twelve months as well."""

SIGNED_SCHEMA = 1
"""The form of signed bodies that this program reads; a signature names it, so that it cannot be read as another."""


def to_json(value: object) -> Json:
    """Return a dataclass as plain JSON values: times as RFC 3339, bytes as base64, enums by value."""
    return cast(Json, msgspec.to_builtins(value, str_keys=True))


def to_members(value: object) -> dict[str, Json]:
    """Return a dataclass as the members of an object, to be signed."""
    members = to_json(value)
    if not isinstance(members, dict):
        raise TypeError(f"{type(value).__name__} is not an object on the wire")
    return members


def to_bytes(value: object) -> bytes:
    """Return the canonical bytes (RFC 8785) of a dataclass or of plain JSON."""
    return canonical(to_json(value))


def encoded(value: object) -> bytes:
    """Return a message as JSON, not in canonical form; bodies that are already bytes stay as they are."""
    return msgspec.json.encode(value)


def from_bytes(data: bytes | msgspec.Raw, shape: type[T]) -> T:
    """Return the bytes as the given dataclass; members that this version does not know are ignored."""
    try:
        value = msgspec.json.decode(data, type=shape)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise HubProtocolError(f"A message does not have the shape that was agreed: {error}.") from error
    except RecursionError as error:
        raise HubProtocolError("A message is nested too deeply.") from error
    require_keepable(value)
    return value


def from_json(value: object, shape: type[T]) -> T:
    """Return plain JSON values as the given dataclass."""
    try:
        converted = msgspec.convert(value, type=shape, str_keys=True)
    except msgspec.ValidationError as error:
        raise HubProtocolError(f"A message does not have the shape that was agreed: {error}.") from error
    require_keepable(converted)
    return converted


def from_signed(body: bytes, shape: type[T]) -> T:
    """Return a signed body as the given dataclass; a member that is not part of the shape is refused.

    What a person signed must be all that is read, so nothing in it may be passed over. `purpose`, which every signed
    body carries, was held against its signature; `schema` must be the one that this version reads.
    """
    members = parse_object(body)
    members.pop("purpose", None)
    schema = members.pop("schema", None)
    if type(schema) is not int or schema != SIGNED_SCHEMA:
        raise SignatureError("It was signed in a form that this version does not read.")
    value = from_json(members, shape)
    if canonical(members) != to_bytes(value):
        raise SignatureError("A signed body holds something that its kind does not know.")
    return value
