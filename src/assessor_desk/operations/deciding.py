"""Closing an assessment: what is still open, and the signed decision."""

from collections.abc import Callable
from dataclasses import dataclass

from assessor_desk.domain import readiness
from assessor_desk.domain.assessment import Assessment
from assessor_desk.domain.decision import Judgment, Manifest, PartName
from assessor_desk.domain.ids import AssessmentId, AssignmentId, DecisionId, Digest
from assessor_desk.domain.judgment import drafted, judgment
from assessor_desk.domain.readiness import OpenItem
from assessor_desk.domain.rubric import DraftOutcome, Outcome
from assessor_desk.errors import NotReadyError
from assessor_desk.operations.assessing import require_open
from assessor_desk.operations.wording import clock_note, counted
from assessor_desk.operations.workplace import Work, Workplace, work_of
from assessor_desk.seals.digests import SALT_SIZE, Part, part_digest
from assessor_desk.seals.signatures import Purpose
from assessor_desk.store.activity import Happening
from assessor_desk.store.deeds import OutboxState, Outgoing
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionDeed, DeedKind

SCHEMA = 1
Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an assessment is: the outcome that follows so far, and what must be done before it can be signed."""

    drafted: DraftOutcome
    open: tuple[OpenItem, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signed decision that waits to be sent; `clock` is a sentence when this laptop's clock cannot be right."""

    id: DecisionId
    outcome: Outcome
    words: str
    clock: str


def standing(tx: Transaction, work: Work) -> Standing:
    """Return how far an assessment is."""
    held = tx.journal.assessment(work.assessment)
    return Standing(
        drafted(held, work.micro_credential),
        readiness.open_items(held, work.micro_credential, work.assignment.round.artifacts),
    )


def decide(workplace: Workplace, assignment: AssignmentId, random: Random) -> Signature:
    """Sign the decision that follows from the assessment, and keep it to be sent; offline it is the same."""
    with workplace.store.transaction() as tx:
        work = work_of(tx, assignment)
        require_open(tx, work.assignment)
        how = standing(tx, work)
        if how.open or how.drafted.outcome is None:
            raise _not_ready(how)
        held = tx.journal.assessment(work.assessment)
        deed, manifest = _signed(workplace, tx, work, held, how.drafted.outcome, random)
        tx.outbox.add(deed, manifest.claimed_at)
        words = f"You signed {work.assignment.portfolio.code}: {manifest.outcome}. It waits to be sent."
        tx.activity.say(Happening(manifest.claimed_at, "decision", words, work.assessment))
    clock = clock_note(manifest.claimed_at, manifest.hub_seen_at)
    return Signature(manifest.id, manifest.outcome, how.drafted.words, clock)


def _signed(
    workplace: Workplace, tx: Transaction, work: Work, held: Assessment, outcome: Outcome, random: Random
) -> tuple[Outgoing, Manifest]:
    parts = _salted(judgment(held, work.micro_credential), random)
    manifest = _manifest(workplace, tx, work, outcome, parts)
    signed = workplace.keys.signing.sign(Purpose.DECISION, codec.to_members(manifest))
    body = codec.to_bytes(DecisionDeed(signed, parts))
    return Outgoing(manifest.id, DeedKind.DECISION, SCHEMA, body, work.assessment), manifest


def _manifest(workplace: Workplace, tx: Transaction, work: Work, outcome: Outcome, parts: tuple[Part, ...]) -> Manifest:
    member, assignment = workplace.member, work.assignment
    return Manifest(
        id=DecisionId(workplace.new_id()),
        hub=member.hub,
        portfolio=assignment.portfolio.id,
        round=assignment.round.id,
        assessment=work.assessment,
        assessor=member.person,
        device=member.device,
        outcome=outcome,
        rubric=assignment.portfolio.rubric,
        artifacts={artifact.id: artifact.sha256 for artifact in assignment.round.artifacts},
        parts={PartName(part.name): Digest(part_digest(part)) for part in parts},
        claimed_at=workplace.now(),
        hub_seen_at=tx.meta.position().hub_time,
        supersedes=_earlier(tx, work.assessment),
    )


def _salted(content: Judgment, random: Random) -> tuple[Part, ...]:
    return tuple(Part(name.value, random(SALT_SIZE), codec.to_json(content[name])) for name in sorted(content))


def _earlier(tx: Transaction, assessment: AssessmentId) -> DecisionId | None:
    """Return the decision of this laptop that the hub has and that a new one takes the place of."""
    sent = (
        each.deed.key
        for each in reversed(tx.outbox.of(assessment))
        if each.deed.kind == DeedKind.DECISION and each.state is OutboxState.SENT
    )
    return next(map(DecisionId, sent), None)


def _not_ready(how: Standing) -> NotReadyError:
    first = how.open[0].sentence if how.open else how.drafted.words
    rest = len(how.open) - 1
    more = f" Beside that, {counted(rest, 'more thing is', 'more things are')} open." if rest > 0 else ""
    return NotReadyError(
        f"This cannot be signed yet. {first}{more}",
        safe="Your draft is saved.",
        next="Do what is open, then sign again.",
    )
