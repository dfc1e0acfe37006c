"""Two hubs that a test can arrange alike: the fake, and a real one on a port of its own."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol, cast
from uuid import uuid4

from assessor_desk.domain.ids import AssignmentId, DeviceId, RoundId
from assessor_desk.domain.portfolio import Part
from assessor_desk.hub import assignment, directory, feed, intake, invitations, people, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.chores import CHORES
from assessor_desk.hub.data import Hub as RealHub
from assessor_desk.hub.intake import Options
from assessor_desk.hub.people import Standing
from assessor_desk.hub.serve import served
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.seals.signatures import Purpose, SigningKey
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.hub import Announcing, Doorstep, Hub
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.wire import codec
from assessor_desk.wire.pairing import Hello, PairingAnswer, PairingProof, PairingRequest, Ticket, code_sha256
from assessor_desk.wire.records import RecordKind
from tests.doubles.clocks import StandingClock
from tests.doubles.hub import FakeHub
from tests.doubles.hub_state import State
from tests.hub.casework import LEAD, folder, offer


class Line(Hub, Announcing, Protocol):
    """All that a paired desk asks of a hub."""


class Stage(Protocol):
    """A hub, and what a test does to it."""

    address: str

    def invite(self, handle: str) -> str:
        """Invite a person and return the ticket."""

    def give(self, handle: str, *contents: bytes) -> AssignmentId:
        """Give a person a portfolio with these artifacts."""

    def withdraw(self, assignment: AssignmentId) -> None:
        """Take an assignment back."""

    def put(self, handle: str, kind: str, records: Mapping[str, bytes]) -> None:
        """Write any records to a person's feed, by their ids."""

    def revoke(self, device: DeviceId) -> None:
        """End a device."""

    def seal_ledger(self) -> None:
        """Let the ledger's head move on."""

    def backup(self) -> None:
        """Remember how everything stands."""

    def restore(self) -> None:
        """Go back to the backup, in a new epoch; lines from before are dead."""

    def doorstep(self) -> Doorstep:
        """Return the hub as a stranger reaches it."""

    def line(self, token: str) -> Line:
        """Return the hub as a desk with that token reaches it."""


class FakeStage:
    """The fake hub."""

    address = "http://127.0.0.1:1"

    def __init__(self, hub: FakeHub | None = None) -> None:
        self.hub = hub or FakeHub()
        self._backup: State | None = None

    def invite(self, handle: str) -> str:
        return self.hub.invite(handle)

    def give(self, handle: str, *contents: bytes) -> AssignmentId:
        return self.hub.give(handle, *contents).id

    def withdraw(self, assignment: AssignmentId) -> None:
        self.hub.withdraw(assignment)

    def put(self, handle: str, kind: str, records: Mapping[str, bytes]) -> None:
        for identity, body in records.items():
            self.hub.put(handle, kind, identity, body)

    def revoke(self, device: DeviceId) -> None:
        self.hub.revoke(device)

    def seal_ledger(self) -> None:
        self.hub.seal_ledger()

    def backup(self) -> None:
        self._backup = self.hub.backup()

    def restore(self) -> None:
        assert self._backup is not None
        self.hub.restore(self._backup)

    def doorstep(self) -> Doorstep:
        return self.hub

    def line(self, token: str) -> Line:
        return self.hub.line(token)


