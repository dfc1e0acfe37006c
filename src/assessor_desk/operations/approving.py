"""Signing decisions off: an approver opens one, and signs or returns it with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from assessor_desk.domain.decision import Reason, SignOff, Verdict
from assessor_desk.domain.ids import AssessmentId, DecisionId, Digest, SignOffId
from assessor_desk.errors import ConflictOfInterestError, InputError, NotReadyError, SignatureError
from assessor_desk.operations.approvals import Approval, find
from assessor_desk.operations.wording import clock_note
from assessor_desk.operations.workplace import Workplace, rubric_of
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.signatures import Purpose
from assessor_desk.store.activity import Happening
from assessor_desk.store.deeds import Outgoing
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionOpened, DeedKind

SCHEMA = 1
LETTER = "letter"
LONGEST_REASON = 400
_OPENED = UUID("f0c7a3de-6d0e-5c1b-8f43-1f6f1d7a2b90")


def open_decision(workplace: Workplace, decision: str) -> Approval:
    """Return a decision to be read, and tell the hub that it was opened: its author can no longer ask it back."""
    with workplace.store.transaction() as tx:
        approval = find(tx, decision)
        id, about = approval.record.id, AssessmentId(approval.assignment.id)
        key = str(uuid5(_OPENED, f"{id}/{workplace.member.device}"))
        body = codec.to_bytes(DecisionOpened(id, approval.manifest.round))
        tx.outbox.add(Outgoing(key, DeedKind.OPENED, SCHEMA, body, about), workplace.now())
    return approval


@dataclass(frozen=True, slots=True)
class SignedOff:
    """A sign-off that waits to be sent; `clock` is a sentence when this laptop's clock cannot be right."""

    id: SignOffId
    decision: DecisionId
    verdict: Verdict
    clock: str


def sign_off(workplace: Workplace, decision: str, verdict: Verdict, reasons: Sequence[str] = ()) -> SignedOff:
    """Sign a decision off or return it with reasons; offline it waits to be sent like a decision.

    A reason is a text that may begin with `CRITERION:` or `letter:`, which says what it is about.
    """
    with workplace.store.transaction() as tx:
        approval = find(tx, decision)
        _require_fit(workplace, approval)
        told = tuple(_reason(tx, approval, text) for text in reasons)
        if verdict is Verdict.RETURN and not told:
            raise NotReadyError("A decision goes back only with a reason.", next="Say what the assessor should see.")
        body = _body(workplace, tx, approval, verdict, told)
        signed = workplace.keys.signing.sign(Purpose.SIGN_OFF, codec.to_members(body))
        about = AssessmentId(approval.assignment.id)
        tx.outbox.add(Outgoing(body.id, DeedKind.SIGN_OFF, SCHEMA, codec.to_bytes(signed), about), body.claimed_at)
        did = "signed off" if verdict is Verdict.APPROVE else "returned"
        words = f"You {did} the decision on {approval.assignment.portfolio.code}. It waits to be sent."
        tx.activity.say(Happening(body.claimed_at, "sign-off", words, about))
    return SignedOff(body.id, body.decision, verdict, clock_note(body.claimed_at, body.hub_seen_at))


def _require_fit(workplace: Workplace, approval: Approval) -> None:
    if approval.fault:
        raise SignatureError(approval.fault, next="Do not sign it; tell the program office.")
    if approval.manifest.assessor == workplace.member.person:
        raise ConflictOfInterestError("You scored this round, and who scores does not sign off.")


def _reason(tx: Transaction, approval: Approval, text: str) -> Reason:
    about, colon, why = (part.strip() for part in text.partition(":"))
    if not colon or " " in about:
        about, why = LETTER, text.strip()
    known = [criterion.id for criterion in rubric_of(tx, approval.assignment.portfolio.rubric).rubric.criteria]
    if about not in (*known, LETTER):
        raise InputError(
            f"“{about}:” at the start of a reason names no criterion.",
            next=f"Begin with one of {', '.join(known)} or {LETTER}, or with a word that has no colon.",
        )
    if not why or len(why) > LONGEST_REASON:
        raise InputError(f"The reason on {about} has {len(why)} signs.", next=f"Write 1 to {LONGEST_REASON}.")
    return Reason(about, why)


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
