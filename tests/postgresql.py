"""A PostgreSQL server of the suite's own: made in a temporary folder, reached by a socket, gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

from assessor_desk.environment import selftest

DURABLE = ("listen_addresses=", "max_connections=100", "logging_collector=off")
UNSAFE_AND_QUICK = ("fsync=off", "full_page_writes=off", *DURABLE)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    folder: Path

    def address(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """Yield the address of an empty database, and drop it afterwards."""
        name = f"t{uuid4().hex}"
        self._command(f"CREATE DATABASE {name}")
        try:
            yield self.address(name)
        finally:
            self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def _command(self, statement: str) -> None:
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def server(settings: Sequence[str] = UNSAFE_AND_QUICK) -> Iterator[Server]:
    """Start a server and stop it for sure: with the block, and with this process however it ends."""
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _run(
            "initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale"
        )
        with _serving(folder, settings):
            yield Server(folder)
    finally:
        shutil.rmtree(folder)


@contextmanager
def _serving(folder: Path, settings: Sequence[str]) -> Iterator[None]:
    options = [part for setting in settings for part in ("-c", setting)]
    command = _as_postgres("postgres", "-D", f"{folder}/data", "-k", str(folder), *options)
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _run("pg_isready", "-h", str(folder), "-t", "0", until=process)
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _run(name: str, *arguments: str, until: "subprocess.Popen[bytes] | None" = None) -> None:
    command = _as_postgres(name, *arguments)
    while (done := subprocess.run(command, check=False, capture_output=True)).returncode and until is not None:
        if until.poll() is not None:
            break
    if done.returncode:
        raise RuntimeError(f"{name} failed: {done.stderr.decode()}{done.stdout.decode()}")


def _as_postgres(name: str, *arguments: str) -> list[str]:
    # Not every program need lie where the server does.
    command = [shutil.which(name) or str(selftest.postgresql() / name), *arguments]
    if not shutil.which("setpriv"):  # elsewhere than on Linux nobody runs this as root
        return command
    who = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig=QUIT", *who, *command]
