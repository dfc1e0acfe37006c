"""Giving rounds to people, and taking them back; every desk that may know is told in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection

from assessor_desk.domain.case import CaseEvent, CaseState
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.clock import window
from assessor_desk.domain.ids import AssignmentId, PersonId, RoundId
from assessor_desk.domain.interest import reason_against, require_no_conflict
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.errors import RuleError
from assessor_desk.hub import acts, decisions, tables, telling
from assessor_desk.hub.cases import STANDING, Case, Given, move
from assessor_desk.hub.interests import ROLE, interests, judges
from assessor_desk.seals.digests import sha256

_WHEN: Mapping[Part, frozenset[CaseState]] = {
    Part.FIRST: frozenset({CaseState.RECEIVED}),
    Part.SECOND: frozenset({CaseState.ASSESSING, CaseState.SECOND_SCORING}),
    Part.ADJUDICATOR: frozenset({CaseState.ADJUDICATING}),
    Part.APPROVER: frozenset({CaseState.AWAITING_SIGN_OFF}),
}
"""The states of a case in which a part can be given."""


def assign(connection: Connection, round_id: RoundId, person: PersonId, part: Part, at: datetime) -> Given:
    """Give a round to a person, or raise what stands against it."""
    case = Case.take(connection, round_id)
    judge = next((each for each in judges(connection, case, part) if each.person == person), None)
    if judge is None:
        raise RuleError(
            f"This person is no {ROLE[part]} in the program {case.portfolio.program}.",
            next="Add the role with `hub give-role`, or choose someone else.",
        )
    _require_free(case, person, part)
    _require_time(case, part)
    require_no_conflict(judge, interests(connection, case))
    if part is Part.FIRST:
        move(connection, case, CaseEvent.ASSIGNED, Facts(), at)
    (given,) = _hand(connection, case, (person,), part, at)
    if part is Part.APPROVER:
        show_standing(connection, case, (person,))
    return given


def hand_to_approvers(connection: Connection, case: Case, at: datetime) -> tuple[PersonId, ...]:
    """Give a case to every approver of its program whom nothing stands against, and return who they are.

    Who had it before gets it again with a new date; from whom staff took it, it stays away.
    """
    interest = interests(connection, case)
    had = {each.person: each for each in case.assignments if each.part is Part.APPROVER}
    free = [each.person for each in judges(connection, case, Part.APPROVER) if reason_against(each, interest) is None]
    again = [had[person] for person in free if person in had and had[person].standing]
    due_at = _due_at(case, Part.APPROVER, at)
    for given in again:
        telling.change(connection, case, given, state=AssignmentState.TO_DO, reason="", due_at=due_at, handed_at=at)
    new = _hand(connection, case, [person for person in free if person not in had], Part.APPROVER, at)
    return tuple(each.person for each in (*again, *new))


def show_standing(connection: Connection, case: Case, people: Sequence[PersonId]) -> None:
    """Show approvers the decisions that count: the one to sign, and those beside it."""
    for judged in case.decisions:
        if judged.state in STANDING:
            decisions.show(connection, judged.id, people)


def withdraw(
    connection: Connection, case: Case, given: Given, reason: str, at: datetime, *, stepped_back: bool = False
) -> None:
    """Take an assignment back; the desk keeps the draft and is told why."""
    if not given.state.open:
        raise RuleError(f"This can no longer be taken back: it is {given.state}.")
    telling.change(connection, case, given, state=AssignmentState.WITHDRAWN, reason=reason, stepped_back=stepped_back)
    acts.record(connection, acts.ActKind.WITHDRAWN, given.id, sha256(reason.encode()), at)
    if given.part is Part.FIRST and case.state is CaseState.ASSESSING:
        move(connection, case, CaseEvent.UNASSIGNED, Facts(), at)


def withdraw_from(
    connection: Connection, round_id: RoundId, person: PersonId, reason: str, at: datetime
) -> AssignmentId:
    """Take a round back from a person, whatever part they have in it."""
    case = Case.take(connection, round_id)
    found = next((each for each in case.having(*Part) if each.person == person), None)
    if found is None:
        raise RuleError("This person has no part in the round.", next="Look it up with `hub status`.")
    withdraw(connection, case, found, reason, at)
    return found.id


def close(connection: Connection, case: Case, reason: str, at: datetime) -> None:
    """End every part in a case that needs no more work: what is open is taken back, the rest is done."""
    for given in case.having(*Part):
        if given.state.open and given.part is not Part.APPROVER:
            withdraw(connection, replace(case, state=CaseState.INCOMPLETE), given, reason, at)
        elif given.state is not AssignmentState.DONE:
            telling.set_state(connection, case, given, AssignmentState.DONE)


def _hand(
    connection: Connection, case: Case, people: Sequence[PersonId], part: Part, at: datetime
) -> tuple[Given, ...]:
    due_at = _due_at(case, part, at)
    handed = tuple(
        Given(AssignmentId(str(uuid4())), person, part, AssignmentState.TO_DO, due_at, at) for person in people
    )
    if handed:
        connection.execute(tables.assignment.insert(), [_row(case, each) for each in handed])
        telling.give_rubric(connection, case, people)
    for each in handed:
        acts.record(connection, acts.ActKind.ASSIGNED, each.id, case.round.id, at)
        telling.tell(connection, case, each)
    return handed


def _row(case: Case, given: Given) -> dict[str, object]:
    return {
        "id": given.id,
        "round": case.round.id,
        "person": given.person,
        "part": given.part.value,
        "state": given.state.value,
        "due_at": given.due_at,
        "handed_at": given.handed_at,
        "reason": given.reason,
    }


def _due_at(case: Case, part: Part, at: datetime) -> datetime:
    clock = case.policy.clock
    return window(clock, at, clock.sign_days if part is Part.APPROVER else clock.assess_days).due_at or at


def _require_free(case: Case, person: PersonId, part: Part) -> None:
    if any(each.person == person for each in case.having(*Part)):
        raise RuleError("This person has a part in this round already.", next="Choose someone else.")
    if part is not Part.APPROVER and case.having(part):
        raise RuleError(f"This round has its {part} already.", next="Take it back from them first.")


def _require_time(case: Case, part: Part) -> None:
    if case.state not in _WHEN[part]:
        when = " or ".join(f"“{state}”" for state in sorted(_WHEN[part]))
        raise RuleError(f"A case gets its {part} while it is {when}; this one is “{case.state}”.")
