"""Column types that mean the same on SQLite and PostgreSQL."""

# ruff: noqa: ARG002  (SQLAlchemy hands every type the dialect, and most do not ask)

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, Dialect, LargeBinary, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from assessor_desk.tables import times

Choice = TypeVar("Choice", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant; a time without a zone is refused, and what comes back is UTC.

    SQLite keeps it as text of one width, PostgreSQL as a timestamp with time zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that the database itself knows."""
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | datetime | None:
        """Return what is written; refuse a time without a zone."""
        if value is None:
            return None
        text = times.written(value)
        return text if dialect.name == "sqlite" else value

    def process_result_value(self, value: str | datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if isinstance(value, str):
            return times.read(value)
        return None if value is None else value.astimezone(UTC)


class Chosen(TypeDecorator[Choice]):
    """One of an enumeration's members, kept by its value; a value that the enumeration lacks is refused."""

    impl = String
    cache_ok = True

    def __init__(self, choices: Callable[[str], Choice]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: Choice | str | None, dialect: Dialect) -> str | None:
        """Return the member's value."""
        return None if value is None else str(self.choices(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Choice | None:
        """Return the member."""
        return None if value is None else self.choices(value)


class UuidText(TypeDecorator[str]):
    """A UUID in its usual spelling, the same text in the tables as on the wire and in the domain's ids."""

    impl = String(36)
    cache_ok = True

    def process_bind_param(self, value: str | UUID | None, dialect: Dialect) -> str | None:
        """Return the usual spelling; refuse what is no UUID."""
        return None if value is None else str(UUID(str(value)))

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text."""
        return value


class Canonical(TypeDecorator[bytes]):
    """Canonical JSON as the bytes that were signed or sent; text is refused, since it would be encoded anew."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Return the bytes as they are."""
        if value is not None and not isinstance(value, bytes):
            raise TypeError(f"canonical content is bytes, not {type(value).__name__}")
        return value

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Return the bytes as they are."""
        return None if value is None else bytes(value)
