"""What the writing process says, and whether a store that was found after a power cut keeps it."""

import functools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from assessor_desk.domain.ids import AssessmentId, Digest, EditId, PortfolioId
from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.errors import DeskError
from assessor_desk.seals.keyfile import Keys
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.seals.signatures import SigningKey
from assessor_desk.seals.streams import CHUNK, whole_chunks
from assessor_desk.store import keys as key_file
from assessor_desk.store.artifacts import ArtifactState, Held
from assessor_desk.store.blobs import blob_path
from assessor_desk.store.deeds import OutboxState
from assessor_desk.store.store import Store
from assessor_desk.store.transaction import Transaction
from tests.durability import power
from tests.store.world import digests, identity

STORE = "rivera-at-hub"
PIECE = 1 << 20
SIZES = {"small": 70_000, "exact": PIECE, "middling": PIECE + 300_000, "large": 2 * PIECE + 5}
FILES = {"judged": ("middling", "small"), "second": ("large", "exact"), "third": ("small", "middling")}
"""The artifacts of each portfolio; edits belong to the first one."""


class Say(StrEnum):
    """The beginnings of what the process says, each followed by names."""

    BORN = power.BORN
    MADE = "made"
    EDITED = "edited"
    RECEIPTED = "receipted"
    HERE = "here"
    SAVED = "saved"
    FORGETS = "forgets"
    PASSPHRASE = "passphrase"
    REMOVES = "removes"
    REMOVED = "removed"


@functools.cache
def content(portfolio: str, name: str) -> bytes:
    """Return an artifact's content; the same name has the same content wherever it is asked for."""
    return random.Random(f"{portfolio} {name}").randbytes(SIZES[name])  # noqa: S311


@functools.cache
def digest(portfolio: str, name: str) -> Digest:
    """Return what an artifact is known by."""
    return digests(content(portfolio, name))[0]


def keys() -> Keys:
    """Return keys that the test knows too."""
    data = sha256(b"the data key").digest()
    return Keys(data, SealingKey.from_bytes(data), SigningKey.from_bytes(data))


def passphrase(number: int) -> str:
    """Return the passphrase after so many changes."""
    return f"correct horse battery staple {number}"


@functools.cache
def edit_id(number: int) -> EditId:
    """Return the id of the edit with this number."""
    return EditId(identity(f"edit {number}"))


