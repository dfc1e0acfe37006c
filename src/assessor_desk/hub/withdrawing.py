"""Taking back: a decision that no approver has opened, or a sign-off within the program's delay."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from assessor_desk.domain.case import CaseEvent
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.decision import Verdict, Withdrawal
from assessor_desk.domain.ids import DecisionId, SignOffId
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.errors import DeviceRevokedError, RuleError, SignatureError
from assessor_desk.hub import acts, assignment, decisions, signing, tables, telling
from assessor_desk.hub.cases import Case, Given, Judged, move
from assessor_desk.hub.deeds import Desk
from assessor_desk.hub.release import release_at
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionState


def take_withdrawal(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Take back a sign-off or a decision, or raise the sentence for which it can no longer be taken back."""
    signed = codec.from_bytes(body, Signed)
    verify(signed, PublicKey(desk.actor.public_key), Purpose.WITHDRAWAL)
    withdrawal = codec.from_signed(signed.body, Withdrawal)
    case = Case.take(connection, withdrawal.round)
    _require_fit(case, desk, withdrawal)
    decision = case.decision(DecisionId(withdrawal.withdraws))
    if decision is None:
        _withdraw_sign_off(connection, desk, case, SignOffId(withdrawal.withdraws))
    else:
        _recall(connection, desk, case, decision)


def _require_fit(case: Case, desk: Desk, withdrawal: Withdrawal) -> None:
    named = (withdrawal.hub, withdrawal.portfolio, withdrawal.person, withdrawal.device)
    if named != (desk.hub, case.portfolio.id, desk.actor.person, desk.actor.device):
        raise SignatureError("This was signed for another hub, case, person or laptop.")
    if desk.actor.revoked:
        raise DeviceRevokedError("This laptop's key was ended, so it can take nothing back.")


def _recall(connection: Connection, desk: Desk, case: Case, decision: Judged) -> None:
    given = _own(case, desk, decision)
    if decision.state not in (DecisionState.RECEIVED, DecisionState.AWAITING):
        raise RuleError(f"This decision can no longer be asked back: it is {decision.state}.")
    facts = Facts(
        outcome=decision.outcome,
        first_in=True,
        second_in=case.standing(Part.SECOND) is not None,
        opened_by_approver=decision.opened_at is not None,
        adjudicated=case.standing(Part.ADJUDICATOR) is not None,
    )
    move(connection, case, CaseEvent.RECALLED, facts, desk.received_at)
    decisions.set_state(connection, case, decision, DecisionState.RECALLED)
    telling.set_state(connection, case, given, AssignmentState.TO_DO)
    for approver in case.having(Part.APPROVER):
        telling.set_state(connection, case, approver, AssignmentState.DONE)
    acts.record(connection, acts.ActKind.RECALLED, decision.id, decision.sha256, desk.received_at, desk.actor.device)


def _own(case: Case, desk: Desk, decision: Judged) -> Given:
    given = case.given(decision.assignment)
    if given is None or given.person != desk.actor.person:
        raise RuleError("This decision is not yours to take back.")
    return given


def _withdraw_sign_off(connection: Connection, desk: Desk, case: Case, sign_off: SignOffId) -> None:
    row = _own_sign_off(connection, desk, case, sign_off)
    decision = case.decision(DecisionId(row.decision)) if row else None
    if row is None or decision is None or row.withdrawn_at is not None or row.verdict != Verdict.APPROVE.value:
        raise RuleError("There is no sign-off of yours on this case that can be taken back.")
    delay_over = desk.received_at >= release_at(connection, row.received_at, case.policy)
    move(connection, case, CaseEvent.SIGN_OFF_WITHDRAWN, Facts(delay_over=delay_over), desk.received_at)
    table = tables.sign_off
    connection.execute(table.update().where(table.c.id == sign_off).values(withdrawn_at=desk.received_at))
    case = decisions.set_state(connection, case, decision, DecisionState.AWAITING)
    for given in case.having(Part.FIRST, Part.SECOND, Part.ADJUDICATOR):
        telling.set_state(connection, case, given, AssignmentState.RECEIVED)
    approvers = assignment.hand_to_approvers(connection, case, desk.received_at)
    assignment.show_standing(connection, case, approvers)
    signing.tell(connection, sign_off, signing.concerned(case, decision))
    acts.record(connection, acts.ActKind.SIGN_OFF_WITHDRAWN, sign_off, row.sha256, desk.received_at, desk.actor.device)


def _own_sign_off(connection: Connection, desk: Desk, case: Case, sign_off: SignOffId) -> Row[Any] | None:
    of = tables.sign_off
    query = (
        select(of)
        .join(tables.device, tables.device.c.id == of.c.device)
        .where(
            of.c.id == sign_off,
            of.c.decision.in_([each.id for each in case.decisions]),
            tables.device.c.person == desk.actor.person,
        )
    )
    return connection.execute(query).one_or_none()
