"""The directory: which device signs for whom, vouched for by the hub, in the feed of all who share a program."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.ids import DeviceId, PersonId
from assessor_desk.errors import InputError
from assessor_desk.hub import acts, feed, tables, tokens
from assessor_desk.hub.acts import ActKind
from assessor_desk.hub.data import Hub
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.signatures import Purpose, Signed
from assessor_desk.tables.transactions import writing
from assessor_desk.wire import codec
from assessor_desk.wire.records import RecordKind

HUB_VALIDITY = timedelta(days=3650)


def vouch(hub: Hub, entry: DeviceEntry) -> Signed:
    """Return the entry signed by the hub."""
    return hub.identity.sign(Purpose.DIRECTORY, codec.to_members(entry))


def announce(connection: Connection, entry: DeviceEntry, signed: Signed) -> None:
    """Write a device's entry to the feed of everyone who shares a program with its person."""
    feed.write(connection, sharing(connection, entry.person), RecordKind.DEVICE, entry.device, codec.to_bytes(signed))


def present_hub(connection: Connection, hub: Hub, person: PersonId, at: datetime) -> None:
    """Write the hub's own entry to a person's feed: what it signs with, and what packages for it are sealed to."""
    entry = DeviceEntry(
        hub=hub.id,
        device=DeviceId(hub.id),
        person=PersonId(hub.id),
        person_name=hub.name,
        public_key=hub.identity.public.raw,
        sealing_key=hub.sealing.public.raw,
        valid_from=at,
        valid_until=at + HUB_VALIDITY,
    )
    feed.write(connection, [person], RecordKind.DEVICE, hub.id, codec.to_bytes(vouch(hub, entry)))


def introduce(connection: Connection, person: PersonId) -> None:
    """Exchange device entries between a person with new roles and everyone who shares a program with them."""
    readers = sharing(connection, person)
    device = tables.device
    rows = connection.execute(select(device.c.id, device.c.person, device.c.entry).where(device.c.person.in_(readers)))
    for row in list(rows):
        feed.write(connection, readers if row.person == person else [person], RecordKind.DEVICE, row.id, row.entry)


def sharing(connection: Connection, person: PersonId) -> list[PersonId]:
    """Return everyone who has a role in one of the person's programs, and the person."""
    role = tables.person_role
    programs = select(role.c.program).where(role.c.person == person)
    rows = connection.execute(select(role.c.person).where(role.c.program.in_(programs)).distinct())
    return sorted({person, *(PersonId(row.person) for row in rows)})


def entry_of(connection: Connection, device: DeviceId) -> tuple[DeviceEntry, Signed]:
    """Return a device's entry as it stands."""
    row = connection.execute(select(tables.device.c.entry).where(tables.device.c.id == device)).one_or_none()
    if row is None:
        raise InputError("This hub knows no such device.", next="`hub --data DIR people` lists them.")
    signed = codec.from_bytes(row.entry, Signed)
    return codec.from_signed(signed.body, DeviceEntry), signed


def entries(connection: Connection, persons: Iterable[PersonId]) -> list[Signed]:
    """Return the entries of every device of these people, for a package to carry."""
    device = tables.device
    rows = connection.execute(
        select(device.c.entry).where(device.c.person.in_(sorted(set(persons)))).order_by(device.c.id)
    )
    return [codec.from_bytes(row.entry, Signed) for row in rows]


def revoke(hub: Hub, device: DeviceId) -> DeviceEntry:
    """End a device: its token no longer opens anything, and what it signed and sends later goes to quarantine."""
    at = hub.clock()
    with writing(hub.engine) as connection:
        entry, _ = entry_of(connection, device)
        if entry.revoked_at is None:
            entry = replace(entry, revoked_at=at)
            _keep_revoked(connection, entry, vouch(hub, entry), at)
    return entry


def _keep_revoked(connection: Connection, entry: DeviceEntry, signed: Signed, at: datetime) -> None:
    connection.execute(
        update(tables.device)
        .where(tables.device.c.id == entry.device)
        .values(revoked_at=at, entry=codec.to_bytes(signed))
    )
    tokens.end_all(connection, entry.device, at)
    announce(connection, entry, signed)
    acts.record(connection, ActKind.DEVICE_REVOKED, entry.device, sha256(signed.body), at)
