"""Edits from this person's other desks: sealed in the feed, opened here, folded in."""

from collections.abc import Iterable

from assessor_desk.domain.assessment import Edit
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import EditId
from assessor_desk.errors import DeskError
from assessor_desk.seals.canonical import canonical
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.store.journal import Spot
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.records import EditBody, RecordKind, SealedEdit


def fold_in(tx: Transaction, key: SealingKey, ids: Iterable[str]) -> tuple[Spot, ...]:
    """Open the sealed edits of these ids and fold them in; one that does not open stays sealed and does no harm."""
    edits = []
    for each in ids:
        body = tx.records.body(RecordKind.SEALED_EDIT, each)
        edit = None if body is None else _opened(codec.from_bytes(body, SealedEdit), key)
        if edit is not None:
            edits.append(edit)
    return tx.journal.fold_in(edits)


def unopened(tx: Transaction) -> tuple[str, ...]:
    """Return the ids of sealed edits that came while the sealing key was locked."""
    ids = [EditId(each) for each, _ in tx.records.of_kind(RecordKind.SEALED_EDIT)]
    known = tx.journal.known(ids)
    return tuple(each for each in ids if each not in known)


def _opened(sealed: SealedEdit, key: SealingKey) -> Edit | None:
    try:
        inside = key.open_own(sealed.sealed, canonical(list(sealed.associated())))
        body = codec.from_bytes(inside, EditBody)
        field = Field.parse(body.field)
    except DeskError:
        return None
    return Edit(
        id=sealed.id,
        assessment=sealed.assessment,
        field=field,
        value=body.value,
        parents=frozenset(body.parents),
        device=sealed.device,
        claimed_at=body.claimed_at,
    )
