"""Taking sign-offs: an approver's signature or return, its withdrawal, and what the people concerned are told."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from assessor_desk.domain.case import CaseEvent
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.decision import SignOff, Verdict, Withdrawal
from assessor_desk.domain.ids import AssessmentId, AssignmentId, DecisionId, PersonId, RoundId, SignOffId
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.domain.rubric import Outcome
from assessor_desk.errors import ConflictOfInterestError, RuleError, SignatureError
from assessor_desk.hub import acts, assignment, feed, judging, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.cases import Case, move
from assessor_desk.hub.deeds import Desk
from assessor_desk.hub.release import release_at
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionState, RecordKind, SignOffRecord

_NOT_OPEN = "This decision does not wait for a sign-off: {}."


def take_sign_off(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Take an approver's signature or return, or raise the sentence for which it is refused."""
    signed = codec.from_bytes(body, Signed)
    verify(signed, PublicKey(desk.actor.public_key), Purpose.SIGN_OFF)
    sign_off = codec.from_signed(signed.body, SignOff)
    decision = _decision(connection, sign_off.decision)
    case = Case.load(connection, RoundId(decision.round))
    _require_fit(connection, case, desk, sign_off, decision)
    _keep(connection, desk, sign_off, signed)
    approves = sign_off.verdict is Verdict.APPROVE
    event = CaseEvent.APPROVED if approves else CaseEvent.RETURNED
    facts = Facts(outcome=Outcome(decision.outcome), first_in=True, adjudicated=_by_adjudicator(case, decision))
    move(connection, case, event, facts, desk.received_at)
    state = DecisionState.SIGNED if approves else DecisionState.RETURNED
    judging.set_decision_state(connection, DecisionId(decision.id), state)
    _tell_all(connection, case, sign_off, decision)
    acts.record(
        connection, acts.ActKind.SIGN_OFF, sign_off.id, sha256(signed.body), desk.received_at, desk.actor.device
    )


