"""What each person may read, as whole records in commit order."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256 as new_sha256
from typing import Any, Self, TypeAlias

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    null,
    select,
    text,
    tuple_,
)

from assessor_desk.domain.ids import DeviceId, Digest, PersonId
from assessor_desk.hub import tables
from assessor_desk.seals.digests import sha256
from assessor_desk.wire import codec
from assessor_desk.wire.records import Counts, FeedItem, FeedPage, KindCount, RecordKind

PAGE_ROWS = 500
PAGE_BYTES = 8 << 20  # a page ends early when its bodies grow past this
CHANNEL = "assessor_desk_news"
LARGEST = 2**63 - 1  # what both databases can hold a number against

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

# The row goes to its newest place, and who listens is told when the transaction commits.
_ON_POSTGRESQL = text(
    """
    WITH written AS (
        INSERT INTO feed (person, kind, record, xid, number, from_device, sha256, body)
        SELECT reader, :kind, :record, CAST(CAST(pg_current_xact_id() AS text) AS bigint), nextval('feed_number'),
               :from_device, :sha256, :body
        FROM unnest(CAST(:persons AS text[])) AS reader
        ON CONFLICT (person, kind, record) DO UPDATE
        SET xid = excluded.xid, number = excluded.number, from_device = excluded.from_device,
            sha256 = excluded.sha256, body = excluded.body
        RETURNING person
    )
    SELECT pg_notify(:channel, person) FROM written
    """
)

# Writers of an SQLite file come one by one, so a person's next number is one more than the last.
_ON_SQLITE = text(
    """
    INSERT INTO feed (person, kind, record, xid, number, from_device, sha256, body)
    SELECT reader.value, :kind, :record, 0,
           (SELECT coalesce(max(number), 0) + 1 FROM feed WHERE person = reader.value AND xid = 0),
           :from_device, :sha256, :body
    FROM json_each(:persons) AS reader
    WHERE true
    ON CONFLICT (person, kind, record) DO UPDATE
    SET xid = excluded.xid, number = excluded.number, from_device = excluded.from_device,
        sha256 = excluded.sha256, body = excluded.body
    """
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the feed of one epoch; a desk keeps it as the text of its cursor and does not read it."""

    xid: int = 0
    number: int = 0

    @classmethod
    def read(cls, cursor: str, epoch: str) -> Self:
        """Return the place that a cursor names; the beginning when it comes from another epoch or is none."""
        match cursor.split("."):
            case [named, xid, number] if named == epoch and _is_number(xid) and _is_number(number):
                return cls(int(xid), int(number))
        return cls()

    def written(self, epoch: str) -> str:
        """Return the cursor."""
        return "" if self == Place() else f"{epoch}.{self.xid}.{self.number}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose feed is read, at which of their desks; a desk does not get back the sealed edits that it sent."""

    person: PersonId
    device: DeviceId


def write(
    connection: Connection,
    persons: Iterable[PersonId],
    kind: RecordKind,
    record_id: str,
    body: bytes,
    from_device: DeviceId | None = None,
) -> None:
    """Give a record to people, or its newer form to those who have it; it moves to the end of their feeds.

    Access is never taken back by silence: who must no longer have a record gets it once more, with the state that
    says so.
    """
    readers = sorted(set(persons))  # one order for all, so that two transactions never wait for each other
    if not readers:
        return
    on_postgresql = connection.dialect.name == "postgresql"
    connection.execute(
        _ON_POSTGRESQL if on_postgresql else _ON_SQLITE,
        {
            **({"persons": readers, "channel": CHANNEL} if on_postgresql else {"persons": json.dumps(readers)}),
            "kind": kind.value,
            "record": record_id,
            "from_device": from_device,
            "sha256": sha256(body),
            "body": body,
        },
    )


def holders(connection: Connection, kind: RecordKind, record_id: str) -> tuple[PersonId, ...]:
    """Return who was given a record."""
    feed = tables.feed
    query = select(feed.c.person).where(feed.c.kind == kind.value, feed.c.record == record_id).order_by(feed.c.person)
    return tuple(PersonId(person) for person in connection.execute(query).scalars())


