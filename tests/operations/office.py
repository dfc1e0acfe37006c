"""What the hub knows, signs and hands out, and the laptops of people as syncs leave them; nothing crosses a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from assessor_desk.domain.assessment import Assessment, Value
from assessor_desk.domain.decision import Manifest, SignOff
from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import (
    ArtifactId,
    AssessmentId,
    AssignmentId,
    DeviceId,
    Digest,
    HubId,
    PersonId,
    PortfolioCode,
    PortfolioId,
    RoundId,
    Slot,
)
from assessor_desk.domain.portfolio import Artifact, Assignment, AssignmentState, Part, Portfolio, Round, RubricPin
from assessor_desk.environment.paths import Home
from assessor_desk.operations.assessing import Change
from assessor_desk.operations.workplace import Workplace
from assessor_desk.programs.catalog import Version, load
from assessor_desk.seals.digests import pieces
from assessor_desk.seals.keyfile import KeyRing, Keys
from assessor_desk.seals.signatures import Purpose, Signed, SigningKey
from assessor_desk.seals.wrapping import Argon2Cost
from assessor_desk.store import membership
from assessor_desk.store.deeds import KeptReceipt, OutboxState
from assessor_desk.store.membership import Membership
from assessor_desk.store.meta import Position
from assessor_desk.store.records import Arrived
from assessor_desk.store.store import Store
from assessor_desk.sync import drafts
from assessor_desk.sync.reading import item_of
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionDeed, DeedKind
from assessor_desk.wire.records import DecisionRecord, DecisionState, FeedItem, RecordKind, SignOffRecord

PROGRAMS = Path(__file__).parent / "programs"
CHEAP = Argon2Cost(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = "seven quiet herons wading"
MORNING = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
NOTES = "Ms. Ade opens the meeting.\nMr. Bo asks for a second reading corner.\nMs. Ade says yes.\n"
PLAN = "The second reading corner opens on June 2. Mr. Bo brings the shelves.\n"
READY = """\
scores:
  taking:
    level: proficient
    rationale: Each point has a name beside it.
    evidence:
      - {artifact: notes, quote: Mr. Bo asks for a second reading corner.}
    feedback: {strength: You kept who said what.}
  using:
    level: 2
    rationale: The plan takes the reading corner up with a day.
    evidence:
      - {artifact: plan, quote: opens on June 2}
letter: {opening: Thank you for the notes.}
artifacts: {notes: opened, plan: acknowledged}
"""
_LETTERS = "34679CDFGHJKMNQRTVWXY"


@cache
def published(id: str) -> Version:
    return load(PROGRAMS).version(id)


@dataclass
class Office:
    """The hub's side; its clock goes on with everything it does."""

    id: HubId = field(default_factory=lambda: HubId(str(uuid4())))
    identity: SigningKey = field(default_factory=SigningKey.generate)
    clock: datetime = MORNING
    contents: dict[Digest, bytes] = field(default_factory=dict)
    codes: Iterator[str] = field(default_factory=lambda: iter(_LETTERS))

    def time(self) -> datetime:
        self.clock += timedelta(seconds=1)
        return self.clock

    def assignment(self, id: str = "office.notes", *, texts: tuple[str, ...] = (NOTES, PLAN)) -> Assignment:
        """Return a portfolio that is handed out, with files of these texts in the slots of its micro-credential."""
        rubric = published(id)
        slots = [each.slot for each in rubric.micro_credential.artifacts]
        pin = RubricPin(rubric.micro_credential.id, rubric.micro_credential.version, rubric.sha256)
        code = PortfolioCode(f"P-{next(self.codes)}4K7")
        artifacts = tuple(self.artifact(text, slot) for text, slot in zip(texts, slots, strict=False))
        return Assignment(
            id=AssignmentId(str(uuid4())),
            part=Part.FIRST,
            state=AssignmentState.TO_DO,
            portfolio=Portfolio(PortfolioId(str(uuid4())), code, rubric.micro_credential.program.id, pin),
            round=Round(RoundId(str(uuid4())), 1, self.time(), artifacts),
            due_at=MORNING + timedelta(days=3),
            handed_at=self.time(),
        )

    def artifact(self, text: str | bytes, slot: Slot, media_type: str = "text/plain") -> Artifact:
        data = text.encode() if isinstance(text, str) else text
        found = pieces(BytesIO(data))
        digest, parts = Digest(found.sha256), tuple(map(Digest, found.pieces))
        self.contents[digest] = data
        return Artifact(ArtifactId(str(uuid4())), slot, f"The {slot}", digest, found.size, media_type, parts)

    def vouches(self, desk: "Desk", **changed: Any) -> FeedItem:
        """Return the directory's entry of a laptop."""
        entry = DeviceEntry(
            hub=self.id,
            device=desk.device,
            person=desk.person,
            person_name=desk.workplace.member.person_name,
            public_key=desk.workplace.keys.signing.public.raw,
            sealing_key=desk.workplace.keys.sealing.public.raw,
            valid_from=MORNING - timedelta(days=30),
            valid_until=MORNING + timedelta(days=700),
        )
        signed = self.identity.sign(Purpose.DIRECTORY, codec.to_members(replace(entry, **changed)))
        return record(RecordKind.DEVICE, desk.device, signed)


