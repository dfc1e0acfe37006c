"""A hub that was taken over, or that has gone mad: it keeps nobody from the rest of the work."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from assessor_desk.errors import HubProtocolError
from assessor_desk.sync.hub import Hub
from assessor_desk.wire import codec
from assessor_desk.wire.records import FeedPage, RecordKind
from tests.doubles.hub import FakeHub
from tests.sync.laptops import Laptop

PLAN = b"A plan. " * 4_000


def plan_of(said: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = said["round"]["artifacts"][0]
    return found


MAD: dict[str, Callable[[dict[str, Any]], None]] = {
    "due without a zone": lambda said: said.update(due_at="2026-03-02T09:00:00"),
    "due before all time": lambda said: said.update(due_at="0001-01-01T00:00:00+14:00"),
    "due after all time": lambda said: said.update(due_at="9999-12-31T23:59:59-14:00"),
    "handed without a zone": lambda said: said.update(handed_at="2026-03-02T09:00:00"),
    "round without end": lambda said: said["round"].update(number=2**70),
    "size without end": lambda said: plan_of(said).update(size=2**70),
    "size below nothing": lambda said: plan_of(said).update(size=-1),
    "pieces that are no digests": lambda said: plan_of(said).update(pieces=["zz"]),
    "digest that is a path": lambda said: plan_of(said).update(sha256="../me"),
    "digest that is a header": lambda said: plan_of(said).update(sha256='"\r\nHost: elsewhere'),
}


@pytest.mark.parametrize("change", MAD.values(), ids=MAD.keys())
def test_a_mad_assignment_keeps_nobody_from_the_others(
    ana: Laptop, hub: FakeHub, change: Callable[[dict[str, Any]], None]
) -> None:
    sound = hub.give("ana", PLAN)
    said: dict[str, Any] = json.loads(codec.to_bytes(sound))
    said["id"] = "mad"
    change(said)
    hub.put("ana", RecordKind.ASSIGNMENT, "mad", json.dumps(said).encode())

    report = ana.sync()

    assert report.fetched.artifacts == 1
    assert dict(report.pulled.unread) == {RecordKind.ASSIGNMENT: 1}
    with ana.store.reading() as tx:
        assert [row.id for row in tx.queue.rows()] == [sound.id]


@pytest.mark.parametrize("time", ["2026-03-02T09:00:00", "9999-12-31T23:59:59Z"])
def test_an_answer_whose_time_no_clock_shows_is_refused_at_the_door(time: str) -> None:
    page = {"epoch": "e", "time": time, "cursor": "", "more": False, "items": []}

    with pytest.raises(HubProtocolError, match="time"):
        codec.from_bytes(json.dumps(page).encode(), FeedPage)


@dataclass
class Restless:
    """A hub that says with each page that it was restored."""

    line: Hub
    pages: int = 0

    def changes_since(self, cursor: str) -> FeedPage:
        self.pages += 1
        return replace(self.line.changes_since(cursor), epoch=f"restored for the {self.pages}. time")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)


def test_a_hub_that_is_restored_with_every_answer_loses_nothing_and_ends(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN)
    ana.sync()
    edit = ana.write(given.id)
    line, ana.line = ana.line, Restless(ana.line)

    ana.sync()
    ana.line = line
    ana.sync()

    assert ana.draft(given.id).value(edit.field) == edit.value
    assert not ana.waiting()


def test_a_deep_record_is_kept_for_a_later_version_and_keeps_nobody_from_the_others(ana: Laptop, hub: FakeHub) -> None:
    hub.put("ana", RecordKind.ASSIGNMENT, "deep", b"[" * 100_000 + b"]" * 100_000)
    sound = hub.give("ana", PLAN)

    report = ana.sync()

    assert dict(report.pulled.unread) == {RecordKind.ASSIGNMENT: 1}
    with ana.store.reading() as tx:
        assert [row.id for row in tx.queue.rows()] == [sound.id]
