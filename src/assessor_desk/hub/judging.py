"""Taking decisions: who signed, what was judged, whether the outcome follows, and where the case goes."""

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from assessor_desk.domain.case import CaseEvent, CaseState, advance
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.decision import Judgment, Manifest, PartName
from assessor_desk.domain.ids import AssignmentId, CriterionId, DecisionId, Digest
from assessor_desk.domain.judgment import levels, outcome_of, unsupported
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.domain.rubric import Outcome
from assessor_desk.domain.tolerance import within_tolerance
from assessor_desk.errors import AssessmentClosedError, RuleError, SignatureError
from assessor_desk.hub import acts, assignment, decisions, scoring_twice, tables, telling
from assessor_desk.hub.cases import STANDING, Case, Given, Judged, move
from assessor_desk.hub.deeds import Desk
from assessor_desk.seals.canonical import canonical
from assessor_desk.seals.digests import Part as SaltedPart
from assessor_desk.seals.digests import sha256, verify_part
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionDeed
from assessor_desk.wire.records import DecisionState


@dataclass(frozen=True, slots=True)
class Arrived:
    """A decision whose signature holds, with the assignment that it closes."""

    manifest: Manifest
    signed: Signed
    parts: tuple[SaltedPart, ...]
    given: Given
    received_at: datetime

    @property
    def judgment(self) -> Judgment:
        """Return the content of the decision, part by part."""
        return decisions.judgment_of(self.parts)

    def judged(self, state: DecisionState) -> Judged:
        """Return the decision as the hub's books have it."""
        digest = Digest(sha256(self.signed.body))
        return Judged(self.manifest.id, self.given.id, self.manifest.outcome, state, self.received_at, digest)


def take_decision(connection: Connection, desk: Desk, body: msgspec.Raw) -> None:
    """Take a signed decision, or raise the sentence for which it is refused; the draft at the desk stays."""
    deed = codec.from_bytes(body, DecisionDeed)
    verify(deed.signed, PublicKey(desk.actor.public_key), Purpose.DECISION)
    manifest = codec.from_signed(deed.signed.body, Manifest)
    case = Case.take(connection, manifest.round)
    arrived = Arrived(manifest, deed.signed, deed.parts, _given(case, desk, manifest), desk.received_at)
    _require_fit(case, desk, arrived)
    _require_parts(arrived)
    if desk.actor.revoked:
        _keep(connection, desk, arrived, DecisionState.QUARANTINED, acts.ActKind.QUARANTINED)
        return
    _require_outcome(case, arrived)
    case = _superseded(connection, case, arrived)
    _decided(connection, desk, case.with_decision(arrived.judged(DecisionState.RECEIVED)), arrived)


def _given(case: Case, desk: Desk, manifest: Manifest) -> Given:
    given = case.given(AssignmentId(manifest.assessment))
    if given is None or given.person != desk.actor.person or given.part is Part.APPROVER:
        raise RuleError(
            "This decision is about an assessment that was not given to you.",
            safe="It stays on your laptop.",
            next="Ask the program office who has the portfolio.",
        )
    if not given.state.open:
        raise AssessmentClosedError(
            _closed(given),
            safe="Your decision and your draft stay on your laptop.",
            next="Ask the program office if this is not what you expect.",
        )
    return given


def _closed(given: Given) -> str:
    if given.state is AssignmentState.WITHDRAWN:
        return "This portfolio was taken back from you before your decision arrived."
    return f"This assessment is closed already: {given.state}."


def _require_fit(case: Case, desk: Desk, arrived: Arrived) -> None:
    """Hold the manifest against what the hub handed out."""
    manifest = arrived.manifest
    named = (manifest.hub, manifest.portfolio, manifest.assessor, manifest.device)
    if named != (desk.hub, case.portfolio.id, desk.actor.person, desk.actor.device):
        raise SignatureError("This decision was signed for another hub, case, person or laptop.")
    if manifest.rubric != case.portfolio.rubric:
        raise RuleError(
            "This decision was made with another version of the rubric than the portfolio keeps.",
            next="Sync, look at the criteria that changed, and sign again.",
        )
    if dict(manifest.artifacts) != {artifact.id: artifact.sha256 for artifact in case.round.artifacts}:
        raise RuleError(
            "This decision names other artifacts than the round has.", next="Sync, look again, and sign again."
        )


def _require_parts(arrived: Arrived) -> None:
    digests = {name.value: digest for name, digest in arrived.manifest.parts.items()}
    if sorted(part.name for part in arrived.parts) != sorted(digests) or digests.keys() != set(PartName):
        raise SignatureError("This decision brings not exactly the parts that were signed, or not every part.")
    for part in arrived.parts:
        verify_part(part, digests[part.name])