@dataclass
class Desk:
    """One laptop of one person; `clock` holds the time that it shows."""

    office: Office
    workplace: Workplace
    clock: list[datetime]

    @property
    def person(self) -> PersonId:
        return self.workplace.member.person

    @property
    def device(self) -> DeviceId:
        return self.workplace.member.device

    @property
    def store(self) -> Store:
        return self.workplace.store

    def hears(self, *records: FeedItem) -> None:
        """Take records in as a pull does, and open the drafts of the person's other laptops among them."""
        position = Position(str(uuid4()), "epoch", self.office.time())
        with self.store.transaction() as tx:
            tx.records.apply(Arrived([item_of(each) for each in records], position, self.clock[0]))
        drafts.fold_waiting(self.store, self.workplace.keys.sealing)

    def gets(self, assignment: Assignment, *, files: bool = True) -> AssignmentId:
        """Take in a portfolio with its rubric and its files."""
        pin = assignment.portfolio.rubric
        rubric = msgspec.Raw(published(pin.micro_credential).body)
        self.hears(FeedItem(RecordKind.MICRO_CREDENTIAL, f"{pin.micro_credential}@{pin.version}", rubric))
        self.hears(record(RecordKind.ASSIGNMENT, assignment.id, assignment))
        for each in assignment.round.artifacts if files else ():
            with self.store.download(assignment.portfolio.id, each.sha256) as download:
                download.write(self.office.contents[each.sha256])
                download.finish()
        return assignment.id

    def hears_of(self, assignment: Assignment, state: AssignmentState, reason: str = "") -> None:
        """Hear how an assignment stands now."""
        self.hears(record(RecordKind.ASSIGNMENT, assignment.id, replace(assignment, state=state, reason=reason)))

    def sends(self) -> tuple[FeedItem, ...]:
        """Let the hub take all that waits; return the sealed edits among it as the person's other laptops get them."""
        waiting = self._answered(accepted=True)
        edits = [each for each in waiting if each.kind == DeedKind.EDIT]
        return tuple(FeedItem(RecordKind.SEALED_EDIT, each.key, msgspec.Raw(each.body)) for each in edits)

    def is_refused(self, why: str) -> None:
        """Let the hub refuse all that waits."""
        self._answered(accepted=False, why=why)

    def _answered(self, *, accepted: bool, why: str | None = None) -> list[Any]:
        with self.store.transaction() as tx:
            deeds = [each.deed for each in tx.outbox.unsent()]
            tx.outbox.sending([each.key for each in deeds])
            at = self.office.time()
            tx.outbox.keep([KeptReceipt(each.key, each.sha256, accepted, at, b"{}", why) for each in deeds], "epoch")
        return deeds

    def waiting(self, kind: DeedKind) -> list[bytes]:
        """Return the bodies of the deeds of a kind that wait."""
        with self.store.reading() as tx:
            return [each.deed.body for each in tx.outbox.unsent() if each.deed.kind == kind]

    def deed(self, key: str) -> OutboxState:
        with self.store.reading() as tx:
            found = tx.outbox.get(key)
        assert found is not None
        return found.state

    def draft(self, assignment: AssignmentId) -> Assessment:
        with self.store.reading() as tx:
            return tx.journal.assessment(AssessmentId(assignment))

    def says(self, assignment: AssignmentId, name: str) -> Value:
        return self.draft(assignment).value(Field.parse(name))

    def edits(self, assignment: AssignmentId) -> int:
        with self.store.reading() as tx:
            return len(tx.journal.edits(AssessmentId(assignment)))


