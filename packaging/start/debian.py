"""What Debian and Ubuntu leave out: installed where this user may, else named in one command."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from talk import SetupError, say

PATIENCE = 300  # seconds that another package manager may take to finish
LISTS = Path("/var/lib/apt/lists")
CLUSTERS = Path("/etc/postgresql-common/createcluster.conf")


def provide(missing: Mapping[str, str]) -> None:
    """Install Debian packages; the values say what each is missing for."""
    if not missing:
        return
    for sentence in missing.values():
        say(sentence)
    if not (_is_debian() and os.geteuid() == 0):
        raise SetupError(_advice(sorted(missing)))
    if not any(LISTS.glob("*_Packages*")):
        _apt("update")
    for package in sorted(missing):
        _install_postgresql() if package == "postgresql" else _install(package)


def _advice(packages: list[str]) -> str:
    command = f"apt-get install --no-install-recommends {shlex.join(packages)}"
    if _is_debian():
        return f"Install what is missing with: sudo {command}"
    return f"Install what is missing with this system's package manager (on Debian it would be: {command})."


def _is_debian() -> bool:
    return sys.platform == "linux" and shutil.which("apt-get") is not None


def _install(package: str) -> None:
    say(f"Installing the Debian package {package}.")
    install = ("install", "--yes", "--no-install-recommends", package)
    if _apt(*install) != 0 and (_apt("update") != 0 or _apt(*install) != 0):
        raise SetupError(f"The Debian package {package} could not be installed (see above).")


def _install_postgresql() -> None:
    """Install the server's programs without the cluster that Debian would create and start."""
    _install("postgresql-common")
    before = CLUSTERS.read_text()
    CLUSTERS.write_text(f"{before}\ncreate_main_cluster = false\n")
    try:
        _install("postgresql")
    finally:
        CLUSTERS.write_text(before)


def _apt(*arguments: str) -> int:
    _wait_for_lists()
    options = ("-qq", "-o", f"DPkg::Lock::Timeout={PATIENCE}", "-o", "Dpkg::Use-Pty=0")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    return subprocess.call(["apt-get", *options, *arguments], env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def _wait_for_lists() -> None:
    """Wait until nobody refreshes the package lists: apt waits for its other locks itself, and not for this one."""
    if sys.platform == "win32":
        return
    import fcntl

    LISTS.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + PATIENCE
    with (LISTS / "lock").open("a") as lock:
        while True:
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() > deadline:
                    raise SetupError("Another package manager does not finish; try again when it has.") from None
                time.sleep(1)
            else:
                return
