"""The files of a portfolio as they come in: a folder or an archive, read without trusting either."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from assessor_desk.artifacts.archive import ArchiveLimits, extract
from assessor_desk.artifacts.entry_names import is_litter
from assessor_desk.errors import InputError
from assessor_desk.hub.manifest import NAME, Manifest, no_manifest, read_manifest

MOST_FILES = 2_000


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One file: the name it came with, with `/` between folders, and where it lies."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came in: the files beside the manifest, and the manifest if there was one."""

    files: tuple[IncomingFile, ...]
    manifest: Manifest
    dropped: tuple[str, ...] = ()


@contextmanager
def incoming(path: Path, scratch: Path) -> Iterator[Incoming]:
    """Yield the files of a folder or archive; what an archive was unpacked to is removed afterwards."""
    if path.is_dir() and not path.is_symlink():
        yield _sorted_out(_walk(path), ())
    elif path.is_file():
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(mkdtemp(dir=scratch))
        try:
            unpacked = extract(path, folder, ArchiveLimits())
            files = tuple(IncomingFile(each.name, each.path) for each in unpacked.files)
            yield _sorted_out(files, unpacked.dropped)
        finally:
            shutil.rmtree(folder)
    else:
        raise InputError(f"There is no folder and no archive at {path}.", next="Look at the path again.")


def _walk(folder: Path) -> tuple[IncomingFile, ...]:
    files: list[IncomingFile] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise InputError(
                f"“{name}” is a link to somewhere else, so nothing was taken in.", next="Put the file itself there."
            )
        _require_text(name)
        if path.is_file() and not is_litter(tuple(name.split("/"))):
            files.append(IncomingFile(name, path))
        if len(files) > MOST_FILES:
            raise InputError(f"The folder holds over {MOST_FILES} files.", next="Hand in one portfolio at a time.")
    return tuple(files)


def _require_text(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"The name “{name.encode('utf-8', 'replace').decode()}” is not text, so nothing was taken in.",
            next="Give the file another name.",
        ) from error


def _sorted_out(files: tuple[IncomingFile, ...], dropped: tuple[str, ...]) -> Incoming:
    manifests = [each for each in files if each.name == NAME]
    others = tuple(each for each in files if each.name != NAME)
    if not others:
        raise InputError("There is no file in this portfolio.", next="Look whether the right folder was named.")
    manifest = read_manifest(manifests[0].path.read_bytes()) if manifests else no_manifest()
    return Incoming(others, manifest, dropped)
