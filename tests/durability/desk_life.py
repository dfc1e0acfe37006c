"""A desk at full speed, from opening its store until it is killed."""

import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from assessor_desk.domain.draft import DealtWith
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssessmentId, AssignmentId, CheckId, EditId
from assessor_desk.environment.paths import Home
from assessor_desk.errors import HubUnreachableError
from assessor_desk.operations import deciding
from assessor_desk.operations.assessing import Change, record
from assessor_desk.operations.workplace import Work, Workplace, work_of
from assessor_desk.seals.streams import CHUNK, whole_chunks
from assessor_desk.store import membership
from assessor_desk.store.artifacts import ArtifactState, Held
from assessor_desk.store.blobs import blob_path
from assessor_desk.store.store import Store
from assessor_desk.store.transaction import Transaction
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.engine import Sync, sync
from assessor_desk.tables import lanes, sqlite
from assessor_desk.tables.sqlite import Bare
from assessor_desk.wire.deeds import DeedKind
from tests.durability.marks import MarkedConnection, MarkedHub, Marks, Place
from tests.durability.scene import NOW
from tests.store.world import PASSPHRASE

HABITS, HASTE = (55, 15, 6, 24), (1, 0, 0, 0)
"""How often a life edits, decides, loses a file and syncs."""


@dataclass(frozen=True)
class Orders:
    """What a life is to do: where its home is, the seed of its choices, and how many decisions it may sign.

    `acknowledged` is a file with everything that earlier lives said was saved. A hasty life only edits, and says that
    an edit is saved just before it is: such a desk must be found out.
    """

    home: str
    seed: int
    decisions: int
    acknowledged: str
    hasty: bool = False


def live(orders: Orders, marks: Marks, tell: Callable[[dict[str, Any]], None]) -> None:
    """Open the store, say how it was found, and work until killed."""
    made: list[str] = []
    with marks.at(Place.OPENING):
        _mark_connections(marks, (lambda: tell({"edits": made})) if orders.hasty else _nothing)
        paths = Home.at(Path(orders.home)).only_store()
        store, keys = Store.unlock(paths, PASSPHRASE)
        tell({"found": found(store, json.loads(Path(orders.acknowledged).read_text()))})
        with store.reading() as tx:
            member = membership.known(tx.meta)
    desk = Workplace(store, member, keys, NOW, lambda: _kept(made))
    life = Life(desk, marks, tell, random.Random(orders.seed), made, orders.decisions)  # noqa: S311
    tell({"at work": os.getpid()})
    while True:
        life.act(HASTE if orders.hasty else HABITS)


def found(store: Store, acknowledged: dict[str, list[str]]) -> list[str]:
    """Return what is wrong with a store after a kill: what was acknowledged and is gone, what does not hold."""
    findings = store.check()
    with store.reading() as tx:
        edits = frozenset(map(EditId, acknowledged["edits"]))
        lost = [f"edit {each} is gone" for each in edits - tx.journal.known(edits)]
        untold = [f"{each} has no deed" for each in (*edits, *acknowledged["decisions"]) if tx.outbox.get(each) is None]
        claims = [each.title for each in _partial(tx.artifacts.to_fetch()) if each.saved > _good_bytes(store, each)]
    return [*findings.faults, *lost, *untold, *(f"{each} has less than it claims" for each in claims)]


