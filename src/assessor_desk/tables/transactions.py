"""The two ways into a database: a block that writes and commits when it ends well, and a block that only reads."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock

from sqlalchemy import Connection, Engine

from assessor_desk.tables.failures import busy

TURN_SECONDS = 30.0


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection whose work is committed together when the block ends well, and undone when it does not."""
    with turn(engine), engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one unchanging state; what is written through it is undone."""
    options = {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {}
    with engine.connect() as connection:
        connection = connection.execution_options(**options)
        with connection.begin() as transaction:
            yield connection
            transaction.rollback()


def turn(engine: Engine) -> AbstractContextManager[None]:
    """Return the block in which this thread is the process's one writer to an SQLite file."""
    lock = engine.get_execution_options().get("writer")
    return nullcontext() if lock is None else _held(lock)


@contextmanager
def _held(lock: Lock) -> Iterator[None]:
    if not lock.acquire(timeout=TURN_SECONDS):
        raise busy()
    try:
        yield
    finally:
        lock.release()