@contextmanager
def laptop(office: Office, folder: Path, name: str = "Ana Reyes", like: Desk | None = None) -> Iterator[Desk]:
    """Yield a new laptop; `like` is an earlier one of the same person, whose sealing key it shares."""
    keys = Keys.generate()
    if like is not None:
        keys = replace(keys, sealing=like.workplace.keys.sealing)
    home = Home.at(folder / str(uuid4()))
    home.create()
    paths = home.store("the-store")
    ring = KeyRing.create(paths.id, keys, PASSPHRASE, bytes(range(20)), CHEAP)
    member = Membership(
        hub=office.id,
        hub_name="Teaching Lab",
        address="http://127.0.0.1:9",
        identity_key=office.identity.public.text,
        person=like.person if like else PersonId(str(uuid4())),
        person_name=name,
        device=DeviceId(str(uuid4())),
        token="token",
        roles=("assessor",),
    )
    clock = [MORNING]
    with Store.create(paths, keys, ring, lambda tx: membership.keep(tx.meta, member)) as store:
        yield Desk(office, Workplace(store, member, keys, lambda: clock[0], lambda: str(uuid4())), clock)


def record(kind: RecordKind, id: str, body: object) -> FeedItem:
    return FeedItem(kind, id, msgspec.Raw(codec.to_bytes(body)))


def change(name: str, value: Value) -> Change:
    return Change(Field.parse(name), value)


def decided(sender: Desk, state: DecisionState = DecisionState.AWAITING, **changed: Any) -> FeedItem:
    """Return the decision that waits at a desk as the hub hands it to approvers."""
    (body,) = sender.waiting(DeedKind.DECISION)
    deed = codec.from_bytes(body, DecisionDeed)
    manifest = codec.from_signed(deed.signed.body, Manifest)
    found = DecisionRecord(
        id=manifest.id,
        assessment=manifest.assessment,
        assessor=manifest.assessor,
        signed=deed.signed,
        parts=deed.parts,
        received_at=sender.office.time(),
        state=state,
    )
    return record(RecordKind.DECISION, manifest.id, replace(found, **changed))


def signed_off(approver: Desk, assessment: AssignmentId, **changed: Any) -> FeedItem:
    """Return the sign-off that waits at a desk as the hub hands it to the people concerned."""
    (body,) = approver.waiting(DeedKind.SIGN_OFF)
    signed = codec.from_bytes(body, Signed)
    told = codec.from_signed(signed.body, SignOff)
    found = SignOffRecord(told.id, told.decision, AssessmentId(assessment), signed, approver.office.time())
    return record(RecordKind.SIGN_OFF, told.id, replace(found, **changed))


def for_approver(assignment: Assignment) -> Assignment:
    """Return the same round as an approver gets it."""
    return replace(assignment, id=AssignmentId(str(uuid4())), part=Part.APPROVER, state=AssignmentState.TO_DO)
