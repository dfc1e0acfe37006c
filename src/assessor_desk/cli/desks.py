"""Opening the desk that a command works at: its home, its store, its passphrase."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from uuid import uuid4

from assessor_desk.environment.clock import SystemClock
from assessor_desk.environment.paths import Home
from assessor_desk.errors import InputError
from assessor_desk.operations.workplace import Workplace
from assessor_desk.store import membership
from assessor_desk.store.store import Store
from assessor_desk.sync.client import HubClient

LONGEST_FILE = 4096


def home_of(arguments: argparse.Namespace) -> Home:
    """Return the home that the command names, or this system's place."""
    return Home.at(Path(arguments.home) if arguments.home else None)


def passphrase_of(arguments: argparse.Namespace) -> str:
    """Return the passphrase from where the command says, or ask for it; it never stands in an argument."""
    place = arguments.passphrase_file
    if place is None:
        if not sys.stdin.isatty():
            raise InputError("The passphrase is missing.", next="Give it with --passphrase-file FILE, or - for input.")
        return getpass("Passphrase: ")
    if place == "-":
        return sys.stdin.readline().rstrip("\r\n")
    return text_of(place, LONGEST_FILE).split("\n", 1)[0].rstrip("\r")


def text_of(place: str, limit: int = 1 << 20) -> str:
    """Return a small text file that a command names, or say in one sentence why not."""
    return bytes_of(place, limit).decode("utf-8", errors="replace")


def bytes_of(place: str, limit: int = 1 << 20) -> bytes:
    """Return a small file that a command names, or say in one sentence why not."""
    try:
        with Path(place).open("rb") as file:
            data = file.read(limit + 1)
    except OSError as fault:
        why = fault.strerror or "it cannot be read"
        raise InputError(f"The file {place} cannot be read: {why}.", next="Look at its name and place.") from fault
    if len(data) > limit:
        raise InputError(f"The file {place} is larger than {limit} bytes.", next="Name the right file.")
    return data


@contextmanager
def workplace(arguments: argparse.Namespace) -> Iterator[Workplace]:
    """Yield the unlocked desk of a command; what an earlier process left in its scratch folder is swept first."""
    paths = home_of(arguments).only_store(arguments.store)
    store, keys = Store.unlock(paths, passphrase_of(arguments))
    with store:
        paths.sweep()
        with store.reading() as tx:
            member = membership.known(tx.meta)
        yield Workplace(store, member, keys, SystemClock().now, lambda: str(uuid4()))


@contextmanager
def hub_of(desk: Workplace) -> Iterator[HubClient]:
    """Yield the connection to the desk's hub."""
    client = HubClient(desk.member.address, desk.member.token)
    try:
        yield client
    finally:
        client.close()
