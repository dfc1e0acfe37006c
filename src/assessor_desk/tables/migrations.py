"""Brings a database's schema up to date, one numbered step a file, without any configuration file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import cast

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, text

from assessor_desk.errors import StoreDamagedError, StoreTooNewError
from assessor_desk.tables.sqlite import Bare
from assessor_desk.tables.transactions import reading, turn, writing

ADVISORY_LOCK = 0x6465736B  # any number, the same in every process: "desk"
ONE_AT_A_TIME = Lock()


def head(scripts: Path) -> str:
    """Return the newest revision that this program knows."""
    return _known(scripts).get_current_head() or ""


def current(engine: Engine) -> str | None:
    """Return the revision that the database is at, or none for an empty one."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, scripts: Path, metadata: MetaData) -> bool:
    """Bring the schema to the newest revision in one transaction; return whether anything was done.

    Two processes that start together take turns: the second finds the work done. A database that a newer
    program wrote is refused and left alone.
    """
    refuse_newer(engine, scripts)
    if current(engine) == head(scripts):
        return False
    with _alone(engine) as connection:
        return _run(connection, _known(scripts), metadata)


def refuse_newer(engine: Engine, scripts: Path) -> None:
    """Raise `StoreTooNewError` when the database is at a revision that this program does not know."""
    revision = current(engine)
    if revision is None:
        return
    try:
        _known(scripts).get_revision(revision)
    except CommandError as error:
        raise too_new() from error


def too_new() -> StoreTooNewError:
    """Return the error for a database that a newer program wrote."""
    return StoreTooNewError(
        "A newer version of Assessor Desk has written this database.",
        safe="It was not changed.",
        next="Install the newer version on this computer and open it with that.",
    )


def _known(scripts: Path) -> ScriptDirectory:
    return ScriptDirectory(str(scripts), version_locations=[str(scripts)])


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    if engine.dialect.name == "sqlite":
        with _without_foreign_keys(engine) as connection:
            yield connection
    else:
        with writing(engine) as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            yield connection


@contextmanager
def _without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    # A table is rebuilt by dropping the old one; with foreign keys on, its children would go with it. The switch
    # does nothing inside a transaction, hence the bare connection.
    with turn(engine), engine.connect() as connection:
        bare = cast("Bare", connection.connection.dbapi_connection)
        bare.execute("PRAGMA foreign_keys = OFF")
        try:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection
                _refuse_orphans(connection)
        finally:
            bare.execute("PRAGMA foreign_keys = ON")


def _refuse_orphans(connection: Connection) -> None:
    if connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone() is not None:
        raise StoreDamagedError(
            "The database could not be brought to this version: some of its rows do not belong to anything.",
            safe="It was left as it was.",
            next="Open it with the version of Assessor Desk that you used before, and tell the hub's staff.",
        )


def _run(connection: Connection, known: ScriptDirectory, metadata: MetaData) -> bool:
    newest = known.get_current_head()
    steps: list[RevisionStep] = []

    def missing(revision: object, _context: MigrationContext) -> list[RevisionStep]:
        steps.extend(known._upgrade_revs("heads", cast("str", revision)))
        return steps

    # Alembic hands the running migration its operations through a global, so two threads take turns.
    with ONE_AT_A_TIME, EnvironmentContext(Config(), known, fn=missing, destination_rev=newest) as environment:
        environment.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        environment.run_migrations()
    return bool(steps)
