"""Feed rows that a reader misses while eight writers write at once, on PostgreSQL; a plain number as the control."""

import random
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select, text

from assessor_desk.domain.ids import DeviceId, PersonId, ProgramId
from assessor_desk.environment.clock import SystemClock
from assessor_desk.hub import feed, people, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.hub.feed import Reader
from assessor_desk.hub.people import Standing
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.wire import codec
from assessor_desk.wire.records import FeedPage, RecordKind
from benchmarks.ground import Result, main, now
from tests.postgresql import server

WRITERS = 8
EACH, QUICK_EACH = 1250, 60
LONGEST_PAUSE = 0.004
"""Seconds between writing a row and its commit, at most."""


def measure(quick: bool) -> Sequence[Result]:
    """Return how many rows were missed by the feed's order, with the control beside it."""
    each = QUICK_EACH if quick else EACH
    with server() as postgresql, postgresql.database() as address, tempfile.TemporaryDirectory() as folder:
        hub = Hub.init(Path(folder) / "hub", "Benchmark", SystemClock().now, database=address)
        try:
            ana = people.add(hub, "ana", "Ana", [Standing(ProgramId("lead-ed"), Role.ASSESSOR)])
            seen, counted = _watched(hub, Reader(ana.id, DeviceId("laptop")), each)
        finally:
            hub.close()
    rows = WRITERS * each
    control = f"of {rows}; a plain number misses {rows - counted}"
    return (Result("feed rows missed with eight writers", rows - seen, 0, "rows", control, exact=True),)


def _watched(hub: Hub, reader: Reader, each: int) -> tuple[int, int]:
    """Read while others write; return how many rows came by the feed's order, and how many by a plain number."""
    writers = [threading.Thread(target=_write, args=(hub, reader.person, one, each)) for one in range(WRITERS)]
    for writer in writers:
        writer.start()
    seen: set[str] = set()
    counted: set[str] = set()
    cursor, number = "", 0
    while True:
        working = any(writer.is_alive() for writer in writers)
        with reading(hub.engine) as connection:
            page = codec.from_bytes(feed.page(connection, reader, cursor, hub.epoch, now()), FeedPage)
            number, names = _after(connection, reader.person, number)
        cursor = page.cursor
        seen |= {item.id for item in page.items}
        counted |= names
        if not working and not page.items and not page.more:
            break
    for writer in writers:
        writer.join()
    return len(seen), len(counted)


def _write(hub: Hub, person: PersonId, writer: int, each: int) -> None:
    chance = random.Random(writer)  # noqa: S311 - spreads the pauses, guards nothing
    for number in range(each):
        with writing(hub.engine) as connection:
            feed.write(connection, [person], RecordKind.DECISION, f"{writer}-{number}", b"{}")
            connection.execute(text("SELECT pg_sleep(:pause)"), {"pause": chance.random() * LONGEST_PAUSE})


def _after(connection: object, person: PersonId, number: int) -> tuple[int, set[str]]:
    """Return what a cursor over a plain sequence would read, which is what loses rows."""
    table = tables.feed
    query = select(table.c.number, table.c.record).where(table.c.person == person, table.c.number > number)
    rows = connection.execute(query).all()  # type: ignore[attr-defined]
    return max((row.number for row in rows), default=number), {row.record for row in rows}


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
