"""Packages at the hub: what desks without a network sent, and what goes back to them the same way."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, select

from assessor_desk.domain.ids import DeviceId, Digest, PersonId
from assessor_desk.domain.portfolio import Assignment, AssignmentState
from assessor_desk.errors import PackageError, RuleError
from assessor_desk.hub import feed, people, tables
from assessor_desk.hub.access import actor_at
from assessor_desk.hub.data import Hub
from assessor_desk.hub.deeds import Desk
from assessor_desk.hub.desk_deeds import take
from assessor_desk.seals.sealing import SealingPublic
from assessor_desk.seals.signatures import PublicKey
from assessor_desk.tables.transactions import reading
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import Deeds, Receipt, ReceiptStatus
from assessor_desk.wire.packages import (
    Envelope,
    ForDesk,
    Outside,
    PackageKind,
    PackedArtifact,
    Packer,
    open_package,
)
from assessor_desk.wire.records import FeedItem, FeedPage, RecordKind


@dataclass(frozen=True, slots=True)
class Taken:
    """What a package from a desk brought."""

    person: str
    receipts: tuple[Receipt, ...]

    @property
    def refused(self) -> tuple[str, ...]:
        """Return why deeds were refused."""
        return tuple(each.problem.detail for each in self.receipts if each.problem is not None)

    @property
    def accepted(self) -> int:
        """Return how many deeds were taken, now or before."""
        return sum(each.status is ReceiptStatus.ACCEPTED for each in self.receipts)


@dataclass(frozen=True, slots=True)
class Packed:
    """What a package for a desk holds."""

    person: str
    records: int
    artifacts: int
    bytes: int


def open_from_desk(hub: Hub, path: Path) -> Taken:
    """Take the deeds of a package as if they had come over the network; taking it again changes nothing."""
    with _scratch(hub) as scratch, reading(hub.engine) as connection:
        package = open_package(path, scratch, hub.sealing, lambda each: _signer(connection, each), PackageKind.TO_HUB)
        if package.envelope.hub != hub.id:
            raise PackageError("The package is for another hub.", next="Take it to the hub that it names.")
        actor = actor_at(connection, hub.id, _device(package.envelope), hub.clock())
        name = _name(connection, actor.person)
    desk = Desk(hub.id, actor, hub.clock())
    told = codec.from_bytes(package.content, Deeds).deeds
    return Taken(name, tuple(take(hub.engine, desk, deed) for deed in told))


def export_to_desk(hub: Hub, handle: str, target: Path) -> Packed:
    """Write a person's whole feed, the receipts of their desks and their open artifacts as a package for them."""
    with _scratch(hub) as scratch, reading(hub.engine) as connection:
        person = people.find(connection, handle)
        outside = Outside(str(uuid4()), PackageKind.TO_DESK, hub.id, person.id, None, hub.clock())
        page = _page(connection, hub, person.id)
        packer = Packer(outside, scratch)
        artifacts = tuple(_packed(hub, packer, digest) for digest in _open_artifacts(page))
        content = codec.encoded(ForDesk(page, _receipts(connection, person.id), artifacts))
        packer.finish(target, content, [_sealing_key(connection, person.id)], hub.identity)
    return Packed(person.name, len(page.items), len(artifacts), target.stat().st_size)


@contextmanager
def _scratch(hub: Hub) -> Iterator[Path]:
    folder = hub.folder / "scratch"
    folder.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        yield Path(name)


def _device(envelope: Envelope) -> DeviceId:
    if envelope.device is None:
        raise PackageError("The package does not say which laptop it comes from.")
    return envelope.device


def _signer(connection: Connection, envelope: Envelope) -> PublicKey:
    device = tables.device
    key = connection.execute(
        select(device.c.public_key).where(device.c.id == _device(envelope), device.c.person == envelope.person)
    ).scalar_one_or_none()
    if key is None:
        raise PackageError("The package comes from a laptop that this hub does not know.", next="Pair it first.")
    return PublicKey(key)


def _name(connection: Connection, person: PersonId) -> str:
    return str(connection.execute(select(tables.person.c.name).where(tables.person.c.id == person)).scalar_one())


def _page(connection: Connection, hub: Hub, person: PersonId) -> FeedPage:
    # No device is named, so that the person's own sealed edits are in it too: any of their desks may open it.
    reader = feed.Reader(person, DeviceId(""))
    items: list[FeedItem] = []
    cursor, more = "", True
    while more:
        page = codec.from_bytes(feed.page(connection, reader, cursor, hub.epoch, hub.clock()), FeedPage)
        items += page.items
        cursor, more = page.cursor, page.more
    return FeedPage(hub.epoch, hub.clock(), cursor, False, tuple(items))


def _open_artifacts(page: FeedPage) -> list[Digest]:
    assignments = (codec.from_bytes(item.body, Assignment) for item in page.items if item.kind == RecordKind.ASSIGNMENT)
    found: dict[Digest, None] = {}
    for each in assignments:
        if each.state not in (AssignmentState.DONE, AssignmentState.WITHDRAWN):
            rounds = (*each.earlier_rounds, each.round)
            found |= dict.fromkeys(artifact.sha256 for one in rounds for artifact in one.artifacts)
    return list(found)


def _packed(hub: Hub, packer: Packer, digest: Digest) -> PackedArtifact:
    with hub.files.open(digest) as source:
        return packer.artifact(digest, source)


def _receipts(connection: Connection, person: PersonId) -> tuple[Receipt, ...]:
    query = (
        select(tables.deed.c.receipt)
        .join(tables.device, tables.device.c.id == tables.deed.c.device)
        .where(tables.device.c.person == person)
        .order_by(tables.deed.c.received_at, tables.deed.c.key)
    )
    return tuple(codec.from_bytes(body, Receipt) for body in connection.execute(query).scalars())


def _sealing_key(connection: Connection, person: PersonId) -> SealingPublic:
    key = connection.execute(
        select(tables.person.c.sealing_key).where(tables.person.c.id == person)
    ).scalar_one_or_none()
    if key is None:
        raise RuleError(
            "This person has paired no laptop yet, so nothing can be sealed to them.", next="Invite them to pair first."
        )
    return SealingPublic(key)
