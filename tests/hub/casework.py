"""A hub at work: a micro-credential, people with paired desks, portfolios, and decisions signed with real keys."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pymupdf
import yaml

from assessor_desk.domain.annotations import to_annotation
from assessor_desk.domain.decision import Manifest, PartName, Reason, SignOff, Verdict, Withdrawal
from assessor_desk.domain.evidence import Evidence, WholeArtifact
from assessor_desk.domain.ids import (
    AssessmentId,
    DecisionId,
    Digest,
    EvidenceId,
    MicroCredentialId,
    PortfolioCode,
    ProgramId,
    RoundId,
    SignOffId,
)
from assessor_desk.domain.policy import Policy, SecondScoring
from assessor_desk.domain.portfolio import Assignment, AssignmentState, Part
from assessor_desk.domain.program import MicroCredential, Pilot, PilotStatus, Program
from assessor_desk.domain.rubric import Outcome
from assessor_desk.hub import access, assignment, deeds, feed, intake, offers, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.cases import Given
from assessor_desk.hub.data import Hub
from assessor_desk.hub.desk_deeds import HANDLERS
from assessor_desk.hub.intake import Options, Received
from assessor_desk.programs.catalog import Catalog, Version
from assessor_desk.programs.codec import micro_credential_bytes
from assessor_desk.seals.digests import Part as SaltedPart
from assessor_desk.seals.digests import part_digest, sha256
from assessor_desk.seals.signatures import Purpose
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import ConflictOfInterest, DecisionDeed, DecisionOpened, Deed, Receipt, ReceiptStatus
from assessor_desk.wire.records import DecisionRecord, FeedPage, RecordKind, SignOffRecord
from tests.hub.people_here import PairedDesk, deed, desk_of
from tests.unit.domain.making import COMPLETE, PLANNING, REFLECTING, micro_credential

LEAD = ProgramId("lead")
ONCE = SecondScoring(first_rounds=0, random_percent=0, one_criterion_unmet=False)
SCORED_ONCE = Policy(second_scoring=ONCE)
SCORED_TWICE = Policy(second_scoring=replace(ONCE, first_rounds=10))


def policy(**settings: Any) -> Policy:
    """Return the policy of rounds that are scored once, with other settings."""
    return replace(SCORED_ONCE, **settings)


RATIONALE = "Only the approver reads that the plan names people."
STAFF_NOTE = "Only staff read that page 3 is turned."
STRENGTH = "Each move in the plan has a name and a day."


def offer(hub: Hub, policy: Policy = SCORED_ONCE, version: str = "1.0") -> MicroCredential:
    """Let the hub offer the small micro-credential of the domain's tests."""
    made = replace(micro_credential(policy), version=version)
    body = micro_credential_bytes(made)
    program = Program(
        LEAD, "1.0", "Lead", "Lead", (), "", (), "micro-credential", made.credit,
        Pilot(PilotStatus.AVAILABLE), (made.id,), policy,
    )  # fmt: skip
    kept = Version(made, "published", body, Digest(sha256(body)))
    offers.add(hub, Catalog((program,), {MicroCredentialId(made.id): (kept,)}))
    return made


def folder(at: Path, files: Mapping[str, bytes], **manifest: Any) -> Path:
    """Make a folder with files and, if anything is said, a `portfolio.yaml`."""
    for name, content in files.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_bytes(content)
    if manifest:
        (at / "portfolio.yaml").write_text(yaml.safe_dump(manifest, sort_keys=False), encoding="utf-8")
    return at


def arrived(hub: Hub, at: Path, text: bytes | None = None, **manifest: Any) -> Received:
    """Take in one round with a plan."""
    said = {
        "micro_credential": "lead.planning",
        "artifacts": [{"file": "plan.txt", "slot": "plan"}],
        **manifest,
    }
    place = folder(at / uuid4().hex, {"plan.txt": text or os.urandom(8).hex().encode()}, **said)
    return intake.receive(hub, place, Options())


def desk(hub: Hub, handle: str, role: Role = Role.ASSESSOR) -> PairedDesk:
    return desk_of(hub, handle, role, program=LEAD)


def give(hub: Hub, received: Received, desk: PairedDesk, part: Part = Part.FIRST) -> Given:
    with writing(hub.engine) as connection:
        return assignment.assign(connection, received.round, desk.person, part, hub.clock())


