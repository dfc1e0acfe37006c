"""Opening the desk that a command works at: its home, its store, its passphrase."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from uuid import uuid4

from assessor_desk.environment.clock import SystemClock
from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.errors import InputError, StoreDamagedError, StoreMissingError
from assessor_desk.operations.workplace import Workplace
from assessor_desk.store import membership
from assessor_desk.store.store import Store

LONGEST_PASSPHRASE_FILE = 4096
LONGEST_FILE = 1 << 20


@contextmanager
def workplace(arguments: argparse.Namespace) -> Iterator[Workplace]:
    """Yield the unlocked desk of a command."""
    paths = _store_of(arguments)
    store, keys = Store.unlock(paths, passphrase_of(arguments))
    with store:
        with store.reading() as tx:
            member = membership.known(tx.meta)
        yield Workplace(store, member, keys, SystemClock().now, lambda: str(uuid4()))


def home_of(arguments: argparse.Namespace) -> Home:
    """Return the home that the command names, or this system's place."""
    return Home.at(Path(arguments.home) if arguments.home else None)


def passphrase_of(arguments: argparse.Namespace) -> str:
    """Return the passphrase from where the command says, or ask for it; it never stands in an argument."""
    if arguments.passphrase_file is None:
        return _asked("Passphrase: ")
    passphrase = _first_line(arguments.passphrase_file)
    if not passphrase:
        raise InputError("The passphrase is missing: the first line is empty.", next="Put it on the first line.")
    return passphrase


def new_passphrase_of(arguments: argparse.Namespace) -> str:
    """Return a passphrase that is being chosen; who types it types it twice."""
    passphrase = passphrase_of(arguments)
    if arguments.passphrase_file is None and _asked("The same once more: ") != passphrase:
        raise InputError("The two passphrases are not the same.", next="Type it twice in the same way.")
    return passphrase


def text_of(place: str, limit: int = LONGEST_FILE) -> str:
    """Return a small text file that a command names, or say in one sentence why not."""
    return _text(bytes_of(place, limit), place)


def bytes_of(place: str, limit: int = LONGEST_FILE) -> bytes:
    """Return a small file that a command names, or say in one sentence why not."""
    try:
        with Path(place).open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as fault:  # a name with a zero character is no OSError
        why = getattr(fault, "strerror", None) or "it has a name that no disk can hold"
        raise InputError(f"The file {place} cannot be read: {why}.", next="Look at its name and place.") from fault
    if len(data) > limit:
        raise InputError(f"The file {place} is larger than {limit} bytes.", next="Name the right file.")
    return data


def _store_of(arguments: argparse.Namespace) -> StorePaths:
    """Return the store that the command names, or the only one; one without its keys is told from none at all."""
    home = home_of(arguments)
    try:
        return home.only_store(arguments.store)
    except StoreMissingError:
        if any(not each.with_name("keys.json").exists() for each in home.stores_folder.glob("*/store.db")):
            raise StoreDamagedError(
                "There is a store on this laptop without the file with its keys: that was lost, or pairing was cut.",
                safe="The store itself was left as it is.",
                next="Bring keys.json back from a backup, or pair this laptop anew.",
            ) from None
        raise


def _asked(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise InputError("The passphrase is missing.", next="Give it with --passphrase-file FILE, or - for input.")
    try:
        return getpass(prompt)
    except EOFError as fault:
        raise InputError("The passphrase is missing.", next="Type it when it is asked for.") from fault


def _first_line(place: str) -> str:
    if place == "-":
        data = sys.stdin.buffer.readline(LONGEST_PASSPHRASE_FILE)
    else:
        data = bytes_of(place, LONGEST_PASSPHRASE_FILE)
    return _text(data, "with the passphrase").split("\n", 1)[0].rstrip("\r")


def _text(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputError(f"The file {place} is not UTF-8.", next="Save it as UTF-8.") from fault
