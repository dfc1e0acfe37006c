"""A desk that listens hears of everything new, comes back after cuts, and stops when it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest

from assessor_desk.errors import DeviceRevokedError, HubRefusedError, HubUnreachableError
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.listening import Listener
from tests.doubles.clocks import StandingClock
from tests.doubles.cutting_proxy import cutting_proxy
from tests.doubles.hub import FakeHub
from tests.sync.laptops import Laptop
from tests.sync.stages import Joined, join, real_stage

PATIENCE = 10.0


def reached(laptop: Laptop) -> str:
    with laptop.store.reading() as tx:
        return tx.meta.position().cursor


@contextmanager
def heard(listener: Listener) -> Iterator["Queue[str]"]:
    """Yield what a listener hears, in a thread of its own."""
    found: Queue[str] = Queue()

    def listen() -> None:
        for cursor in listener:
            found.put(cursor)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield found
    finally:
        listener.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_what_comes_is_heard_and_fetched(ana: Laptop, hub: FakeHub) -> None:
    ana.sync()
    line = hub.line(ana.paired.membership.token)
    with heard(Listener(line, lambda: reached(ana))) as news:
        given = hub.give("ana")
        news.get(timeout=PATIENCE)

        ana.sync(automatic=True)

        with ana.store.reading() as tx:
            assert [row.id for row in tx.queue.rows()] == [given.id]


def test_after_a_cut_the_listener_comes_back_and_misses_nothing(ana: Laptop, hub: FakeHub) -> None:
    ana.sync()
    waits: list[float] = []
    back = threading.Event()

    def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            hub.give("ana")
            hub.faults.down = True
        if len(waits) == 4:
            hub.faults.down = False
            back.set()

    listener = Listener(hub.line(ana.paired.membership.token), lambda: reached(ana), lambda: 0.0, pause)
    with heard(listener) as news:
        while "news" not in hub.calls:
            threading.Event().wait(0.01)
        hub.hang_up()

        missed = news.get(timeout=PATIENCE)

    assert back.is_set()
    assert missed != reached(ana)
    assert waits[:4] == [5, 15, 40, 120]


def test_a_listener_that_came_back_begins_with_short_waits_again(ana: Laptop, hub: FakeHub) -> None:
    waits: list[float] = []
    hub.faults.hangs_up = True

    def pause(seconds: float) -> None:
        waits.append(seconds)
        hub.faults.down = len(waits) in (2, 3)
        if len(waits) == 6:
            listener.stop()

    listener = Listener(hub.line(ana.paired.membership.token), lambda: reached(ana), lambda: 0.0, pause)

    assert len(list(listener)) <= 4
    assert waits == [5, 5, 15, 40, 5, 5]


def test_a_refusal_ends_the_listening(ana: Laptop, hub: FakeHub) -> None:
    hub.revoke(ana.paired.membership.device)

    with pytest.raises(HubRefusedError, match="revoked") as refused:
        next(iter(Listener(hub.line(ana.paired.membership.token), lambda: "")))

    assert refused.value.problem_type == DeviceRevokedError.type


def test_a_listener_that_is_stopped_before_it_began_asks_nothing(ana: Laptop, hub: FakeHub) -> None:
    hub.calls.clear()
    listener = Listener(hub.line(ana.paired.membership.token), lambda: "")
    listener.stop()

    assert list(listener) == []
    assert hub.calls == []


# Over a real line.


@contextmanager
def listening(address: str, desk: Joined, pause: threading.Event) -> Iterator["Queue[str]"]:
    line = HubClient(address, desk.answer.token)
    listener = Listener(line, lambda: "", lambda: 0.0, lambda _: pause.wait(0.05))
    with heard(listener) as news:
        yield news
    line.close()


def test_a_real_hub_is_heard_through_cuts_and_let_go_at_once(tmp_path: Path, clock: StandingClock) -> None:
    with real_stage(tmp_path, clock) as stage:
        desk = join(stage, "ana")
        cut = {1: 700, 2: 5, 3: 900}
        with (
            cutting_proxy(stage.address, cut.get) as proxy,
            listening(proxy.address, desk, threading.Event()) as news,
        ):
            first = news.get(timeout=PATIENCE)
            for number in range(3):
                stage.give("ana", b"plan %d" % number)
            last = news.get(timeout=PATIENCE)

        assert first != last


def test_a_hub_that_goes_away_is_waited_for(tmp_path: Path, clock: StandingClock) -> None:
    with real_stage(tmp_path, clock) as stage:
        desk = join(stage, "ana")
        line = HubClient(stage.address, desk.answer.token)
    waited: list[float] = []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            listener.stop()

    listener = Listener(line, lambda: "", lambda: 0.0, pause)

    assert list(listener) == []
    assert waited == [5, 15, 40]
    with pytest.raises(HubUnreachableError):
        line.counts()
    line.close()
