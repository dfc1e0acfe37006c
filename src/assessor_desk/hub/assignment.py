"""Giving rounds to people, and taking them back; every desk that may know is told in the same transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, select

from assessor_desk.domain.case import CaseEvent, CaseState
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.clock import window
from assessor_desk.domain.ids import AssignmentId, OrganizationId, PersonId, RoundId
from assessor_desk.domain.interest import Interests, Judge, reason_against
from assessor_desk.domain.portfolio import Assignment, AssignmentState, Part, Round
from assessor_desk.errors import ConflictOfInterestError, RuleError
from assessor_desk.hub import acts, feed, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.cases import Case, move
from assessor_desk.seals.digests import sha256
from assessor_desk.wire import codec
from assessor_desk.wire.records import RecordKind

_ROLE = {
    Part.FIRST: Role.ASSESSOR,
    Part.SECOND: Role.ASSESSOR,
    Part.ADJUDICATOR: Role.ASSESSOR,
    Part.APPROVER: Role.APPROVER,
}
_ENDED = frozenset({AssignmentState.WITHDRAWN.value, AssignmentState.DONE.value})


@dataclass(frozen=True, slots=True)
class Handed:
    """What was given to whom, until when."""

    assignment: AssignmentId
    person: PersonId
    part: Part
    due_at: datetime


def assign(connection: Connection, round_id: RoundId, person: PersonId, part: Part, at: datetime) -> Handed:
    """Give a round to a person, or raise what stands against it."""
    case = Case.load(connection, round_id)
    _require_role(connection, case, person, part)
    _require_free(case, person, part)
    if reason := reason_against(_judge(connection, person, part), interests(connection, case)):
        raise ConflictOfInterestError(reason, next="Give the portfolio to someone who has nothing to do with it.")
    handed = _insert(connection, case, person, part, at)
    if part is Part.FIRST and case.state is CaseState.RECEIVED:
        move(connection, case, CaseEvent.ASSIGNED, Facts(), at)
    tell(connection, handed.assignment)
    return handed


def hand_to_approvers(connection: Connection, case: Case, at: datetime) -> tuple[PersonId, ...]:
    """Give a case to every approver of its program whom nothing stands against, and return who they are."""
    interest = interests(connection, case)
    approvers = tuple(
        person
        for person in people_with(connection, case, Role.APPROVER)
        if reason_against(_judge(connection, person, Part.APPROVER), interest) is None
    )
    already = {row.person: row for row in case.assignments if row.part == Part.APPROVER.value}
    for person in approvers:
        if person in already:
            set_state(connection, AssignmentId(already[person].id), AssignmentState.TO_DO)
        else:
            tell(connection, _insert(connection, case, person, Part.APPROVER, at).assignment)
    return approvers


def withdraw(connection: Connection, assignment: AssignmentId, reason: str, at: datetime) -> None:
    """Take an assignment back; the desk keeps the draft and is told why."""
    row = connection.execute(select(tables.assignment).where(tables.assignment.c.id == assignment)).one()
    if row.state in _ENDED:
        raise RuleError("This assignment has ended already.")
    set_state(connection, assignment, AssignmentState.WITHDRAWN, reason)
    acts.record(connection, acts.ActKind.WITHDRAWN, assignment, sha256(reason.encode()), at)
    case = Case.load(connection, RoundId(row.round))
    if row.part == Part.FIRST.value and case.state is CaseState.ASSESSING:
        move(connection, case, CaseEvent.UNASSIGNED, Facts(), at)


def withdraw_from(
    connection: Connection, round_id: RoundId, person: PersonId, reason: str, at: datetime
) -> AssignmentId:
    """Take a round back from a person, whatever part they have in it."""
    table = tables.assignment
    query = select(table.c.id).where(
        table.c.round == round_id, table.c.person == person, table.c.state.not_in(sorted(_ENDED))
    )
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise RuleError("This person has no open part in the round.", next="Look it up with `hub status`.")
    withdraw(connection, AssignmentId(found), reason, at)
    return AssignmentId(found)


def set_state(connection: Connection, assignment: AssignmentId, state: AssignmentState, reason: str = "") -> None:
    """Change how an assignment stands and tell its person."""
    connection.execute(
        tables.assignment.update().where(tables.assignment.c.id == assignment).values(state=state.value, reason=reason)
    )
    tell(connection, assignment)


def tell(connection: Connection, assignment: AssignmentId) -> None:
    """Write the assignment's record, and the rubric it needs, to its person's feed."""
    row = connection.execute(select(tables.assignment).where(tables.assignment.c.id == assignment)).one()
    case = Case.load(connection, RoundId(row.round))
    person = PersonId(row.person)
    record = Assignment(
        id=assignment,
        part=Part(row.part),
        state=AssignmentState(row.state),
        portfolio=case.portfolio,
        round=case.round,
        due_at=row.due_at,
        handed_at=row.handed_at,
        earlier_rounds=_earlier_rounds(connection, case, person, Part(row.part)),
        reason=row.reason,
    )
    pin = case.portfolio.rubric
    feed.write(connection, [person], RecordKind.MICRO_CREDENTIAL, f"{pin.micro_credential}@{pin.version}", case.rubric)
    feed.write(connection, [person], RecordKind.ASSIGNMENT, assignment, codec.to_bytes(record))


def interests(connection: Connection, case: Case) -> Interests:
    """Return who has to do with a case, for the rule that no one judges their own."""
    by_assignment = {row.id: row for row in case.assignments}
    organizations = frozenset({OrganizationId(case.organization)} if case.organization else ())
    return Interests(
        organizations=organizations,
        scored_by=frozenset(PersonId(by_assignment[row.assignment].person) for row in case.decisions),
        signed_by=_signers(connection, case),
        stepped_back=frozenset(PersonId(row.person) for row in case.assignments if row.reason == STEPPED_BACK),
        rule=case.micro_credential.policy.conflict_of_interest,
    )


STEPPED_BACK = "stepped back"


def people_with(connection: Connection, case: Case, role: Role) -> tuple[PersonId, ...]:
    """Return who has a role in the case's program."""
    query = (
        select(tables.person_role.c.person)
        .join(tables.person, tables.person.c.id == tables.person_role.c.person)
        .where(
            tables.person_role.c.program == case.portfolio.program,
            tables.person_role.c.role == role.value,
            tables.person.c.active,
        )
        .order_by(tables.person_role.c.person)
    )
    return tuple(PersonId(person) for person in connection.execute(query).scalars())


