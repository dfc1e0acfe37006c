"""Taking sign-offs: an approver's signature or return, and what the people concerned are told."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, select

from assessor_desk.domain.case import CaseEvent
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.decision import SignOff, Verdict
from assessor_desk.domain.ids import AssessmentId, DecisionId, PersonId, SignOffId
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.errors import AccessError, ConflictOfInterestError, DeviceRevokedError, RuleError, SignatureError
from assessor_desk.hub import acts, decisions, feed, tables, telling
from assessor_desk.hub.actors import Role
from assessor_desk.hub.cases import Case, Judged, move
from assessor_desk.hub.deeds import Desk
from assessor_desk.hub.interests import scorers
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionOpened
from assessor_desk.wire.records import DecisionState, RecordKind, SignOffRecord


def take_sign_off(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Take an approver's signature or return, or raise the sentence for which it is refused."""
    signed = codec.from_bytes(body, Signed)
    verify(signed, PublicKey(desk.actor.public_key), Purpose.SIGN_OFF)
    sign_off = codec.from_signed(signed.body, SignOff)
    case = Case.take(connection, sign_off.round)
    decision = _decision(case, sign_off.decision)
    _require_fit(case, desk, sign_off, decision)
    _require_approver(case, desk)
    _require_open(sign_off, decision)
    _keep(connection, desk, sign_off, signed)
    approves = sign_off.verdict is Verdict.APPROVE
    facts = Facts(outcome=decision.outcome, first_in=True, adjudicated=case.standing(Part.ADJUDICATOR) is not None)
    move(connection, case, CaseEvent.APPROVED if approves else CaseEvent.RETURNED, facts, desk.received_at)
    decisions.set_state(connection, case, decision, DecisionState.SIGNED if approves else DecisionState.RETURNED)
    _tell_assigned(connection, case, sign_off, decision)
    tell(connection, sign_off.id, concerned(case, decision))


def take_opened(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Note that an approver has opened a decision, so that its author can no longer ask it back."""
    told = codec.from_bytes(body, DecisionOpened)
    case = Case.take(connection, told.round)
    decision = _decision(case, told.decision)
    _require_approver(case, desk)
    table = tables.decision
    connection.execute(
        table.update().where(table.c.id == decision.id, table.c.opened_at.is_(None)).values(opened_at=desk.received_at)
    )


def concerned(case: Case, decision: Judged) -> tuple[PersonId, ...]:
    """Return who reads what approvers do with a decision: its author and the approvers."""
    author = case.given(decision.assignment)
    return tuple(each.person for each in (*((author,) if author else ()), *case.having(Part.APPROVER)))


def tell(connection: Connection, sign_off: SignOffId, people: Iterable[PersonId]) -> None:
    """Write a sign-off as it stands to the feeds of the people concerned."""
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


def _decision(case: Case, decision: DecisionId) -> Judged:
    found = case.decision(decision)
    if found is None:
        raise RuleError("The hub does not know the decision that this is about.")
    return found


def _require_fit(case: Case, desk: Desk, sign_off: SignOff, decision: Judged) -> None:
    named = (sign_off.hub, sign_off.portfolio, sign_off.approver, sign_off.device)
    if named != (desk.hub, case.portfolio.id, desk.actor.person, desk.actor.device):
        raise SignatureError("This sign-off was signed for another hub, case, person or laptop.")
    if sign_off.decision_sha256 != decision.sha256:
        raise SignatureError("This sign-off is about other content than the decision has.")


def _require_approver(case: Case, desk: Desk) -> None:
    if desk.actor.revoked:
        raise DeviceRevokedError("This laptop's key was ended, so what it signs off does not count.")
    if not desk.actor.is_(Role.APPROVER, case.portfolio.program):
        raise AccessError("Only an approver of the program signs off.")
    if desk.actor.person in scorers(case):
        raise ConflictOfInterestError(
            "You scored this round, and who scores does not sign off.", next="Another approver has it too."
        )
    if case.part_of(desk.actor.person, Part.APPROVER) is None:
        raise AccessError("This case was not given to you to sign off.", next="Ask the program office who has it.")


def _require_open(sign_off: SignOff, decision: Judged) -> None:
    if decision.state is not DecisionState.AWAITING:
        raise RuleError(
            f"This decision does not wait for a sign-off: it is {decision.state}.",
            safe="Your sign-off stays on your laptop.",
            next="Sync to see what became of it.",
        )
    if sign_off.verdict is Verdict.RETURN and not any(reason.text.strip() for reason in sign_off.reasons):
        raise RuleError("A decision goes back only with a reason.", next="Say what the assessor should look at.")


def _keep(connection: Connection, desk: Desk, sign_off: SignOff, signed: Signed) -> None:
    digest = sha256(signed.body)
    connection.execute(
        tables.sign_off.insert().values(
            id=sign_off.id,
            decision=sign_off.decision,
            device=desk.actor.device,
            verdict=sign_off.verdict.value,
            received_at=desk.received_at,
            sha256=digest,
            body=signed.body,
            signature=signed.signature,
        )
    )
    acts.record(connection, acts.ActKind.SIGN_OFF, sign_off.id, digest, desk.received_at, desk.actor.device)


def _tell_assigned(connection: Connection, case: Case, sign_off: SignOff, decision: Judged) -> None:
    """Tell the people on the case how it stands; a return opens its author's assessment again with the reasons."""
    returned = sign_off.verdict is Verdict.RETURN
    for given in case.having(*Part):
        if returned and given.id == decision.assignment:
            reasons = " ".join(reason.text for reason in sign_off.reasons)
            telling.set_state(connection, case, given, AssignmentState.RETURNED, reasons)
        elif given.state is not AssignmentState.DONE and (given.part is Part.APPROVER or not returned):
            telling.set_state(connection, case, given, AssignmentState.DONE)
