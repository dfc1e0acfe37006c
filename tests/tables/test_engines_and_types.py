import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, Integer, Table, exc, func, insert, select

from assessor_desk.errors import StoreBusyError, StoreError
from assessor_desk.tables import times
from assessor_desk.tables.engines import open_engine, open_postgresql, open_sqlite
from assessor_desk.tables.naming import metadata
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.tables.types import Canonical, Chosen, UtcDateTime, UuidText

KEY = bytes(range(32))


class State(StrEnum):
    """A choice to keep."""

    HERE = "here"
    GONE = "gone away"


TABLES = metadata()
KEPT = Table(
    "kept",
    TABLES,
    Column("id", UuidText, primary_key=True),
    Column("at", UtcDateTime),
    Column("state", Chosen(State)),
    Column("body", Canonical),
    Column("number", Integer, unique=True),
)


@pytest.fixture(params=[KEY, None], ids=["encrypted", "plain"])
def key(request: pytest.FixtureRequest) -> bytes | None:
    chosen: bytes | None = request.param
    return chosen


@pytest.fixture
def engine(key: bytes | None, tmp_path: Path) -> Iterator[Engine]:
    engine = open_sqlite(tmp_path / "some.db", key, create=True)
    with writing(engine) as connection:
        TABLES.create_all(connection)
    yield engine
    engine.dispose()


def add(engine: Engine, number: int) -> None:
    with writing(engine) as connection:
        connection.execute(insert(KEPT).values(id=str(uuid4()), number=number))


def count(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(KEPT)).scalar_one()


def test_every_type_comes_back_as_it_went_in(engine: Engine) -> None:
    at = datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=timezone(timedelta(hours=-5)))
    row = {"id": str(uuid4()), "at": at, "state": State.GONE, "body": b'{"a":1}', "number": 1}

    with writing(engine) as connection:
        connection.execute(insert(KEPT).values(**row))
    with reading(engine) as connection:
        found = connection.execute(select(KEPT)).one()._asdict()
        plain = connection.exec_driver_sql("SELECT at, state FROM kept").one()

    assert found == row
    assert found["at"].tzinfo is UTC
    assert tuple(plain) == ("2026-03-04T10:06:07.000890Z", "gone away")


@pytest.mark.parametrize(
    "row",
    [{"at": datetime(2026, 3, 4)}, {"state": "lost"}, {"body": "text"}, {"id": "7"}],  # noqa: DTZ001
    ids=["a time without a zone", "an unknown choice", "text for bytes", "no UUID"],
)
def test_what_would_be_kept_wrongly_is_refused(engine: Engine, row: dict[str, object]) -> None:
    with pytest.raises((exc.StatementError, ValueError, TypeError)), writing(engine) as connection:
        connection.execute(insert(KEPT).values(**({"id": str(uuid4())} | row)))

    assert count(engine) == 0


def test_a_uuid_is_spelled_one_way(engine: Engine) -> None:
    identity = uuid4()

    with writing(engine) as connection:
        connection.execute(insert(KEPT).values(id=str(identity).upper()))
        found = connection.execute(select(KEPT.c.id)).scalar_one()

    assert UUID(found) == identity
    assert found == str(identity)


@given(st.lists(st.datetimes(timezones=st.timezones()), min_size=2, max_size=2))
def test_written_times_sort_as_the_times_do(moments: list[datetime]) -> None:
    try:
        early, late = sorted(each.astimezone(UTC) for each in moments)
    except OverflowError:  # the first and the last day of the calendar have no neighbor in another zone
        return

    assert times.read(times.written(early)) == early
    assert times.written(early) <= times.written(late)
    assert len(times.written(early)) == 27


def test_a_block_that_fails_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        connection.execute(insert(KEPT).values(id=str(uuid4()), number=1 // 0))

    add(engine, 1)
    assert count(engine) == 1


def test_a_reading_block_writes_nothing(engine: Engine) -> None:
    with reading(engine) as connection:
        connection.execute(insert(KEPT).values(id=str(uuid4())))

    assert count(engine) == 0


def test_a_broken_constraint_stays_the_librarys_own_error(engine: Engine) -> None:
    add(engine, 1)

    with pytest.raises(exc.IntegrityError):
        add(engine, 1)


def test_a_writing_block_holds_the_file_from_its_first_moment(
    engine: Engine, key: bytes | None, tmp_path: Path
) -> None:
    other = open_sqlite(tmp_path / "some.db", key)
    with reading(other) as connection:
        connection.connection.driver_connection.execute("PRAGMA busy_timeout = 0")  # type: ignore[union-attr]

    with writing(engine), pytest.raises(StoreBusyError), writing(other):
        pass

    other.dispose()


def test_readers_go_on_while_someone_writes(engine: Engine) -> None:
    add(engine, 1)

    with writing(engine) as connection:
        connection.execute(insert(KEPT).values(id=str(uuid4()), number=2))
        seen = count(engine)

    assert (seen, count(engine)) == (1, 2)


def test_many_threads_write_in_turn(engine: Engine) -> None:
    failures: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for number in range(first, first + 10):
                add(engine, number)
        except StoreError as error:
            failures.append(error)

    workers = [threading.Thread(target=work, args=(each * 10,)) for each in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failures == []
    assert count(engine) == 200


def test_the_hub_opens_a_path_and_makes_it(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "hub.db"))

    with reading(engine) as connection:
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()

    engine.dispose()
    assert engine.dialect.server_version_info == tuple(int(part) for part in version.split("."))


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    engine = open_postgresql("postgresql://nobody@127.0.0.1:1/nothing")

    with pytest.raises(StoreError, match="does not answer"), reading(engine):
        pass

    engine.dispose()


def test_constraints_get_their_names_by_one_convention() -> None:
    names = {str(each.name) for each in KEPT.constraints}

    assert names == {"pk_kept", "uq_kept_number"}
