import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, String, Table, inspect

from assessor_desk.errors import StoreDamagedError, StoreTooNewError
from assessor_desk.tables import migrations
from assessor_desk.tables.engines import open_sqlite
from assessor_desk.tables.naming import metadata
from assessor_desk.tables.transactions import reading, writing

TABLES = metadata()
Table("child", TABLES, Column("id", Integer, primary_key=True), Column("words", String))

FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None

def upgrade():
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))
    op.create_table("child", sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE"), nullable=False))
    op.execute("INSERT INTO parent VALUES (1, 'kept')")
    op.execute("INSERT INTO child VALUES (7, 1)")
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"

def upgrade():
    with op.batch_alter_table("parent") as rebuilt:
        rebuilt.alter_column("name", nullable=False, existing_type=sa.String)
    {more}
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "__init__.py").write_text('"""Steps."""\n')
    (tmp_path / "steps" / "0001_first.py").write_text(FIRST)
    return tmp_path / "steps"


@pytest.fixture(params=[bytes(32), None], ids=["encrypted", "plain"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = open_sqlite(tmp_path / "some.db", request.param, create=True)
    yield engine
    engine.dispose()


def add_second(scripts: Path, more: str = "pass") -> None:
    (scripts / "0002_second.py").write_text(SECOND.format(more=more))


def children(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM child").scalar_one())


def test_an_empty_database_reaches_the_newest_step_once(engine: Engine, scripts: Path) -> None:
    assert migrations.current(engine) is None

    done = [migrations.upgrade(engine, scripts, TABLES) for _ in range(2)]

    assert done == [True, False]
    assert migrations.current(engine) == migrations.head(scripts) == "0001"


def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(engine: Engine, scripts: Path) -> None:
    migrations.upgrade(engine, scripts, TABLES)
    add_second(scripts)

    migrations.upgrade(engine, scripts, TABLES)

    assert (migrations.current(engine), children(engine)) == ("0002", 1)
    with writing(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@pytest.mark.parametrize(
    ("more", "error"),
    [("raise ZeroDivisionError", ZeroDivisionError), ('op.execute("DELETE FROM parent")', StoreDamagedError)],
    ids=["a step that fails", "a step that orphans rows"],
)
def test_a_faulty_step_changes_nothing(engine: Engine, scripts: Path, more: str, error: type[Exception]) -> None:
    migrations.upgrade(engine, scripts, TABLES)
    add_second(scripts, more)

    with pytest.raises(error):
        migrations.upgrade(engine, scripts, TABLES)

    assert (migrations.current(engine), children(engine)) == ("0001", 1)
    assert inspect(engine).get_columns("parent")[1]["nullable"]


def test_a_database_of_a_newer_program_is_refused_and_left_alone(engine: Engine, scripts: Path) -> None:
    add_second(scripts)
    migrations.upgrade(engine, scripts, TABLES)
    (scripts / "0002_second.py").unlink()

    with pytest.raises(StoreTooNewError):
        migrations.upgrade(engine, scripts, TABLES)

    assert migrations.current(engine) == "0002"


def test_two_that_start_together_migrate_once(tmp_path: Path, scripts: Path) -> None:
    engines = [open_sqlite(tmp_path / "some.db", None, create=True) for _ in range(4)]
    done: list[bool] = []

    workers = [
        threading.Thread(target=lambda each=each: done.append(migrations.upgrade(each, scripts, TABLES)))
        for each in engines
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(done) == [False, False, False, True]
    assert children(engines[0]) == 1
    for engine in engines:
        engine.dispose()
