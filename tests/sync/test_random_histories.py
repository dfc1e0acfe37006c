"""Whatever happens between two laptops of one person and the hub, they end alike, and nothing is lost or done twice.

Answers are lost, the desk dies before or after any call and any commit, the hub goes back to a backup, the sealing key
is locked for a while. Then all is well again, and everyone syncs.
"""

import itertools
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_desk.domain.assessment import Edit, fold
from assessor_desk.domain.ids import AssessmentId, AssignmentId
from assessor_desk.errors import HubError, HubUnreachableError
from assessor_desk.store.deeds import OutboxState
from assessor_desk.store.store import Store
from assessor_desk.store.transaction import Transaction
from tests.doubles.clocks import StandingClock
from tests.doubles.hub import CUT, FakeHub
from tests.doubles.hub_state import State
from tests.sync.laptops import Laptop, Pairings

FIELDS = ("score/c1", "rationale/c1", "letter/opening")
NAMES = ("ana", "second")


class Dying(BaseException):
    """The process ends here."""


class When(StrEnum):
    """What goes wrong in a sync, at the n-th occasion."""

    NOT = "nothing goes wrong"
    UNASKED = "the desk dies before it asks"
    UNHEARD = "the desk dies before it hears"
    SILENT = "the hub does not answer"
    LOST = "the answer is lost"
    UNDONE = "the desk dies before a commit"
    DONE = "the desk dies after a commit"
    LOCKED = "the sealing key is locked"
    CANCELLED = "the person cancels"


@dataclass(frozen=True)
class Write:
    """A field is changed."""

    at: int
    of: int
    field: str
    value: int


@dataclass(frozen=True)
class Decide:
    """An assessment is closed."""

    at: int
    of: int


@dataclass(frozen=True)
class Exchange:
    """A laptop syncs."""

    at: int
    when: When
    nth: int
    automatic: bool


@dataclass(frozen=True)
class Event:
    """Something happens at the hub, or time passes."""

    what: str


LAPTOPS, WORKS = st.integers(0, 1), st.integers(0, 1)
STEPS = st.one_of(
    st.builds(Write, LAPTOPS, WORKS, st.sampled_from(FIELDS), st.integers(1, 4)),
    st.builds(Write, LAPTOPS, WORKS, st.sampled_from(FIELDS), st.integers(1, 4)),
    st.builds(Exchange, LAPTOPS, st.sampled_from(When), st.integers(1, 12), st.booleans()),
    st.builds(Exchange, LAPTOPS, st.just(When.NOT), st.just(1), st.just(False)),
    st.builds(Decide, LAPTOPS, WORKS),
    st.builds(Event, st.sampled_from(["backup", "restore", "withdraw", "an hour passes"])),
)


class History:
    """One history on two real stores and a fake hub."""

    def __init__(self, hub: FakeHub, laptops: list[Laptop]) -> None:
        self.hub = hub
        self.laptops = laptops
        self.given = [hub.give("ana", b"a plan" * 5_000).id, hub.give("ana").id]
        self.edits: list[Edit] = []
        self.decided: dict[str, AssignmentId] = {}
        self.withdrawn = False
        self._backup: State = hub.backup()

    def take(self, step: Write | Decide | Exchange | Event) -> None:
        """Let one thing happen."""
        match step:
            case Write(at, of, field, value):
                self.edits.append(self.laptops[at].write(self.given[of], field, value))
            case Decide(at, of):
                self.decided[self.laptops[at].decide(self.given[of])] = self.given[of]
            case Exchange():
                self._exchange(step)
            case Event("backup"):
                self._backup = self.hub.backup()
            case Event("restore"):
                self.hub.restore(self._backup)
            case Event("withdraw"):
                self.withdrawn = True
                self.hub.withdraw(self.given[1])
            case _:
                self.hub.clock.forward(hours=1)

    def calm_down(self) -> None:
        """Let both laptops sync until all is told."""
        for laptop in self.laptops * 3:
            laptop.sync()

    def close(self) -> None:
        """Put the laptops away."""
        for laptop in self.laptops:
            laptop.store.close()

    def _exchange(self, step: Exchange) -> None:
        laptop = self.laptops[step.at]
        how: dict[str, Any] = {"automatic": step.automatic}
        with meddled(self.hub, laptop.store, step, how), suppress(Dying, HubError):
            laptop.sync(**how)
        laptop.store.close()
        laptop.store = Store.open(laptop.paired.paths, laptop.keys.data)


@contextmanager
def meddled(hub: FakeHub, store: Store, step: Exchange, how: dict[str, Any]) -> Iterator[None]:
    """Let one thing go wrong while the block runs."""
    occasions = itertools.count(1)
    faults = hub.faults

    def happen(error: BaseException) -> None:
        if next(occasions) == step.nth:
            raise error

    match step.when:
        case When.UNASKED:
            faults.before = lambda _: happen(Dying())
        case When.UNHEARD:
            faults.after = lambda _: happen(Dying())
        case When.SILENT:
            faults.before = lambda _: happen(HubUnreachableError(CUT))
        case When.LOST:
            faults.after = lambda _: happen(HubUnreachableError(CUT))
        case When.LOCKED:
            how["sealing"] = None
        case When.CANCELLED:
            how["cancelled"] = lambda: next(occasions) > step.nth
        case When.UNDONE | When.DONE:
            die_in(store, step.nth, committed=step.when is When.DONE)
    yield
    faults.before = faults.after = lambda _: None


def die_in(store: Store, nth: int, *, committed: bool) -> None:
    """Let the process die in the n-th transaction, before or after it is committed."""
    begin, counted = store.transaction, itertools.count(1)

    @contextmanager
    def transaction() -> Iterator[Transaction]:
        last = next(counted) == nth
        with begin() as tx:
            yield tx
            if last and not committed:
                raise Dying
        if last:
            raise Dying

    store.transaction = transaction  # type: ignore[method-assign]


def assert_well(history: History) -> None:
    """Hold the end of a history against what must be true of every one."""
    effects = Counter(history.hub.state.effects)
    for laptop in history.laptops:
        for assignment in history.given:
            own = [edit for edit in history.edits if edit.assessment == AssessmentId(assignment)]
            assert laptop.draft(assignment) == fold(own)
        assert laptop.waiting() == ()
        assert laptop.store.check().sound
        with laptop.store.reading() as tx:
            sent = [tx.outbox.get(key) for key in history.decided]
            assert len(tx.artifacts.here()) == 1
        for each in sent:
            if each is not None:
                assert each.state in (OutboxState.SENT, OutboxState.REFUSED)
                assert effects[each.deed.key] == (each.state is OutboxState.SENT)
    assert {edit.id for edit in history.edits} <= set(effects)
    assert set(effects.values()) <= {1}
    counted = Counter(of for key, of in history.decided.items() if effects[key])
    assert set(counted.values()) <= {1}
    assert counted[history.given[0]] == (history.given[0] in history.decided.values())
    for laptop in history.laptops:
        assert laptop.sync().compared.equal


@given(st.lists(STEPS, max_size=25))
@settings(max_examples=40)
def test_every_history_ends_with_all_edits_on_both_laptops_and_each_decision_once(
    pairings: Pairings, steps: list[Write | Decide | Exchange | Event]
) -> None:
    place = Path(mkdtemp())
    hub = pairings.begin(StandingClock())
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, place)
        history = History(hub, [stack.enter_context(pairings.laptop(hub, name, place)) for name in NAMES])
        stack.callback(history.close)
        for step in steps:
            history.take(step)

        history.calm_down()

        assert_well(history)
