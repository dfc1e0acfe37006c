"""Names in one sentence each what this system lacks, before a library can abort over it.

Every probe runs in a process of its own: a library that brings its process down is then still only one sentence.
Libraries are imported by name, because this room only asks whether they load, and does not use them.
"""

import ctypes
import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

OLDEST_SQLITE = (3, 51, 3)  # older ones can corrupt a database in WAL mode when two connections reset the log
POSTGRESQL_HOMES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
AGAIN = "remove the folder .venv and start again to install it anew"


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that must be there: how to see whether it is, and what to say when it is not."""

    need: str
    look: Callable[[], object]
    missing: str


def sqlcipher() -> None:
    """Open an encrypted database and check the SQLite that it really runs on."""
    connection = _load("sqlcipher3").connect(":memory:")
    [version] = connection.execute("SELECT sqlite_version()").fetchone()
    cipher = connection.execute("PRAGMA cipher_version").fetchone()
    connection.close()
    _require(cipher is not None and tuple(map(int, version.split("."))) >= OLDEST_SQLITE)


def cryptography() -> None:
    """Seal and open eight bytes."""
    aead = _load("cryptography.hazmat.primitives.ciphers.aead").AESGCM(bytes(32))
    _require(aead.decrypt(bytes(12), aead.encrypt(bytes(12), bytes(8), None), None) == bytes(8))


def pymupdf() -> None:
    """Make a PDF of one page."""
    document = _load("pymupdf").open()
    document.new_page()
    _require(document.tobytes().startswith(b"%PDF"))


def seccomp() -> None:
    """Put a harmless filter on this process, as the process that reads artifacts does with a strict one."""
    library = _load("pyseccomp")
    library.SyscallFilter(defaction=library.ALLOW).load()


def postgresql() -> Path:
    """Return the folder of PostgreSQL's server programs, on the search path or where systems keep them apart."""
    on_path = [Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder]
    apart = [found for home in POSTGRESQL_HOMES for found in sorted(Path("/").glob(home[1:]), reverse=True)]
    for folder in (*on_path, *apart):
        if shutil.which("initdb", path=folder) and shutil.which("postgres", path=folder):
            return folder
    raise FileNotFoundError("initdb")


def strace() -> None:
    """Find the tracer that records the writes which the power-loss test replays."""
    _require(shutil.which("strace") is not None)


def window() -> None:
    """Start Qt without a screen."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    for module in ("QtWidgets", "QtSvg"):
        _load(f"PySide6.{module}")
    _require(_load("PySide6.QtGui").QGuiApplication([]) is not None)


def xvfb() -> None:
    """Find the screen in memory on which the tests open real windows."""
    _require(shutil.which("Xvfb") is not None)


def _shared(name: str, purpose: str) -> Probe:
    return Probe(name, partial(ctypes.CDLL, name), f"The system library {name} is missing; {purpose} needs it.")


# What Qt links to and does not bring, in the order in which it asks: without a screen, for sound, on a screen.
QT = ("libglib-2.0.so.0", "libfontconfig.so.1", "libdbus-1.so.3", "libxkbcommon.so.0", "libEGL.so.1", "libGL.so.1")
QT_SOUND = ("libpulse.so.0", "libXrandr.so.2")
QT_SCREEN = (
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-keysyms.so.1",
    "libxcb-shape.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon-x11.so.0",
)

LIBRARIES = (
    Probe(
        "sqlcipher3",
        sqlcipher,
        f"The encrypted database (sqlcipher3 on SQLite 3.51.3 or newer) does not load: {AGAIN}.",
    ),
    Probe("cryptography", cryptography, f"The cryptography library does not load: {AGAIN}."),
    Probe("pymupdf", pymupdf, f"The PDF library (PyMuPDF) does not load: {AGAIN}."),
    Probe("pyside6", window, f"The window's library (PySide6) does not start: {AGAIN}."),
)
LINUX = (
    *(_shared(name, "the window") for name in (*QT, *QT_SOUND)),
    Probe(
        "libseccomp",
        seccomp,
        "The process that reads artifacts cannot be locked in: libseccomp is missing, or this system forbids filters.",
    ),
)
TESTS = (
    Probe("postgresql", postgresql, "PostgreSQL's server programs are missing; the tests start a server of their own."),
)
LINUX_SCREEN = tuple(_shared(name, "a window on a screen") for name in QT_SCREEN)
LINUX_TESTS = (
    Probe("strace", strace, "The program strace is missing; the power-loss test records writes with it."),
    Probe("xvfb", xvfb, "The program Xvfb is missing; the tests open real windows on its screen."),
    *LINUX_SCREEN,
)


def probes(purpose: str, platform: str, screen: bool = False) -> tuple[Probe, ...]:
    """Return what `demo` or `test` needs on a platform; the demo needs less where there is no screen."""
    linux = platform == "linux"
    on_screen = LINUX_SCREEN if linux and screen and purpose == "demo" else ()
    ground = (*LIBRARIES, *(LINUX if linux else ()), *on_screen)
    return ground if purpose == "demo" else (*ground, *TESTS, *(LINUX_TESTS if linux else ()))


def missing(wanted: Sequence[Probe]) -> dict[str, str]:
    """Try all probes at once, each in its own process, and return the sentences of those that fail."""
    command = [sys.executable, "-I", "-m", "assessor_desk.environment.selftest", "--probe"]
    running = [(probe, _start([*command, probe.need])) for probe in wanted]
    return {probe.need: probe.missing for probe, process in running if process.wait() != 0}


def main(arguments: Sequence[str]) -> int:
    """Print what is missing for `demo` or `test`; exit 1 if anything is."""
    match arguments:
        case ["--probe", need]:
            next(probe for probe in probes("test", "linux") if probe.need == need).look()
            return 0
        case [("demo" | "test") as purpose, *rest] if rest in ([], ["--json"]):
            found = missing(probes(purpose, sys.platform, screen="DISPLAY" in os.environ))
            print(json.dumps(found) if rest else "\n".join(found.values()))
            return 1 if found else 0
    print("usage: python -m assessor_desk.environment.selftest demo|test [--json]", file=sys.stderr)
    return 2


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _load(module: str) -> Any:
    return importlib.import_module(module)


def _require(holds: bool) -> None:
    if not holds:
        raise RuntimeError("the probe found it wanting")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
