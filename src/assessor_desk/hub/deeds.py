"""Taking what desks tell: each deed once, in one transaction with everything that follows from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, select

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
    with writing(engine) as connection:
        if known := _known(connection, desk, deed):
            return known
        receipt = _receipt(deed, desk, _refusal(connection, handlers, desk, deed))
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
    if found := _unreadable(deed):
        return found
    try:
        with connection.begin_nested():
            handlers[DeedKind(deed.kind)](connection, desk, deed.body)
    except StoreError:
        raise  # the database's trouble and not the deed's: a refusal would be for good, so the desk sends it again
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