class RealStage:
    """A hub on SQLite in a folder, served on a free port; other threads may use it meanwhile."""

    def __init__(self, place: Path, clock: StandingClock) -> None:
        self._place = place
        self._clock = clock
        self._stack = ExitStack()
        self._hub = RealHub.init(place / "hub", "Teaching Lab", clock)
        self._given: dict[AssignmentId, tuple[RoundId, str]] = {}
        offer(self._hub)
        self.address = self._stack.enter_context(served(self._hub)).url

    def invite(self, handle: str) -> str:
        with reading(self._hub.engine) as connection:
            known = connection.execute(tables.person.select().where(tables.person.c.handle == handle)).first()
        if known is None:
            people.add(self._hub, handle, handle.title(), [Standing(LEAD, Role.ASSESSOR)])
        return invitations.invite(self._hub, handle).ticket.written()

    def give(self, handle: str, *contents: bytes) -> AssignmentId:
        files = {f"{index}.txt": content for index, content in enumerate(contents)}
        said = [{"file": name, "slot": "plan"} for name in files]
        place = folder(self._place / uuid4().hex, files, micro_credential="lead.planning", artifacts=said)
        received = intake.receive(self._hub, place, Options())
        with writing(self._hub.engine) as connection:
            person = people.find(connection, handle)
            given = assignment.assign(connection, received.round, person.id, Part.FIRST, self._clock())
        self._given[given.id] = (received.round, handle)
        return given.id

    def withdraw(self, assignment_id: AssignmentId) -> None:
        round_id, handle = self._given[assignment_id]
        with writing(self._hub.engine) as connection:
            person = people.find(connection, handle)
            assignment.withdraw_from(connection, round_id, person.id, "It went to someone else.", self._clock())

    def put(self, handle: str, kind: str, records: Mapping[str, bytes]) -> None:
        of_kind = cast("RecordKind", SimpleNamespace(value=kind))  # as a hub of a later version writes it
        with writing(self._hub.engine) as connection:
            person = people.find(connection, handle)
            for identity, body in records.items():
                feed.write(connection, [person.id], of_kind, identity, body)

    def revoke(self, device: DeviceId) -> None:
        directory.revoke(self._hub, device)

    def seal_ledger(self) -> None:
        people.add(self._hub, uuid4().hex, "Someone", [])
        for chore in CHORES:
            chore.do(self._hub)

    def backup(self) -> None:
        self._replaced(self._hub.folder / "hub.db", self._place / "backup.db")

    def restore(self) -> None:
        self.seal_ledger()
        self._replaced(self._place / "backup.db", self._hub.folder / "hub.db")

    def doorstep(self) -> Doorstep:
        return self._client(None)

    def line(self, token: str) -> Line:
        return self._client(token)

    def close(self) -> None:
        self._stack.close()
        self._hub.close()

    def _client(self, token: str | None) -> HubClient:
        client = HubClient(self.address, token)
        self._stack.callback(client.close)
        return client

    def _replaced(self, source: Path, target: Path) -> None:
        """Copy a database while the hub is stopped."""
        self.close()
        shutil.copy(source, target)
        self._hub = RealHub.open(self._hub.folder, self._clock)
        self.address = self._stack.enter_context(served(self._hub)).url


@contextmanager
def real_stage(place: Path, clock: StandingClock) -> Iterator[RealStage]:
    stage = RealStage(place, clock)
    try:
        yield stage
    finally:
        stage.close()


@dataclass(frozen=True)
class Keys:
    """What a new desk makes for itself."""

    device: DeviceId = field(default_factory=lambda: DeviceId(str(uuid4())))
    signing: SigningKey = field(default_factory=SigningKey.generate)
    sealing: SealingKey = field(default_factory=SealingKey.generate)


@dataclass(frozen=True)
class Joined:
    """A desk that is paired, without a store."""

    keys: Keys
    answer: PairingAnswer
    line: Line


def request(hello: Hello, ticket: str, keys: Keys, escrow: bytes | None = None) -> PairingRequest:
    code = Ticket.read(ticket).code
    proof = PairingProof(
        hello.hub, code_sha256(code), keys.device, "laptop", keys.signing.public.raw, keys.sealing.public.raw
    )
    return PairingRequest(code, keys.signing.sign(Purpose.PAIRING_PROOF, codec.to_members(proof)), escrow)


def join(stage: Stage, handle: str, keys: Keys | None = None) -> Joined:
    keys = keys or Keys()
    door = stage.doorstep()
    answer = door.pair(request(door.hello(), stage.invite(handle), keys))
    return Joined(keys, answer, stage.line(answer.token))
