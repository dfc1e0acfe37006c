"""Stepping back from a portfolio that one should not judge."""

from assessor_desk.domain.ids import AssessmentId, AssignmentId
from assessor_desk.domain.portfolio import Assignment
from assessor_desk.errors import NotReadyError, RuleError
from assessor_desk.operations.assessing import require_handed, waits
from assessor_desk.operations.workplace import Workplace, assignment_of
from assessor_desk.store.activity import Happening
from assessor_desk.store.deeds import Outgoing
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import ConflictOfInterest, DeedKind

SCHEMA = 1


def decline(workplace: Workplace, assignment: AssignmentId, reason: str) -> Assignment:
    """Declare a conflict of interest, as an assessor or as an approver; the hub gives the portfolio to someone else."""
    if not reason.strip():
        raise NotReadyError("A conflict of interest needs a reason.", next="Say in a few words what it is.")
    with workplace.store.transaction() as tx:
        known = assignment_of(tx, assignment)
        require_handed(known)
        _require_nothing_waits(tx, known)
        body = codec.to_bytes(ConflictOfInterest(assignment, reason.strip()))
        about = AssessmentId(assignment)
        tx.outbox.add(Outgoing(workplace.new_id(), DeedKind.CONFLICT_OF_INTEREST, SCHEMA, body, about), workplace.now())
        words = f"You declared a conflict of interest on {known.portfolio.code}. It waits to be sent."
        tx.activity.say(Happening(workplace.now(), "conflict-of-interest", words, about))
    return known


def _require_nothing_waits(tx: Transaction, assignment: Assignment) -> None:
    if waits(tx, assignment, DeedKind.CONFLICT_OF_INTEREST):
        raise RuleError("You declared a conflict of interest already; it waits to be sent.")
    if waits(tx, assignment, DeedKind.DECISION, DeedKind.SIGN_OFF):
        raise RuleError(
            "What you signed on this portfolio waits to be sent.",
            next="Take it back with `assessor-desk recall`, then decline.",
        )
