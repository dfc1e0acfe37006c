"""A desk at work for the power-loss test: it changes one store in every way there is, and says what is durable.

Run as `python -m tests.durability.writing FOLDER LIFE SEED [WEAKNESS]`.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import ModuleType

from assessor_desk.domain.ids import AssessmentId, PortfolioId
from assessor_desk.domain.portfolio import Assignment
from assessor_desk.environment import files
from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.errors import WrongPassphraseError
from assessor_desk.seals.keyfile import KeyRing
from assessor_desk.store import blobs, downloads
from assessor_desk.store import keys as key_file
from assessor_desk.store import store as store_door
from assessor_desk.store.artifacts import ArtifactState
from assessor_desk.store.deeds import OutboxState
from assessor_desk.store.store import Store
from assessor_desk.store.transaction import Transaction
from assessor_desk.tables import sqlite
from tests.durability.promises import FILES, STORE, Say, content, digest, keys, passphrase
from tests.store.world import CHEAP, NOW, RECOVERY, World, artifact, identity

NAMES = [(portfolio, name) for portfolio in FILES for name in FILES[portfolio]]
PASSING = "third"
LASTING = [each for each in NAMES if each[0] != PASSING]
ANEW = ("judged", "middling")
JUDGED = identity("judged")
WORLD = World()


class Weakness(StrEnum):
    """What a desk could leave out and still pass every test in which only processes die."""

    NONE = "none"
    LOG = "the log is not flushed at each commit"
    ARTIFACTS = "artifacts are not flushed"
    FOLDERS = "folders are not flushed"


def weaken(weakness: Weakness) -> None:
    """Take one promise to the disk back, in this process only."""
    match weakness:
        case Weakness.LOG:
            full = "synchronous = FULL"
            sqlite.SETTINGS = tuple(each.replace(full, "synchronous = NORMAL") for each in sqlite.SETTINGS)
        case Weakness.ARTIFACTS:
            _replace("flush_to_disk", _nothing, downloads)
        case Weakness.FOLDERS:
            _replace("flush_folder", _nothing, files, blobs, store_door, sqlite)


def _replace(name: str, function: Callable[[object], None], *modules: ModuleType) -> None:
    for module in modules:
        setattr(module, name, function)


def _nothing(_: object) -> None:
    return None


def say(said: Say, *names: object) -> None:
    """Tell the world; the words are in the recording, in their place among the writes."""
    os.write(1, " ".join((said, *map(str, names))).encode() + b"\n")


class Desk:
    """One life of the process."""

    def __init__(self, paths: StorePaths, chance: random.Random) -> None:
        self.paths = paths
        self.chance = chance
        self.store = Store.open(paths, keys().data)
        with self.store.reading() as tx:
            self.edits = len(tx.journal.edits(AssessmentId(JUDGED)))
            self.receipts = tx.outbox.counts()[OutboxState.SENT]
        self.passphrase = _known_passphrase(paths)

    def edit(self) -> None:
        """Append an edit with its deed."""
        with self.store.transaction() as tx:
            self._append(tx)
        say(Say.EDITED, self.edits)
        self.edits += 1

    def take_receipts(self) -> None:
        """Keep the hub's receipts for the next few deeds."""
        until = min(self.edits, self.receipts + self.chance.randint(1, 12))
        with self.store.transaction() as tx:
            waiting = tx.outbox.waiting(NOW, until - self.receipts)
            tx.outbox.sending(each.deed.key for each in waiting)
        with self.store.transaction() as tx:
            tx.outbox.keep([WORLD.receipt(each.deed) for each in waiting], "e1")
        for number in range(self.receipts, until):
            say(Say.RECEIPTED, number)
        self.receipts = until

    def fetch(self) -> None:
        """Take in more of an artifact, perhaps to its end."""
        portfolio, name = self._wanted()
        self._fetch(portfolio, name, self.chance.choice((1.0, self.chance.random())))

    def go_on(self) -> None:
        """Say that a life begins, and finish what the one before had begun to fetch."""
        say(Say.BORN)
        with self.store.reading() as tx:
            begun = {held.sha256 for held in tx.artifacts.to_fetch() if held.state is ArtifactState.PARTIAL}
        for portfolio, name in NAMES:
            if digest(portfolio, name) in begun:
                self._fetch(portfolio, name, 1.0)

    def forget(self) -> None:
        """Give an artifact up, as for a damaged one; it is fetched anew under another key."""
        self._give_up(*self.chance.choice(LASTING))

    def change_passphrase(self) -> None:
        """Put the keys under the next passphrase."""
        key_file.change_passphrase(self.paths, passphrase(self.passphrase), passphrase(self.passphrase + 1), CHEAP)
        self.passphrase += 1
        say(Say.PASSPHRASE, self.passphrase)

    def close(self) -> None:
        """Close the store; the log is worked into the file and removed."""
        self.store.close()

    def reopen(self) -> None:
        """Close the store and open it again."""
        self.close()
        self.store = Store.open(self.paths, keys().data)

    def remove(self) -> None:
        """Take a portfolio off this laptop."""
        say(Say.REMOVES, PASSING)
        self.store.purge([_portfolio(PASSING)], NOW)
        say(Say.REMOVED, PASSING)

    def die_making_a_file(self) -> None:
        """End when an artifact's file was made and its name is not yet on the disk; the next life goes on with it."""
        self._give_up(*ANEW)
        _replace("flush_folder", _killed, blobs)
        self.store.download(_portfolio(ANEW[0]), digest(*ANEW))

    def die_in_a_transaction(self) -> None:
        """End with an edit that is not committed."""
        with self.store.transaction() as tx:
            self._append(tx)
            _killed()

    def die_in_a_piece(self) -> None:
        """End with a part of a file written and not yet flushed."""
        portfolio, name = self._wanted()
        whole = content(portfolio, name)
        with self.store.download(_portfolio(portfolio), digest(portfolio, name)) as download:
            download.write(whole[download.received : -1])
            _killed()

    def _append(self, tx: Transaction) -> None:
        value = "".join(self.chance.choices("a word or two about it ", k=self.chance.randint(10, 1500)))
        edit = WORLD.edit(f"edit {self.edits}", f"rationale/c{self.edits % 7}", value, assessment="judged")
        tx.journal.append(edit, WORLD.deed(edit, body=value.encode()))

    def _fetch(self, portfolio: str, name: str, share: float) -> None:
        whole = content(portfolio, name)
        with self.store.download(_portfolio(portfolio), digest(portfolio, name)) as download:
            until = max(download.received, int(share * len(whole)))
            download.write(whole[download.received : until])
            if until == len(whole):
                download.finish()
        if until == len(whole):
            say(Say.HERE, portfolio, name)
        with self.store.reading() as tx:
            held = tx.artifacts.get(_portfolio(portfolio), digest(portfolio, name))
        say(Say.SAVED, portfolio, name, held.saved if held else 0)

    def _wanted(self) -> tuple[str, str]:
        with self.store.reading() as tx:
            wanted = {(held.portfolio, held.sha256) for held in tx.artifacts.to_fetch()}
        if lacking := [each for each in NAMES if (_portfolio(each[0]), digest(*each)) in wanted]:
            return self.chance.choice(lacking)
        portfolio, name = self.chance.choice(LASTING)
        self._give_up(portfolio, name)
        return portfolio, name

    def _give_up(self, portfolio: str, name: str) -> None:
        say(Say.FORGETS, portfolio, name)
        with self.store.transaction() as tx:
            held = tx.artifacts.get(_portfolio(portfolio), digest(portfolio, name))
            if held is not None:
                tx.artifacts.give_up(held)


