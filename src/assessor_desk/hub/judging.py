"""Taking decisions: who signed, what was judged, whether the outcome follows, and where the case goes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from assessor_desk.domain.case import CaseEvent, CaseState
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.decision import Judgment, Manifest, PartName
from assessor_desk.domain.ids import AssessmentId, AssignmentId, CriterionId, DecisionId, PersonId, RoundId
from assessor_desk.domain.judgment import levels, outcome_of
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.domain.rubric import Outcome
from assessor_desk.domain.tolerance import within_tolerance
from assessor_desk.errors import AssessmentClosedError, RuleError, SignatureError
from assessor_desk.hub import acts, assignment, feed, scoring_twice, tables
from assessor_desk.hub.cases import STANDING, Case, move
from assessor_desk.hub.deeds import Desk
from assessor_desk.seals.canonical import canonical, parse
from assessor_desk.seals.digests import Part as SaltedPart
from assessor_desk.seals.digests import sha256, verify_part
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionDeed
from assessor_desk.wire.records import DecisionRecord, DecisionState, RecordKind


@dataclass(frozen=True, slots=True)
class Arrived:
    """A decision whose signature and digests hold, with the assignment it closes."""

    manifest: Manifest
    signed: Signed
    parts: tuple[SaltedPart, ...]
    assignment: Row[Any]

    @property
    def judgment(self) -> Judgment:
        """Return the content of the decision, part by part."""
        return judgment_of(self.parts)


def take_decision(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Take a signed decision, or raise the sentence for which it is refused; the draft at the desk stays."""
    deed = codec.from_bytes(body, DecisionDeed)
    verify(deed.signed, PublicKey(desk.actor.public_key), Purpose.DECISION)
    manifest = codec.from_signed(deed.signed.body, Manifest)
    row = _assignment(connection, desk, manifest)
    case = Case.load(connection, RoundId(row.round))
    arrived = Arrived(manifest, deed.signed, deed.parts, row)
    _require_fit(case, desk, arrived)
    if desk.actor.revoked:
        _keep(connection, desk, arrived, DecisionState.QUARANTINED)
        acts.record(connection, acts.ActKind.QUARANTINED, manifest.id, sha256(deed.signed.body), desk.received_at)
        return
    _supersede(connection, case, arrived)
    _keep(connection, desk, arrived, DecisionState.AWAITING)
    acts.record(
        connection,
        acts.ActKind.DECISION,
        manifest.id,
        sha256(deed.signed.body),
        desk.received_at,
        desk.actor.device,
    )
    assignment.set_state(connection, AssignmentId(row.id), AssignmentState.RECEIVED)
    _decided(connection, Case.load(connection, RoundId(row.round)), arrived, desk.received_at)


def record_of(connection: Connection, decision: DecisionId) -> DecisionRecord:
    """Return a decision with the parts that were not erased, as it is handed to who may read it."""
    query = (
        select(tables.decision, tables.assignment.c.person, tables.device.c.key_id)
        .join(tables.assignment, tables.assignment.c.id == tables.decision.c.assignment)
        .join(tables.device, tables.device.c.id == tables.decision.c.device)
        .where(tables.decision.c.id == decision)
    )
    row = connection.execute(query).one()
    return DecisionRecord(
        id=decision,
        assessment=AssessmentId(row.assignment),
        assessor=PersonId(row.person),
        signed=Signed(row.body, row.key_id, row.signature),
        parts=parts_of(connection, decision),
        received_at=row.received_at,
        state=DecisionState(row.state),
    )


def parts_of(connection: Connection, decision: DecisionId) -> tuple[SaltedPart, ...]:
    """Return the parts of a decision that were not erased."""
    part = tables.decision_part
    query = select(part).where(part.c.decision == decision, part.c.body.is_not(None)).order_by(part.c.name)
    return tuple(SaltedPart(row.name, row.salt, parse(row.body)) for row in connection.execute(query))


def judgment_of(parts: tuple[SaltedPart, ...]) -> Judgment:
    """Return the content of a decision from its parts."""
    return codec.from_json({part.name: part.value for part in parts}, dict[PartName, Any])


def show(connection: Connection, decision: DecisionId, people: tuple[PersonId, ...]) -> None:
    """Write a decision to the feeds of people who may read it."""
    feed.write(connection, people, RecordKind.DECISION, decision, codec.to_bytes(record_of(connection, decision)))


def set_decision_state(connection: Connection, decision: DecisionId, state: DecisionState) -> None:
    """Change how a decision stands, and write it again to everyone who has it."""
    connection.execute(tables.decision.update().where(tables.decision.c.id == decision).values(state=state.value))
    show(connection, decision, feed.holders(connection, RecordKind.DECISION, decision))


def _assignment(connection: Connection, desk: Desk, manifest: Manifest) -> Row[Any]:
    row = connection.execute(
        select(tables.assignment).where(
            tables.assignment.c.id == manifest.assessment, tables.assignment.c.person == desk.actor.person
        )
    ).one_or_none()
    if row is None or row.part == Part.APPROVER.value:
        raise RuleError(
            "This decision is about an assessment that was not given to you.",
            safe="It stays on your laptop.",
            next="Ask the program office who has the portfolio.",
        )
    if not AssignmentState(row.state).open:
        raise AssessmentClosedError(
            _closed(row),
            safe="Your decision and your draft stay on your laptop.",
            next="Ask the program office if this is not what you expect.",
        )
    return row