def take_withdrawal(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Take back a sign-off within the program's delay, or a decision that no approver has opened."""
    signed = codec.from_bytes(body, Signed)
    verify(signed, PublicKey(desk.actor.public_key), Purpose.WITHDRAWAL)
    withdrawal = codec.from_signed(signed.body, Withdrawal)
    if (withdrawal.hub, withdrawal.person, withdrawal.device) != (desk.hub, desk.actor.person, desk.actor.device):
        raise SignatureError("This was signed for another hub, person or laptop.")
    if decision := _own_decision(connection, desk, withdrawal):
        _recall(connection, desk, decision)
    else:
        _withdraw_sign_off(connection, desk, withdrawal)


def _decision(connection: Connection, decision: DecisionId) -> Row[Any]:
    row = connection.execute(
        select(tables.decision).where(tables.decision.c.id == decision).with_for_update()
    ).one_or_none()
    if row is None:
        raise RuleError("The hub does not know the decision that this sign-off is about.")
    return row


def _require_fit(connection: Connection, case: Case, desk: Desk, sign_off: SignOff, decision: Row[Any]) -> None:
    named = (sign_off.hub, sign_off.portfolio, sign_off.round, sign_off.approver, sign_off.device)
    meant = (desk.hub, case.portfolio.id, case.round.id, desk.actor.person, desk.actor.device)
    if named != meant:
        raise SignatureError("This sign-off was signed for another hub, case, round, person or laptop.")
    if desk.actor.revoked:
        raise RuleError("This laptop's key was ended, so the sign-off does not count.")
    if not desk.actor.is_(Role.APPROVER, case.portfolio.program):
        raise RuleError("Only an approver of the program signs off.")
    if desk.actor.person in assignment.interests(connection, case).scored_by:
        raise ConflictOfInterestError(
            "You scored this round, and who scores does not sign off.", next="Another approver has it too."
        )
    if sign_off.decision_sha256 != decision.sha256:
        raise SignatureError("This sign-off is about other content than the decision has.")
    if decision.state != DecisionState.AWAITING.value:
        raise RuleError(
            _NOT_OPEN.format(decision.state), safe="Your sign-off stays on your laptop.", next="Sync to see who signed."
        )


def _keep(connection: Connection, desk: Desk, sign_off: SignOff, signed: Signed) -> None:
    connection.execute(
        tables.sign_off.insert().values(
            id=sign_off.id,
            decision=sign_off.decision,
            device=desk.actor.device,
            verdict=sign_off.verdict.value,
            received_at=desk.received_at,
            sha256=sha256(signed.body),
            body=signed.body,
            signature=signed.signature,
        )
    )


def _tell_all(connection: Connection, case: Case, sign_off: SignOff, decision: Row[Any]) -> None:
    """Tell the assessors and approvers; a return opens its author's assessment again with the reasons."""
    returned = sign_off.verdict is Verdict.RETURN
    for row in case.assignments:
        if row.state == AssignmentState.WITHDRAWN.value:
            continue
        if returned and row.id == decision.assignment:
            reasons = " ".join(reason.text for reason in sign_off.reasons)
            assignment.set_state(connection, AssignmentId(row.id), AssignmentState.RETURNED, reasons)
        elif row.part == Part.APPROVER.value or not returned:
            assignment.set_state(connection, AssignmentId(row.id), AssignmentState.DONE)
    _write(connection, SignOffId(sign_off.id), _concerned(case, decision))


def _concerned(case: Case, decision: Row[Any]) -> tuple[PersonId, ...]:
    """Return the decision's author and the approvers."""
    return tuple(
        PersonId(row.person)
        for row in case.assignments
        if row.id == decision.assignment or row.part == Part.APPROVER.value
    )


def _write(connection: Connection, sign_off: SignOffId, people: tuple[PersonId, ...]) -> None:
    query = (
        select(tables.sign_off, tables.device.c.key_id, tables.decision.c.assignment)
        .join(tables.device, tables.device.c.id == tables.sign_off.c.device)
        .join(tables.decision, tables.decision.c.id == tables.sign_off.c.decision)
        .where(tables.sign_off.c.id == sign_off)
    )
    row = connection.execute(query).one()
    record = SignOffRecord(
        id=sign_off,
        decision=DecisionId(row.decision),
        assessment=AssessmentId(row.assignment),
        signed=Signed(row.body, row.key_id, row.signature),
        received_at=row.received_at,
        withdrawn=row.withdrawn_at is not None,
    )
    feed.write(connection, people, RecordKind.SIGN_OFF, sign_off, codec.to_bytes(record))


def _by_adjudicator(case: Case, decision: Row[Any]) -> bool:
    row = case.assignment(decision.assignment)
    return row is not None and row.part == Part.ADJUDICATOR.value


def _own_decision(connection: Connection, desk: Desk, withdrawal: Withdrawal) -> Row[Any] | None:
    return connection.execute(
        select(tables.decision)
        .join(tables.assignment, tables.assignment.c.id == tables.decision.c.assignment)
        .where(tables.decision.c.id == withdrawal.withdraws, tables.assignment.c.person == desk.actor.person)
    ).one_or_none()


def _recall(connection: Connection, desk: Desk, decision: Row[Any]) -> None:
    if decision.state != DecisionState.AWAITING.value:
        raise RuleError(f"This decision can no longer be asked back: it is {decision.state}.")
    case = Case.load(connection, RoundId(decision.round))
    facts = Facts(
        outcome=Outcome(decision.outcome),
        first_in=True,
        second_in=case.standing_decision(Part.SECOND) is not None,
        opened_by_approver=decision.opened_at is not None,
        adjudicated=case.standing_decision(Part.ADJUDICATOR) is not None,
    )
    move(connection, case, CaseEvent.RECALLED, facts, desk.received_at)
    judging.set_decision_state(connection, DecisionId(decision.id), DecisionState.RECALLED)
    assignment.set_state(connection, AssignmentId(decision.assignment), AssignmentState.TO_DO)
    for row in case.assignments:
        if row.part == Part.APPROVER.value:
            assignment.set_state(connection, AssignmentId(row.id), AssignmentState.DONE)
    acts.record(connection, acts.ActKind.RECALLED, decision.id, decision.sha256, desk.received_at, desk.actor.device)


def _withdraw_sign_off(connection: Connection, desk: Desk, withdrawal: Withdrawal) -> None:
    row = connection.execute(
        select(tables.sign_off)
        .join(tables.device, tables.device.c.id == tables.sign_off.c.device)
        .where(tables.sign_off.c.id == withdrawal.withdraws, tables.device.c.person == desk.actor.person)
    ).one_or_none()
    if row is None or row.withdrawn_at is not None or row.verdict != Verdict.APPROVE.value:
        raise RuleError("There is no sign-off of yours that can be taken back.")
    decision = _decision(connection, DecisionId(row.decision))
    case = Case.load(connection, RoundId(decision.round))
    delay_over = desk.received_at >= release_at(connection, case, row)
    move(connection, case, CaseEvent.SIGN_OFF_WITHDRAWN, Facts(delay_over=delay_over), desk.received_at)
    connection.execute(
        tables.sign_off.update().where(tables.sign_off.c.id == row.id).values(withdrawn_at=desk.received_at)
    )
    judging.set_decision_state(connection, DecisionId(decision.id), DecisionState.AWAITING)
    reopened = Case.load(connection, case.round.id)
    for each in assignment.hand_to_approvers(connection, reopened, desk.received_at):
        judging.show(connection, DecisionId(decision.id), (each,))
    _write(connection, SignOffId(row.id), _concerned(case, decision))
    acts.record(connection, acts.ActKind.SIGN_OFF_WITHDRAWN, row.id, row.sha256, desk.received_at, desk.actor.device)
