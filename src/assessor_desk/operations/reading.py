"""What is on this laptop, in plain values: the list of work, one portfolio, one decision."""

from collections.abc import Mapping
from typing import Any

from assessor_desk.domain import draft
from assessor_desk.domain.assessment import Assessment
from assessor_desk.domain.decision import PartName, SignOff
from assessor_desk.domain.evidence import Passage
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssignmentId, CriterionId, Digest
from assessor_desk.domain.judgment import levels
from assessor_desk.operations.approving import Approval
from assessor_desk.operations.deciding import standing
from assessor_desk.operations.workplace import Work, Workplace, work_of
from assessor_desk.store.queue import QueueRow
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.records import RecordKind, SignOffRecord


def queue(workplace: Workplace) -> list[dict[str, Any]]:
    """Return the list of work, the nearest due first."""
    with workplace.store.reading() as tx:
        return [_row(row) for row in tx.queue.rows()]


def portfolio(workplace: Workplace, assignment: AssignmentId) -> dict[str, Any]:
    """Return one portfolio: what was asked, its artifacts, and the assessment so far."""
    with workplace.store.reading() as tx:
        work = work_of(tx, assignment)
        held = tx.journal.assessment(work.assessment)
        how = standing(tx, work)
        here = {each.sha256: each.state.value for each in tx.artifacts.of(work.assignment.portfolio.id)}
        return {
            "code": work.assignment.portfolio.code,
            "assignment": work.assignment.id,
            "micro_credential": work.micro_credential.id,
            "title": work.micro_credential.title,
            "version": work.micro_credential.version,
            "round": work.assignment.round.number,
            "part": work.assignment.part.value,
            "state": work.assignment.state.value,
            "due_at": work.assignment.due_at.isoformat(),
            "reason": work.assignment.reason,
            "context_note": work.assignment.round.context_note,
            "rule": work.micro_credential.rubric.rule_in_words,
            "artifacts": _artifacts(work, here),
            "pointers": _pointers(work),
            "criteria": _criteria(work, held),
            "letter": draft.texts(held, "letter"),
            "outcome_so_far": how.drafted.outcome and how.drafted.outcome.value,
            "words": how.drafted.words,
            "open": [{"what": each.must.value, "sentence": each.sentence} for each in how.open],
            "conflicts": [_conflict(held, field) for field in held.conflicts],
            "returned": _returns(tx, work),
        }


def decision(approval: Approval) -> dict[str, Any]:
    """Return a decision that waits, as its approver reads it."""
    judged = approval.judgment
    return {
        "decision": approval.record.id,
        "code": approval.assignment.portfolio.code,
        "round": approval.assignment.round.number,
        "micro_credential": approval.manifest.rubric.micro_credential,
        "assessor": approval.assessor_name,
        "outcome": approval.manifest.outcome.value,
        "received_at": approval.record.received_at.isoformat(),
        "due_at": approval.assignment.due_at.isoformat(),
        "standing": "not yet calibrated",
        "scores": dict(levels(judged)),
        "rationales": judged.get(PartName.RATIONALES),
        "looked_for": judged.get(PartName.LOOKED_FOR),
        "evidence": _cited(approval),
        "feedback": judged.get(PartName.FEEDBACK),
        "letter": judged.get(PartName.LETTER),
    }


def _row(row: QueueRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "assignment": row.id,
        "micro_credential": row.micro_credential,
        "round": row.round,
        "part": row.part.value,
        "state": row.state.value,
        "due_at": row.due_at.isoformat(),
        "criteria_scored": row.scored,
        "artifacts_here": row.artifacts_here,
        "artifacts": row.artifacts,
        "two_versions": row.split,
    }


def _artifacts(work: Work, here: Mapping[Digest, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "slot": each.slot,
            "title": each.title,
            "media_type": each.media_type,
            "size": each.size,
            "sha256": each.sha256,
            "state": here.get(each.sha256, "to fetch"),
        }
        for each in work.assignment.round.artifacts
    ]


def _pointers(work: Work) -> list[dict[str, str]]:
    titles = {each.id: each.title for each in work.assignment.round.artifacts}
    return [
        {
            "criterion": each.criterion,
            "artifact": titles.get(each.artifact, ""),
            "place": each.place,
            "words": each.words,
        }
        for each in work.assignment.round.pointers
    ]


def _criteria(work: Work, held: Assessment) -> list[dict[str, Any]]:
    scores, said = draft.scores(held, work.micro_credential.rubric), draft.feedback(held)
    titles = {each.sha256: each.title for each in work.assignment.round.artifacts}
    return [
        {
            "id": each.id,
            "name": each.name,
            "levels": [{"level": level.value, "id": level.id, "name": level.name} for level in each.levels],
            "required": each.required,
            "cites": each.cites.asks,
            "level": scores.get(each.id),
            "rationale": held.value(Field.rationale(each.id)),
            "looked_for": held.value(Field.looked_for(each.id)),
            "feedback": said.get(each.id, {}),
            "evidence": _places(held, each.id, titles),
        }
        for each in work.micro_credential.rubric.criteria
    ]


def _places(held: Assessment, criterion: CriterionId, titles: Mapping[Digest, str]) -> list[str]:
    mine = (each for each in draft.evidence(held) if each.criterion == criterion)
    return [each.named(titles.get(each.artifact, "A file that is not in this round")) for each in mine]


def _conflict(held: Assessment, field: Field) -> dict[str, Any]:
    return {"field": str(field), "versions": list(held.fields[field].versions)}


def _returns(tx: Transaction, work: Work) -> list[dict[str, Any]]:
    """Return why decisions on this assessment came back, oldest first."""
    found = []
    for _, body in tx.records.of_assessment(work.assessment, RecordKind.SIGN_OFF):
        record = codec.from_bytes(body, SignOffRecord)
        found.append(record)
    return [_return(each) for each in sorted(found, key=lambda each: each.received_at)]


def _return(record: SignOffRecord) -> dict[str, Any]:
    told = codec.from_signed(record.signed.body, SignOff)
    return {
        "decision": record.decision,
        "verdict": told.verdict.value,
        "at": record.received_at.isoformat(),
        "reasons": [{"about": each.about, "text": each.text} for each in told.reasons],
    }


def _cited(approval: Approval) -> list[dict[str, str]]:
    titles = {each.sha256: each.title for each in approval.assignment.round.artifacts}
    held = approval.judgment.get(PartName.EVIDENCE)
    found = [draft.readable(value) for value in held.values()] if isinstance(held, dict) else []
    return [
        {
            "criterion": each.criterion,
            "place": each.named(titles.get(each.artifact, "")),
            "words": each.place.quote.words if isinstance(each.place, Passage) else "",
        }
        for each in found
        if each is not None
    ]