@dataclass(slots=True)
class Promises:
    """What must be true after everything that was said."""

    made: bool = False
    edits: int = 0
    receipts: int = 0
    passphrase: int = 0
    here: set[tuple[str, str]] = field(default_factory=set)
    saved: dict[tuple[str, str], int] = field(default_factory=dict)
    leaving: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)

    def hear(self, words: str) -> None:
        """Take one more sentence."""
        said, *rest = words.split()
        match Say(said), rest:
            case Say.BORN, []:
                pass
            case Say.MADE, []:
                self.made = True
            case Say.EDITED, [number]:
                self.edits = int(number) + 1
            case Say.RECEIPTED, [number]:
                self.receipts = int(number) + 1
            case Say.PASSPHRASE, [number]:
                self.passphrase = int(number)
            case Say.HERE, [portfolio, name]:
                self.here.add((portfolio, name))
            case Say.SAVED, [portfolio, name, size]:
                self.saved[portfolio, name] = int(size)
            case Say.FORGETS, [portfolio, name]:
                self.here.discard((portfolio, name))
                self.saved.pop((portfolio, name), None)
            case Say.REMOVES, [portfolio]:
                self.leaving.add(portfolio)
            case Say.REMOVED, [portfolio]:
                self.gone.add(portfolio)
            case _:
                raise ValueError(words)


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with a store: promises that it does not keep, and what does not hold together."""

    lost: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


def look(root: Path, promised: Promises) -> Found:
    """Open the store below a folder as the desk does and hold it against what was promised."""
    paths = Home.at(root / "home").store(STORE)
    if not paths.exists:
        return Found(lost=("the store",) if promised.made else ())
    try:
        unlocked = _unlocked(paths, promised)
        with Store.open(paths, keys().data) as store:
            return _looked_through(store, promised, unlocked)
    except DeskError as fault:
        return Found(damaged=(f"the store does not open: {fault}",))


def _unlocked(paths: StorePaths, promised: Promises) -> list[str]:
    for number in (promised.passphrase, promised.passphrase + 1):
        try:
            key_file.unlock(paths, passphrase(number))
        except DeskError:
            continue
        return []
    return ["the passphrase"]


def _looked_through(store: Store, promised: Promises, lost: list[str]) -> Found:
    findings = store.check(read_artifacts=True)
    with store.reading() as tx:
        lost += [*_lost_edits(tx, promised), *_lost_artifacts(tx, promised), *_not_gone(tx, promised)]
        damaged = [*findings.faults, *_torn_transactions(tx), *_empty_claims(tx, store.paths)]
    damaged += _not_resumable(store)
    return Found(tuple(lost), tuple(damaged))


def _lost_edits(tx: Transaction, promised: Promises) -> Iterator[str]:
    there = tx.journal.known(edit_id(number) for number in range(promised.edits))
    yield from (f"edit {number}" for number in range(promised.edits) if edit_id(number) not in there)
    for number in range(promised.receipts):
        kept = tx.outbox.get(edit_id(number))
        if kept is None or kept.state is not OutboxState.SENT or tx.outbox.receipt(edit_id(number)) is None:
            yield f"receipt {number}"


def _lost_artifacts(tx: Transaction, promised: Promises) -> Iterator[str]:
    for portfolio, name in sorted(promised.here | promised.saved.keys()):
        if portfolio in promised.leaving:
            continue
        found = tx.artifacts.get(_portfolio(portfolio), digest(portfolio, name))
        if found is None or (found.state is not ArtifactState.HERE and (portfolio, name) in promised.here):
            yield f"artifact {name} of {portfolio}"
        elif found.saved < promised.saved.get((portfolio, name), 0):
            yield f"progress of {name} of {portfolio}"


def _not_gone(tx: Transaction, promised: Promises) -> Iterator[str]:
    yield from (f"removal of {each}" for each in sorted(promised.gone) if tx.artifacts.of(_portfolio(each)))


def _torn_transactions(tx: Transaction) -> Iterator[str]:
    """Yield what of a transaction is here without the rest of it."""
    edits = [edit.id for edit in tx.journal.edits(AssessmentId(identity("judged")))]
    if edits != [edit_id(number) for number in range(len(edits))]:
        yield "the journal has gaps or another order"
    if [each.deed.key for each in tx.outbox.of(AssessmentId(identity("judged")))] != edits:
        yield "edits and the deeds that tell of them differ"


def _empty_claims(tx: Transaction, paths: StorePaths) -> Iterator[str]:
    for held in _unfinished(tx):
        if held.saved > _good_bytes(tx, paths, held):
            yield f"{held.title} claims {held.saved} bytes and has fewer"


def _good_bytes(tx: Transaction, paths: StorePaths, held: Held) -> int:
    path = blob_path(paths, held.blob or "")
    if held.blob is None or not path.exists():
        return 0
    with path.open("rb") as file:
        return whole_chunks(file, tx.artifacts.blob_key(held), held.blob) * CHUNK


def _not_resumable(store: Store) -> Iterator[str]:
    """Fetch the rest of what is not whole, as the next sync does."""
    for portfolio, names in FILES.items():
        for name in names:
            whole = content(portfolio, name)
            with store.reading() as tx:
                held = tx.artifacts.get(_portfolio(portfolio), digest(portfolio, name))
            if held is not None and held.state is ArtifactState.PARTIAL:
                yield from _finished(store, held, whole)


def _finished(store: Store, held: Held, whole: bytes) -> Iterator[str]:
    with store.download(held.portfolio, held.sha256) as download:
        download.write(whole[download.received :])
        download.finish()
    with store.reading() as tx:
        if not tx.artifacts.holds(held):
            yield f"{held.title} was finished and does not hold"


def _unfinished(tx: Transaction) -> Iterable[Held]:
    held = (each for portfolio in FILES for each in tx.artifacts.of(_portfolio(portfolio)))
    return [each for each in held if each.state is ArtifactState.PARTIAL]


def _portfolio(name: str) -> PortfolioId:
    return PortfolioId(identity(f"portfolio {name}"))