PLAN: tuple[tuple[Callable[[Desk], None], int], ...] = (
    (Desk.edit, 50),
    (Desk.take_receipts, 6),
    (Desk.fetch, 10),
    (Desk.forget, 2),
    (Desk.change_passphrase, 3),
    (Desk.reopen, 2),
)
"""What a life is made of, in a shuffled order."""

ENDS: tuple[tuple[Callable[[Desk], None], ...], ...] = (
    (Desk.die_making_a_file,),
    (Desk.die_in_a_transaction,),
    (Desk.die_in_a_piece,),
    (Desk.remove, Desk.edit, Desk.close),
)
"""How each life ends."""


def made(home: Home) -> StorePaths:
    """Make the store, with assignments whose artifacts are to be fetched."""
    home.create()
    paths = home.store(STORE)
    Store.create(paths, keys(), KeyRing.create(STORE, keys(), passphrase(0), RECOVERY, CHEAP)).close()
    say(Say.MADE)
    with Store.open(paths, keys().data) as store, store.transaction() as tx:
        given = [_assignment(name) for name in FILES]
        tx.records.apply(WORLD.page(*map(WORLD.item, given)))
    return paths


def live(folder: Path, life: int, chance: random.Random) -> None:
    """Make the store in the first life, work, and die; in the last one remove a portfolio and end well."""
    home = Home.at(folder / "home")
    paths = made(home) if life == 0 else home.store(STORE)
    desk = Desk(paths, chance)
    actions = [action for action, count in PLAN for _ in range(count)]
    chance.shuffle(actions)
    for action in (Desk.go_on, *actions, *ENDS[life]):
        action(desk)


def _assignment(name: str) -> Assignment:
    files = tuple(artifact(content(name, each), f"{each}-slot") for each in FILES[name])
    return WORLD.assignment(name, artifacts=files)


def _portfolio(name: str) -> PortfolioId:
    return PortfolioId(identity(f"portfolio {name}"))


def _known_passphrase(paths: StorePaths) -> int:
    number = 0
    while True:
        try:
            key_file.unlock(paths, passphrase(number))
        except WrongPassphraseError:
            number += 1
        else:
            return number


def _killed(_: object = None) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    folder, life, seed, weakness = sys.argv[1:]
    downloads.SAVE_EVERY = 512 * 1024  # several times an artifact, although they are small here
    weaken(Weakness(weakness))
    live(Path(folder), int(life), random.Random(f"{seed} {life}"))  # noqa: S311