class Life:
    """Acts at random until killed, and acknowledges each act once it is committed."""

    def __init__(
        self,
        desk: Workplace,
        marks: Marks,
        tell: Callable[[dict[str, Any]], None],
        chance: random.Random,
        made: list[str],
        decisions: int,
    ) -> None:
        self._desk = desk
        self._hub = MarkedHub(HubClient(desk.member.address, desk.member.token), marks)
        self._tell = tell
        self._chance = chance
        self._made = made
        self._decisions = decisions

    def act(self, habits: tuple[int, ...]) -> None:
        """Do one thing."""
        open_work = self._open_work()
        [act] = self._chance.choices((self._edit, self._decide, self._lose, self._sync), habits)
        if open_work or act in (self._lose, self._sync):
            act(self._chance.choice(open_work) if open_work else AssignmentId(""))

    def _edit(self, work: AssignmentId) -> None:
        criterion = self._chance.choice(("planning", "reflecting"))
        text = " ".join(self._chance.choices(("why", "because", "the plan", "names", "a day"), k=40))
        changes = [Change(Field("rationale", (criterion,)), text)]
        if self._chance.random() < 0.3:
            changes.append(Change(Field("score", (criterion,)), self._chance.randint(1, 3)))
        self._record(work, changes)

    def _decide(self, work: AssignmentId) -> None:
        if not self._decisions:
            return
        self._decisions -= 1
        with self._desk.store.reading() as tx:
            whole = work_of(tx, work)
        self._record(work, everything(whole))
        decision = deciding.decide(self._desk, work, self._chance.randbytes)
        self._tell({"decisions": [decision.id]})

    def _lose(self, _: AssignmentId) -> None:
        """Give up a file that is here, so that there is always something to fetch."""
        with self._desk.store.transaction() as tx:
            here = tx.artifacts.here()
            if here:
                tx.artifacts.give_up(self._chance.choice(here), ArtifactState.DAMAGED)

    def _sync(self, _: AssignmentId) -> None:
        try:
            sync(self._desk.store, self._hub, Sync(NOW, self._desk.keys.sealing))
        except HubUnreachableError:
            self._tell({"offline": 1})
        else:
            self._tell({"synced": 1})

    def _record(self, work: AssignmentId, changes: list[Change]) -> None:
        self._made.clear()
        record(self._desk, work, changes)
        self._tell({"edits": list(self._made)})

    def _open_work(self) -> list[AssignmentId]:
        """Return what is still to decide; what was decided stays decided, whether the hub has answered or not."""
        with self._desk.store.reading() as tx:
            rows = [row.id for row in tx.queue.rows() if row.hub_state.open]
            return [each for each in rows if not _is_decided(tx, each)]


def everything(work: Work) -> list[Change]:
    """Return what makes an assessment ready to be signed: nothing was found, and it says where it was looked for."""
    changes = [Change(Field.opened(each.id), DealtWith.ACKNOWLEDGED.value) for each in work.assignment.round.artifacts]
    changes += [Change(Field.precheck(CheckId(each.id)), True) for each in work.micro_credential.checks]
    for each in work.micro_credential.rubric.criteria:
        changes += [
            Change(Field.score(each.id), each.levels[0].value),
            Change(Field.rationale(each.id), "Nothing in the plan shows it."),
            Change(Field.looked_for(each.id), "On every page of the plan."),
        ]
    return changes


def _is_decided(tx: Transaction, work: AssignmentId) -> bool:
    return any(each.deed.kind == DeedKind.DECISION for each in tx.outbox.of(AssessmentId(work)))


def _mark_connections(marks: Marks, before_commit: Callable[[], None]) -> None:
    def connect(path: Path, key: bytes | None) -> Bare:
        return cast("Bare", MarkedConnection(sqlite.connect(path, key), marks, before_commit))

    setattr(lanes, connect.__name__, connect)


def _nothing() -> None:
    return None


def _kept(made: list[str]) -> str:
    made.append(str(uuid4()))
    return made[-1]


def _partial(held: tuple[Held, ...]) -> list[Held]:
    return [each for each in held if each.state is ArtifactState.PARTIAL]


def _good_bytes(store: Store, held: Held) -> int:
    path = blob_path(store.paths, held.blob or "")
    if held.blob is None or not path.exists():
        return 0
    with store.reading() as tx, path.open("rb") as file:
        return whole_chunks(file, tx.artifacts.blob_key(held), held.blob) * CHUNK
