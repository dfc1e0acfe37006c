"""Who asks, by the token that came, and what a person may fetch."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from assessor_desk.domain.ids import DeviceId, Digest, HubId, PersonId, ProgramId
from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.errors import DeviceRevokedError, NotPairedError
from assessor_desk.hub import tables, tokens
from assessor_desk.hub.actors import Actor, Role
from assessor_desk.wire.records import RecordKind

SCHEME = "bearer "


def identify(connection: Connection, hub: HubId, authorization: str | None, at: datetime) -> Actor:
    """Return whose token it is; a revoked device is told from an unknown one, and marked as such."""
    if authorization is None or authorization[: len(SCHEME)].lower() != SCHEME:
        raise NotPairedError("This laptop did not say who it is.")
    rows = connection.execute(_by_token(authorization[len(SCHEME) :].strip())).all()
    if not rows or (rows[0].ended_at is not None and rows[0].revoked_at is None):
        raise NotPairedError("The hub does not know this laptop.")
    return _actor(hub, rows, at)


def actor_at(connection: Connection, hub: HubId, device: DeviceId, at: datetime) -> Actor:
    """Return who works at a device whose signature was held against the directory, as when a package comes in."""
    kept, person, role = tables.device, tables.person, tables.person_role
    rows = connection.execute(
        select(
            kept.c.id.label("device"),
            kept.c.public_key,
            kept.c.valid_from,
            kept.c.valid_until,
            kept.c.revoked_at,
            person.c.id.label("person"),
            person.c.active,
            role.c.program,
            role.c.role,
        )
        .join(person, person.c.id == kept.c.person)
        .outerjoin(role, role.c.person == person.c.id)
        .where(kept.c.id == device)
    ).all()
    return _actor(hub, rows, at)


def _actor(hub: HubId, rows: Sequence[Any], at: datetime) -> Actor:
    if not rows[0].active or not rows[0].valid_from <= at < rows[0].valid_until:
        raise NotPairedError("This laptop's registration has run out.")
    roles: dict[ProgramId, set[Role]] = defaultdict(set)
    for row in rows:
        if row.role is not None:
            roles[ProgramId(row.program)].add(Role(row.role))
    return Actor(
        hub=hub,
        person=PersonId(rows[0].person),
        device=DeviceId(rows[0].device),
        public_key=rows[0].public_key,
        roles={program: frozenset(each) for program, each in roles.items()},
        revoked=rows[0].revoked_at is not None,
    )


def require_device(actor: Actor) -> None:
    """Refuse a device that was revoked."""
    if actor.revoked:
        raise DeviceRevokedError("This laptop was revoked by the program office.")


def may_fetch(connection: Connection, person: PersonId, digest: Digest) -> bool:
    """Return whether a standing assignment of the person names the artifact, in its round or in an earlier one shown.

    The record that the person was given decides, so that the two can never differ; the joins only find it.
    """
    artifact, of, told = tables.artifact, tables.round_, tables.feed
    assigned, beside = tables.assignment, tables.round_.alias()
    records = (
        select(told.c.body)
        .select_from(artifact)
        .join(of, of.c.id == artifact.c.round)
        .join(beside, beside.c.portfolio == of.c.portfolio)
        .join(assigned, (assigned.c.round == beside.c.id) & (assigned.c.person == person))
        .join(told, (told.c.person == person) & (told.c.record == assigned.c.id))
        .where(
            artifact.c.sha256 == digest,
            told.c.kind == RecordKind.ASSIGNMENT.value,
            assigned.c.state != AssignmentState.WITHDRAWN.value,
        )
        .distinct()
    )
    return any(digest.encode() in body for body in connection.execute(records).scalars())


def _by_token(token: str) -> Any:
    kept, device, person, role = tables.token, tables.device, tables.person, tables.person_role
    return (
        select(
            kept.c.ended_at,
            device.c.id.label("device"),
            device.c.public_key,
            device.c.valid_from,
            device.c.valid_until,
            device.c.revoked_at,
            person.c.id.label("person"),
            person.c.active,
            role.c.program,
            role.c.role,
        )
        .join(device, device.c.id == kept.c.device)
        .join(person, person.c.id == device.c.person)
        .outerjoin(role, role.c.person == person.c.id)
        .where(kept.c.sha256 == tokens.digest(token))
    )
