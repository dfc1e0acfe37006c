"""One hub: its folder with its database, its files, its identity, and the epoch it lives in."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Self
from uuid import uuid4

from sqlalchemy import Connection, Engine, select

from assessor_desk.domain.ids import HubId
from assessor_desk.environment.files import atomic_write, private_folder
from assessor_desk.errors import InputError
from assessor_desk.hub import acts, restoring, settings, tables
from assessor_desk.hub.acts import ActKind
from assessor_desk.hub.settings import Settings
from assessor_desk.hub.storage import Files
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.seals.signatures import SigningKey, from_base64, to_base64
from assessor_desk.tables import migrations
from assessor_desk.tables.engines import open_engine
from assessor_desk.tables.transactions import reading, writing

Clock = Callable[[], datetime]
SCRIPTS = Path(__file__).parent / "migrations"
IDENTITY = "identity.key"
DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Hub:
    """An open hub; any number of processes may open the same one."""

    id: HubId
    name: str
    epoch: str
    folder: Path
    engine: Engine
    files: Files
    identity: SigningKey
    clock: Clock

    @classmethod
    def init(cls, folder: Path, name: str, clock: Clock, database: str | None = None) -> Self:
        """Make a hub in a folder; what an interrupted attempt left behind is taken up again.

        Args:
            folder: where its files, its identity and, without `database`, its database lie
            name: what desks show
            clock: returns the time, in UTC
            database: a `postgresql://` address
        """
        if settings.exist(folder):
            raise InputError(f"There is a hub in {folder} already.", next="Choose another folder, or `serve` this one.")
        private_folder(folder)
        chosen = Settings(database=database)
        identity = _identity(folder, make=True)
        engine = _engine(folder, chosen)
        try:
            with writing(engine) as connection:
                _begin(connection, name, identity)
        finally:
            engine.dispose()
        settings.save(folder, chosen)
        return cls.open(folder, clock)

    @classmethod
    def open(cls, folder: Path, clock: Clock) -> Self:
        """Open a hub and bring its schema up to date."""
        chosen = settings.load(folder)
        identity = _identity(folder, make=False)
        engine = _engine(folder, chosen)
        with reading(engine) as connection:
            known = _known(connection)
            restored = restoring.is_behind(folder, connection)
        if known.get("identity") != to_base64(identity.public.raw):
            engine.dispose()
            raise _strangers()
        if restored:
            known["epoch"] = _renewed(folder, engine, known["id"], clock())
        files = Files(folder / "files")
        return cls(HubId(known["id"]), known["name"], known["epoch"], folder, engine, files, identity, clock)

    @property
    def sealing(self) -> SealingKey:
        """Return the key that packages for this hub are sealed to; it follows from the identity."""
        return SealingKey.from_bytes(hmac.digest(self.identity.to_bytes(), b"assessor-desk hub sealing 1", "sha256"))

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def declare_demonstration(connection: Connection) -> None:
    """Mark the hub as one for trying things out, whose results leave without delay."""
    connection.execute(tables.hub_meta.insert().values(name=DEMONSTRATION, value="yes"))


def is_demonstration(connection: Connection) -> bool:
    """Return whether the hub is only for trying things out."""
    meta = tables.hub_meta
    return connection.execute(select(meta.c.value).where(meta.c.name == DEMONSTRATION)).first() is not None


def declare_restored(hub: Hub) -> str:
    """Begin a new epoch because the whole folder comes from a backup, which no comparison can notice; return it."""
    return _renewed(hub.folder, hub.engine, hub.id, hub.clock())


def _engine(folder: Path, chosen: Settings) -> Engine:
    engine = open_engine(chosen.place(folder))
    try:
        migrations.upgrade(engine, SCRIPTS, tables.metadata)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _renewed(folder: Path, engine: Engine, hub: str, at: datetime) -> str:
    with writing(engine) as connection:
        epoch = restoring.renew_epoch(connection)
        acts.record(connection, ActKind.RESTORED, hub, sha256(epoch.encode()), at)
    with reading(engine) as connection:
        restoring.note(folder, connection)
    return epoch


def _identity(folder: Path, *, make: bool) -> SigningKey:
    place = folder / IDENTITY
    if make and not place.exists():
        atomic_write(place, to_base64(SigningKey.generate().to_bytes()).encode() + b"\n")
    if not place.exists():
        raise InputError(
            f"The hub's identity, the file {IDENTITY}, is missing.",
            next="Bring it back from the backup; no desk trusts the hub without it.",
        )
    return SigningKey.from_bytes(from_base64(place.read_text("ascii").strip()))


def _begin(connection: Connection, name: str, identity: SigningKey) -> None:
    known = _known(connection)
    public = to_base64(identity.public.raw)
    if known and known.get("identity") != public:
        raise _strangers()
    if not known:
        members = {"id": str(uuid4()), "name": name, "epoch": token_hex(8), "identity": public}
        connection.execute(tables.hub_meta.insert(), [{"name": key, "value": members[key]} for key in members])


def _known(connection: Connection) -> dict[str, str]:
    return {row.name: row.value for row in connection.execute(select(tables.hub_meta))}


def _strangers() -> InputError:
    return InputError(
        "The database belongs to another hub than the identity in this folder.",
        next="Name the database that was made with this folder, or an empty one.",
    )
