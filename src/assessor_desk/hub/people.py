"""Who works here, with their roles per program."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, select

from assessor_desk.domain.ids import OrganizationId, PersonId, ProgramId
from assessor_desk.errors import InputError
from assessor_desk.hub import acts, directory, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.acts import ActKind
from assessor_desk.hub.data import Hub
from assessor_desk.seals.digests import sha256
from assessor_desk.tables.transactions import writing


@dataclass(frozen=True, slots=True)
class Standing:
    """A role in a program."""

    program: ProgramId
    role: Role


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works here; `handle` is the short name that staff type."""

    id: PersonId
    handle: str
    name: str
    organization: OrganizationId | None = None


def add(hub: Hub, handle: str, name: str, standings: Iterable[Standing], organization: str | None = None) -> Person:
    """Add a person with their roles; the organization is named as people say it."""
    at = hub.clock()
    with writing(hub.engine) as connection:
        if _row(connection, handle) is not None:
            raise InputError(f"There is a person with the handle {handle} already.", next="Choose another handle.")
        organization_id = organization_named(connection, organization) if organization else None
        person = Person(PersonId(str(uuid4())), handle, name, organization_id)
        connection.execute(
            tables.person.insert().values(
                id=person.id, handle=handle, name=name, organization=organization_id, active=True
            )
        )
        _give(connection, person.id, standings)
        acts.record(connection, ActKind.PERSON_ADDED, person.id, sha256(person.id.encode()), at)
        directory.introduce(connection, person.id)
    return person


def give_roles(hub: Hub, handle: str, standings: Iterable[Standing]) -> None:
    """Give a person further roles."""
    with writing(hub.engine) as connection:
        person = find(connection, handle)
        _give(connection, person.id, standings)
        directory.introduce(connection, person.id)


def find(connection: Connection, handle: str) -> Person:
    """Return the person with that handle."""
    row = _row(connection, handle)
    if row is None:
        raise InputError(f"Nobody here has the handle {handle}.", next="`hub --data DIR people` lists who works here.")
    return Person(row.id, row.handle, row.name, row.organization)


def with_role(connection: Connection, program: ProgramId, role: Role) -> list[PersonId]:
    """Return the active people who have a role in a program, in a steady order."""
    person, role_of = tables.person, tables.person_role
    query = (
        select(person.c.id)
        .join(role_of, role_of.c.person == person.c.id)
        .where(person.c.active, role_of.c.program == program, role_of.c.role == role.value)
        .order_by(person.c.handle)
    )
    return [PersonId(row.id) for row in connection.execute(query)]


def organization_named(connection: Connection, name: str) -> OrganizationId:
    """Return the organization of that name, adding it when it is new."""
    table = tables.organization
    row = connection.execute(select(table.c.id).where(table.c.name == name)).first()
    if row is not None:
        return OrganizationId(row.id)
    new = OrganizationId(str(uuid4()))
    connection.execute(table.insert().values(id=new, name=name))
    return new


def _row(connection: Connection, handle: str) -> Row[Any] | None:
    return connection.execute(select(tables.person).where(tables.person.c.handle == handle)).one_or_none()


def _give(connection: Connection, person: PersonId, standings: Iterable[Standing]) -> None:
    table = tables.person_role
    known = {(row.program, row.role) for row in connection.execute(select(table).where(table.c.person == person))}
    new = sorted({(each.program, each.role.value) for each in standings} - known)
    if new:
        connection.execute(
            table.insert(), [{"person": person, "program": program, "role": role} for program, role in new]
        )
