"""The repository's own files, as the checks read them."""

import functools
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", ".venv.new", ".venv.old", "__pycache__", "demo-output", "dist", "build"}


@functools.cache
def files() -> tuple[Path, ...]:
    """Return every file that belongs to the repository."""
    return tuple(sorted(_below(ROOT)))


def python_files(*folders: str) -> list[Path]:
    """Return the Python files below some of the repository's folders."""
    return [path for path in files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


@functools.cache
def text(path: Path) -> str:
    """Return a file's text; nothing for pictures and documents."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode(errors="replace")


def name(path: Path) -> str:
    """Return a file's path inside the repository."""
    return path.relative_to(ROOT).as_posix()


def _below(folder: Path) -> list[Path]:
    ours = [
        each
        for each in folder.iterdir()
        if each.name not in NOT_OURS and not each.name.endswith(("_cache", ".egg-info"))
    ]
    found: list[Path] = []
    for each in ours:
        found.extend(_below(each) if each.is_dir() else [each])
    return [path for path in found if ".hypothesis" not in path.parts]
