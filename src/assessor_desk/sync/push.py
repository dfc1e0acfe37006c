"""Telling the hub what was done here: the outbox's frozen bytes, in order, until every deed has its receipt."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from assessor_desk.domain.ids import Digest
from assessor_desk.errors import HubError
from assessor_desk.store.deeds import KeptReceipt, Waiting
from assessor_desk.store.store import Store
from assessor_desk.sync.hub import Hub
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import Deed, Receipt, ReceiptStatus

BATCH = 200
_WAITS = (5, 15, 40, 120, 600, 1800)
"""Seconds until the next try, after each failure; the last one is kept."""

_JITTER = 0.2


@dataclass(slots=True)
class Pushed:
    """What became of the deeds that waited."""

    accepted: int = 0
    refused: int = 0
    epoch_renewed: bool = False


def push(store: Store, hub: Hub, now: Callable[[], datetime], cancelled: Callable[[], bool] = lambda: False) -> Pushed:
    """Send what waits and keep the receipts; safe to repeat after any failure."""
    done = Pushed()
    while not cancelled():
        with store.transaction() as tx:
            batch = tx.outbox.waiting(now(), BATCH)
            tx.outbox.sending(each.deed.key for each in batch)
        if not batch or not _tell(store, hub, batch, now, done):
            break
    return done


def wait_after(attempts: int, jitter: float) -> timedelta:
    """Return how long to wait after so many failed attempts; `jitter` from -1 to 1 keeps desks apart."""
    seconds = _WAITS[min(attempts, len(_WAITS) - 1)]
    return timedelta(seconds=seconds * (1 + _JITTER * jitter))


def deed_of(waiting: Waiting) -> Deed:
    """Return a waiting deed as it goes over the wire, its bytes untouched."""
    deed = waiting.deed
    return Deed(deed.key, deed.kind, deed.version, Digest(deed.sha256), msgspec.Raw(deed.body))


def kept(receipt: Receipt) -> KeptReceipt:
    """Return a receipt as the store keeps it."""
    told = receipt.problem
    words = None if told is None else " ".join(part for part in (told.detail, told.safe, told.next) if part)
    return KeptReceipt(
        key=receipt.key,
        sha256=receipt.sha256,
        accepted=receipt.status is ReceiptStatus.ACCEPTED,
        received_at=receipt.received_at,
        body=codec.to_bytes(receipt),
        problem=words,
    )


def _tell(store: Store, hub: Hub, batch: Sequence[Waiting], now: Callable[[], datetime], done: Pushed) -> bool:
    """Send one batch; return whether every deed of it was answered."""
    try:
        answer = hub.tell(tuple(map(deed_of, batch)))
    except HubError as error:
        _wait(store, batch, now(), error)
        raise
    with store.transaction() as tx:
        before = tx.meta.position()
        result = tx.outbox.keep(map(kept, answer.receipts), answer.epoch)
        tx.meta.saw(answer.time)
        if before.epoch not in ("", answer.epoch):
            done.epoch_renewed = True
            tx.outbox.offer_again(answer.epoch)
    done.accepted += len(result.accepted)
    done.refused += len(result.refused)
    unanswered = [each for each in batch if each.deed.key not in {*result.accepted, *result.refused}]
    if unanswered:
        _wait(store, unanswered, now(), HubError("The hub gave no receipt for this."))
    return not unanswered


def _wait(store: Store, batch: Sequence[Waiting], now: datetime, error: HubError) -> None:
    jitter = random.uniform(-1, 1)  # noqa: S311  keeps desks apart, guards nothing
    next_try = now + wait_after(max(each.attempts for each in batch), jitter)
    with store.transaction() as tx:
        tx.outbox.later((each.deed.key for each in batch), next_try, error.detail)