def _require_outcome(case: Case, arrived: Arrived) -> None:
    """Hold the outcome against the rules, so that no desk can sign one that does not follow from its scores."""
    if bare := unsupported(arrived.judgment, case.micro_credential):
        named = ", ".join(case.micro_credential.rubric.criterion(each).name for each in bare)
        raise RuleError(
            f"These scores rest on nothing that an approver could follow: {named}.",
            next="Give each a rationale, and evidence or where you looked for it; then sign again.",
        )
    follows = outcome_of(arrived.judgment, case.micro_credential)
    if follows.outcome is not arrived.manifest.outcome:
        raise RuleError(
            f"The decision says “{arrived.manifest.outcome}”, and the rules say: {follows.words}",
            next="Update Assessor Desk, look at the scores, and sign again.",
        )
    if follows.outcome is Outcome.INCOMPLETE and levels(arrived.judgment):
        raise RuleError("What is incomplete goes back as a whole, so this decision must not have scores.")


def _superseded(connection: Connection, case: Case, arrived: Arrived) -> Case:
    for judged in case.decisions:
        if judged.assignment == arrived.given.id and judged.state in STANDING | {DecisionState.RETURNED}:
            case = decisions.set_state(connection, case, judged, DecisionState.SUPERSEDED)
    return case


def _decided(connection: Connection, desk: Desk, case: Case, arrived: Arrived) -> None:
    """Keep the decision, move the case on, and hand it to whoever comes next."""
    at = desk.received_at
    facts = _facts(connection, case, arrived)
    state = advance(case.state, CaseEvent.DECIDED, facts)
    goes_on = case.going_on if state is CaseState.AWAITING_SIGN_OFF else None
    mine = goes_on is not None and goes_on.id == arrived.manifest.id
    _keep(connection, desk, arrived, DecisionState.AWAITING if mine else DecisionState.RECEIVED, acts.ActKind.DECISION)
    telling.set_state(connection, case, arrived.given, AssignmentState.RECEIVED)
    move(connection, case, CaseEvent.DECIDED, facts, at)
    if goes_on is not None:
        _hand_on(connection, case, goes_on, at, is_new=mine)
    elif state is CaseState.INCOMPLETE:
        assignment.close(connection, _received(case, arrived), "The round went back as incomplete.", at)


def _hand_on(connection: Connection, case: Case, goes_on: Judged, at: datetime, *, is_new: bool) -> None:
    if not is_new:
        decisions.set_state(connection, case, goes_on, DecisionState.AWAITING)
    approvers = assignment.hand_to_approvers(connection, case, at)
    assignment.show_standing(connection, case, approvers)


def _facts(connection: Connection, case: Case, arrived: Arrived) -> Facts:
    first, second = case.standing(Part.FIRST), case.standing(Part.SECOND)
    return Facts(
        outcome=arrived.manifest.outcome,
        incomplete_needs_approver=case.policy.incomplete_needs_approver,
        first_in=first is not None,
        second_in=second is not None,
        second_scoring_due=_twice(connection, case, arrived),
        within_tolerance=first is not None and second is not None and _agree(connection, case, arrived, first, second),
        adjudicated=case.standing(Part.ADJUDICATOR) is not None,
    )


def _twice(connection: Connection, case: Case, arrived: Arrived) -> bool:
    """Return whether the round is scored twice: by the program's rule, or because staff gave it to a second one."""
    given = bool(case.having(Part.SECOND))
    return given or bool(scoring_twice.reasons(connection, case, levels(arrived.judgment)))


def _agree(connection: Connection, case: Case, arrived: Arrived, first: Judged, second: Judged) -> bool:
    def scores(judged: Judged) -> dict[CriterionId, int]:
        return levels(arrived.judgment if judged.id == arrived.manifest.id else _kept(connection, judged.id))

    return within_tolerance(case.policy.tolerance, (first.outcome, scores(first)), (second.outcome, scores(second)))


def _kept(connection: Connection, decision: DecisionId) -> Judgment:
    return decisions.judgment_of(decisions.parts_of(connection, decision))


def _keep(connection: Connection, desk: Desk, arrived: Arrived, state: DecisionState, kind: acts.ActKind) -> None:
    manifest, judged = arrived.manifest, arrived.judged(state)
    connection.execute(
        tables.decision.insert().values(
            id=manifest.id,
            assignment=arrived.given.id,
            round=manifest.round,
            device=desk.actor.device,
            outcome=manifest.outcome.value,
            state=state.value,
            received_at=desk.received_at,
            supersedes=manifest.supersedes,
            sha256=judged.sha256,
            body=arrived.signed.body,
            signature=arrived.signed.signature,
        )
    )
    rows = [
        {"decision": manifest.id, "name": part.name, "salt": part.salt, "body": canonical(part.value)}
        for part in arrived.parts
    ]
    if rows:
        connection.execute(tables.decision_part.insert(), rows)
    acts.record(connection, kind, manifest.id, judged.sha256, desk.received_at, desk.actor.device)


def _received(case: Case, arrived: Arrived) -> Case:
    """Return the case with the assignment as it stands now that its decision is in."""
    given = replace(arrived.given, state=AssignmentState.RECEIVED)
    return replace(case, assignments=tuple(given if each.id == given.id else each for each in case.assignments))
