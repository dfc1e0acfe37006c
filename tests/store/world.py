"""A small world to put into a store: assignments, artifacts, edits and what the hub says."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

from assessor_desk.domain.assessment import Edit, Value
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import (
    ArtifactId,
    AssessmentId,
    AssignmentId,
    DeviceId,
    Digest,
    EditId,
    MicroCredentialId,
    PortfolioCode,
    PortfolioId,
    ProgramId,
    RoundId,
    Slot,
)
from assessor_desk.domain.portfolio import Artifact, Assignment, AssignmentState, Part, Portfolio, Round, RubricPin
from assessor_desk.seals.digests import PIECE_SIZE
from assessor_desk.seals.wrapping import Argon2Cost
from assessor_desk.store.deeds import KeptReceipt, Outgoing
from assessor_desk.store.meta import Position
from assessor_desk.store.records import Arrived, Item
from assessor_desk.store.store import Store

CHEAP = Argon2Cost(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = "correct horse battery staple"
RECOVERY = bytes(range(20))
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NAMES = UUID("6f1b9b0e-0000-4000-8000-000000000000")


def identity(name: str) -> str:
    return str(uuid5(NAMES, name))


def digests(content: bytes) -> tuple[Digest, tuple[Digest, ...]]:
    starts = range(0, len(content), PIECE_SIZE)
    pieces = tuple(Digest(sha256(content[start : start + PIECE_SIZE]).hexdigest()) for start in starts)
    return Digest(sha256(content).hexdigest()), pieces


def artifact(content: bytes, slot: str = "plan") -> Artifact:
    whole, pieces = digests(content)
    name = ArtifactId(identity(f"{slot} {whole}"))
    return Artifact(name, Slot(slot), f"The {slot}", whole, len(content), "application/pdf", pieces)


@dataclass(frozen=True)
class World:
    """Assignments, edits and pages as the rooms above would hand them in."""

    now: datetime = NOW
    pages: list[int] = field(default_factory=list)

    def assignment(
        self, name: str = "one", *, artifacts: tuple[Artifact, ...] = (), due: int = 3,
        state: AssignmentState = AssignmentState.TO_DO, part: Part = Part.FIRST,
    ) -> Assignment:  # fmt: skip
        pin = RubricPin(MicroCredentialId("data-literacy"), "1.0.0", Digest("0" * 64))
        code = PortfolioCode(f"P-{identity(name)[:4].upper()}")
        portfolio = Portfolio(PortfolioId(identity(f"portfolio {name}")), code, ProgramId("program"), pin)
        submission = Round(RoundId(identity(f"round {name}")), 1, self.now, artifacts)
        due_at = self.now + timedelta(days=due)
        return Assignment(AssignmentId(identity(name)), part, state, portfolio, submission, due_at, self.now)

    def item(self, assignment: Assignment, *, more: str = "") -> Item:
        body = f'{{"id":"{assignment.id}","state":"{assignment.state}","more":"{more}"}}'.encode()
        return Item("assignment", assignment.id, body, assignment=assignment)

    def page(self, *items: Item, cursor: str = "c1", epoch: str = "e1") -> Arrived:
        return Arrived(items, Position(cursor, epoch, self.now), self.now)

    def edit(
        self, name: str, on: str = "score/c1", value: Value = 3, *, parents: tuple[str, ...] = (),
        assessment: str = "one", device: str = "desk",
    ) -> Edit:  # fmt: skip
        known = frozenset(EditId(identity(parent)) for parent in parents)
        whose = AssessmentId(identity(assessment))
        made = DeviceId(identity(device))
        return Edit(EditId(identity(name)), whose, Field.parse(on), value, known, made, self.now)

    def deed(self, edit: Edit, body: bytes = b"sealed") -> Outgoing:
        return Outgoing(edit.id, "edit", 1, body + edit.id.encode(), edit.assessment)

    def receipt(self, deed: Outgoing, *, accepted: bool = True, problem: str | None = None) -> KeptReceipt:
        return KeptReceipt(deed.key, deed.sha256, accepted, self.now, b'{"receipt":1}', problem)


def fetched(store: Store, assignment: Assignment, content: bytes) -> None:
    """Bring an artifact's content into the store as a sync does."""
    with store.download(assignment.portfolio.id, digests(content)[0]) as download:
        download.write(content[download.received :])
        download.finish()


def with_state(assignment: Assignment, state: AssignmentState) -> Assignment:
    return replace(assignment, state=state)
