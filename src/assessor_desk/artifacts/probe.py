"""Tries, inside the render worker, what a hostile file would make it do: the system must say no."""

import mmap
import os
import socket
from collections.abc import Callable
from typing import NoReturn

from assessor_desk.artifacts.messages import Attempt

DONE = "done"


def attempt(what: Attempt) -> str:
    """Try it, and return `DONE` or the name of the error with which the system refused."""
    try:
        _ATTEMPTS[what]()
    except (OSError, MemoryError) as refusal:
        return type(refusal).__name__
    return DONE


def _write_file() -> None:
    os.close(os.open("assessor-desk-probe", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _read_file() -> None:
    os.close(os.open("/etc/hostname" if os.name == "posix" else os.environ["COMSPEC"], os.O_RDONLY))


def _connect() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        connection.connect_ex(("127.0.0.1", 9))


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _execute() -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606 the point is that the system refuses it


def _loop() -> NoReturn:
    while True:
        pass


def _take_memory() -> None:
    taken = mmap.mmap(-1, 4 * 1024**3)
    for at in range(0, len(taken), mmap.PAGESIZE):
        taken[at] = 1


_ATTEMPTS: dict[Attempt, Callable[[], None]] = {
    Attempt.WRITE_FILE: _write_file,
    Attempt.READ_FILE: _read_file,
    Attempt.CONNECT: _connect,
    Attempt.FORK: _fork,
    Attempt.EXECUTE: _execute,
    Attempt.LOOP: _loop,
    Attempt.TAKE_MEMORY: _take_memory,
}
