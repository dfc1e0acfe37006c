"""Noticing that the database was restored from a backup, so that desks offer again what it no longer holds."""

from pathlib import Path
from secrets import token_hex

import msgspec
from sqlalchemy import Connection, select

from assessor_desk.environment.files import atomic_write
from assessor_desk.hub import ledger, tables
from assessor_desk.hub.ledger import Head
from assessor_desk.wire import codec

FILE = "ledger-seen.json"


def note(folder: Path, connection: Connection) -> None:
    """Write down beside the database how far its ledger has come."""
    head = ledger.newest(connection)
    if head != _noted(folder):
        atomic_write(folder / FILE, codec.encoded(head) + b"\n")


def is_behind(folder: Path, connection: Connection) -> bool:
    """Return whether the ledger lacks, or has other than, what was written down: then it comes from a backup."""
    noted = _noted(folder)
    if noted is None or noted.number == 0:
        return False
    there = select(tables.ledger.c.sha256).where(tables.ledger.c.number == noted.number)
    return connection.execute(there).scalar_one_or_none() != noted.sha256


def renew_epoch(connection: Connection) -> str:
    """Start a new epoch and return it.

    Places in the feed that another database server gave out mean nothing here, so every row becomes older than
    what is written from now on, keeping its order.
    """
    epoch = token_hex(8)
    meta = tables.hub_meta
    connection.execute(meta.update().where(meta.c.name == "epoch").values(value=epoch))
    if connection.dialect.name == "postgresql":
        connection.execute(tables.feed.update().values(xid=0))
    return epoch


def _noted(folder: Path) -> Head | None:
    place = folder / FILE
    return msgspec.json.decode(place.read_bytes(), type=Head) if place.exists() else None
