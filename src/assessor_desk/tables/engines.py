"""Engines for SQLite files and PostgreSQL servers, with the same transactions and the same errors on both."""

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlcipher3 import dbapi2 as driver

from assessor_desk.errors import StoreError
from assessor_desk.tables.failures import of_postgresql, of_sqlite
from assessor_desk.tables.sqlite import Bare, connect

READY_CONNECTIONS = 5
MOST_CONNECTIONS = 40  # the hub answers on up to this many threads
PATIENCE_SECONDS = 30.0


def open_engine(place: str | Path) -> Engine:
    """Return an engine for a `postgresql://` address or for the path of an SQLite file, which is made if missing."""
    if isinstance(place, str) and place.startswith(("postgresql:", "postgresql+", "postgres:")):
        return open_postgresql(place)
    return open_sqlite(Path(place), None, create=True)


def open_sqlite(path: Path, key: bytes | None, *, create: bool = False) -> Engine:
    """Return an engine for one SQLite file, encrypted with the key if there is one.

    Connections stay open in a queue: each is used by one thread at a time, and closing the last one would
    checkpoint the log at every turn.
    """

    def opened() -> Bare:
        return connect(path, key, create=create)

    engine = create_engine(
        "sqlite://",
        module=driver,
        creator=opened,
        poolclass=QueuePool,
        pool_size=READY_CONNECTIONS,
        max_overflow=MOST_CONNECTIONS - READY_CONNECTIONS,
        pool_timeout=PATIENCE_SECONDS,
        # Writers of one process line up here, fairly; SQLite's own waiting is a lottery.
        execution_options={"writer": Lock()},
    )

    def meaning(context: ExceptionContext) -> StoreError | None:
        return of_sqlite(context.original_exception, path)

    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", meaning, retval=True)
    return engine


def open_postgresql(url: str) -> Engine:
    """Return an engine for a PostgreSQL database through psycopg 3."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(
        address,
        pool_size=READY_CONNECTIONS,
        max_overflow=MOST_CONNECTIONS - READY_CONNECTIONS,
        pool_timeout=PATIENCE_SECONDS,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "options": "-c timezone=UTC"},
    )

    def meaning(context: ExceptionContext) -> StoreError | None:
        return of_postgresql(context.original_exception)

    event.listen(engine, "handle_error", meaning, retval=True)
    return engine


def _begin(connection: Connection) -> None:
    # The driver is left in autocommit, so this is the only BEGIN. A write takes its lock at once: a transaction
    # that starts by reading and then writes could find that its view is no longer the newest, and fail halfway.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
