import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue

import httpx
import pytest

from assessor_desk.domain.ids import PersonId
from assessor_desk.hub import directory, feed
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.hub.serve import served
from assessor_desk.tables.transactions import writing
from assessor_desk.wire import codec
from assessor_desk.wire.records import FeedPage, RecordKind
from tests.doubles.clocks import StandingClock
from tests.hub.people_here import PairedDesk, client, desk_of

ENDED = "ended"


class Listening:
    """A desk that listens, with what it heard."""

    def __init__(self) -> None:
        self.heard: Queue[str] = Queue()

    def next(self, seconds: float = 5.0) -> str:
        return self.heard.get(timeout=seconds)

    def hears_nothing(self, seconds: float) -> bool:
        try:
            self.heard.get(timeout=seconds)
        except Empty:
            return True
        return False


@contextmanager
def listening(url: str, desk: PairedDesk, after: str | None = None) -> Iterator[Listening]:
    found = Listening()
    connected = threading.Event()
    stop = threading.Event()

    def read() -> None:
        params = {} if after is None else {"after": after}
        with client(url, desk.marks) as door, door.stream("GET", "/v1/events", params=params) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            connected.set()
            try:
                for line in answer.iter_lines():
                    if stop.is_set():
                        return
                    if line.startswith("id: "):
                        found.heard.put(line[4:])
            except httpx.HTTPError:
                pass
            found.heard.put(ENDED)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    assert connected.wait(5)
    yield found
    stop.set()
    put(desk.hub, desk.person, "the last word")  # wakes the stream, so that the thread can end
    thread.join(10)


def put(hub: Hub, person: PersonId, record: str) -> None:
    with writing(hub.engine) as connection:
        feed.write(connection, [person], RecordKind.DECISION, record, b"{}")


def cursor(url: str, desk: PairedDesk) -> str:
    with client(url, desk.marks) as door:
        return codec.from_bytes(door.get("/v1/feed").content, FeedPage).cursor


def test_a_desk_hears_within_a_second_that_there_is_something_new(hub: Hub, url: str) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    with listening(url, desk, cursor(url, desk)) as ana:
        began = time.monotonic()
        put(hub, desk.person, "new")
        heard = ana.next()
        took = time.monotonic() - began

        assert heard == cursor(url, desk)
        assert took < 3  # a second is promised; three are allowed on a busy machine


def test_a_desk_that_is_behind_hears_it_at_once(hub: Hub, url: str) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    behind = cursor(url, desk)
    put(hub, desk.person, "missed")

    with listening(url, desk, behind) as ana:
        assert ana.next() == cursor(url, desk)


def test_news_for_others_is_no_news(hub: Hub, url: str) -> None:
    ana, bo = desk_of(hub, "ana", Role.ASSESSOR), desk_of(hub, "bo", Role.ASSESSOR)
    with listening(url, ana, cursor(url, ana)) as hers, listening(url, bo, cursor(url, bo)) as his:
        put(hub, bo.person, "his")

        assert his.next()
        assert hers.hears_nothing(0.8)


def test_another_process_is_heard_too(hub: Hub, url: str, clock: StandingClock) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    elsewhere = Hub.open(hub.folder, clock)
    with listening(url, desk, cursor(url, desk)) as ana:
        put(elsewhere, desk.person, "from elsewhere")

        assert ana.next() == cursor(url, desk)
    elsewhere.close()


def test_a_revoked_desk_is_let_go(hub: Hub, url: str) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    with listening(url, desk, cursor(url, desk)) as ana:
        directory.revoke(hub, desk.device)

        assert ana.next() == ENDED


@pytest.mark.postgres
def test_a_record_that_was_held_back_is_told_when_it_can_be_read(postgresql_hub: Hub) -> None:
    hub = postgresql_hub
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    with served(hub) as serving, listening(serving.url, desk, cursor(serving.url, desk)) as ana:
        with writing(hub.engine) as slow:
            feed.write(slow, [desk_of(hub, "bo").person], RecordKind.DECISION, "bo's", b"{}")
            put(hub, desk.person, "hers")
            assert ana.hears_nothing(0.8)

        assert ana.next() == cursor(serving.url, desk)
