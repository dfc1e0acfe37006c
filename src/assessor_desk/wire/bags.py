"""BagIt bags (RFC 8493) in a zip: how packages travel where there is no network.

A bag's payload is sealed, so that its entries are stored as they are; an entry that is compressed, or that nobody
listed, is refused before a byte of it is read.
"""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assessor_desk.environment.files import disk_failures, flush_folder
from assessor_desk.errors import PackageError

STEP = 1 << 20
MOST_ENTRIES = 20_000
_ROOT = "assessor-desk-package"
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_DATE = (1980, 1, 1, 0, 0, 0)  # when a package was made stands in its signed part alone


@dataclass(frozen=True, slots=True)
class Sum:
    """The SHA-256 and the size of a payload file."""

    sha256: str
    size: int


def sum_of(path: Path) -> Sum:
    """Return what a file adds up to."""
    with path.open("rb") as file:
        return Sum(hashlib.file_digest(file, "sha256").hexdigest(), file.tell())


def write_bag(target: Path, payload: Mapping[str, Path]) -> None:
    """Write a bag of payload files, by their names under `data/`; a file that is there is replaced when all is well."""
    sums = {name: sum_of(path) for name, path in sorted(payload.items())}
    manifest = "".join(f"{each.sha256}  data/{name}\n" for name, each in sums.items()).encode()
    oxum = f"Payload-Oxum: {sum(each.size for each in sums.values())}.{len(sums)}\n".encode()
    tags = {"bagit.txt": _DECLARATION, "bag-info.txt": oxum, "manifest-sha256.txt": manifest}
    listed = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in tags.items())
    tags["tagmanifest-sha256.txt"] = listed.encode()
    unfinished = target.with_name(f".{target.name}.part")
    with disk_failures():
        try:
            with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as bag:
                for name, data in tags.items():
                    bag.writestr(_entry(name), data)
                for name, path in sorted(payload.items()):
                    _add(bag, f"data/{name}", path)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
        flush_folder(target.parent)


class Bag:
    """A bag that is read: its payload by name, each file held against the manifest while it is copied out."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip = file
        self._entries = {each.filename.removeprefix(f"{_ROOT}/"): each for each in file.infolist()}
        self._sums = self._manifest()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the payload files."""
        return tuple(sorted(self._sums))

    def read(self, name: str, limit: int) -> bytes:
        """Return a small payload file."""
        data = self._small(f"data/{name}", limit)
        if hashlib.sha256(data).hexdigest() != self._sums.get(name):
            raise _changed()
        return data

    def copy(self, name: str, target: Path) -> None:
        """Copy a payload file out."""
        entry = self._entries.get(f"data/{name}")
        if entry is None:
            raise _changed()
        digest = hashlib.sha256()
        with disk_failures(), self._zip.open(entry) as source, target.open("xb") as copy:
            while part := source.read(STEP):
                digest.update(part)
                copy.write(part)
        if digest.hexdigest() != self._sums.get(name):
            raise _changed()

    def _manifest(self) -> dict[str, str]:
        lines = self._small("manifest-sha256.txt", 4 << 20).decode("utf-8", errors="replace").splitlines()
        pairs = (line.split("  data/", 1) for line in lines if line.strip())
        sums = {pair[1]: pair[0] for pair in pairs if len(pair) == 2}
        there = {name.removeprefix("data/") for name in self._entries if name.startswith("data/")}
        if sums.keys() != there:
            raise _changed()
        return sums

    def _small(self, name: str, limit: int) -> bytes:
        entry = self._entries.get(name)
        if entry is None or entry.file_size > limit:
            raise _no_package()
        return self._zip.read(entry)


@contextmanager
def opened(path: Path) -> Iterator[Bag]:
    """Yield a bag for reading, or say in one sentence why it is none."""
    try:
        with zipfile.ZipFile(path) as file:
            _check(file)
            yield Bag(file)
    # NotImplementedError is what the library raises for a zip version or a way of packing that it does not know.
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as fault:
        raise _changed() from fault
    except (FileNotFoundError, IsADirectoryError) as fault:
        raise PackageError(f"There is no package at {path}.", next="Look at the path again.") from fault


def _check(file: zipfile.ZipFile) -> None:
    entries = file.infolist()
    if not 0 < len(entries) <= MOST_ENTRIES or len({each.filename for each in entries}) != len(entries):
        raise _no_package()
    for each in entries:
        if each.compress_type != zipfile.ZIP_STORED or each.flag_bits & 1 or each.file_size != each.compress_size:
            raise _no_package()
        if not each.filename.startswith(f"{_ROOT}/") or ".." in each.filename.split("/"):
            raise _no_package()


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(f"{_ROOT}/{name}", _DATE)
    info.external_attr = 0o600 << 16
    return info


def _add(bag: zipfile.ZipFile, name: str, path: Path) -> None:
    entry = _entry(name)
    entry.file_size = path.stat().st_size
    with path.open("rb") as source, bag.open(entry, "w", force_zip64=True) as target:
        _copy(source, target)


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    while part := source.read(STEP):
        target.write(part)


def _changed() -> PackageError:
    return PackageError(
        "The package is damaged: something in it was changed or is missing.", next="Ask for it to be sent again."
    )


def _no_package() -> PackageError:
    return PackageError("This file is no package of Assessor Desk.", next="Look whether the right file was named.")
