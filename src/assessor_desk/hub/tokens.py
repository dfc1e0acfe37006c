"""Bearer tokens: 256 random bits at the desk, their hash at the hub."""

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import Connection, update

from assessor_desk.domain.ids import DeviceId
from assessor_desk.hub import tables
from assessor_desk.seals.digests import sha256

BYTES = 32


def issue(connection: Connection, device: DeviceId, at: datetime) -> str:
    """Return a new token for a device."""
    token = token_urlsafe(BYTES)
    connection.execute(tables.token.insert().values(sha256=digest(token), device=device, made_at=at))
    return token


def end_all(connection: Connection, device: DeviceId, at: datetime) -> None:
    """End every token of a device."""
    table = tables.token
    connection.execute(update(table).where(table.c.device == device, table.c.ended_at.is_(None)).values(ended_at=at))


def digest(token: str) -> str:
    """Return how a token is kept; it has so many bits that a plain hash cannot be guessed."""
    return sha256(token.encode())
