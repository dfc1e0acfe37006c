"""Judging: every change is an edit, kept and sealed for the hub in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessor_desk.domain.assessment import Assessment, Edit, Value
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssessmentId, AssignmentId, CriterionId, EditId
from assessor_desk.domain.portfolio import Assignment, AssignmentState, Part
from assessor_desk.domain.rubric import Rubric
from assessor_desk.errors import AssessmentClosedError, RuleError
from assessor_desk.operations.workplace import Changes, Work, Workplace, work_of
from assessor_desk.seals.canonical import canonical
from assessor_desk.store.deeds import OutboxState, Outgoing
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DeedKind
from assessor_desk.wire.records import EditBody, SealedEdit

SCHEMA = 1
_UNSENT = frozenset({OutboxState.WAITING, OutboxState.SENDING})


@dataclass(frozen=True, slots=True)
class Change:
    """What a field is to hold from now on; `None` clears it."""

    field: Field
    value: Value


def record(workplace: Workplace, assignment: AssignmentId, changes: Iterable[Change]) -> Changes:
    """Record changes to an assessment together; one that changes nothing makes no edit."""
    with workplace.store.transaction() as tx:
        return recorded(workplace, tx, work_of(tx, assignment), changes)


def recorded(workplace: Workplace, tx: Transaction, work: Work, changes: Iterable[Change]) -> Changes:
    """Record changes in a transaction that is open, so that an edit's parents are the newest; of a field the last."""
    require_open(tx, work.assignment)
    held = tx.journal.assessment(work.assessment)
    wanted = {change.field: change for change in changes}
    altering = [change for change in wanted.values() if _alters(held, change)]
    for change in altering:
        _require_level(work.micro_credential.rubric, change)
        edit = _edit(workplace, work.assessment, held, change)
        tx.journal.append(edit, sealed_deed(workplace, edit))
    return Changes(frozenset({work.assessment}) if altering else frozenset(), len(altering))


def require_open(tx: Transaction, assignment: Assignment) -> None:
    """Refuse to change what is closed, at the hub or by a deed that waits here; the draft stays as it is."""
    if assignment.part is Part.APPROVER:
        raise RuleError("An approver signs or returns, and never scores.")
    require_handed(assignment)
    for kind, sentence in _CLOSED_BY.items():
        if waits(tx, assignment, kind):
            raise AssessmentClosedError(
                sentence, safe=_KEPT, next="Take it back with `assessor-desk recall` if you want to change something."
            )


def require_handed(assignment: Assignment) -> None:
    """Refuse what needs an assignment that is open, as the hub last told it."""
    if not assignment.state.open:
        why = f" {assignment.reason}" if assignment.reason else ""
        raise AssessmentClosedError(_CLOSED_AT_HUB[assignment.state] + why, safe=_KEPT)


def waits(tx: Transaction, assignment: Assignment, *kinds: DeedKind) -> bool:
    """Return whether a deed of one of these kinds about an assignment is not yet sent."""
    deeds = tx.outbox.of(AssessmentId(assignment.id))
    return any(each.deed.kind in kinds and each.state in _UNSENT for each in deeds)


_KEPT = "Your draft is kept on this laptop."
_CLOSED_BY = {
    DeedKind.DECISION: "You have signed a decision that waits to be sent.",
    DeedKind.CONFLICT_OF_INTEREST: "You have declared a conflict of interest, which waits to be sent.",
}
_CLOSED_AT_HUB = {
    AssignmentState.WITHDRAWN: "This portfolio is no longer with you.",
    AssignmentState.WAITING_TO_SEND: "Your decision waits to be sent.",
    AssignmentState.RECEIVED: "Your decision is with the hub.",
    AssignmentState.DONE: "This portfolio is done.",
}


def sealed_deed(workplace: Workplace, edit: Edit) -> Outgoing:
    """Return the deed that tells the hub of an edit without telling what it says."""
    inside = EditBody(str(edit.field), edit.value, tuple(sorted(edit.parents)), edit.claimed_at)
    bare = SealedEdit(workplace.member.hub, edit.assessment, edit.id, edit.device, b"")
    sealed = workplace.keys.sealing.seal_own(codec.to_bytes(inside), canonical(list(bare.associated())))
    body = SealedEdit(bare.hub, bare.assessment, bare.id, bare.device, sealed)
    return Outgoing(edit.id, DeedKind.EDIT, SCHEMA, codec.to_bytes(body), edit.assessment)


def _alters(held: Assessment, change: Change) -> bool:
    """Return whether a change says something new; it also does where it settles two versions."""
    settled = held.fields.get(change.field)
    if settled is None:
        return change.value is not None
    return settled.in_conflict or settled.value != change.value


def _require_level(rubric: Rubric, change: Change) -> None:
    """Refuse a level that the rubric does not have."""
    if change.field.kind == "score" and isinstance(change.value, int):
        rubric.criterion(CriterionId(change.field.names[0])).level(change.value)


def _edit(workplace: Workplace, assessment: AssessmentId, held: Assessment, change: Change) -> Edit:
    return Edit(
        id=EditId(workplace.new_id()),
        assessment=assessment,
        field=change.field,
        value=change.value,
        parents=held.parents(change.field),
        device=workplace.member.device,
        claimed_at=workplace.now(),
    )
