"""The feedback letter of a released round, made from its signed decision and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from assessor_desk.domain.assessment import Value
from assessor_desk.domain.case import CaseState
from assessor_desk.domain.criterion import Criterion
from assessor_desk.domain.decision import Judgment, PartName
from assessor_desk.domain.draft import readable
from assessor_desk.domain.ids import CriterionId, DecisionId, RoundId
from assessor_desk.domain.judgment import levels
from assessor_desk.domain.policy import AfterAttempts
from assessor_desk.domain.portfolio import Part
from assessor_desk.domain.program import Choice
from assessor_desk.domain.rubric import Outcome
from assessor_desk.errors import RuleError
from assessor_desk.hub import decisions, tables
from assessor_desk.hub.attempts import another_is_left
from assessor_desk.hub.cases import Case
from assessor_desk.hub.release import standing_sign_off
from assessor_desk.letters.letter import CriterionFeedback, FeedbackLetter

_OUT = (CaseState.RELEASED, CaseState.INCOMPLETE, CaseState.APPEALED, CaseState.SUPERSEDED)
_RESULT = {
    Outcome.EARNED: "You have earned this {term}. Congratulations.",
    Outcome.NOT_YET_EARNED: "You have not yet earned this {term}. What to revise stands below.",
    Outcome.INCOMPLETE: "Your portfolio could not be judged yet, because something is missing. It costs no attempt.",
}


def letter_of(connection: Connection, round_id: RoundId) -> FeedbackLetter:
    """Return the letter of a round, or raise that it has not been released."""
    case = Case.read(connection, round_id)
    result = _result(connection, case)
    if case.state not in _OUT or result is None:
        raise RuleError(
            f"The letter for {case.portfolio.code} has not been released: the case is {case.state}.",
            next="It is there once an approver has signed and the program's delay is over.",
        )
    judged = decisions.judgment_of(decisions.parts_of(connection, result.decision))
    blocks = _texts(judged.get(PartName.LETTER))
    shared = case.micro_credential
    return FeedbackLetter(
        program=shared.program.title,
        micro_credential=shared.title,
        recipient=_recipient(connection, case),
        portfolio=case.portfolio.code,
        round=case.round.number,
        outcome=result.outcome,
        signed_on=_day(case, result),
        result=_RESULT[result.outcome].format(term=shared.program.term),
        opening=blocks.get("opening", ""),
        criteria=tuple(_criteria(case, judged)),
        closing=blocks.get("closing", ""),
        what_next=_what_next(connection, case, result.outcome),
        verification=f"Decision {result.decision}, SHA-256 {result.sha256[:16]}…",
        organization=_organization(connection, case),
        kind=shared.program.term.capitalize(),
        team=case.portfolio.team_of > 1,
    )


@dataclass(frozen=True, slots=True)
class _Result:
    decision: DecisionId
    outcome: Outcome
    sha256: str
    at: datetime


def _result(connection: Connection, case: Case) -> _Result | None:
    """Return the signed decision, or the one that needs no approver because it is incomplete."""
    if sign_off := standing_sign_off(connection, case.round.id):
        outcome = Outcome(sign_off.outcome)
        return _Result(DecisionId(sign_off.decision), outcome, sign_off.decision_sha256, sign_off.received_at)
    alone = case.standing(Part.FIRST)
    if alone is None or alone.outcome is not Outcome.INCOMPLETE:
        return None
    return _Result(alone.id, alone.outcome, alone.sha256, alone.received_at)


def _criteria(case: Case, judged: Judgment) -> Iterator[CriterionFeedback]:
    given = levels(judged)
    return (_criterion(case, each, judged) for each in case.micro_credential.rubric.criteria if each.id in given)


def _criterion(case: Case, criterion: Criterion, judged: Judgment) -> CriterionFeedback:
    level = levels(judged)[criterion.id]
    said = _members(judged.get(PartName.FEEDBACK)).get(criterion.id)
    texts = _texts(said)
    return CriterionFeedback(
        title=criterion.name,
        level=criterion.level(level).name,
        met=criterion.meets(level),
        strength=texts.get("strength", ""),
        revise=texts.get("revise", ""),
        deepen=texts.get("deepen", ""),
        places=_places(case, criterion.id, judged),
        needed=criterion.required_in_words,
        group=next((group.title for group in case.micro_credential.rubric.groups if group.id == criterion.group), ""),
    )


def _places(case: Case, criterion: CriterionId, judged: Judgment) -> tuple[str, ...]:
    titles = {artifact.sha256: artifact.title for artifact in case.round.artifacts}
    found = map(readable, _members(judged.get(PartName.EVIDENCE)).values())
    mine = [each for each in found if each and each.criterion == criterion and each.artifact in titles]
    return tuple(dict.fromkeys(each.named(titles[each.artifact]) for each in mine))


def _recipient(connection: Connection, case: Case) -> str:
    query = (
        select(tables.participant.c.name)
        .where(tables.participant.c.portfolio == case.portfolio.id)
        .order_by(tables.participant.c.name)
    )
    names = ", ".join(connection.execute(query).scalars()) or case.portfolio.code
    return f"{case.team} ({names})" if case.team else names


def _organization(connection: Connection, case: Case) -> str:
    if case.organization is None:
        return ""
    organization = tables.organization
    return str(
        connection.execute(select(organization.c.name).where(organization.c.id == case.organization)).scalar_one()
    )


def _day(case: Case, result: _Result) -> date:
    """Return the day of signing where the program is: it decides the fiscal year that credit counts for."""
    return result.at.astimezone(case.policy.clock.zone).date()


def _what_next(connection: Connection, case: Case, outcome: Outcome) -> tuple[str, ...]:
    if outcome is Outcome.EARNED:
        credit = case.micro_credential.credit
        kinds = _JOINED[credit.choose].join(f"{each.amount} ({each.title})" for each in credit.kinds)
        return (f"This {case.micro_credential.program.term} is worth {kinds}.",) if kinds else ()
    if outcome is Outcome.INCOMPLETE or another_is_left(connection, case):
        return (f"You can hand in round {case.round.number + 1} as soon as you are ready.",)
    return (_AFTER[case.policy.attempts.then],)


_JOINED = {Choice.ONE: " or ", Choice.ALL: " and "}
_AFTER = {
    AfterAttempts.COACH: "Before another round, please meet with a coach; your program office arranges it.",
    AfterAttempts.STAFF: "Before another round, please write to your program office.",
    AfterAttempts.CLOSED: "This was the last round that the program allows.",
}


def _members(value: Value | None) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _texts(value: Value | None) -> dict[str, str]:
    return {name: text for name, text in _members(value).items() if isinstance(text, str)}
