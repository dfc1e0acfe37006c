"""Laptops with real stores, paired with a hub, and what a person does at them."""

import copy
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from assessor_desk.domain.assessment import Assessment, Edit, Value
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssessmentId, AssignmentId, EditId
from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.environment.paths import Home
from assessor_desk.operations.assessing import sealed_deed
from assessor_desk.operations.workplace import Workplace
from assessor_desk.seals.keyfile import Keys
from assessor_desk.seals.signatures import Purpose
from assessor_desk.store.deeds import Outgoing, Waiting
from assessor_desk.store.store import Store
from assessor_desk.sync.engine import Sync, SyncReport, sync
from assessor_desk.sync.hub import Hub
from assessor_desk.sync.pairing import FirstRun, Paired, pair
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionDeed, DeedKind
from tests.doubles.clocks import StandingClock
from tests.doubles.hub import FakeHub
from tests.doubles.hub_state import State
from tests.store.world import CHEAP, PASSPHRASE
from tests.sync.stages import FakeStage, Stage


@dataclass
class Laptop:
    """One desk of one person, unlocked."""

    paired: Paired
    store: Store
    keys: Keys
    clock: StandingClock
    line: Hub

    def sync(self, **how: Any) -> SyncReport:
        """Sync as a person asks for it, with the keys at hand."""
        return sync(self.store, self.line, Sync(**{"now": self.clock, "sealing": self.keys.sealing, **how}))

    def write(self, of: AssignmentId, on: str = "score/c1", value: Value = 3) -> Edit:
        """Change a field of an assessment."""
        return self.write_all([(of, on, value)])[0]

    def write_all(self, changes: Iterable[tuple[AssignmentId, str, Value]]) -> list[Edit]:
        """Change fields together."""
        workplace = Workplace(self.store, self.paired.membership, self.keys, self.clock, lambda: str(uuid4()))
        edits = []
        with self.store.transaction() as tx:
            for of, on, value in changes:
                field, assessment = Field.parse(on), AssessmentId(of)
                settled = tx.journal.settled(assessment, field)
                parents = frozenset() if settled is None else settled.parents
                device = self.paired.membership.device
                edit = Edit(EditId(str(uuid4())), assessment, field, value, parents, device, self.clock())
                tx.journal.append(edit, sealed_deed(workplace, edit))
                edits.append(edit)
        return edits

    def decide(self, of: AssignmentId) -> str:
        """Sign something that closes an assessment, and return the deed's key."""
        signed = self.keys.signing.sign(Purpose.DECISION, {"assessment": of})
        return self.tell(DeedKind.DECISION, DecisionDeed(signed, ()), of)

    def tell(self, kind: str, body: object, of: AssignmentId | None = None) -> str:
        """Put any deed into the outbox and return its key."""
        about = None if of is None else AssessmentId(of)
        deed = Outgoing(str(uuid4()), kind, 1, codec.to_bytes(body), about)
        with self.store.transaction() as tx:
            tx.outbox.add(deed, self.clock())
        return deed.key

    def draft(self, of: AssignmentId) -> Assessment:
        """Return an assessment as it stands here."""
        with self.store.reading() as tx:
            return tx.journal.assessment(AssessmentId(of))

    def waiting(self) -> tuple[Waiting, ...]:
        """Return what the hub has no receipt for."""
        with self.store.reading() as tx:
            return tx.outbox.unsent()

    def refused(self) -> tuple[Waiting, ...]:
        """Return what the hub would not take."""
        with self.store.reading() as tx:
            return tx.outbox.refused()

    def said(self) -> list[str]:
        """Return the log, oldest first."""
        with self.store.reading() as tx:
            return [each.words for each in reversed(tx.activity.latest())]


def shown(laptop: Laptop) -> dict[AssignmentId, AssignmentState]:
    """Return what the queue of a laptop shows."""
    with laptop.store.reading() as tx:
        return {row.id: row.hub_state for row in tx.queue.rows()}


def first_run(stage: Stage, ticket: str, **changed: Any) -> FirstRun:
    """Return what a person decides at first run."""
    usual = {"address": stage.address, "ticket": ticket, "passphrase": PASSPHRASE, "device_name": "laptop"}
    return FirstRun(**{**usual, "cost": CHEAP, **changed})


def paired(stage: Stage, handle: str, home: Path, clock: StandingClock, sheet: str = "") -> Paired:
    """Pair a laptop with a new invitation."""
    told = first_run(stage, stage.invite(handle), recovery_sheet=sheet)
    return pair(Home.at(home), stage.doorstep(), told, clock)


@contextmanager
def opened(stage: Stage, found: Paired, clock: StandingClock) -> Iterator[Laptop]:
    """Yield a paired laptop, unlocked."""
    store, keys = Store.unlock(found.paths, PASSPHRASE)
    with store:
        yield Laptop(found, store, keys, clock, stage.line(found.membership.token))


@dataclass(frozen=True)
class Pairings:
    """Ana's two laptops as they stood after pairing with the fake hub: made once, and copied for each test."""

    state: State
    place: Path
    ana: Paired
    second: Paired

    @classmethod
    def make(cls, place: Path) -> "Pairings":
        """Pair both laptops."""
        clock = StandingClock()
        stage = FakeStage(FakeHub(clock))
        ana = paired(stage, "ana", place / "ana", clock)
        second = paired(stage, "ana", place / "second", clock, ana.sheet.text())
        return cls(stage.hub.backup(), place, ana, second)

    def begin(self, clock: StandingClock, **how: Any) -> FakeHub:
        """Return a hub that knows both laptops."""
        return FakeHub(clock, state=copy.deepcopy(self.state), **how)

    @contextmanager
    def laptop(self, hub: FakeHub, name: str, place: Path) -> Iterator[Laptop]:
        """Yield a copy of `ana` or `second`."""
        made: Paired = getattr(self, name)
        shutil.copytree(self.place / name, place / name)
        found = replace(made, paths=Home.at(place / name).store(made.paths.id))
        with opened(FakeStage(hub), found, hub.clock) as laptop:
            yield laptop
