"""What staff see of the hub: codes, states and counts, never a score or a letter."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from assessor_desk.hub import tables


@dataclass(frozen=True, slots=True)
class CaseRow:
    """The newest round of a portfolio and who has it."""

    code: str
    round: int
    state: str
    micro_credential: str
    assignments: tuple[tuple[str, str, str], ...]

    @property
    def who(self) -> str:
        """Return who has a part in it, in words."""
        return ", ".join(f"{handle} ({part}, {state})" for handle, part, state in self.assignments)

    def plain(self) -> dict[str, Any]:
        """Return the row for a program."""
        return {
            "code": self.code,
            "round": self.round,
            "state": self.state,
            "micro_credential": self.micro_credential,
            "assignments": [{"user": handle, "part": part, "state": state} for handle, part, state in self.assignments],
        }


def cases(connection: Connection) -> tuple[CaseRow, ...]:
    """Return every portfolio with its newest round, by code."""
    newest: dict[str, Any] = {}
    for row in connection.execute(_rounds()):
        newest[row.code] = row
    people = _people(connection)
    return tuple(
        CaseRow(row.code, row.number, row.state, row.micro_credential, tuple(people.get(row.id, ())))
        for row in newest.values()
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
