"""Comparing both sides at the end of a sync: counts and hashes, and the ledger head that the hub showed."""

from dataclasses import dataclass

from assessor_desk.errors import SignatureError
from assessor_desk.seals.canonical import parse_object
from assessor_desk.seals.signatures import Purpose, verify
from assessor_desk.store.membership import known
from assessor_desk.store.store import Store
from assessor_desk.store.transaction import Transaction
from assessor_desk.sync.hub import Hub
from assessor_desk.wire import codec
from assessor_desk.wire.records import Counts, LedgerHead

LEDGER_HEAD = "ledger head"


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether both sides hold the same, and in which kinds they differ."""

    differing: tuple[str, ...] = ()
    ledger_warning: str = ""

    @property
    def equal(self) -> bool:
        """Return whether nothing differs."""
        return not self.differing


def compare(store: Store, hub: Hub) -> Compared:
    """Compare what the hub says it gave with what is here, and remember its ledger's head."""
    counts = hub.counts()
    with store.transaction() as tx:
        warning = _remember_head(tx, counts)
        if tx.meta.position().cursor != counts.cursor:
            return Compared(ledger_warning=warning)  # more came meanwhile; the next sync compares again
        here = {kind: (each.count, each.sha256) for kind, each in tx.records.counts().items()}
    there = {kind: (each.count, each.sha256) for kind, each in counts.kinds.items()}
    # This desk's own sealed edits are not in its feed, and the hub does not count them either.
    kinds = sorted(here.keys() | there.keys())
    return Compared(tuple(kind for kind in kinds if here.get(kind) != there.get(kind)), warning)


def read_again(store: Store) -> None:
    """Forget the cursor, so that the next pull reads the whole feed; nothing that is here is removed."""
    with store.transaction() as tx:
        position = tx.meta.position()
        tx.meta.advance(type(position)("", position.epoch, position.hub_time))


def _remember_head(tx: Transaction, counts: Counts) -> str:
    if counts.ledger_head is None:
        return ""
    identity = known(tx.meta).identity
    try:
        verify(counts.ledger_head, identity, Purpose.LEDGER_HEAD)
        head = codec.from_signed(counts.ledger_head.body, LedgerHead)
    except SignatureError as fault:
        return f"The hub showed a ledger head that does not hold. {fault.detail}"
    seen = tx.meta.get(LEDGER_HEAD)
    before = None if seen is None else codec.from_json(parse_object(seen.encode()), LedgerHead)
    if before is not None and head.number < before.number:
        return f"The hub's ledger is shorter than it was: {head.number} acts, and {before.number} before."
    if before is not None and head.number == before.number and head.sha256 != before.sha256:
        return "The hub's ledger is not the one that it showed before."
    tx.meta.put(LEDGER_HEAD, codec.to_bytes(head).decode())
    return ""
