import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import select, text

from assessor_desk.domain.ids import DeviceId, PersonId
from assessor_desk.hub import feed, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.hub.feed import Reader
from assessor_desk.hub.restoring import renew_epoch
from assessor_desk.seals.digests import sha256
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.wire import codec
from assessor_desk.wire.records import Counts, FeedPage, RecordKind
from tests.hub.people_here import desk_of, someone

LAPTOP = DeviceId("laptop")
WRITERS, EACH = 8, 150


@pytest.fixture
def reader(hub: Hub) -> Reader:
    return Reader(someone(hub, "ana", Role.ASSESSOR).id, LAPTOP)


def put(hub: Hub, person: PersonId, record: str, body: bytes = b"{}", kind: RecordKind = RecordKind.DECISION) -> None:
    with writing(hub.engine) as connection:
        feed.write(connection, [person], kind, record, body)


def page(hub: Hub, reader: Reader, after: str = "", limit: int = 500) -> FeedPage:
    with reading(hub.engine) as connection:
        return codec.from_bytes(feed.page(connection, reader, after, hub.epoch, hub.clock(), limit), FeedPage)


def counted(hub: Hub, reader: Reader) -> Counts:
    with reading(hub.engine) as connection:
        return feed.counts(connection, reader, hub.epoch)


def everything(hub: Hub, reader: Reader, limit: int) -> Iterator[str]:
    cursor, more = "", True
    while more:
        found = page(hub, reader, cursor, limit)
        yield from (item.id for item in found.items)
        cursor, more = found.cursor, found.more


def test_records_come_in_the_order_they_were_written(hub: Hub, reader: Reader) -> None:
    for name in ("c", "a", "b"):
        put(hub, reader.person, name)

    assert list(everything(hub, reader, limit=2)) == ["c", "a", "b"]


def test_a_record_written_again_comes_once_at_its_newest_place(hub: Hub, reader: Reader) -> None:
    put(hub, reader.person, "first", b'{"state":"old"}')
    put(hub, reader.person, "second")
    seen = page(hub, reader)

    put(hub, reader.person, "first", b'{"state":"new"}')

    assert [(item.id, bytes(item.body)) for item in page(hub, reader, seen.cursor).items] == [
        ("first", b'{"state":"new"}')
    ]
    assert list(everything(hub, reader, limit=1)) == ["second", "first"]


def test_nobody_reads_another_persons_feed(hub: Hub, reader: Reader) -> None:
    other = someone(hub, "bo", Role.ASSESSOR)
    put(hub, reader.person, "hers")

    assert page(hub, Reader(other.id, DeviceId("x"))).items == ()


def test_an_empty_page_leaves_the_cursor_where_it_was(hub: Hub, reader: Reader) -> None:
    put(hub, reader.person, "only")
    seen = page(hub, reader)

    assert page(hub, reader, seen.cursor).cursor == seen.cursor
    assert page(hub, Reader(someone(hub, "bo").id, LAPTOP)).cursor == ""


def test_a_desk_does_not_get_its_own_sealed_edits_back(hub: Hub, reader: Reader) -> None:
    with writing(hub.engine) as connection:
        for number, laptop in enumerate(["laptop", "other", "laptop"]):
            kind = RecordKind.SEALED_EDIT
            feed.write(connection, [reader.person], kind, f"e{number}", b"{}", from_device=DeviceId(laptop))

    found = page(hub, reader)

    assert [item.id for item in found.items] == ["e1"]
    assert page(hub, reader, found.cursor).items == ()
    assert [item.id for item in page(hub, Reader(reader.person, DeviceId("other"))).items] == ["e0", "e2"]
    assert counted(hub, reader).kinds["sealed-edit"].count == 1
    assert counted(hub, reader).cursor == found.cursor


def test_counts_name_the_cursor_and_the_content_that_a_desk_holds(hub: Hub, reader: Reader) -> None:
    bodies = {"b": b'{"n":2}', "a": b'{"n":1}'}
    for name, body in bodies.items():
        put(hub, reader.person, name, body)

    found = counted(hub, reader)

    lines = sorted(f"{name} {sha256(body)}\n" for name, body in bodies.items())
    assert found.kinds["decision"].count == 2
    assert found.kinds["decision"].sha256 == sha256("".join(lines).encode())
    assert found.cursor == page(hub, reader).cursor


