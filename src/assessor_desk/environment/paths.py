"""Where things lie on this computer: one home, in it one folder a store."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs

from assessor_desk.environment.files import PRIVATE_FOLDER, disk_failures, lasting_folder, private_folder
from assessor_desk.errors import InputError, StoreMissingError

_STORE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class StorePaths:
    """The places of one store, which belongs to one person at one hub."""

    id: str
    folder: Path

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.folder / "store.db"

    @property
    def blobs(self) -> Path:
        """The folder of encrypted artifacts, under random names."""
        return self.folder / "blobs"

    @property
    def keys(self) -> Path:
        """The file with the wrapped keys."""
        return self.folder / "keys.json"

    @property
    def lock(self) -> Path:
        """The file that the syncing process holds."""
        return self.folder / "lock"

    @property
    def scratch(self) -> Path:
        """The folder of what must not outlive the process."""
        return self.folder / "scratch"

    @property
    def exists(self) -> bool:
        """Whether the store was made: its keys are written last."""
        return self.keys.is_file()

    def create(self) -> None:
        """Make the folders, closed to everyone else; what is there stays."""
        for folder in (self.folder.parent, self.folder, self.blobs, self.scratch):
            private_folder(folder)

    def sweep(self) -> tuple[str, ...]:
        """Remove what an earlier process left in the scratch folder, and return its names."""
        with disk_failures():
            left = sorted(self.scratch.iterdir()) if self.scratch.is_dir() else []
            for path in left:
                _remove(path)
        return tuple(path.name for path in left)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of everything that Assessor Desk keeps for one user of this computer."""

    root: Path

    @classmethod
    def at(cls, root: Path | None = None) -> Self:
        """Return the home at the given place, else where this system keeps such data."""
        place = root or platformdirs.user_data_path("assessor-desk", appauthor=False)
        return cls(place.expanduser().absolute())

    @property
    def settings(self) -> Path:
        """The file with the settings."""
        return self.root / "settings.json"

    @property
    def stores_folder(self) -> Path:
        """The folder of the stores."""
        return self.root / "stores"

    def create(self) -> None:
        """Make the home; a folder that was there before keeps its mode, ours within are closed."""
        lasting_folder(self.root, PRIVATE_FOLDER)
        private_folder(self.stores_folder)

    def store(self, store_id: str) -> StorePaths:
        """Return the places of one store, made or not."""
        if not _STORE_ID.fullmatch(store_id):
            raise InputError(f"“{store_id}” cannot name a store.", next="Use small letters, digits and hyphens.")
        return StorePaths(store_id, self.stores_folder / store_id)

    def stores(self) -> tuple[StorePaths, ...]:
        """Return the stores that were made here."""
        with disk_failures():
            names = sorted(path.name for path in self.stores_folder.iterdir()) if self.stores_folder.is_dir() else []
        found = (self.store(name) for name in names if _STORE_ID.fullmatch(name))
        return tuple(store for store in found if store.exists)

    def only_store(self, wanted: str | None = None) -> StorePaths:
        """Return the store asked for, or the only one there is."""
        stores = [store for store in self.stores() if wanted in (None, store.id)]
        if not stores:
            raise StoreMissingError(
                "There is no store on this laptop yet." if wanted is None else f"There is no store {wanted} here."
            )
        if len(stores) > 1:
            names = ", ".join(store.id for store in stores)
            raise InputError(f"There are several stores here: {names}.", next="Say which one is meant.")
        return stores[0]


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
