"""The list of work: each portfolio with how far it is, the nearest due first."""

from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain import readiness
from assessor_desk.domain.ids import AssessmentId, AssignmentId
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.errors import StoreDamagedError
from assessor_desk.operations.differing import disputed
from assessor_desk.operations.workplace import Work, Workplace, work_of
from assessor_desk.store.queue import QueueRow
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire.deeds import DeedKind


@dataclass(frozen=True, slots=True)
class Listed:
    """One portfolio in the list of work."""

    code: str
    assignment: AssignmentId
    micro_credential: str
    title: str
    round: int
    part: Part
    state: AssignmentState
    due_at: datetime
    criteria_scored: int
    criteria: int
    artifacts_here: int
    artifacts: int
    two_versions: bool


def queue(workplace: Workplace) -> tuple[Listed, ...]:
    """Return the list of work."""
    with workplace.store.reading() as tx:
        unsent = tx.outbox.unsent()
        declined = {each.deed.assessment for each in unsent if each.deed.kind == DeedKind.CONFLICT_OF_INTEREST}
        split = {work.assignment.id for work in disputed(tx)}
        return tuple(
            _listed(tx, row, declined=AssessmentId(row.id) in declined, split=row.id in split)
            for row in tx.queue.rows()
        )


def _listed(tx: Transaction, row: QueueRow, *, declined: bool, split: bool) -> Listed:
    work = _work(tx, row)
    return Listed(
        code=row.code,
        assignment=row.id,
        micro_credential=row.micro_credential,
        title=work.micro_credential.title if work else row.micro_credential,
        round=row.round,
        part=row.part,
        state=AssignmentState.WAITING_TO_SEND if declined else _state(tx, row, work),
        due_at=row.due_at,
        criteria_scored=row.scored,
        criteria=len(work.micro_credential.rubric.criteria) if work else 0,
        artifacts_here=row.artifacts_here,
        artifacts=row.artifacts,
        two_versions=split,
    )


def _work(tx: Transaction, row: QueueRow) -> Work | None:
    """Return the work of a row; nothing while its rubric has not come, which must not hide the rest of the list."""
    try:
        return work_of(tx, row.id)
    except StoreDamagedError:
        return None


def _state(tx: Transaction, row: QueueRow, work: Work | None) -> AssignmentState:
    """Return the state as shown; whether a begun one is ready to submit follows from its draft."""
    if row.state is not AssignmentState.IN_PROGRESS or work is None:
        return row.state
    held = tx.journal.assessment(work.assessment)
    return readiness.status(row.state, held, work.micro_credential, work.assignment.round.artifacts)
