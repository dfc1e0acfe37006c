"""Which handler takes which kind of deed."""

from collections.abc import Mapping
from types import MappingProxyType

from assessor_desk.hub import drafts, judging, signing, withdrawing
from assessor_desk.hub.deeds import Handler
from assessor_desk.wire.deeds import DeedKind

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
