"""Judging: every change is an edit, kept and sealed for the hub in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessor_desk.domain.assessment import Assessment, Edit, Value
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssessmentId, AssignmentId, CriterionId, EditId
from assessor_desk.domain.portfolio import Assignment, AssignmentState, Part
from assessor_desk.domain.rubric import Rubric
from assessor_desk.errors import AssessmentClosedError, RuleError
from assessor_desk.operations.workplace import Changes, Workplace, work_of
from assessor_desk.seals.canonical import canonical
from assessor_desk.store.deeds import Outgoing
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DeedKind
from assessor_desk.wire.records import EditBody, SealedEdit

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Change:
    """What a field is to hold from now on; `None` clears it."""

    field: Field
    value: Value


def record(workplace: Workplace, assignment: AssignmentId, changes: Iterable[Change]) -> Changes:
    """Record changes to an assessment together; one that changes nothing makes no edit."""
    with workplace.store.transaction() as tx:
        work = work_of(tx, assignment)
        require_open(tx, work.assignment)
        before = tx.journal.assessment(work.assessment)
        wanted = [change for change in changes if _alters(before, change)]
        for change in wanted:
            _require_level(work.micro_credential.rubric, change)
            edit = _edit(workplace, work.assessment, before, change)
            tx.journal.append(edit, sealed_deed(workplace, edit))
    return Changes(frozenset({work.assessment}) if wanted else frozenset(), len(wanted))


def require_open(tx: Transaction, assignment: Assignment) -> None:
    """Refuse to change what is closed; the draft stays as it is."""
    if assignment.part is Part.APPROVER:
        raise RuleError("An approver signs or returns, and never scores.")
    if not assignment.state.open:
        raise AssessmentClosedError(
            _CLOSED.get(assignment.state, f"This assessment is closed: {assignment.state}."),
            safe="Your draft is kept on this laptop.",
        )
    if any(each.deed.kind == DeedKind.DECISION for each in tx.outbox.unsent() if _is_of(each.deed, assignment)):
        raise AssessmentClosedError(
            "You have signed a decision that waits to be sent.",
            safe="It is kept on this laptop.",
            next="Recall it first if you want to change something.",
        )


_CLOSED = {
    AssignmentState.WITHDRAWN: "This portfolio was given to someone else.",
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


def _is_of(deed: Outgoing, assignment: Assignment) -> bool:
    return deed.assessment == AssessmentId(assignment.id)


def _alters(before: Assessment, change: Change) -> bool:
    settled = before.fields.get(change.field)
    if settled is None:
        return change.value is not None
    return settled.in_conflict or settled.value != change.value


def _require_level(rubric: Rubric, change: Change) -> None:
    """Refuse a level that the rubric does not have."""
    if change.field.kind == "score" and isinstance(change.value, int):
        rubric.criterion(CriterionId(change.field.names[0])).level(change.value)


def _edit(workplace: Workplace, assessment: AssessmentId, before: Assessment, change: Change) -> Edit:
    return Edit(
        id=EditId(workplace.new_id()),
        assessment=assessment,
        field=change.field,
        value=change.value,
        parents=before.parents(change.field),
        device=workplace.member.device,
        claimed_at=workplace.now(),
    )
