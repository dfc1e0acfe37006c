"""Reading again, after an upgrade, what an earlier version could only keep."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice

import msgspec

from assessor_desk.environment.versions import program_version
from assessor_desk.store.records import Arrived
from assessor_desk.store.store import Store
from assessor_desk.sync.reading import item_of
from assessor_desk.wire.records import FeedItem

READ_BY = "records read by"
BATCH = 500


def read_again(store: Store, now: Callable[[], datetime], version: str | None = None) -> int:
    """Read the records anew if another version of the program read them; return how many mean more now."""
    version = version or program_version()
    with store.reading() as tx:
        if tx.meta.get(READ_BY) == version:
            return 0
        kinds = tx.records.kinds()
    learned = sum(_kind_again(store, kind, now) for kind in kinds)
    with store.transaction() as tx:
        tx.meta.put(READ_BY, version)
    return learned


def _kind_again(store: Store, kind: str, now: Callable[[], datetime]) -> int:
    learned = 0
    with store.reading() as tx:
        records = tx.records.of_kind(kind)
        while batch := list(islice(records, BATCH)):
            items = [item_of(FeedItem(kind, identity, msgspec.Raw(body))) for identity, body in batch]
            with store.transaction() as writing:
                learned += len(writing.records.apply(Arrived(items, writing.meta.position(), now())).changed)
    return learned
