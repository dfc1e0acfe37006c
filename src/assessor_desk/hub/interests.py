"""Who has to do with a case, so that no one judges their own."""

from collections.abc import Mapping

from sqlalchemy import Connection, and_, func, select

from assessor_desk.domain.ids import OrganizationId, PersonId
from assessor_desk.domain.interest import Interests, Judge
from assessor_desk.domain.portfolio import Part
from assessor_desk.hub import tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.cases import Case

ROLE: Mapping[Part, Role] = {
    Part.FIRST: Role.ASSESSOR,
    Part.SECOND: Role.ASSESSOR,
    Part.ADJUDICATOR: Role.ASSESSOR,
    Part.APPROVER: Role.APPROVER,
}
"""The role that a person needs for a part in a case."""


def interests(connection: Connection, case: Case) -> Interests:
    """Return who has to do with a case."""
    return Interests(
        participants=_participants(connection, case),
        organizations=frozenset({case.organization} if case.organization else ()),
        scored_by=scorers(case),
        signed_by=_signers(connection, case),
        stepped_back=frozenset(each.person for each in case.assignments if each.stepped_back),
        rule=case.policy.conflict_of_interest,
    )


def scorers(case: Case) -> frozenset[PersonId]:
    """Return who has signed a decision on the round, whatever became of it."""
    by_id = {each.id: each.person for each in case.assignments}
    return frozenset(by_id[each.assignment] for each in case.decisions)


def judges(connection: Connection, case: Case, part: Part) -> tuple[Judge, ...]:
    """Return who has the role in the program that a part in the case needs."""
    person, role = tables.person.c, tables.person_role.c
    query = (
        select(person.id, person.organization)
        .join(tables.person_role, role.person == person.id)
        .where(role.program == case.portfolio.program, role.role == ROLE[part].value, person.active)
        .order_by(person.id)
    )
    return tuple(
        Judge(row.id, part, frozenset({OrganizationId(row.organization)} if row.organization else ()))
        for row in connection.execute(query)
    )


def _participants(connection: Connection, case: Case) -> frozenset[PersonId]:
    """Return who here takes part in the portfolio: by the id that the platform gave, or by the same name.

    Two people of one name are taken for one: another assessor is easily found, a wrongly trusted one is not.
    """
    person, participant = tables.person.c, tables.participant.c
    same = (participant.external_id == person.handle) | (func.lower(participant.name) == func.lower(person.name))
    query = select(person.id).join(tables.participant, and_(participant.portfolio == case.portfolio.id, same))
    return frozenset(PersonId(each) for each in connection.execute(query).scalars())


def _signers(connection: Connection, case: Case) -> frozenset[PersonId]:
    query = (
        select(tables.device.c.person)
        .join(tables.sign_off, tables.sign_off.c.device == tables.device.c.id)
        .where(tables.sign_off.c.decision.in_([each.id for each in case.decisions]))
    )
    return frozenset(PersonId(each) for each in connection.execute(query).scalars()) if case.decisions else frozenset()
