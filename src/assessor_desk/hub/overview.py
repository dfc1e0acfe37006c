"""What staff see of the hub: codes, states and counts, never a score or a letter."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from assessor_desk.hub import tables
from assessor_desk.wire.records import DecisionState


@dataclass(frozen=True, slots=True)
class CaseRow:
    """The newest round of a portfolio and who has it."""

    code: str
    round: int
    state: str
    micro_credential: str
    assignments: tuple[tuple[str, str, str], ...]
    set_apart: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """Return who has a part in it, in words, and what staff must look at."""
        people = [f"{handle} ({part}, {state})" for handle, part, state in self.assignments]
        return ", ".join([*people, *(f"set apart: decision {each}" for each in self.set_apart)])

    def plain(self) -> dict[str, Any]:
        """Return the row for a program."""
        return {
            "code": self.code,
            "round": self.round,
            "state": self.state,
            "micro_credential": self.micro_credential,
            "assignments": [{"user": handle, "part": part, "state": state} for handle, part, state in self.assignments],
            "set_apart": list(self.set_apart),
        }


def cases(connection: Connection) -> tuple[CaseRow, ...]:
    """Return every portfolio with its newest round, by code."""
    newest: dict[str, Any] = {}
    for row in connection.execute(_rounds()):
        newest[row.code] = row
    people, set_apart = _people(connection), _set_apart(connection)
    return tuple(
        CaseRow(
            code=row.code,
            round=row.number,
            state=row.state,
            micro_credential=row.micro_credential,
            assignments=tuple(people.get(row.id, ())),
            set_apart=tuple(set_apart.get(row.id, ())),
        )
        for row in newest.values()
    )


@dataclass(frozen=True, slots=True)
class Laptop:
    """One device of a person."""

    id: str
    name: str
    revoked: bool

    def __str__(self) -> str:
        return f"{self.name} ({self.id}{', revoked' if self.revoked else ''})"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Someone who works here."""

    handle: str
    name: str
    roles: tuple[str, ...]
    laptops: tuple[Laptop, ...]

    def plain(self) -> dict[str, Any]:
        """Return the row for a program."""
        laptops = [{"id": each.id, "name": each.name, "revoked": each.revoked} for each in self.laptops]
        return {"user": self.handle, "name": self.name, "roles": list(self.roles), "laptops": laptops}


def people(connection: Connection) -> tuple[PersonRow, ...]:
    """Return everyone who works here, by their short names."""
    role, device, person = tables.person_role.c, tables.device.c, tables.person.c
    roles: dict[str, list[str]] = {}
    for row in connection.execute(select(tables.person_role).order_by(role.program, role.role)):
        roles.setdefault(row.person, []).append(f"{row.role}:{row.program}")
    laptops: dict[str, list[Laptop]] = {}
    for row in connection.execute(select(tables.device).order_by(device.valid_from, device.id)):
        laptops.setdefault(row.person, []).append(Laptop(row.id, row.name, row.revoked_at is not None))
    return tuple(
        PersonRow(row.handle, row.name, tuple(roles.get(row.id, ())), tuple(laptops.get(row.id, ())))
        for row in connection.execute(select(person.id, person.handle, person.name).order_by(person.handle))
    )


def _rounds() -> Any:
    return (
        select(
            tables.portfolio.c.code,
            tables.portfolio.c.micro_credential,
            tables.round_.c.id,
            tables.round_.c.number,
            tables.round_.c.state,
        )
        .join(tables.portfolio, tables.portfolio.c.id == tables.round_.c.portfolio)
        .order_by(tables.portfolio.c.code, tables.round_.c.number)
    )


def _people(connection: Connection) -> dict[str, list[tuple[str, str, str]]]:
    query = (
        select(tables.assignment.c.round, tables.person.c.handle, tables.assignment.c.part, tables.assignment.c.state)
        .join(tables.person, tables.person.c.id == tables.assignment.c.person)
        .order_by(tables.assignment.c.handed_at, tables.person.c.handle)
    )
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.round, []).append((row.handle, row.part, row.state))
    return found


def _set_apart(connection: Connection) -> dict[str, list[str]]:
    """Return the decisions that a revoked laptop sent late, by round: staff look at them, and nobody else."""
    of = tables.decision.c
    query = select(of.round, of.id).where(of.state == DecisionState.QUARANTINED.value).order_by(of.received_at, of.id)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.round, []).append(row.id)
    return found
