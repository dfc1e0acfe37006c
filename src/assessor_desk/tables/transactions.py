"""The two ways into a database: a block that writes and commits when it ends well, and a block that only reads."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError

from assessor_desk.tables.failures import busy

TURN_SECONDS = 30.0


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection whose work is committed together when the block ends well, and undone when it does not."""
    with turn(engine), _connected(engine) as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one unchanging state; what is written through it is refused or undone."""
    with _connected(engine) as connection:
        if engine.dialect.name == "postgresql":  # SQLite's reading transactions are so by nature
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin() as transaction:
            yield connection
            transaction.rollback()


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except TimeoutError as error:
        raise busy() from error
    with connection:
        yield connection


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
