"""Comparing both sides at the end of a sync: counts and hashes, and the ledger head that the hub showed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assessor_desk.errors import HubProtocolError, SealError
from assessor_desk.seals.canonical import parse_object
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.signatures import Purpose, verify
from assessor_desk.store.membership import known
from assessor_desk.store.store import Store
from assessor_desk.store.transaction import Transaction
from assessor_desk.sync.hub import Hub
from assessor_desk.wire import codec
from assessor_desk.wire.records import Counts, LedgerHead

LEDGER_HEAD = "ledger head"
DIFFERENCE = "difference from the hub"

LOOKS = 3
"""So often the desk looks again because more came while it compared; on a busy hub it compares next time."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether both sides hold the same, and in which kinds they differ; `known` says that they did so before."""

    differing: tuple[str, ...] = ()
    known: bool = False
    ledger_warning: str = ""

    @property
    def equal(self) -> bool:
        """Return whether nothing differs."""
        return not self.differing


@dataclass(frozen=True, slots=True)
class _Difference:
    """Kinds of which the two sides hold different records, and what tells this difference from another."""

    kinds: tuple[str, ...]
    name: str


def compare(store: Store, hub: Hub, catch_up: Callable[[], int]) -> Compared:
    """Compare what the hub says it gave with what is here, and remember its ledger's head.

    What differs once is read again from the beginning of the feed, which removes nothing that is here. A difference
    that this did not mend, as with a hub that was restored from an earlier state, is told and not read again.

    Args:
        store: what is here
        hub: what is there
        catch_up: pulls, and returns how many records changed here
    """
    difference, warning = _look(store, hub, catch_up)
    if not difference.kinds or _is_known(store, difference):
        return Compared(difference.kinds, bool(difference.kinds), warning)
    read_again(store)
    catch_up()
    difference, warning = _look(store, hub, catch_up)
    with store.transaction() as tx:
        tx.meta.put(DIFFERENCE, difference.name)
    return Compared(difference.kinds, False, warning)


def read_again(store: Store) -> None:
    """Forget the cursor, so that the next pull reads the whole feed; nothing that is here is removed."""
    with store.transaction() as tx:
        position = tx.meta.position()
        tx.meta.advance(type(position)("", position.epoch, position.hub_time))


def _look(store: Store, hub: Hub, catch_up: Callable[[], int]) -> tuple[_Difference, str]:
    for _ in range(LOOKS):
        counts = hub.counts()
        warning = _check_head(store, counts)
        difference = _difference(store, counts)
        # Only if nothing new came meanwhile do both sides speak of the same moment.
        if not difference.kinds or not catch_up():
            return difference, warning
    return _Difference((), ""), warning


def _difference(store: Store, counts: Counts) -> _Difference:
    with store.reading() as tx:
        here = {kind: (each.count, each.sha256) for kind, each in tx.records.counts().items()}
    # This desk's own sealed edits are not in its feed, and the hub does not count them either.
    there = {kind: (each.count, each.sha256) for kind, each in counts.kinds.items()}
    kinds = tuple(sorted(kind for kind in here.keys() | there.keys() if here.get(kind) != there.get(kind)))
    return _Difference(kinds, _name((kind, here.get(kind), there.get(kind)) for kind in kinds))


def _name(sides: Iterable[object]) -> str:
    return sha256(repr(list(sides)).encode())


def _is_known(store: Store, difference: _Difference) -> bool:
    with store.reading() as tx:
        return tx.meta.get(DIFFERENCE) == difference.name


def _check_head(store: Store, counts: Counts) -> str:
    """Hold the ledger's head against the one that was seen before, and remember it if it goes on from there."""
    if counts.ledger_head is None:
        return ""
    with store.reading() as tx:
        identity, seen = known(tx.meta), _seen(tx)
    try:
        verify(counts.ledger_head, identity.identity, Purpose.LEDGER_HEAD)
        head = codec.from_signed(counts.ledger_head.body, LedgerHead)
    except (SealError, HubProtocolError) as fault:
        return f"The hub showed a ledger head that does not hold. {fault.detail}"
    if head.hub != identity.hub:
        return "The hub showed the ledger head of another hub."
    if seen is not None and head.number < seen.number:
        return f"The hub's ledger is shorter than it was: {head.number} acts, and {seen.number} before."
    if seen is not None and head.number == seen.number and head.sha256 != seen.sha256:
        return "The hub's ledger is not the one that it showed before."
    if seen is None or head.number > seen.number:
        with store.transaction() as tx:
            tx.meta.put(LEDGER_HEAD, codec.to_bytes(head).decode())
    return ""


def _seen(tx: Transaction) -> LedgerHead | None:
    text = tx.meta.get(LEDGER_HEAD)
    return None if text is None else codec.from_json(parse_object(text.encode()), LedgerHead)