def items(desk: PairedDesk, kind: RecordKind, shape: type[Any]) -> list[Any]:
    """Return what a desk finds in its feed, of one kind."""
    reader = feed.Reader(desk.person, desk.device)
    with reading(desk.hub.engine) as connection:
        page = codec.from_bytes(feed.page(connection, reader, "", desk.hub.epoch, desk.hub.clock()), FeedPage)
    assert not page.more
    return [codec.from_bytes(each.body, shape) for each in page.items if each.kind == kind]


def kinds(desk: PairedDesk) -> set[str]:
    reader = feed.Reader(desk.person, desk.device)
    with reading(desk.hub.engine) as connection:
        page = codec.from_bytes(feed.page(connection, reader, "", desk.hub.epoch, desk.hub.clock()), FeedPage)
    return {each.kind for each in page.items}


def assignments(desk: PairedDesk) -> list[Assignment]:
    return items(desk, RecordKind.ASSIGNMENT, Assignment)


def seen(desk: PairedDesk) -> list[DecisionRecord]:
    """Return the decisions that a desk was given."""
    return items(desk, RecordKind.DECISION, DecisionRecord)


def answers(desk: PairedDesk) -> list[SignOffRecord]:
    return items(desk, RecordKind.SIGN_OFF, SignOffRecord)


def state_at(desk: PairedDesk) -> AssignmentState:
    (only,) = assignments(desk)
    return only.state


def told(desk: PairedDesk, said: Deed) -> Receipt:
    """Let the hub take a deed from a desk."""
    hub = desk.hub
    with reading(hub.engine) as connection:
        actor = access.identify(connection, hub.id, f"Bearer {desk.answer.token}", hub.clock())
    return deeds.accept(hub.engine, HANDLERS, deeds.Desk(hub.id, actor, hub.clock()), said)


def accepted(desk: PairedDesk, said: Deed) -> Receipt:
    receipt = told(desk, said)
    assert receipt.status is ReceiptStatus.ACCEPTED, receipt.problem
    return receipt


def refused(desk: PairedDesk, said: Deed) -> str:
    receipt = told(desk, said)
    assert receipt.status is ReceiptStatus.REFUSED
    assert receipt.problem is not None
    return receipt.problem.detail


@dataclass(frozen=True)
class Draft:
    """What an assessor is about to sign; members are changed for what must be refused."""

    scores: Mapping[str, int] = field(default_factory=lambda: {PLANNING: 3, REFLECTING: 3})
    complete: bool = True
    outcome: Outcome = Outcome.EARNED
    supersedes: str | None = None

    @classmethod
    def unmet(cls, planning: int = 1, reflecting: int = 3) -> "Draft":
        return cls({PLANNING: planning, REFLECTING: reflecting}, outcome=Outcome.NOT_YET_EARNED)

    @classmethod
    def incomplete(cls) -> "Draft":
        return cls({}, complete=False, outcome=Outcome.INCOMPLETE)

    def parts(self, artifact: Digest) -> dict[PartName, Any]:
        piece = Evidence(EvidenceId(str(uuid4())), PLANNING, artifact, WholeArtifact())
        return {
            PartName.SCORES: dict(self.scores),
            PartName.RATIONALES: {PLANNING: RATIONALE} if self.scores else {},
            PartName.EVIDENCE: {piece.id: to_annotation(piece)} if self.scores else {},
            PartName.FEEDBACK: {PLANNING: {"strength": STRENGTH}} if self.scores else {},
            PartName.LETTER: {"opening": "Thank you for this round.", "closing": "Go on like this."},
            PartName.COMPLETION: {"checks": {COMPLETE: self.complete}, "conditions": {}, "words": {}},
            PartName.FLAGS: {artifact: {"staff-note": STAFF_NOTE}},
        }


def salted(content: Mapping[PartName, Any]) -> tuple[SaltedPart, ...]:
    return tuple(SaltedPart(name.value, os.urandom(16), value) for name, value in content.items())


def decision(desk: PairedDesk, draft: Draft | None = None, of: Assignment | None = None, **changed: Any) -> Deed:
    """Return a signed decision as a deed; the newest assignment of the desk, unless another is named."""
    draft = draft or Draft()
    given = of or assignments(desk)[-1]
    parts = salted(draft.parts(given.round.artifacts[0].sha256))
    manifest = manifest_of(desk, given, parts, draft)
    signed = desk.keys.signing.sign(Purpose.DECISION, codec.to_members(replace(manifest, **changed)))
    return deed("decision", DecisionDeed(signed, parts), manifest.id)


