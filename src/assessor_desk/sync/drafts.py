"""Edits from this person's other desks: sealed in the feed, opened here, folded in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assessor_desk.domain.assessment import Edit
from assessor_desk.domain.fields import Field
from assessor_desk.errors import DeskError
from assessor_desk.seals.canonical import canonical
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.store.journal import Spot
from assessor_desk.store.store import Store
from assessor_desk.wire import codec
from assessor_desk.wire.records import EditBody, RecordKind, SealedEdit

BATCH = 200
"""So many at once hold up a person who is writing for a few milliseconds only."""


@dataclass(slots=True)
class Folded:
    """What became of the edits from other desks: the fields that got new ones, and how many did not open."""

    spots: frozenset[Spot] = frozenset()
    closed: int = 0


def fold_waiting(store: Store, key: SealingKey, cancelled: Callable[[], bool] = lambda: False) -> Folded:
    """Open and fold in all that came and is not folded yet, also what came while the sealing key was locked.

    One that does not open stays sealed and does no harm.
    """
    with store.reading() as tx:
        waiting = tx.records.unfolded(RecordKind.SEALED_EDIT)
    done = Folded()
    for start in range(0, len(waiting), BATCH):
        if cancelled():
            break
        part = waiting[start : start + BATCH]
        edits = [edit for _, body in part if (edit := opened(body, key)) is not None]
        done.closed += len(part) - len(edits)
        done.spots |= _folded(store, edits)
    return done


def opened(body: bytes, key: SealingKey) -> Edit | None:
    """Return a sealed edit as it was made, or nothing when this key does not open it or it is of a newer kind."""
    try:
        sealed = codec.from_bytes(body, SealedEdit)
        inside = codec.from_bytes(key.open_own(sealed.sealed, canonical(list(sealed.associated()))), EditBody)
        field = Field.parse(inside.field)
    except DeskError:
        return None
    return Edit(
        id=sealed.id,
        assessment=sealed.assessment,
        field=field,
        value=inside.value,
        parents=frozenset(inside.parents),
        device=sealed.device,
        claimed_at=inside.claimed_at,
    )


def _folded(store: Store, edits: Sequence[Edit]) -> frozenset[Spot]:
    with store.transaction() as tx:
        # A portfolio may have been taken off this laptop since.
        here = {each for each in {edit.assessment for edit in edits} if tx.records.body(RecordKind.ASSIGNMENT, each)}
        return frozenset(tx.journal.fold_in(edit for edit in edits if edit.assessment in here))