def test_a_cursor_of_another_epoch_begins_anew(hub: Hub, reader: Reader) -> None:
    put(hub, reader.person, "kept")
    seen = page(hub, reader)
    with writing(hub.engine) as connection:
        epoch = renew_epoch(connection)

    with reading(hub.engine) as connection:
        found = codec.from_bytes(feed.page(connection, reader, seen.cursor, epoch, hub.clock()), FeedPage)

    assert [item.id for item in found.items] == ["kept"]


def test_a_cursor_from_a_future_that_a_restore_undid_begins_anew(hub: Hub, reader: Reader) -> None:
    put(hub, reader.person, "kept")
    put(hub, reader.person, "lost by the restore")
    seen = page(hub, reader).cursor
    with writing(hub.engine) as connection:
        connection.execute(tables.feed.delete().where(tables.feed.c.record == "lost by the restore"))

    found = page(hub, reader, seen)

    assert [item.id for item in found.items] == ["kept"]
    assert page(hub, reader, found.cursor).items == ()


@pytest.mark.parametrize("cursor", ["", "nonsense", "a.b.c", ".1.2", f"{'9' * 40}.1.1", "x.-1.٣"])
def test_a_cursor_that_means_nothing_begins_at_the_beginning(hub: Hub, reader: Reader, cursor: str) -> None:
    put(hub, reader.person, "kept")

    assert [item.id for item in page(hub, reader, cursor).items] == ["kept"]


def test_a_page_ends_early_when_its_bodies_are_large(hub: Hub, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PAGE_BYTES", 100)
    for name in ("a", "b", "c"):
        put(hub, reader.person, name, b'"' + b"x" * 80 + b'"')

    first = page(hub, reader)

    assert [item.id for item in first.items] == ["a"]
    assert first.more
    assert list(everything(hub, reader, limit=500)) == ["a", "b", "c"]


@pytest.mark.postgres
def test_a_transaction_held_open_loses_no_row(postgresql_hub: Hub) -> None:
    hub = postgresql_hub
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    reader = Reader(desk.person, desk.device)
    before = page(hub, reader).cursor
    with ExitStack() as stack:
        slow = stack.enter_context(writing(hub.engine))
        feed.write(slow, [reader.person], RecordKind.DECISION, "slow", b"{}")
        put(hub, reader.person, "quick")

        during = page(hub, reader, before)
        with reading(hub.engine) as connection:
            held_back = feed.newest(connection, reader).more_to_come
    after = page(hub, reader, during.cursor)

    assert during.items == ()
    assert held_back
    assert [item.id for item in after.items] == ["slow", "quick"]


@pytest.mark.postgres
def test_eight_writers_lose_nothing_by_the_feeds_order_and_much_by_a_plain_number(postgresql_hub: Hub) -> None:
    hub = postgresql_hub
    reader = Reader(someone(hub, "ana", Role.ASSESSOR).id, LAPTOP)
    writers = [threading.Thread(target=_write_slowly, args=(hub, reader.person, number)) for number in range(WRITERS)]
    by_order: list[str] = []
    by_number: list[str] = []
    cursor, number = "", 0

    for writer in writers:
        writer.start()
    while True:
        working = any(writer.is_alive() for writer in writers)
        found = page(hub, reader, cursor)
        cursor = found.cursor
        by_order += [item.id for item in found.items]
        number, names = _after_number(hub, reader.person, number)
        by_number += names
        if not working and not found.more and not found.items:
            break
    for writer in writers:
        writer.join()

    assert sorted(by_order) == sorted(f"{writer}-{each}" for writer in range(WRITERS) for each in range(EACH))
    assert len(by_number) < WRITERS * EACH, "the control lost nothing: the test proves nothing"


def _write_slowly(hub: Hub, person: PersonId, writer: int) -> None:
    chance = random.Random(writer)  # noqa: S311 - spreads the pauses, guards nothing
    for each in range(EACH):
        with writing(hub.engine) as connection:
            feed.write(connection, [person], RecordKind.DECISION, f"{writer}-{each}", b"{}")
            connection.execute(text("SELECT pg_sleep(:pause)"), {"pause": chance.random() * 0.004})


def _after_number(hub: Hub, person: PersonId, number: int) -> tuple[int, list[str]]:
    table = tables.feed
    query = select(table.c.number, table.c.record).where(table.c.person == person, table.c.number > number)
    with reading(hub.engine) as connection:
        rows = connection.execute(query.order_by(table.c.number)).all()
    return (rows[-1].number if rows else number), [row.record for row in rows]
