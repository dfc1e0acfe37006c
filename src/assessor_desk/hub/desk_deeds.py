"""Which handler takes which kind of deed, from which desk, however the deed came."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

import msgspec
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, IntegrityError

from assessor_desk.errors import StoreBusyError
from assessor_desk.hub import access, drafts, judging, problems, signing, withdrawing
from assessor_desk.hub.deeds import Desk, Handler, accept
from assessor_desk.wire.deeds import Deed, DeedKind, Receipt, ReceiptStatus
from assessor_desk.wire.problems import problem_of

HANDLERS: Mapping[DeedKind, Handler] = MappingProxyType(
    {
        DeedKind.EDIT: drafts.take_edit,
        DeedKind.DECISION: judging.take_decision,
        DeedKind.SIGN_OFF: signing.take_sign_off,
        DeedKind.WITHDRAWAL: withdrawing.take_withdrawal,
        DeedKind.OPENED: signing.take_opened,
        DeedKind.CONFLICT_OF_INTEREST: drafts.take_conflict_of_interest,
        DeedKind.PURGE_RECEIPT: drafts.take_purge_receipt,
    }
)


def take(engine: Engine, desk: Desk, deed: Deed) -> Receipt:
    """Take one deed of a desk; what is wrong with it stands in its receipt and keeps no other deed waiting."""
    once = partial(accept, engine, _OF_REVOKED if desk.actor.revoked else HANDLERS, desk, deed)
    try:
        try:
            return once()
        except (IntegrityError, StoreBusyError):
            # It came on two connections at once and the other was first, or two deeds waited for each other.
            return once()
    except DataError:
        # One deed that no table can hold must not keep the others waiting for ever.
        told = problem_of(problems.unkeepable(), 422)
        return Receipt(deed.key, deed.kind, deed.sha256, ReceiptStatus.REFUSED, desk.received_at, told)


def _refuse_revoked(_connection: Connection, desk: Desk, _body: msgspec.Raw) -> None:
    access.require_device(desk.actor)


# A decision goes to quarantine, where staff see it; nothing else that a lost laptop says is even kept.
_OF_REVOKED = {kind: HANDLERS[kind] if kind is DeedKind.DECISION else _refuse_revoked for kind in DeedKind}
