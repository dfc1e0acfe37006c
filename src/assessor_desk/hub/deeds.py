"""Taking what desks tell: each deed once, in one transaction with everything that follows from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from assessor_desk.domain.ids import Digest, HubId
from assessor_desk.errors import DeskError, StoreError
from assessor_desk.hub import tables
from assessor_desk.hub.actors import Actor
from assessor_desk.seals.digests import sha256
from assessor_desk.tables.transactions import writing
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import Deed, DeedKind, Receipt, ReceiptStatus
from assessor_desk.wire.problems import Problem, problem, problem_of

OLDEST_SCHEMA, NEWEST_SCHEMA = 1, 1
REFUSED_STATUS = 409


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose deed it is and when the hub got it."""

    hub: HubId
    actor: Actor
    received_at: datetime


Handler = Callable[[Connection, Desk, msgspec.Raw], None]
"""Does what one kind of deed asks, or raises the `DeskError` for which it is refused."""


def accept(engine: Engine, handlers: Mapping[DeedKind, Handler], desk: Desk, deed: Deed) -> Receipt:
    """Take one deed and return its receipt; the same deed again gets the same receipt and changes nothing."""
    if found := _unreadable(deed):
        return _receipt(deed, desk, found)  # not kept: the desk may send it again as it was meant, or to a newer hub
    try:
        return _accept(engine, handlers, desk, deed)
    except IntegrityError:
        # Either the same deed came on two connections at once and the other was first, so that now its receipt is
        # there; or the deed brings under a name of its own what another deed has brought.
        return _accept(engine, handlers, desk, deed, names_are_taken=True)


def _accept(
    engine: Engine,
    handlers: Mapping[DeedKind, Handler],
    desk: Desk,
    deed: Deed,
    *,
    names_are_taken: bool = False,
) -> Receipt:
    with writing(engine) as connection:
        if known := _known(connection, desk, deed):
            return known
        try:
            refusal = _refusal(connection, handlers, desk, deed)
        except IntegrityError:
            if not names_are_taken:
                raise
            refusal = _brought_before()
        receipt = _receipt(deed, desk, refusal)
        connection.execute(
            tables.deed.insert().values(
                key=deed.key,
                device=desk.actor.device,
                kind=deed.kind,
                sha256=deed.sha256,
                received_at=desk.received_at,
                receipt=codec.to_bytes(receipt),
            )
        )
        return receipt


def _known(connection: Connection, desk: Desk, deed: Deed) -> Receipt | None:
    """Return the receipt of a deed that came before; a key that was used for something else is refused, unkept."""
    row = connection.execute(
        select(tables.deed.c.device, tables.deed.c.sha256, tables.deed.c.receipt).where(tables.deed.c.key == deed.key)
    ).one_or_none()
    if row is None:
        return None
    if (row.device, row.sha256) != (desk.actor.device, deed.sha256):
        return _receipt(deed, desk, _key_taken())
    return codec.from_bytes(row.receipt, Receipt)


def _refusal(connection: Connection, handlers: Mapping[DeedKind, Handler], desk: Desk, deed: Deed) -> Problem | None:
    try:
        with connection.begin_nested():
            handlers[DeedKind(deed.kind)](connection, desk, deed.body)
    except StoreError:
        raise  # the database's trouble is not the deed's fault: the desk sends it again
    except DeskError as error:
        return problem_of(error, REFUSED_STATUS)
    return None


def _unreadable(deed: Deed) -> Problem | None:
    if sha256(bytes(deed.body)) != deed.sha256:
        return problem(
            "deed-changed", "Changed on the way", REFUSED_STATUS, "What arrived is not what this desk meant to send."
        )
    if deed.kind not in set(DeedKind) or not OLDEST_SCHEMA <= deed.version <= NEWEST_SCHEMA:
        return problem(
            "deed-unknown",
            "Not known to this hub",
            REFUSED_STATUS,
            f"This hub does not know “{deed.kind}” in version {deed.version}.",
            next="Ask the program office to update the hub; it can then be sent again.",
        )
    return None


def _brought_before() -> Problem:
    return problem(
        "deed-brought-before",
        "Received before",
        REFUSED_STATUS,
        "The hub has received this before in another message, so it was not taken twice.",
    )


def _key_taken() -> Problem:
    return problem(
        "deed-key-taken",
        "Sent before with other content",
        REFUSED_STATUS,
        "Another message with the same name was received before, so this one was not taken.",
    )


def _receipt(deed: Deed, desk: Desk, refusal: Problem | None) -> Receipt:
    return Receipt(
        key=deed.key,
        kind=deed.kind,
        sha256=Digest(deed.sha256),
        status=ReceiptStatus.REFUSED if refusal else ReceiptStatus.ACCEPTED,
        received_at=desk.received_at,
        problem=refusal,
    )
