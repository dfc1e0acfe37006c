"""No one judges their own: what stands between a person and a case."""

from collections.abc import Callable
from dataclasses import dataclass

from assessor_desk.domain.ids import OrganizationId, PersonId
from assessor_desk.domain.policy import ConflictOfInterest
from assessor_desk.domain.portfolio import Part
from assessor_desk.errors import ConflictOfInterestError


@dataclass(frozen=True, slots=True)
class Judge:
    """A person who would take a part in a case."""

    person: PersonId
    part: Part
    organizations: frozenset[OrganizationId] = frozenset()


@dataclass(frozen=True, slots=True)
class Interests:
    """Who has to do with one round of a case; `scored_by` and `signed_by` are about this round only.

    `organizations` are the participants' own; whether colleagues may judge is the program's rule.
    """

    submitted_by: PersonId | None = None
    participants: frozenset[PersonId] = frozenset()
    organizations: frozenset[OrganizationId] = frozenset()
    scored_by: frozenset[PersonId] = frozenset()
    signed_by: frozenset[PersonId] = frozenset()
    stepped_back: frozenset[PersonId] = frozenset()
    rule: ConflictOfInterest = ConflictOfInterest.SAME_ORGANIZATION


@dataclass(frozen=True, slots=True)
class _Rule:
    stands: Callable[[Judge, Interests], bool]
    reason: str


_RULES = (
    _Rule(lambda judge, case: judge.person in case.participants, "This person takes part in the portfolio."),
    _Rule(lambda judge, case: judge.person == case.submitted_by, "This person submitted the portfolio."),
    _Rule(lambda judge, case: judge.person in case.stepped_back, "This person stepped back from the case."),
    _Rule(
        lambda judge, case: (
            case.rule is ConflictOfInterest.SAME_ORGANIZATION and bool(judge.organizations & case.organizations)
        ),
        "This person belongs to the same organization as a participant.",
    ),
    _Rule(
        lambda judge, case: judge.part is Part.APPROVER and judge.person in case.scored_by,
        "This person scored the round, and who scores does not sign off.",
    ),
    _Rule(
        lambda judge, case: judge.part in (Part.SECOND, Part.ADJUDICATOR) and judge.person in case.scored_by,
        "This person scored the round already.",
    ),
    _Rule(
        lambda judge, case: judge.part is not Part.APPROVER and judge.person in case.signed_by,
        "This person signed the round off, and who signs does not score.",
    ),
)


def reason_against(judge: Judge, case: Interests) -> str | None:
    """Return why a person must not take that part in a case, `None` if nothing stands against it."""
    return next((rule.reason for rule in _RULES if rule.stands(judge, case)), None)


def require_no_conflict(judge: Judge, case: Interests) -> None:
    """Raise the reason why a person must not take that part in a case, if there is one."""
    if reason := reason_against(judge, case):
        raise ConflictOfInterestError(reason, next="Give the case to someone who has nothing to do with it.")
