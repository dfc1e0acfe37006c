"""The life of a case: one round from intake to release, as a table of what may follow what."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assessor_desk.domain import case_guards as guard
from assessor_desk.domain.case_guards import Facts, Guard
from assessor_desk.errors import TransitionError


class CaseState(StrEnum):
    """How a case stands, in the words that people see."""

    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    ASSESSING = "assessing"
    SECOND_SCORING = "second scoring"
    ADJUDICATING = "adjudicating"
    AWAITING_SIGN_OFF = "awaiting sign-off"
    SIGNED = "signed"
    RELEASED = "released"
    APPEALED = "appealed"
    SUPERSEDED = "superseded"


class CaseEvent(StrEnum):
    """What can happen to a case.

    Giving it to a second assessor, an adjudicator or an approver changes no state, so it is no event here.
    """

    INTAKE = "intake"
    PRE_CHECK_PASSED = "completion check passed"
    ASSIGNED = "given to an assessor"
    UNASSIGNED = "taken from the assessor"
    DECIDED = "decision received"
    RECALLED = "decision asked back"
    APPROVED = "signed off"
    RETURNED = "returned with reasons"
    SECOND_SCORE_ASKED = "second score asked for"
    ADJUDICATION_ASKED = "sent to adjudication"
    SIGN_OFF_WITHDRAWN = "sign-off withdrawn"
    RELEASED = "released"
    APPEALED = "appealed"
    APPEAL_DISMISSED = "appeal dismissed"
    APPEAL_GRANTED = "appeal granted"
    NEXT_ROUND = "next round received"
    TAKEN_BACK = "taken back by the participant"


@dataclass(frozen=True, slots=True)
class Row:
    """One lawful step: in this state, on this event, if the guard holds, the case goes to `next`."""

    state: CaseState | None
    event: CaseEvent
    guard: Guard
    next: CaseState
    means: str


_S = CaseState
_E = CaseEvent

TABLE = (
    Row(None, _E.INTAKE, guard.always, _S.RECEIVED, "A round has arrived and keeps the rubric version of its day."),
    Row(
        _S.RECEIVED,
        _E.PRE_CHECK_PASSED,
        guard.checked_before_anyone_scores,
        _S.RECEIVED,
        "A pre-assessor found that everything is there and can be judged.",
    ),
    Row(
        _S.RECEIVED,
        _E.ASSIGNED,
        guard.ready_for_an_assessor,
        _S.ASSESSING,
        "The first assessor has it and the assessing clock runs.",
    ),
    Row(
        _S.RECEIVED,
        _E.DECIDED,
        guard.not_yet_checked & guard.incomplete & guard.incomplete_needs_no_approver,
        _S.INCOMPLETE,
        "A pre-assessor signed it as incomplete; it goes back as a whole and costs no attempt.",
    ),
    Row(
        _S.RECEIVED,
        _E.DECIDED,
        guard.not_yet_checked & guard.incomplete,
        _S.AWAITING_SIGN_OFF,
        "A pre-assessor signed it as incomplete and the program wants an approver to see that.",
    ),
    Row(
        _S.RECEIVED,
        _E.DECIDED,
        guard.first_missing,
        _S.RECEIVED,
        "The second assessor was done while a new first one is looked for; that decision stays sealed.",
    ),
    Row(
        _S.ASSESSING,
        _E.UNASSIGNED,
        guard.always,
        _S.RECEIVED,
        "The first assessor stepped back or staff gave it away; the draft stays with its author.",
    ),
    Row(
        _S.ASSESSING,
        _E.DECIDED,
        guard.first_missing,
        _S.ASSESSING,
        "The second assessor was done first; that decision stays sealed until the first is in.",
    ),
    Row(
        _S.ASSESSING,
        _E.DECIDED,
        guard.incomplete & guard.no_second_score & guard.incomplete_needs_no_approver,
        _S.INCOMPLETE,
        "The assessor signed it as incomplete, without scores; it goes back and costs no attempt.",
    ),
    Row(
        _S.ASSESSING,
        _E.DECIDED,
        guard.incomplete & guard.no_second_score,
        _S.AWAITING_SIGN_OFF,
        "The assessor signed it as incomplete and the program wants an approver to see that.",
    ),
    Row(
        _S.ASSESSING,
        _E.DECIDED,
        guard.decided & guard.first_in & guard.second_missing,
        _S.SECOND_SCORING,
        "The first decision stays sealed until a second assessor has decided too.",
    ),
    Row(
        _S.ASSESSING,
        _E.DECIDED,
        guard.decided & guard.outside_tolerance,
        _S.ADJUDICATING,
        "Both assessors are in and too far apart, so a third one judges.",
    ),
    Row(
        _S.ASSESSING,
        _E.DECIDED,
        guard.decided & guard.first_in,
        _S.AWAITING_SIGN_OFF,
        "The decision is with the approvers.",
    ),
    Row(
        _S.SECOND_SCORING,
        _E.DECIDED,
        guard.decided & guard.within_tolerance,
        _S.AWAITING_SIGN_OFF,
        "The second assessor agrees closely enough; the first one's decision and letter go on.",
    ),
    Row(
        _S.SECOND_SCORING,
        _E.DECIDED,
        guard.decided & guard.outside_tolerance,
        _S.ADJUDICATING,
        "The two assessors are too far apart, so a third one judges.",
    ),
    Row(
        _S.SECOND_SCORING,
        _E.RECALLED,
        guard.unopened,
        _S.ASSESSING,
        "The first assessor took the decision back before anyone could read it.",
    ),
    Row(
        _S.ADJUDICATING,
        _E.DECIDED,
        guard.decided & guard.adjudicated,
        _S.AWAITING_SIGN_OFF,
        "The adjudicator saw the evidence first, then scored; that decision goes on.",
    ),
    Row(
        _S.AWAITING_SIGN_OFF,
        _E.RECALLED,
        guard.unopened & guard.not_yet_checked,
        _S.RECEIVED,
        "The pre-assessor took the decision back before an approver opened it.",
    ),
    Row(
        _S.AWAITING_SIGN_OFF,
        _E.RECALLED,
        guard.unopened & guard.no_second_score & guard.not_adjudicated,
        _S.ASSESSING,
        "The assessor took the decision back before an approver opened it.",
    ),
    Row(
        _S.AWAITING_SIGN_OFF,
        _E.APPROVED,
        guard.approver_is_not_assessor,
        _S.SIGNED,
        "An approver signed; the program's delay runs before anything leaves.",
    ),
    Row(
        _S.AWAITING_SIGN_OFF,
        _E.RETURNED,
        guard.approver_is_not_assessor & guard.not_yet_checked,
        _S.RECEIVED,
        "An approver sent the pre-assessor's decision back with reasons.",
    ),
    Row(
        _S.AWAITING_SIGN_OFF,
        _E.RETURNED,
        guard.approver_is_not_assessor & guard.adjudicated,
        _S.ADJUDICATING,
        "An approver sent the adjudicator's decision back with reasons.",
    ),
    Row(
        _S.AWAITING_SIGN_OFF,
        _E.RETURNED,
        guard.approver_is_not_assessor,
        _S.ASSESSING,
        "An approver sent the decision back to its assessor with reasons.",
    ),
    Row(
        _S.AWAITING_SIGN_OFF,
        _E.SECOND_SCORE_ASKED,
        guard.approver_is_not_assessor & guard.first_in & guard.no_second_score & guard.not_adjudicated,
        _S.SECOND_SCORING,
        "An approver wants a second assessor's judgment before signing.",
    ),
    Row(
        _S.AWAITING_SIGN_OFF,
        _E.ADJUDICATION_ASKED,
        guard.approver_is_not_assessor & guard.first_in & guard.not_adjudicated,
        _S.ADJUDICATING,
        "An approver wants a third assessor to judge before signing.",
    ),
    Row(
        _S.SIGNED,
        _E.SIGN_OFF_WITHDRAWN,
        guard.delay_running,
        _S.AWAITING_SIGN_OFF,
        "The approver took the signature back within the program's delay.",
    ),
    Row(
        _S.SIGNED,
        _E.RELEASED,
        guard.delay_over & guard.not_incomplete,
        _S.RELEASED,
        "The participant has the result and the letter.",
    ),
    Row(
        _S.SIGNED,
        _E.RELEASED,
        guard.delay_over & guard.incomplete,
        _S.INCOMPLETE,
        "The participant reads what is missing; it costs no attempt.",
    ),
    Row(
        _S.RELEASED,
        _E.APPEALED,
        guard.appeal_window_open,
        _S.APPEALED,
        "The participant asked for another look within the window.",
    ),
    Row(_S.APPEALED, _E.APPEAL_DISMISSED, guard.always, _S.RELEASED, "The released decision stands."),
    Row(
        _S.APPEALED,
        _E.APPEAL_GRANTED,
        guard.always,
        _S.ADJUDICATING,
        "An assessor who has not judged it yet judges it anew.",
    ),
    Row(
        _S.RELEASED,
        _E.NEXT_ROUND,
        guard.not_yet_earned & guard.another_attempt,
        _S.SUPERSEDED,
        "A resubmission arrived and is the round that counts now.",
    ),
    Row(
        _S.INCOMPLETE,
        _E.NEXT_ROUND,
        guard.always,
        _S.SUPERSEDED,
        "What was missing came with a new round, which is the one that counts now.",
    ),
    *(
        Row(state, _E.TAKEN_BACK, guard.always, _S.SUPERSEDED, "The participant took it back; nothing more is decided.")
        for state in (_S.RECEIVED, _S.ASSESSING, _S.SECOND_SCORING, _S.ADJUDICATING, _S.AWAITING_SIGN_OFF)
    ),
)
"""Rows are read from the top: the first one of a state and an event whose guard holds is taken."""


def advance(state: CaseState | None, event: CaseEvent, facts: Facts) -> CaseState:
    """Return the state that follows; `None` is a case that is not there yet."""
    return step(state, event, facts).next


def step(state: CaseState | None, event: CaseEvent, facts: Facts) -> Row:
    """Return the row of the table that is taken, or raise a sentence that says what would be needed."""
    rows = [row for row in TABLE if row.state == state and row.event == event]
    for row in rows:
        if row.guard.holds(facts):
            return row
    raise TransitionError(_guarded(state, event, rows) if rows else _elsewhere(state, event))


def possible(state: CaseState | None, facts: Facts) -> tuple[CaseEvent, ...]:
    """Return the events that may happen now, in the table's order."""
    open_rows = (row for row in TABLE if row.state == state and row.guard.holds(facts))
    return tuple(dict.fromkeys(row.event for row in open_rows))


def _guarded(state: CaseState | None, event: CaseEvent, rows: Iterable[Row]) -> str:
    needs = ", or when ".join(row.guard.means for row in rows)
    return f"{_standing(state)} “{event}” is possible only when {needs}."


def _elsewhere(state: CaseState | None, event: CaseEvent) -> str:
    others = ", ".join(dict.fromkeys(f"“{row.state}”" for row in TABLE if row.event == event and row.state))
    where = f"possible only in {others}" if others else "possible only once, at the start"
    return f"{_standing(state)} “{event}” is {where}."


def _standing(state: CaseState | None) -> str:
    return f"This case is in the state “{state}”." if state else "This case is not there yet."
