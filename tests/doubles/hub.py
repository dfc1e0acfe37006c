"""A hub in memory that fits what the desk's sync asks of one, with switches for everything that can go wrong."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from queue import SimpleQueue
from threading import RLock

import msgspec

from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.ids import AssignmentId, DeviceId, Digest, HubId, PersonId
from assessor_desk.domain.portfolio import Assignment, AssignmentState
from assessor_desk.errors import (
    AssessmentClosedError,
    DeskError,
    DeviceRevokedError,
    HubRefusedError,
    HubUnreachableError,
    InvitationError,
    NotFoundError,
    NotPairedError,
    RuleError,
    SignatureError,
)
from assessor_desk.seals.codes import invitation_code
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, SigningKey, verify
from assessor_desk.sync.hub import Incoming, News
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import ConflictOfInterest, DecisionDeed, Deed, DeedKind, Receipt, Receipts, ReceiptStatus
from assessor_desk.wire.pairing import (
    Hello,
    InvitationFound,
    PairingAnswer,
    PairingProof,
    PairingRequest,
    Ticket,
    code_sha256,
)
from assessor_desk.wire.problems import Problem, problem, problem_of
from assessor_desk.wire.records import (
    Counts,
    FeedItem,
    FeedPage,
    KindCount,
    LedgerHead,
    RecordKind,
    SealedEdit,
)
from tests.doubles.clocks import StandingClock
from tests.doubles.hub_state import Device, Faults, Invitation, Person, Row, State
from tests.store.world import World, artifact

TRIES = 5
STATUS = {NotPairedError: 401, DeviceRevokedError: 403, InvitationError: 403, NotFoundError: 404, SignatureError: 422}
CUT = "The connection to the hub broke off."


class FakeHub:
    """The hub itself; it fits `Doorstep`, and `line` gives what fits `Hub` and `Announcing`."""

    def __init__(self, clock: StandingClock | None = None, *, page_rows: int = 500, state: State | None = None) -> None:
        self.id = HubId("5b0f6f7e-7d0a-4f0e-9f6b-0d9f3c1a2b3c")
        self.name = "Teaching Lab"
        self.identity = SigningKey.from_bytes(b"the hub's own key, in tests only")
        self.clock = clock or StandingClock()
        self.epoch = "epoch 1"
        self.wire: tuple[int, ...] = (codec.VERSION,)
        self.faults = Faults()
        self.state = state or State()
        self.calls: list[str] = []
        self._page_rows = page_rows
        self._lock = RLock()
        self._lines: list[tuple[DeviceId, SimpleQueue[str | None]]] = []

    # What a test does to the hub.

    def invite(self, handle: str) -> str:
        """Invite a person, who is made if needed, and return the ticket as it is handed out."""
        self.state.people.setdefault(PersonId(handle), Person(handle.title()))
        code = invitation_code(self._next().to_bytes(8, "big")[::-1])
        self.state.invitations[code] = Invitation(PersonId(handle))
        return Ticket(code, self.identity.public.fingerprint).written()

    def give(self, handle: str, *contents: bytes) -> Assignment:
        """Give a person a portfolio with these artifacts."""
        name = f"{handle} {self._next()}"
        artifacts = tuple(artifact(content, f"slot-{index}") for index, content in enumerate(contents))
        self.state.files |= {each.sha256: content for each, content in zip(artifacts, contents, strict=True)}
        given = World(self.clock()).assignment(name, artifacts=artifacts)
        self._change(PersonId(handle), given)
        return given

    def set_state(self, assignment: AssignmentId, state: AssignmentState, reason: str = "") -> None:
        """Change how an assignment stands."""
        person, given = self.state.given[assignment]
        self._change(person, replace(given, state=state, reason=reason))

    def withdraw(self, assignment: AssignmentId) -> None:
        """Take an assignment back."""
        self.set_state(assignment, AssignmentState.WITHDRAWN, "It went to someone else.")

    def put(self, handle: str, kind: str, identity: str, body: bytes) -> None:
        """Write any record to a person's feed."""
        self._write(PersonId(handle), kind, identity, body)

    def revoke(self, device: DeviceId) -> None:
        """End a device."""
        self.state.devices[device].revoked = True

    def seal_ledger(self) -> None:
        """Chain one more act, so that the head moves on."""
        self.state.acts += 1

    def backup(self) -> State:
        """Return a copy of everything."""
        return copy.deepcopy(self.state)

    def restore(self, state: State) -> None:
        """Go back to an earlier copy, in a new epoch."""
        self.state = copy.deepcopy(state)
        self.epoch = f"epoch {int(self.epoch.split()[1]) + 1}"

    def line(self, token: str) -> "FakeLine":
        """Return the hub as a desk with that token reaches it."""
        return FakeLine(self, token)

    # What a desk asks before it is paired.

    def hello(self) -> Hello:
        """Return who the hub is."""
        with self.door("hello"):
            return Hello(self.id, self.name, self.identity.public.raw, self.wire, self.epoch, self.clock())

    def look(self, code: str) -> InvitationFound:
        """Return whose invitation a code is."""
        with self.door("look"):
            invitation = self._invitation(code)
            if invitation.device is not None:
                raise InvitationError("This invitation was used already.")
            person = self.state.people[invitation.person]
            return InvitationFound(invitation.person, person.name, person.sealing_key, person.escrow)

    def pair(self, request: PairingRequest) -> PairingAnswer:
        """Spend the invitation; the same device may ask again."""
        with self.door("pair"):
            proof = codec.from_signed(request.proof.body, PairingProof)
            verify(request.proof, PublicKey(proof.public_key), Purpose.PAIRING_PROOF)
            if (proof.hub, proof.code_sha256) != (self.id, code_sha256(request.code)):
                raise SignatureError("The proof was made for another hub or another invitation.")
            device = self._admitted(self._invitation(request.code), proof, request.escrow)
            person = self.state.people[device.person]
            return PairingAnswer(
                device.person,
                person.name,
                proof.device,
                device.token,
                ("assessor",),
                device.entry,
                self.clock(),
                self.epoch,
            )

    @contextmanager
    def door(self, name: str, token: str | None = None) -> Iterator[tuple[DeviceId, Device]]:
        """Let a call in, tell its refusals as the wire does, and do what `faults` say."""
        self.calls.append(name)
        if self.faults.down:
            raise HubUnreachableError("The hub does not answer at its address.")
        self.faults.before(name)
        with self._lock:
            try:
                if self.faults.no_entry is not None:
                    raise self.faults.no_entry
                yield self._device(name, token)
            except (HubRefusedError, HubUnreachableError):
                raise
            except DeskError as error:
                status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 409)
                raise HubRefusedError(
                    error.detail, safe=error.safe, next=error.next, problem_type=error.type, status=status
                ) from error
        self.faults.after(name)

    # What follows from it.

    def taken(self, device_id: DeviceId, device: Device, deed: Deed) -> Receipt:
        """Take one deed, once."""
        if found := _unreadable(deed):
            return self._receipt(deed, found)
        if known := self.state.receipts.get(deed.key):
            if (known[0], known[1].sha256) == (device_id, deed.sha256):
                return known[1]
            return self._receipt(deed, problem("deed-key-taken", "Sent before", 409, "Another had this name before."))
        receipt = self._receipt(deed, self._refusal(device_id, device, deed))
        self.state.receipts[deed.key] = (device_id, receipt)
        return receipt

    def page(self, person: PersonId, device: DeviceId, cursor: str) -> FeedPage:
        """Return the next page after a cursor; the beginning when it comes from another epoch."""
        epoch, _, number = cursor.rpartition("@")
        place = int(number) if epoch == self.epoch else 0
        rows = sorted(self.state.people[person].feed.items(), key=lambda entry: entry[1].number)
        after = [(name, row) for name, row in rows if row.number > place]
        taken = after[: self._page_rows]
        items = tuple(
            FeedItem(kind, identity, msgspec.Raw(row.body)) for (kind, identity), row in taken if row.device != device
        )
        reached = taken[-1][1].number if taken else place
        return FeedPage(self.epoch, self.clock(), self._cursor(reached), len(taken) < len(after), items)

    def counts(self, person: PersonId, device: DeviceId) -> Counts:
        """Return what both sides compare."""
        rows = [(*name, row) for name, row in self.state.people[person].feed.items() if row.device != device]
        lines: dict[str, list[str]] = {}
        for kind, identity, row in rows:
            lines.setdefault(kind, []).append(f"{identity} {sha256(row.body)}\n")
        kinds = {
            kind: KindCount(len(found), Digest(sha256("".join(sorted(found)).encode())))
            for kind, found in lines.items()
        }
        last = max((row.number for _, _, row in rows), default=0)
        return Counts(self.epoch, self._cursor(last), kinds, self.head())

    def head(self) -> Signed:
        """Return the signed head of the ledger."""
        head = LedgerHead(self.id, self.state.acts, Digest(sha256(f"{self.state.acts}".encode())), self.clock())
        return self.faults.head(self.identity.sign(Purpose.LEDGER_HEAD, codec.to_members(head)))

    def file_for(self, person: PersonId, digest: Digest) -> bytes:
        """Return an artifact to someone it was assigned to."""
        for whose, given in self.state.given.values():
            named = {each.sha256 for each in given.round.artifacts}
            may = whose == person and given.state is not AssignmentState.WITHDRAWN
            if may and digest in named & self.state.files.keys():
                return self.state.files[digest]
        raise NotFoundError("There is no such artifact among what was given to you.")

    @contextmanager
    def listening(self, person: PersonId, device: DeviceId, cursor: str) -> Iterator["SimpleQueue[str | None]"]:
        """Keep a line on which news is told."""
        heard: SimpleQueue[str | None] = SimpleQueue()
        epoch, _, number = cursor.rpartition("@")
        rows = self.state.people[person].feed.values()
        newest = max((row.number for row in rows if row.device != device), default=0)
        if newest > (int(number) if epoch == self.epoch else 0):
            heard.put(self._cursor(newest))
        self._lines.append((device, heard))
        try:
            yield heard
        finally:
            self._lines.remove((device, heard))

    def hang_up(self) -> None:
        """End every line on which news is told."""
        for _, heard in self._lines:
            heard.put(None)

    def _device(self, name: str, token: str | None) -> tuple[DeviceId, Device]:
        if token is None:
            return DeviceId(""), Device(PersonId(""), b"", Signed(b"", "", b""), "")
        for identity, device in self.state.devices.items():
            if device.token == token:
                if device.revoked and name != "tell":
                    raise DeviceRevokedError("This laptop was revoked by the program office.")
                return identity, device
        raise NotPairedError("The hub does not know this laptop.")

    def _refusal(self, device_id: DeviceId, device: Device, deed: Deed) -> Problem | None:
        try:
            if deed.key in self.faults.refuses:
                raise RuleError(self.faults.refuses[deed.key])
            self._do(device_id, device, deed)
        except DeskError as error:
            return problem_of(error, 409)
        self.state.effects.append(deed.key)
        return None

    def _do(self, device_id: DeviceId, device: Device, deed: Deed) -> None:
        if device.revoked and deed.kind != DeedKind.DECISION:
            raise DeviceRevokedError("This laptop was revoked by the program office.")
        match deed.kind:
            case DeedKind.EDIT:
                edit = codec.from_bytes(deed.body, SealedEdit)
                if (edit.hub, edit.device) != (self.id, device_id):
                    raise SignatureError("This edit comes from another hub or laptop than it says.")
                self._own(device, AssignmentId(edit.assessment))
                self._write(device.person, RecordKind.SEALED_EDIT, edit.id, bytes(deed.body), device_id)
            case DeedKind.CONFLICT_OF_INTEREST:
                self.withdraw(self._own(device, codec.from_bytes(deed.body, ConflictOfInterest).assignment).id)
            case DeedKind.DECISION:
                signed = codec.from_bytes(deed.body, DecisionDeed).signed
                manifest = msgspec.json.decode(signed.body)
                given = self._own(device, manifest["assessment"])
                if not given.state.open:
                    raise AssessmentClosedError(f"This assessment is closed: {given.state}.")
                self.set_state(given.id, AssignmentState.RECEIVED)

    def _own(self, device: Device, assignment: AssignmentId) -> Assignment:
        person, given = self.state.given.get(assignment, (None, None))
        if given is None or person != device.person:
            raise RuleError("This is about a portfolio that was never given to you.")
        return given

    def _receipt(self, deed: Deed, refusal: Problem | None) -> Receipt:
        status = ReceiptStatus.REFUSED if refusal else ReceiptStatus.ACCEPTED
        return Receipt(deed.key, deed.kind, deed.sha256, status, self.clock(), refusal)

    def _invitation(self, typed: str) -> Invitation:
        found = self.state.invitations.get(typed)
        if found is None:
            for code, invitation in self.state.invitations.items():
                invitation.tries += code[:4] == typed[:4]
            raise InvitationError("This code opens no invitation.")
        if found.tries >= TRIES:
            raise InvitationError("This invitation was tried with wrong codes too often.")
        return found

    def _admitted(self, invitation: Invitation, proof: PairingProof, escrow: bytes | None) -> Device:
        if invitation.device is not None:
            device = self.state.devices[invitation.device]
            if (invitation.device, device.public_key) != (proof.device, proof.public_key):
                raise InvitationError("This invitation was used already.")
            device.token = f"token {self._next()}"
            return device
        person = self.state.people[invitation.person]
        if person.sealing_key is None:
            person.sealing_key, person.escrow = proof.sealing_key, escrow
        if person.sealing_key != proof.sealing_key:
            raise RuleError("This desk does not have the key that your drafts are sealed with.")
        if any(
            proof.device == known or proof.public_key == device.public_key
            for known, device in self.state.devices.items()
        ):
            raise RuleError("This laptop's key was paired before.")
        at = self.clock()
        entry = DeviceEntry(
            self.id,
            proof.device,
            invitation.person,
            person.name,
            proof.public_key,
            proof.sealing_key,
            at,
            at + timedelta(days=730),
        )
        signed = self.identity.sign(Purpose.DIRECTORY, codec.to_members(entry))
        invitation.device = proof.device
        self.state.devices[proof.device] = Device(invitation.person, proof.public_key, signed, f"token {self._next()}")
        self._write(invitation.person, RecordKind.DEVICE, proof.device, codec.to_bytes(signed))
        return self.state.devices[proof.device]

    def _change(self, person: PersonId, given: Assignment) -> None:
        self.state.given[given.id] = (person, given)
        self._write(person, RecordKind.ASSIGNMENT, given.id, codec.to_bytes(given))

    def _write(self, person: PersonId, kind: str, identity: str, body: bytes, device: DeviceId | None = None) -> None:
        number = self._next()
        self.state.people[person].feed[str(kind), identity] = Row(number, body, device)
        for whose, heard in self._lines:
            if whose != device and self.state.devices[whose].person == person:
                heard.put(self._cursor(number))

    def _cursor(self, number: int) -> str:
        return f"{self.epoch}@{number}" if number else ""

    def _next(self) -> int:
        self.state.number += 1
        return self.state.number