def manifest_of(desk: PairedDesk, given: Assignment, parts: Iterable[SaltedPart], draft: Draft) -> Manifest:
    return Manifest(
        id=DecisionId(str(uuid4())),
        hub=desk.hub.id,
        portfolio=given.portfolio.id,
        round=given.round.id,
        assessment=AssessmentId(given.id),
        assessor=desk.person,
        device=desk.device,
        outcome=draft.outcome,
        rubric=given.portfolio.rubric,
        artifacts={each.id: each.sha256 for each in given.round.artifacts},
        parts={PartName(each.name): Digest(part_digest(each)) for each in parts},
        claimed_at=desk.hub.clock(),
        supersedes=DecisionId(draft.supersedes) if draft.supersedes else None,
    )


def sign_off(
    desk: PairedDesk, record: DecisionRecord, verdict: Verdict = Verdict.APPROVE, reason: str = "", **changed: Any
) -> Deed:
    manifest = codec.from_signed(record.signed.body, Manifest)
    body = SignOff(
        id=SignOffId(str(uuid4())),
        hub=desk.hub.id,
        portfolio=manifest.portfolio,
        round=manifest.round,
        decision=record.id,
        decision_sha256=Digest(sha256(record.signed.body)),
        approver=desk.person,
        device=desk.device,
        verdict=verdict,
        claimed_at=desk.hub.clock(),
        reasons=(Reason("letter", reason),) if reason else (),
    )
    body = replace(body, **changed)
    return deed("sign-off", desk.keys.signing.sign(Purpose.SIGN_OFF, codec.to_members(body)), body.id)


def withdrawal(desk: PairedDesk, what: str, round_id: str) -> Deed:
    with reading(desk.hub.engine) as connection:
        row = connection.execute(tables.round_.select().where(tables.round_.c.id == round_id)).one()
    body = Withdrawal(
        hub=desk.hub.id,
        portfolio=row.portfolio,
        round=RoundId(round_id),
        withdraws=DecisionId(what),
        person=desk.person,
        device=desk.device,
        reason="A slip of the hand.",
        claimed_at=desk.hub.clock(),
    )
    return deed("withdrawal", desk.keys.signing.sign(Purpose.WITHDRAWAL, codec.to_members(body)))


def opened(desk: PairedDesk, decision: str, round_id: RoundId) -> Deed:
    return deed("opened", DecisionOpened(DecisionId(decision), round_id))


def step_back(desk: PairedDesk, reason: str = "I coached them.") -> None:
    accepted(desk, deed("conflict-of-interest", ConflictOfInterest(assignments(desk)[-1].id, reason)))


def case_state(hub: Hub, round_id: RoundId) -> str:
    with reading(hub.engine) as connection:
        return str(connection.execute(tables.round_.select().where(tables.round_.c.id == round_id)).one().state)


@dataclass(frozen=True)
class Scene:
    """A portfolio with its first assessor and an approver; `second` and `third` assess too."""

    hub: Hub
    received: Received
    first: PairedDesk
    second: PairedDesk
    third: PairedDesk
    approver: PairedDesk

    @property
    def code(self) -> PortfolioCode:
        return self.received.code

    @property
    def state(self) -> str:
        return case_state(self.hub, self.received.round)


def scene(hub: Hub, at: Path, policy: Policy = SCORED_ONCE) -> Scene:
    """Set the scene: the round is with its first assessor."""
    offer(hub, policy)
    ana, ben, cleo = (desk(hub, handle) for handle in ("ana", "ben", "cleo"))
    made = Scene(hub, arrived(hub, at), ana, ben, cleo, desk(hub, "paul", Role.APPROVER))
    give(hub, made.received, made.first)
    return made


def signed_off(made: Scene) -> None:
    """Let the first assessor decide and the approver sign."""
    accepted(made.first, decision(made.first))
    (record,) = seen(made.approver)
    accepted(made.approver, sign_off(made.approver, record))


def words(pdf: Path) -> str:
    """Return what a reader finds in a PDF."""
    reading_of: Any = pymupdf.open
    with reading_of(pdf) as document:
        return " ".join(" ".join(document[number].get_text() for number in range(len(document))).split())
