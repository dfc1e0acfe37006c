"""Invitations: a one-time code for one person, good for three days and five tries."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

from sqlalchemy import Connection, Row, select, update

from assessor_desk.domain.ids import DeviceId
from assessor_desk.errors import InvitationError
from assessor_desk.hub import people, tables
from assessor_desk.hub.data import Hub
from assessor_desk.hub.people import Person
from assessor_desk.seals.codes import invitation_code, parse_invitation
from assessor_desk.tables.transactions import writing
from assessor_desk.wire.pairing import InvitationFound, Ticket

LIFE = timedelta(hours=72)
TRIES = 5
SELECTOR = 4  # the signs that find the invitation; the others are its secret
Invited = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Invitation:
    """What staff hand to a person; the code is shown this once."""

    ticket: Ticket
    person: Person
    expires_at: datetime


def invite(hub: Hub, handle: str) -> Invitation:
    """Make an invitation for a person; one that was not used before it ends with this."""
    at = hub.clock()
    with writing(hub.engine) as connection:
        person = people.find(connection, handle)
        _end_unused(connection, person)
        code = _unused_code(connection)
        connection.execute(
            tables.invitation.insert().values(
                selector=code[:SELECTOR],
                person=person.id,
                code_mac=_mac(hub, code),
                made_at=at,
                expires_at=at + LIFE,
                tries=0,
            )
        )
    return Invitation(Ticket(code, hub.identity.public.fingerprint), person, at + LIFE)


def look(hub: Hub, typed: str) -> InvitationFound:
    """Return whose invitation a code is, without spending it; a wrong code spends a try."""
    at = hub.clock()
    with writing(hub.engine) as connection:
        found = attempt(connection, hub, typed, at)
    if isinstance(found, InvitationError):
        raise found
    if found.spent_at is not None:
        raise spent()
    return InvitationFound(found.person, found.name, found.sealing_key, found.escrow)


def attempt(connection: Connection, hub: Hub, typed: str, at: datetime) -> Invited | InvitationError:
    """Return the invitation that a code opens, or what to raise once the transaction, with the try, has committed."""
    code = parse_invitation(typed)
    row = connection.execute(_by_selector(code[:SELECTOR])).one_or_none()
    if row is None:
        return _wrong()
    if row.tries >= TRIES:
        return InvitationError("This invitation was tried with wrong codes too often.")
    if not hmac.compare_digest(row.code_mac, _mac(hub, code)):
        _count_try(connection, row)
        return _wrong()
    if at >= row.expires_at:
        return InvitationError("This invitation has run out.")
    return row


def spend(connection: Connection, invitation: Invited, device: DeviceId, at: datetime) -> None:
    """Note that a device used the invitation."""
    table = tables.invitation
    connection.execute(update(table).where(table.c.selector == invitation.selector).values(spent_at=at, device=device))


def spent() -> InvitationError:
    """Return the error for an invitation that another device used."""
    return InvitationError(
        "This invitation was used already.",
        next="If that was not you, tell the program office at once; else ask for a new invitation.",
    )


def _by_selector(selector: str) -> Any:
    invitation, person = tables.invitation, tables.person
    return (
        select(invitation, person.c.name, person.c.sealing_key, person.c.escrow)
        .join(person, person.c.id == invitation.c.person)
        .where(invitation.c.selector == selector, person.c.active)
        .with_for_update()
    )


def _count_try(connection: Connection, row: Invited) -> None:
    table = tables.invitation
    connection.execute(update(table).where(table.c.selector == row.selector).values(tries=table.c.tries + 1))


def _wrong() -> InvitationError:
    return InvitationError(
        "This code opens no invitation.", next="Compare it with the invitation sign by sign; five tries are allowed."
    )


def _end_unused(connection: Connection, person: Person) -> None:
    table = tables.invitation
    connection.execute(table.delete().where(table.c.person == person.id, table.c.spent_at.is_(None)))


def _unused_code(connection: Connection) -> str:
    while True:
        code = invitation_code(token_bytes(8))
        taken = select(tables.invitation.c.selector).where(tables.invitation.c.selector == code[:SELECTOR])
        if connection.execute(taken).first() is None:
            return code


def _mac(hub: Hub, code: str) -> bytes:
    # Keyed, because eight signs can be guessed from a plain hash by whoever has a copy of the database alone.
    return hmac.digest(hub.identity.to_bytes(), b"assessor-desk invitation 1\0" + code.encode(), "sha256")
