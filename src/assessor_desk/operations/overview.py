"""Where the work is, in plain words: what waits, what was sent, what was refused, whether the lid may be closed."""

from datetime import datetime
from typing import Any

from assessor_desk.operations.workplace import Workplace
from assessor_desk.store.deeds import OutboxState, Waiting
from assessor_desk.wire.deeds import DeedKind

_NAMES = {
    DeedKind.EDIT: ("change to a draft", "changes to drafts"),
    DeedKind.DECISION: ("decision", "decisions"),
    DeedKind.SIGN_OFF: ("sign-off", "sign-offs"),
    DeedKind.WITHDRAWAL: ("request to give back", "requests to give back"),
    DeedKind.CONFLICT_OF_INTEREST: ("conflict of interest", "conflicts of interest"),
    DeedKind.PURGE_RECEIPT: ("receipt of a removal", "receipts of removals"),
}


def status(workplace: Workplace) -> dict[str, Any]:
    """Return how this laptop stands with its hub."""
    with workplace.store.reading() as tx:
        unsent, counts = tx.outbox.unsent(), tx.outbox.counts()
        position, rows = tx.meta.position(), tx.queue.rows()
        missing = sum(held.size - held.saved for held in tx.artifacts.to_fetch())
        activity = [{"at": each.at.isoformat(), "words": each.words} for each in tx.activity.latest(20)]
    return {
        "hub": workplace.member.hub_name,
        "address": workplace.member.address,
        "person": workplace.member.person_name,
        "roles": list(workplace.member.roles),
        "last_hub_time": position.hub_time and position.hub_time.isoformat(),
        "assignments": len(rows),
        "waiting": _by_kind(unsent),
        "sent": counts[OutboxState.SENT],
        "refused": refused(workplace),
        "bytes_to_fetch": missing,
        "next_try_at": _next_try(unsent),
        "activity": activity,
        "words": _words(unsent, missing, refused(workplace)),
    }


def refused(workplace: Workplace) -> list[str]:
    """Return what the hub did not accept, each with what to do."""
    with workplace.store.reading() as tx:
        return [f"{_named(each)} was not accepted. {each.problem or ''}".strip() for each in tx.outbox.refused()]


def _words(unsent: tuple[Waiting, ...], missing: int, not_accepted: list[str]) -> list[str]:
    kinds = ", ".join(_counted(kind, count) for kind, count in _by_kind(unsent).items())
    waiting = f"Waiting to be sent: {kinds}." if kinds else "Everything was sent."
    fetching = f"{missing} bytes of artifacts are still to be fetched." if missing else "All artifacts are here."
    lid = "You can close the lid: everything is saved on this laptop."
    return [waiting, fetching, *not_accepted, lid]


def _by_kind(unsent: tuple[Waiting, ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in unsent:
        counts[each.deed.kind] = counts.get(each.deed.kind, 0) + 1
    return counts


def _counted(kind: str, count: int) -> str:
    one, many = _NAMES[DeedKind(kind)]
    return f"1 {one}" if count == 1 else f"{count} {many}"


def _named(waiting: Waiting) -> str:
    one, _ = _NAMES[DeedKind(waiting.deed.kind)]
    return f"A {one} of {waiting.made_at:%Y-%m-%d %H:%M} UTC"


def _next_try(unsent: tuple[Waiting, ...]) -> str | None:
    tries: list[datetime] = [each.next_try_at for each in unsent if each.next_try_at is not None]
    return min(tries).isoformat() if tries else None
