"""Which program this is and what it runs on, for status pages and reports."""

import platform
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGE = "assessor-desk"
_PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions that matter when something goes wrong."""

    program: str
    python: str
    platform: str


def program_version() -> str:
    """Return this program's own version, installed or run from a checkout."""
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])


def versions() -> Versions:
    """Return the versions of what is running."""
    return Versions(program_version(), platform.python_version(), platform.platform(terse=True))