def page(connection: Connection, reader: Reader, after: str, epoch: str, at: datetime, limit: int = PAGE_ROWS) -> bytes:
    """Return the next records after a cursor as the bytes of a `FeedPage`; no body is decoded or encoded again."""
    place = Place.read(after, epoch)
    rows = list(connection.execute(_rows_after(connection, reader, place).limit(limit + 1)))
    if not rows and _is_ahead(connection, reader, place):
        place = Place()
        rows = list(connection.execute(_rows_after(connection, reader, place).limit(limit + 1)))
    taken = _within(rows[:limit])
    if taken:
        place = _place(taken[-1])
    items = tuple(FeedItem(row.kind, row.record, msgspec.Raw(row.body)) for row in taken if row.body is not None)
    return codec.encoded(FeedPage(epoch, at, place.written(epoch), len(taken) < len(rows), items))


def counts(connection: Connection, reader: Reader, epoch: str) -> Counts:
    """Return how many records of each kind this desk has been given, up to which cursor, with a digest over them."""
    feed = tables.feed
    query = select(feed.c.kind, feed.c.record, feed.c.sha256, feed.c.xid, feed.c.number, _own(reader).label("own"))
    lines: dict[str, list[bytes]] = defaultdict(list)
    last = Place()
    for row in connection.execute(query.where(_settled(connection), feed.c.person == reader.person)):
        last = max(last, _place(row))
        if not row.own:
            lines[row.kind].append(f"{row.record} {row.sha256}\n".encode())
    return Counts(epoch, last.written(epoch), {kind: _count(lines[kind]) for kind in sorted(lines)})


@dataclass(frozen=True, slots=True)
class Newest:
    """The place of the newest record; `more_to_come` says that a running transaction holds others back."""

    place: Place
    more_to_come: bool


def newest(connection: Connection, reader: Reader) -> Newest:
    """Return how far a desk could read now."""
    last = _last(reader).where(~_own(reader))
    any_row = connection.execute(last).one_or_none()
    row = connection.execute(last.where(_settled(connection))).one_or_none()
    place = Place() if row is None else _place(row)
    return Newest(place, any_row is not None and _place(any_row) != place)


def _is_ahead(connection: Connection, reader: Reader, place: Place) -> bool:
    # The desk was given records that this hub does not have: it was restored and nobody renewed the epoch.
    row = connection.execute(_last(reader)).one_or_none()
    return place > (Place() if row is None else _place(row))


def _last(reader: Reader) -> Select[Any]:
    feed = tables.feed
    newest_first = (feed.c.xid.desc(), feed.c.number.desc())
    return select(feed.c.xid, feed.c.number).where(feed.c.person == reader.person).order_by(*newest_first).limit(1)


def _rows_after(connection: Connection, reader: Reader, place: Place) -> Select[Any]:
    feed = tables.feed
    body = case((_own(reader), null()), else_=feed.c.body).label("body")
    return (
        select(feed.c.kind, feed.c.record, feed.c.xid, feed.c.number, body)
        .where(
            _settled(connection),
            feed.c.person == reader.person,
            tuple_(feed.c.xid, feed.c.number) > tuple_(place.xid, place.number),
        )
        .order_by(feed.c.xid, feed.c.number)
    )


def _settled(connection: Connection) -> ColumnElement[bool]:
    # A transaction that began earlier may still commit rows with smaller numbers; nobody reads past the oldest.
    if connection.dialect.name != "postgresql":
        return tables.feed.c.xid == 0
    oldest_running = func.pg_snapshot_xmin(func.pg_current_snapshot())
    return tables.feed.c.xid < cast(cast(oldest_running, String), BigInteger)


def _own(reader: Reader) -> ColumnElement[bool]:
    feed = tables.feed
    return and_(feed.c.kind == RecordKind.SEALED_EDIT.value, func.coalesce(feed.c.from_device, "") == reader.device)


def _within(rows: list[AnyRow]) -> list[AnyRow]:
    size = 0
    for index, row in enumerate(rows):
        size += len(row.body or b"")
        if size > PAGE_BYTES and index:
            return rows[:index]
    return rows


def _place(row: AnyRow) -> Place:
    return Place(row.xid, row.number)


def _count(lines: list[bytes]) -> KindCount:
    digest = new_sha256()
    for line in sorted(lines):
        digest.update(line)
    return KindCount(len(lines), Digest(digest.hexdigest()))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST
