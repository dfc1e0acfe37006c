"""One hub: its folder with its database, its files, its identity, and the epoch it lives in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Self
from uuid import uuid4

from sqlalchemy import Connection, Engine, select, update

from assessor_desk.domain.ids import HubId
from assessor_desk.environment.files import atomic_write, private_folder
from assessor_desk.errors import InputError
from assessor_desk.hub import settings, tables
from assessor_desk.hub.settings import Settings
from assessor_desk.hub.storage import Files
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
        if known.get("identity") != to_base64(identity.public.raw):
            engine.dispose()
            raise _strangers()
        files = Files(folder / "files")
        return cls(HubId(known["id"]), known["name"], known["epoch"], folder, engine, files, identity, clock)

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


def renew_epoch(connection: Connection) -> str:
    """Start a new epoch after a restore, so that desks offer again what the backup did not hold, and return it.

    Places in the feed that another database server gave out mean nothing here, so every row becomes older than
    what is written from now on, keeping its order.
    """
    epoch = token_hex(8)
    connection.execute(update(tables.hub_meta).where(tables.hub_meta.c.name == "epoch").values(value=epoch))
    if connection.dialect.name == "postgresql":
        connection.execute(tables.feed.update().values(xid=0))
    return epoch


def _engine(folder: Path, chosen: Settings) -> Engine:
    engine = open_engine(chosen.place(folder))
    try:
        migrations.upgrade(engine, SCRIPTS, tables.metadata)
    except BaseException:
        engine.dispose()
        raise
    return engine


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