@dataclass(frozen=True)
class FakeLine:
    """The hub as one desk reaches it."""

    hub: FakeHub
    token: str

    def changes_since(self, cursor: str) -> FeedPage:
        """Return the next page of records."""
        with self.hub.door("feed", self.token) as (device, known):
            return self.hub.page(known.person, device, cursor)

    def counts(self) -> Counts:
        """Return what both sides compare."""
        with self.hub.door("counts", self.token) as (device, known):
            return self.hub.counts(known.person, device)

    def tell(self, deeds: tuple[Deed, ...]) -> Receipts:
        """Take deeds and return their receipts."""
        faults = self.hub.faults
        with self.hub.door("tell", self.token) as (device, known):
            for deed in deeds:
                if deed.key in faults.stumbles:
                    status = faults.stumbles[deed.key]
                    raise HubRefusedError(f"The hub fails with {status}.", problem_type="hub-fault", status=status)
            receipts = faults.receipts([self.hub.taken(device, known, deed) for deed in deeds])
            answer = Receipts(self.hub.epoch, self.hub.clock(), tuple(receipts))
        if faults.answers_to_lose:
            faults.answers_to_lose -= 1
            raise HubUnreachableError(CUT)
        return answer

    @contextmanager
    def artifact(self, sha256: Digest, start: int) -> Iterator[Incoming]:
        """Open an artifact's bytes from a position."""
        faults = self.hub.faults
        with self.hub.door("artifact", self.token) as (_, known):
            content = bytearray(self.hub.file_for(known.person, sha256))
        for place in faults.flips:
            content[place] ^= 1
        content += faults.more
        begins = 0 if faults.whole else start
        total = None if faults.hide_size else len(content)
        yield Incoming(begins, total, self._parts(bytes(content[begins:])))

    @contextmanager
    def news(self, cursor: str) -> Iterator[News]:
        """Open the line on which the hub says that there is something new."""
        with self.hub.door("news", self.token) as (device, known):
            person = known.person
        with self.hub.listening(person, device, cursor) as heard:
            if self.hub.faults.hangs_up:
                heard.put(None)
            yield News(iter(heard.get, None), lambda: heard.put(None))

    def _parts(self, content: bytes) -> Iterator[bytes]:
        faults, sent = self.hub.faults, 0
        cut = faults.cuts > 0
        faults.cuts -= cut
        while sent < len(content):
            end = min(sent + 65_536, faults.cut_after) if cut else sent + 65_536
            yield content[sent:end]
            sent = end
            if cut and sent >= faults.cut_after:
                raise HubUnreachableError(CUT)


def _unreadable(deed: Deed) -> Problem | None:
    if sha256(bytes(deed.body)) != deed.sha256:
        return problem("deed-changed", "Changed on the way", 409, "What arrived is not what this desk meant to send.")
    if deed.kind not in set(DeedKind) or deed.version != 1:
        return problem("deed-unknown", "Not known to this hub", 409, f"This hub does not know “{deed.kind}”.")
    return None