def _insert(connection: Connection, case: Case, person: PersonId, part: Part, at: datetime) -> Handed:
    clock = case.micro_credential.policy.clock
    days = clock.sign_days if part is Part.APPROVER else clock.assess_days
    due_at = window(clock, at, days).due_at or at
    assignment = AssignmentId(str(uuid4()))
    connection.execute(
        tables.assignment.insert().values(
            id=assignment,
            round=case.round.id,
            person=person,
            part=part.value,
            state=AssignmentState.TO_DO.value,
            due_at=due_at,
            handed_at=at,
            reason="",
        )
    )
    acts.record(connection, acts.ActKind.ASSIGNED, assignment, case.round.id, at)
    return Handed(assignment, person, part, due_at)


def _require_role(connection: Connection, case: Case, person: PersonId, part: Part) -> None:
    if person not in people_with(connection, case, _ROLE[part]):
        raise RuleError(
            f"This person is no {_ROLE[part]} in the program {case.portfolio.program}.",
            next="Add the role with `hub add-user`, or choose someone else.",
        )


def _require_free(case: Case, person: PersonId, part: Part) -> None:
    standing = [row for row in case.assignments if row.state != AssignmentState.WITHDRAWN.value]
    if any(row.person == person for row in standing):
        raise RuleError("This person has a part in this round already.", next="Choose someone else.")
    if part is not Part.APPROVER and any(row.part == part.value for row in standing):
        raise RuleError(f"This round has a {part} already.", next="Take it back from them first.")


def _judge(connection: Connection, person: PersonId, part: Part) -> Judge:
    organization = connection.execute(
        select(tables.person.c.organization).where(tables.person.c.id == person)
    ).scalar_one()
    return Judge(person, part, frozenset({OrganizationId(organization)} if organization else ()))


def _signers(connection: Connection, case: Case) -> frozenset[PersonId]:
    query = (
        select(tables.device.c.person)
        .join(tables.sign_off, tables.sign_off.c.device == tables.device.c.id)
        .where(tables.sign_off.c.decision.in_([row.id for row in case.decisions]))
    )
    return frozenset(PersonId(person) for person in connection.execute(query).scalars())


def _earlier_rounds(connection: Connection, case: Case, person: PersonId, part: Part) -> tuple[Round, ...]:
    """Return the earlier rounds that this person may see: an approver all, an assessor as the program says."""
    query = (
        select(tables.round_.c.id, tables.round_.c.body)
        .where(tables.round_.c.portfolio == case.portfolio.id, tables.round_.c.number < case.round.number)
        .order_by(tables.round_.c.number)
    )
    rows = connection.execute(query).all()
    if part is not Part.APPROVER and not _sees_earlier(connection, case, person, [row.id for row in rows]):
        return ()
    return tuple(codec.from_bytes(row.body, Round) for row in rows)


def _sees_earlier(connection: Connection, case: Case, person: PersonId, rounds: Iterable[str]) -> bool:
    rule = case.micro_credential.policy.round_two
    returning = connection.execute(
        select(tables.assignment.c.id)
        .where(tables.assignment.c.person == person, tables.assignment.c.round.in_(list(rounds)))
        .limit(1)
    ).first()
    return rule.returning_assessor_sees if returning else rule.new_assessor_sees
