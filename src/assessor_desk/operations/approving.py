"""Signing decisions off: what waits, whether its signature holds, and the approver's own signed act."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assessor_desk.domain.decision import Judgment, Manifest, PartName, Reason, SignOff, Verdict
from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.ids import AssessmentId, DecisionId, DeviceId, Digest, RoundId, SignOffId
from assessor_desk.domain.portfolio import Assignment, Part
from assessor_desk.errors import InputError, NotReadyError, RuleError, SignatureError
from assessor_desk.operations.workplace import Workplace, assignment_of
from assessor_desk.seals.digests import sha256, verify_part
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.store import membership
from assessor_desk.store.activity import Happening
from assessor_desk.store.deeds import Outgoing
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DeedKind
from assessor_desk.wire.records import DecisionRecord, DecisionState, RecordKind

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision as an approver sees it: whose, what was decided, and the content that was signed."""

    record: DecisionRecord
    manifest: Manifest
    assignment: Assignment
    assessor_name: str

    @property
    def judgment(self) -> Judgment:
        """Return the content of the decision, part by part."""
        held = {part.name: part.value for part in self.record.parts}
        return codec.from_json(held, dict[PartName, Any])


def waiting(tx: Transaction) -> tuple[Approval, ...]:
    """Return the decisions that wait for this approver, each with a signature that holds; the nearest due first."""
    mine = _mine(tx)
    found = []
    for _, body in tx.records.of_kind(RecordKind.DECISION):
        record = codec.from_bytes(body, DecisionRecord)
        manifest = codec.from_signed(record.signed.body, Manifest)
        if record.state is DecisionState.AWAITING and manifest.round in mine:
            found.append(_approval(tx, record, manifest, mine[manifest.round]))
    return tuple(sorted(found, key=lambda each: (each.assignment.due_at, each.record.id)))


def _mine(tx: Transaction) -> dict[RoundId, Assignment]:
    """Return the rounds that this approver may sign, without those whose sign-off waits to be sent."""
    rows = (row for row in tx.queue.rows() if row.part is Part.APPROVER and row.state.open)
    assignments = (assignment_of(tx, row.id) for row in rows)
    return {each.round.id: each for each in assignments}


def find(tx: Transaction, decision: str) -> Approval:
    """Return one decision that waits, by its id, the beginning of its id, or its portfolio's code."""
    fitting = [
        each
        for each in waiting(tx)
        if each.record.id.startswith(decision) or each.assignment.portfolio.code == decision.upper()
    ]
    if len(fitting) != 1:
        what = "No decision that waits for you" if not fitting else "More than one decision"
        raise InputError(f"{what} is called “{decision}”.", next="Look at the list with `approvals`.")
    return fitting[0]


def sign_off(workplace: Workplace, decision: DecisionId, verdict: Verdict, reasons: Sequence[Reason] = ()) -> SignOffId:
    """Sign a decision off or return it with reasons; offline it waits to be sent like a decision."""
    if verdict is Verdict.RETURN and not any(reason.text.strip() for reason in reasons):
        raise NotReadyError("A decision goes back only with a reason.", next="Say what the assessor should look at.")
    with workplace.store.transaction() as tx:
        approval = find(tx, decision)
        if approval.manifest.assessor == workplace.member.person:
            raise RuleError("You scored this round, and who scores does not sign off.")
        body = _body(workplace, tx, approval, verdict, tuple(reasons))
        signed = workplace.keys.signing.sign(Purpose.SIGN_OFF, codec.to_members(body))
        assessment = approval.assignment.id
        deed = Outgoing(body.id, DeedKind.SIGN_OFF, SCHEMA, codec.to_bytes(signed), AssessmentId(assessment))
        tx.outbox.add(deed, workplace.now())
        did = "signed off" if verdict is Verdict.APPROVE else "returned"
        words = f"You {did} the decision on {approval.assignment.portfolio.code}. It waits to be sent."
        tx.activity.say(Happening(workplace.now(), "sign-off", words, AssessmentId(assessment)))
    return body.id


def signer(tx: Transaction, device: DeviceId) -> DeviceEntry:
    """Return the directory's entry of a device, vouched for by the hub that this laptop was paired with."""
    body = tx.records.body(RecordKind.DEVICE, device)
    if body is None:
        raise SignatureError("The hub has not told this laptop whose key signed this.", next="Sync, then look again.")
    signed = codec.from_bytes(body, Signed)
    verify(signed, membership.known(tx.meta).identity, Purpose.DIRECTORY)
    return codec.from_signed(signed.body, DeviceEntry)


def _approval(tx: Transaction, record: DecisionRecord, manifest: Manifest, assignment: Assignment) -> Approval:
    entry = signer(tx, manifest.device)
    verify(record.signed, PublicKey(entry.public_key), Purpose.DECISION)
    if entry.person != manifest.assessor:
        raise SignatureError("This decision was signed on a laptop that is not its assessor's.")
    for part in record.parts:
        verify_part(part, manifest.parts[PartName(part.name)])
    return Approval(record, manifest, assignment, entry.person_name)


def _body(
    workplace: Workplace, tx: Transaction, approval: Approval, verdict: Verdict, reasons: tuple[Reason, ...]
) -> SignOff:
    return SignOff(
        id=SignOffId(workplace.new_id()),
        hub=workplace.member.hub,
        portfolio=approval.manifest.portfolio,
        round=approval.manifest.round,
        decision=approval.record.id,
        decision_sha256=Digest(sha256(approval.record.signed.body)),
        approver=workplace.member.person,
        device=workplace.member.device,
        verdict=verdict,
        claimed_at=workplace.now(),
        reasons=reasons,
        hub_seen_at=tx.meta.position().hub_time,
    )
