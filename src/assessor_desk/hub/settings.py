"""The file `hub.json` in a hub's folder: where its database is."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from assessor_desk.environment.files import atomic_write
from assessor_desk.errors import InputError

FILE = "hub.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """What must be known before the database can be opened; without an address it lies in the folder."""

    version: int = VERSION
    database: str | None = None

    def place(self, folder: Path) -> str | Path:
        """Return what to open: a server's address or a file."""
        return self.database or folder / "hub.db"


def exist(folder: Path) -> bool:
    """Return whether the folder holds a finished hub."""
    return (folder / FILE).exists()


def load(folder: Path) -> Settings:
    """Read a hub's settings."""
    if not exist(folder):
        raise InputError(f"There is no hub in {folder}.", next="Make one with `assessor-desk hub --data DIR init`.")
    try:
        settings = msgspec.json.decode((folder / FILE).read_bytes(), type=Settings)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise InputError(f"The hub's settings in {FILE} cannot be read: {error}.") from error
    if settings.version > VERSION:
        raise InputError("A newer version of Assessor Desk made this hub.", next="Start it with that version.")
    return settings


def save(folder: Path, settings: Settings) -> None:
    """Write a hub's settings; an address may hold a password, so only the owner can read them."""
    atomic_write(folder / FILE, json.dumps(asdict(settings), indent=2).encode() + b"\n")
