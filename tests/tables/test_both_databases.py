"""The hub's two databases keep the same promises."""

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Column, Engine, Integer, Table, exc, func, insert, select, text

from assessor_desk.errors import StoreBusyError, StoreError, StoreTooNewError
from assessor_desk.tables import engines, migrations
from assessor_desk.tables.engines import open_engine
from assessor_desk.tables.naming import metadata
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.tables.types import Canonical, UtcDateTime, UuidText
from tests import postgresql

TABLES = metadata()
KEPT = Table(
    "kept",
    TABLES,
    Column("id", UuidText, primary_key=True),
    Column("at", UtcDateTime),
    Column("body", Canonical),
    Column("number", Integer, unique=True),
)
FIRST = """
import sqlalchemy as sa
from alembic import op
from assessor_desk.tables.types import Canonical, UtcDateTime, UuidText
revision, down_revision = "0001", None

def upgrade():
    op.create_table("kept", sa.Column("id", UuidText, primary_key=True), sa.Column("at", UtcDateTime),
        sa.Column("body", Canonical), sa.Column("number", sa.Integer, unique=True))
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"

def upgrade():
    with op.batch_alter_table("kept") as changed:
        changed.add_column(sa.Column("words", sa.Text, server_default="none yet"))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.Server]:
    with postgresql.server() as started:
        yield started


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> postgresql.Server | None:
    """Each kind of database in turn; of the whole module, so that no test seems to leave the server behind."""
    if request.param == "sqlite":
        return None
    started: postgresql.Server = request.getfixturevalue("server")
    return started


@pytest.fixture
def place(kind: postgresql.Server | None, tmp_path: Path) -> Iterator[str]:
    with kind.database() if kind else nullcontext(str(tmp_path / "hub.db")) as address:
        yield address


@pytest.fixture
def engine(place: str, scripts: Path) -> Iterator[Engine]:
    engine = open_engine(place)
    migrations.upgrade(engine, scripts, TABLES)
    yield engine
    engine.dispose()


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "0001_first.py").write_text(FIRST)
    return tmp_path / "steps"


def add(engine: Engine, number: int) -> None:
    with writing(engine) as connection:
        connection.execute(insert(KEPT).values(id=str(uuid4()), number=number))


def add_all(engine: Engine, numbers: range) -> None:
    for number in numbers:
        add(engine, number)


def count(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(KEPT)).scalar_one()


def test_times_bytes_and_ids_come_back_as_they_went_in(engine: Engine) -> None:
    at = datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=timezone(timedelta(hours=9)))
    row = {"id": str(uuid4()), "at": at, "body": b'{"a":"\xc3\xa9"}', "number": 1}

    with writing(engine) as connection:
        connection.execute(insert(KEPT).values(**row))
    with reading(engine) as connection:
        found = connection.execute(select(KEPT.c.id, KEPT.c.at, KEPT.c.body, KEPT.c.number)).one()._asdict()

    assert found == row
    assert found["at"].tzinfo is UTC
    assert type(found["body"]) is bytes


def test_times_sort_as_times(engine: Engine) -> None:
    moments = [datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=each))) for each in (-8, 0, 9)]
    with writing(engine) as connection:
        connection.execute(insert(KEPT), [{"id": str(uuid4()), "at": each} for each in moments])

    with reading(engine) as connection:
        found = list(connection.execute(select(KEPT.c.at).order_by(KEPT.c.at)).scalars())
        early = connection.execute(select(func.count()).where(KEPT.c.at < moments[1])).scalar_one()

    assert found == sorted(moments)
    assert early == 1


def test_a_reading_block_keeps_nothing(engine: Engine) -> None:
    try:
        with reading(engine) as connection:
            connection.execute(insert(KEPT).values(id=str(uuid4())))
    except exc.InternalError:
        pass  # PostgreSQL says so at once

    add(engine, 1)
    assert count(engine) == 1


def test_a_reading_block_sees_one_state(engine: Engine) -> None:
    add(engine, 1)

    with reading(engine) as connection:
        before = connection.execute(select(func.count()).select_from(KEPT)).scalar_one()
        add(engine, 2)
        still = connection.execute(select(func.count()).select_from(KEPT)).scalar_one()

    assert (before, still, count(engine)) == (1, 1, 2)


def test_when_every_connection_is_taken_it_is_one_sentence(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "READY_CONNECTIONS", 1)
    monkeypatch.setattr(engines, "MOST_CONNECTIONS", 1)
    monkeypatch.setattr(engines, "PATIENCE_SECONDS", 0.05)
    engine = open_engine(place)

    with reading(engine), pytest.raises(StoreBusyError), reading(engine):
        pass

    engine.dispose()


def test_a_taken_number_stays_the_librarys_own_error(engine: Engine) -> None:
    add(engine, 1)

    with pytest.raises(exc.IntegrityError):
        add(engine, 1)


def test_eight_writers_lose_nothing(engine: Engine) -> None:
    workers = [
        threading.Thread(target=lambda first=first: add_all(engine, range(first * 20, first * 20 + 20)))
        for first in range(8)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert count(engine) == 160


def test_the_schema_grows_once_though_several_start_together(place: str, engine: Engine, scripts: Path) -> None:
    add(engine, 1)
    (scripts / "0002_second.py").write_text(SECOND)
    starting = [open_engine(place) for _ in range(3)]
    done: list[bool] = []

    workers = [
        threading.Thread(target=lambda each=each: done.append(migrations.upgrade(each, scripts, TABLES)))
        for each in starting
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    for each in starting:
        each.dispose()
    assert sorted(done) == [False, False, True]
    with reading(engine) as connection:
        assert connection.execute(text("SELECT words FROM kept")).scalar_one() == "none yet"


def test_a_step_that_fails_changes_nothing(engine: Engine, scripts: Path) -> None:
    (scripts / "0002_second.py").write_text(SECOND + "    raise ZeroDivisionError\n")

    with pytest.raises(ZeroDivisionError):
        migrations.upgrade(engine, scripts, TABLES)

    assert migrations.current(engine) == "0001"
    with reading(engine) as connection:
        assert "words" not in connection.execute(text("SELECT * FROM kept")).keys()  # noqa: SIM118


def test_a_database_of_a_newer_hub_is_refused(engine: Engine, scripts: Path) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreTooNewError):
        migrations.upgrade(engine, scripts, TABLES)


@pytest.mark.postgres
def test_a_server_that_goes_away_and_a_row_that_is_held_are_one_sentence_each(server: postgresql.Server) -> None:
    with server.database() as address:
        engine = open_engine(address)
        with writing(engine) as connection:
            TABLES.create_all(connection)
        add(engine, 1)
        with writing(engine) as first, writing(engine) as second:
            first.execute(text("LOCK TABLE kept"))
            with pytest.raises(StoreBusyError):
                second.execute(text("LOCK TABLE kept NOWAIT"))
        with pytest.raises(StoreError, match="does not answer"), writing(engine) as connection:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        assert count(engine) == 1
        engine.dispose()