def _closed(row: Row[Any]) -> str:
    if row.state == AssignmentState.WITHDRAWN.value:
        return "This portfolio was given to someone else before your decision arrived."
    return f"This assessment is closed already: {row.state}."


def _require_fit(case: Case, desk: Desk, arrived: Arrived) -> None:
    """Hold the manifest against what the hub handed out."""
    manifest = arrived.manifest
    named = (manifest.hub, manifest.portfolio, manifest.round, manifest.assessor, manifest.device)
    meant = (desk.hub, case.portfolio.id, case.round.id, desk.actor.person, desk.actor.device)
    if named != meant:
        raise SignatureError("This decision was signed for another hub, case, round, person or laptop.")
    if manifest.rubric != case.portfolio.rubric:
        raise RuleError(
            "This decision was made with another version of the rubric than the portfolio keeps.",
            next="Sync, look at the criteria that changed, and sign again.",
        )
    if dict(manifest.artifacts) != {artifact.id: artifact.sha256 for artifact in case.round.artifacts}:
        raise RuleError(
            "This decision names other artifacts than the round has.", next="Sync, look again, and sign again."
        )
    _require_parts(arrived)
    _require_outcome(case, arrived)


def _require_parts(arrived: Arrived) -> None:
    digests = {name.value: digest for name, digest in arrived.manifest.parts.items()}
    if {part.name for part in arrived.parts} != digests.keys():
        raise SignatureError("This decision does not bring exactly the parts that were signed.")
    for part in arrived.parts:
        verify_part(part, digests[part.name])


def _require_outcome(case: Case, arrived: Arrived) -> None:
    """Hold the outcome against the rules, so that no desk can sign one that does not follow from its scores."""
    drafted = outcome_of(arrived.judgment, case.micro_credential)
    if drafted.outcome is not arrived.manifest.outcome:
        raise RuleError(
            f"The decision says {arrived.manifest.outcome}, and the rules say: {drafted.words}",
            next="Update Assessor Desk, look at the scores, and sign again.",
        )


def _supersede(connection: Connection, case: Case, arrived: Arrived) -> None:
    for row in case.decisions:
        if row.assignment == arrived.assignment.id and row.state in STANDING | {DecisionState.RETURNED.value}:
            set_decision_state(connection, DecisionId(row.id), DecisionState.SUPERSEDED)


def _keep(connection: Connection, desk: Desk, arrived: Arrived, state: DecisionState) -> None:
    manifest, signed = arrived.manifest, arrived.signed
    connection.execute(
        tables.decision.insert().values(
            id=manifest.id,
            assignment=arrived.assignment.id,
            round=manifest.round,
            device=desk.actor.device,
            outcome=manifest.outcome.value,
            state=state.value,
            received_at=desk.received_at,
            supersedes=manifest.supersedes,
            sha256=sha256(signed.body),
            body=signed.body,
            signature=signed.signature,
        )
    )
    connection.execute(
        tables.decision_part.insert(),
        [
            {"decision": manifest.id, "name": part.name, "salt": part.salt, "body": canonical(part.value)}
            for part in arrived.parts
        ],
    )


def _decided(connection: Connection, case: Case, arrived: Arrived, at: datetime) -> None:
    """Move the case on, and hand it to whoever comes next."""
    facts = _facts(connection, case, arrived)
    state = move(connection, case, CaseEvent.DECIDED, facts, at)
    if state is not CaseState.AWAITING_SIGN_OFF:
        return
    approvers = assignment.hand_to_approvers(connection, Case.load(connection, case.round.id), at)
    for row in case.decisions:
        if row.state in STANDING:
            show(connection, DecisionId(row.id), approvers)


def _facts(connection: Connection, case: Case, arrived: Arrived) -> Facts:
    first, second = case.standing_decision(Part.FIRST), case.standing_decision(Part.SECOND)
    return Facts(
        outcome=arrived.manifest.outcome,
        incomplete_needs_approver=case.micro_credential.policy.incomplete_needs_approver,
        first_in=first is not None,
        second_in=second is not None,
        second_scoring_due=bool(scoring_twice.reasons(connection, case, levels(arrived.judgment))),
        within_tolerance=first is not None and second is not None and _agree(connection, case, first, second),
        adjudicated=case.standing_decision(Part.ADJUDICATOR) is not None,
    )


def _agree(connection: Connection, case: Case, first: Row[Any], second: Row[Any]) -> bool:
    return within_tolerance(
        case.micro_credential.policy.tolerance,
        (Outcome(first.outcome), _scores(connection, first.id)),
        (Outcome(second.outcome), _scores(connection, second.id)),
    )


def _scores(connection: Connection, decision: str) -> dict[CriterionId, int]:
    return levels(judgment_of(parts_of(connection, DecisionId(decision))))
