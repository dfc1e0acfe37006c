"""Telling the hub what was done here: the outbox's frozen bytes, until every deed has its receipt."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from assessor_desk.domain.ids import Digest
from assessor_desk.errors import HubError, HubProtocolError, HubRefusedError
from assessor_desk.store.deeds import KeptReceipt, Waiting
from assessor_desk.store.store import Store
from assessor_desk.sync.hub import Hub
from assessor_desk.sync.waits import Jitter, any_jitter, wait_after
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import Deed, Receipt, Receipts, ReceiptStatus
from assessor_desk.wire.problems import problem_of

BATCH = 200
BATCH_BYTES = 4 << 20
"""A hub takes four times as much at once; a deed that is larger goes alone."""

STUMBLES = 3
"""After so many deeds that the hub fails on, one by one, it is the hub that is at fault and not what was sent."""

_ABOUT_THE_DESK = frozenset({401, 403})
_TOO_LARGE = 413


@dataclass(frozen=True, slots=True)
class Push:
    """How to push: the clock, what keeps desks apart, and when to stop."""

    now: Callable[[], datetime]
    jitter: Jitter = any_jitter
    cancelled: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Pushed:
    """What became of the deeds that waited; `problems` are the hub's failures that keep some of them waiting."""

    accepted: int = 0
    refused: int = 0
    epoch_renewed: bool = False
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Pushed") -> None:
        """Count what another push did, too."""
        self.accepted += other.accepted
        self.refused += other.refused
        self.epoch_renewed |= other.epoch_renewed
        self.problems += other.problems


def push(store: Store, hub: Hub, how: Push) -> Pushed:
    """Send what waits, decisions before drafts, and keep the receipts; safe to repeat after any failure.

    Raises:
        HubUnreachableError: the hub is out of reach; what waits is tried again later
        HubRefusedError: the hub does not let this desk in
    """
    run = _Run(store, hub, how)
    while not how.cancelled() and (batch := run.next()):
        try:
            run.tell(batch)
        except HubError as error:
            run.wait(batch, error)
            raise
    return run.done


def collect(store: Store, hub: Hub, how: Push) -> Pushed:
    """Take in the receipts that a package brings for what went out before; nothing else is touched."""
    run = _Run(store, hub, how)
    with store.reading() as tx:
        sent = [each for each in tx.outbox.unsent() if each.attempts]
    for start in range(0, len(sent), BATCH):
        batch = sent[start : start + BATCH]
        run.keep(batch, hub.tell(tuple(map(deed_of, batch))))
    return run.done


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


class _Run:
    """One push."""

    def __init__(self, store: Store, hub: Hub, how: Push) -> None:
        self.done = Pushed()
        self._store = store
        self._hub = hub
        self._how = how
        self._due = how.now()  # what has to wait meanwhile is not due again in this run
        self._stuck = False
        self._line: tuple[str, ...] = ()

    def next(self) -> Sequence[Waiting]:
        """Return the next deeds to send, if the hub is fit to take them; from now on they cannot be recalled."""
        batch: Sequence[Waiting] = ()
        while not batch and not self._stuck:
            with self._store.transaction() as tx:
                # Looked up once for a long outbox, and again when all of it has gone.
                self._line = self._line or tx.outbox.due(self._due)
                if not self._line:
                    break
                found = tx.outbox.unsent_of(self._line[:BATCH])
                batch = _fitting(found)
                tx.outbox.sending(each.deed.key for each in batch)
            self._line = (*(each.deed.key for each in found[len(batch) :]), *self._line[BATCH:])
        return batch

    def tell(self, batch: Sequence[Waiting]) -> None:
        """Send deeds together; when the hub stumbles over them, find the one that it stumbles over."""
        try:
            answer = self._hub.tell(tuple(map(deed_of, batch)))
        except HubRefusedError as error:
            if error.status in _ABOUT_THE_DESK:
                raise
            self._apart(batch, error)
        except HubProtocolError as error:
            self._stumble(batch, error)
            self._stuck = True
        else:
            if unanswered := self.keep(batch, answer):
                self.wait(unanswered, HubError("The hub gave no receipt for this."))

    def keep(self, batch: Sequence[Waiting], answer: Receipts) -> list[Waiting]:
        """Keep the receipts and return the deeds that have none."""
        receipts = _of_these(batch, answer.receipts)
        self._take(map(kept, receipts), answer)
        answered = {each.key for each in receipts}
        return [each for each in batch if each.deed.key not in answered]

    def wait(self, batch: Iterable[Waiting], error: HubError) -> None:
        """Let those that have no receipt wait, each as long as its own failures ask for."""
        jitter, now = self._how.jitter(), self._how.now()
        batch = tuple(batch)
        with self._store.transaction() as tx:
            for attempts in sorted({each.attempts for each in batch}):
                keys = (each.deed.key for each in batch if each.attempts == attempts)
                tx.outbox.later(keys, now + wait_after(attempts, jitter), error.detail)

    def _apart(self, batch: Sequence[Waiting], error: HubRefusedError) -> None:
        if len(batch) > 1:
            middle = len(batch) // 2
            for half in (batch[:middle], batch[middle:]):
                if self._stuck:
                    self.wait(half, error)
                else:
                    self.tell(half)
        elif error.status == _TOO_LARGE:
            self._take([_refusal(batch[0], error, self._how.now())])
        else:
            self._stumble(batch, error)

    def _stumble(self, batch: Sequence[Waiting], error: HubError) -> None:
        self.wait(batch, error)
        self.done.problems.append(str(error))
        self._stuck = len(self.done.problems) >= STUMBLES

    def _take(self, receipts: Iterable[KeptReceipt], answer: Receipts | None = None) -> None:
        with self._store.transaction() as tx:
            before = tx.meta.position().epoch
            epoch = before if answer is None else answer.epoch
            result = tx.outbox.keep(receipts, epoch)
            if answer is not None:
                tx.meta.saw(answer.time)
            if before != epoch and not self.done.epoch_renewed:
                self.done.epoch_renewed = True
                tx.outbox.offer_again(epoch)
        self.done.accepted += len(result.accepted)
        self.done.refused += len(result.refused)


def _fitting(waiting: Sequence[Waiting]) -> Sequence[Waiting]:
    size = 0
    for index, each in enumerate(waiting):
        size += len(each.deed.body)
        if size > BATCH_BYTES and index:
            return waiting[:index]
    return waiting


def _of_these(batch: Sequence[Waiting], receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the first receipt for each deed that was sent, if it names the content; others count for nothing."""
    sent = {each.deed.key: each.deed.sha256 for each in batch}
    fitting: dict[str, Receipt] = {}
    for each in receipts:
        if sent.get(each.key) == each.sha256:
            fitting.setdefault(each.key, each)
    return list(fitting.values())


def _refusal(waiting: Waiting, error: HubRefusedError, at: datetime) -> KeptReceipt:
    """Return the hub's refusal to look into a deed at all as the receipt that it did not write."""
    deed = waiting.deed
    told = problem_of(error, error.status)
    return kept(Receipt(deed.key, deed.kind, Digest(deed.sha256), ReceiptStatus.REFUSED, at, told))
