"""Where the work is, in plain words: what waits, what was sent, what was refused, whether the lid may be closed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assessor_desk.domain.ids import AssessmentId
from assessor_desk.operations.differing import disputed
from assessor_desk.operations.wording import clock_note, counted, moment, size
from assessor_desk.operations.workplace import Workplace
from assessor_desk.store.activity import Happening
from assessor_desk.store.deeds import OutboxState, Waiting
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire.deeds import DeedKind

_NAMES: dict[str, tuple[str, str]] = {
    DeedKind.EDIT: ("change to a draft", "changes to drafts"),
    DeedKind.DECISION: ("decision", "decisions"),
    DeedKind.SIGN_OFF: ("sign-off", "sign-offs"),
    DeedKind.WITHDRAWAL: ("request to give something back", "requests to give something back"),
    DeedKind.OPENED: ("note that a decision was opened", "notes that decisions were opened"),
    DeedKind.CONFLICT_OF_INTEREST: ("declared conflict of interest", "declared conflicts of interest"),
    DeedKind.PURGE_RECEIPT: ("receipt of a removal", "receipts of removals"),
}


@dataclass(frozen=True, slots=True)
class Status:
    """How this laptop stands with its hub.

    Attributes:
        waiting: deeds that are not yet sent, counted by kind
        sent: how many deeds the hub has a receipt for
        refused: what the hub did not accept, each with what to do
        last_hub_time: what the hub's clock said when it was last heard
        clock: a sentence when this laptop's clock cannot be right
        words: all of it for people
    """

    hub: str
    address: str
    person: str
    roles: tuple[str, ...]
    assignments: int
    two_versions: int
    waiting: Mapping[str, int]
    sent: int
    refused: tuple[str, ...]
    bytes_to_fetch: int
    next_try_at: datetime | None
    last_hub_time: datetime | None
    clock: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log of this desk."""

    at: datetime
    kind: str
    words: str
    assessment: AssessmentId | None


def status(workplace: Workplace) -> Status:
    """Return how this laptop stands with its hub."""
    member = workplace.member
    with workplace.store.reading() as tx:
        unsent, hub_time = tx.outbox.unsent(), tx.meta.position().hub_time
        told = Status(
            hub=member.hub_name,
            address=member.address,
            person=member.person_name,
            roles=member.roles,
            assignments=len(tx.queue.rows()),
            two_versions=len(disputed(tx)),
            waiting=_by_kind(unsent),
            sent=tx.outbox.counts()[OutboxState.SENT],
            refused=_refused(tx),
            bytes_to_fetch=sum(held.size - held.saved for held in tx.artifacts.to_fetch()),
            next_try_at=min((each.next_try_at for each in unsent if each.next_try_at), default=None),
            last_hub_time=hub_time,
            clock=clock_note(workplace.now(), hub_time),
        )
    return replace(told, words=tuple(_words(told)))


def refused(workplace: Workplace) -> tuple[str, ...]:
    """Return what the hub did not accept, each with what to do."""
    with workplace.store.reading() as tx:
        return _refused(tx)


def activity(workplace: Workplace, limit: int) -> tuple[Entry, ...]:
    """Return what this desk did last, newest first."""
    with workplace.store.reading() as tx:
        return tuple(map(_entry, tx.activity.latest(limit)))


def _entry(told: Happening) -> Entry:
    return Entry(told.at, told.kind, told.words, told.assessment)


def _refused(tx: Transaction) -> tuple[str, ...]:
    return tuple(_not_accepted(each) for each in tx.outbox.refused())


def _not_accepted(waiting: Waiting) -> str:
    one, _ = _named(waiting.deed.kind)
    return f"A {one} of {moment(waiting.made_at)} was not accepted. {waiting.problem or ''}".strip()


def _words(told: Status) -> Iterator[str]:
    yield f"{told.person} at {told.hub}."
    yield (
        f"The hub was last heard on {moment(told.last_hub_time)}."
        if told.last_hub_time
        else "The hub was not heard yet."
    )
    kinds = ", ".join(counted(count, *_named(kind)) for kind, count in told.waiting.items())
    yield f"Waiting to be sent: {kinds}." if kinds else "Everything was sent."
    missing = told.bytes_to_fetch
    yield f"{size(missing)} of artifacts are still to be fetched." if missing else "All artifacts are here."
    if told.two_versions:
        yield f"Your laptops disagree on {counted(told.two_versions, 'portfolio')}: see `assessor-desk conflicts`."
    yield from told.refused
    if told.clock:
        yield told.clock
    yield "You can close the lid: everything is saved on this laptop."


def _by_kind(unsent: Sequence[Waiting]) -> dict[str, int]:
    kinds = [each.deed.kind for each in unsent]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def _named(kind: str) -> tuple[str, str]:
    """Return the words for a kind of deed; a newer desk may have left one that this desk does not know."""
    return _NAMES.get(kind, ("message", "messages"))
