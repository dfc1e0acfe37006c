"""Taking back what one signed: here while it was never sent, afterwards by asking the hub."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessor_desk.domain.decision import Withdrawal
from assessor_desk.domain.ids import AssessmentId, AssignmentId, DecisionId, SignOffId
from assessor_desk.domain.portfolio import Assignment, AssignmentState, Part
from assessor_desk.errors import RuleError
from assessor_desk.operations.workplace import Workplace, assignment_of
from assessor_desk.seals.signatures import Purpose
from assessor_desk.store.activity import Happening
from assessor_desk.store.deeds import OutboxState, Outgoing, Waiting
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DeedKind

SCHEMA = 1

_NAMES: dict[str, str] = {
    DeedKind.DECISION: "decision",
    DeedKind.SIGN_OFF: "sign-off",
    DeedKind.CONFLICT_OF_INTEREST: "declared conflict of interest",
}
_STANDING = frozenset({OutboxState.WAITING, OutboxState.SENDING, OutboxState.SENT})


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was taken back; `asked` says that the hub was only asked for it."""

    what: str
    asked: bool
    words: str


def recall(workplace: Workplace, assignment: AssignmentId, reason: str) -> Recalled:
    """Take back the last thing that was signed on an assignment."""
    with workplace.store.transaction() as tx:
        known = assignment_of(tx, assignment)
        deeds = [each for each in tx.outbox.of(AssessmentId(assignment)) if each.state in _STANDING]
        signed = _last_signed(deeds)
        if signed.state is OutboxState.WAITING and signed.attempts == 0:
            tx.outbox.recall(signed.deed.key)
            done = _here(_NAMES[signed.deed.kind])
        else:
            _require_askable(known, signed, deeds[deeds.index(signed) :])
            tx.outbox.add(_asking(workplace, known, signed, reason), workplace.now())
            done = _asked(_NAMES[signed.deed.kind], known.part)
        words = f"{known.portfolio.code}: {done.words}"
        tx.activity.say(Happening(workplace.now(), "recall", words, AssessmentId(assignment)))
    return done


def _here(what: str) -> Recalled:
    return Recalled(what, False, f"The {what} is back on this laptop; nothing was sent.")


def _asked(what: str, part: Part) -> Recalled:
    until = "until the result leaves the hub" if part is Part.APPROVER else "until an approver has opened it"
    return Recalled(what, True, f"The hub is asked to give the {what} back at the next sync; that works {until}.")


def _last_signed(deeds: Sequence[Waiting]) -> Waiting:
    for each in reversed(deeds):
        if each.deed.kind in _NAMES:
            return each
    raise RuleError("There is nothing of yours on this laptop that could be taken back.")


def _require_askable(known: Assignment, signed: Waiting, since: Sequence[Waiting]) -> None:
    """Refuse to ask the hub for what it cannot give."""
    what = _NAMES[signed.deed.kind]
    if signed.deed.kind == DeedKind.CONFLICT_OF_INTEREST:
        raise RuleError(
            "The hub may know of your conflict of interest already.", next="Ask the program office for the portfolio."
        )
    if any(each.deed.kind == DeedKind.WITHDRAWAL for each in since):
        raise RuleError(f"The hub was asked for this {what} already.", next="Sync to see its answer.")
    if known.state is AssignmentState.RETURNED:
        raise RuleError(f"This {what} came back to you already.", next="Change what you like and sign again.")
    if known.state is AssignmentState.DONE and known.part is not Part.APPROVER:
        raise RuleError(f"This {what} was signed off and can no longer be taken back.")


def _asking(workplace: Workplace, known: Assignment, signed: Waiting, reason: str) -> Outgoing:
    member, key = workplace.member, signed.deed.key
    body = Withdrawal(
        hub=member.hub,
        portfolio=known.portfolio.id,
        round=known.round.id,
        withdraws=SignOffId(key) if signed.deed.kind == DeedKind.SIGN_OFF else DecisionId(key),
        person=member.person,
        device=member.device,
        reason=reason,
        claimed_at=workplace.now(),
    )
    told = codec.to_bytes(workplace.keys.signing.sign(Purpose.WITHDRAWAL, codec.to_members(body)))
    return Outgoing(workplace.new_id(), DeedKind.WITHDRAWAL, SCHEMA, told, AssessmentId(known.id))
