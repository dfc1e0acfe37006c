"""The checkout's own environment: made beside the old one, stamped last, then put in its place."""

import contextlib
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import packages
from talk import SetupError, say

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
ASIDE = ROOT / ".venv.new"
STAMP = "desk-stamp"
LAYOUT = "1"  # raise it when environments must be made anew although the lock is the same


def prepare() -> Path:
    """Return the environment's Python, after making the environment where it is missing or out of date."""
    if not ready(VENV):
        with _alone():
            if not ready(VENV):
                _make()
    return python(VENV)


def ready(venv: Path) -> bool:
    """Return whether an environment is complete and fits the lock and this Python."""
    stamp = venv / STAMP
    return stamp.is_file() and stamp.read_text() == fingerprint() and python(venv).exists()


def fingerprint() -> str:
    """Return what an environment must have been made from."""
    facts = f"{LAYOUT} {sys.version_info[0]}.{sys.version_info[1]} {sys.platform}"
    return hashlib.sha256(LOCK.read_bytes() + facts.encode()).hexdigest()


def python(venv: Path) -> Path:
    """Return where an environment keeps its interpreter."""
    return venv / "Scripts" / "python.exe" if sys.platform == "win32" else venv / "bin" / "python"


def _make() -> None:
    if not ready(ASIDE):
        say("Preparing .venv from requirements.lock; this is needed once, and again when the lock changes.")
        shutil.rmtree(ASIDE, ignore_errors=True)
        packages.install(LOCK, ASIDE, python(ASIDE))
        _connect(ASIDE)
        _readdress(ASIDE, VENV)
        (ASIDE / STAMP).write_text(fingerprint())
    _put_in_place()
    say("The environment is ready.")


def _connect(venv: Path) -> None:
    """Make the checkout importable and give it its command; both work after the checkout has moved."""
    [site] = [venv / "Lib" / "site-packages"] if sys.platform == "win32" else venv.glob("lib/python3.*/site-packages")
    (site / "assessor_desk.pth").write_text(os.path.relpath(ROOT / "src", site) + "\n")
    if sys.platform == "win32":
        (venv / "Scripts" / "assessor-desk.cmd").write_text('@"%~dp0python.exe" -I -m assessor_desk %*\n')
    else:
        command = venv / "bin" / "assessor-desk"
        command.write_text('#!/bin/sh\nexec "${0%/*}/python" -I -m assessor_desk "$@"\n')
        command.chmod(0o755)


def _readdress(venv: Path, future: Path) -> None:
    """Write the environment's future address over its present one in all its commands."""
    here, there = os.fsencode(venv), os.fsencode(future)
    for command in python(venv).parent.iterdir():
        if command.is_file() and not command.is_symlink() and here in (content := command.read_bytes()):
            command.write_bytes(content.replace(here, there))


def _put_in_place() -> None:
    old = ROOT / ".venv.old"
    shutil.rmtree(old, ignore_errors=True)
    if VENV.exists():
        VENV.rename(old)
    ASIDE.rename(VENV)
    shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    if not os.access(ROOT, os.W_OK):
        raise SetupError(f"The environment must be prepared, and {ROOT} cannot be written by this user.")
    if sys.platform == "win32":
        yield
        return
    import fcntl

    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing the environment; waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
