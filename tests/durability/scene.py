"""A hub with portfolios for one assessor, set up quickly and by the hub's own means."""

import random
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assessor_desk.domain.ids import RoundId
from assessor_desk.domain.portfolio import Part
from assessor_desk.environment.clock import SystemClock
from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.hub import assignment, intake, invitations, people
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.hub.intake import Options
from assessor_desk.hub.people import Person
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.pairing import FirstRun, pair
from assessor_desk.tables.transactions import writing
from tests.hub.casework import LEAD, folder, offer
from tests.store.world import CHEAP, PASSPHRASE

NOW = SystemClock().now
QUIET_PORTS = range(20_000, 32_000)  # no system gives these to whoever asks for any port


@dataclass(frozen=True)
class Scene:
    """An open hub, its assessor, and the rounds that arrived and are with nobody yet."""

    hub: Hub
    assessor: Person
    rounds: tuple[RoundId, ...]

    def give(self, round_id: RoundId) -> None:
        """Give a round to the assessor."""
        with writing(self.hub.engine) as connection:
            assignment.assign(connection, round_id, self.assessor.id, Part.FIRST, NOW())

    def pair(self, home: Home, url: str) -> StorePaths:
        """Pair a laptop of the assessor."""
        client = HubClient(url)
        try:
            ticket = invitations.invite(self.hub, self.assessor.handle).ticket.written()
            return pair(home, client, FirstRun(url, ticket, PASSPHRASE, "laptop", cost=CHEAP), NOW).paths
        finally:
            client.close()


def scene(at: Path, sizes: Iterator[tuple[int, ...]], database: str | None = None) -> Scene:
    """Make a hub; each portfolio has a file of random bytes for each of its sizes."""
    hub = Hub.init(at / "hub", "Teaching Lab", NOW, database)
    offer(hub)
    assessor = people.add(hub, "ana", "Ana Rivera", [people.Standing(LEAD, Role.ASSESSOR)])
    people.add(hub, "paul", "Paul Okafor", [people.Standing(LEAD, Role.APPROVER)])
    rounds = tuple(_arrived(hub, at / "incoming" / str(number), each) for number, each in enumerate(sizes))
    return Scene(hub, assessor, rounds)


def free_port() -> int:
    """Return a port that is free now and that nothing is given by accident while the hub is down."""
    chance = random.Random()  # noqa: S311
    while True:
        port = chance.choice(QUIET_PORTS)
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)):
                return port


def _arrived(hub: Hub, at: Path, sizes: tuple[int, ...]) -> RoundId:
    chance = random.Random(str(at))  # noqa: S311
    files = {f"file {number}.bin": chance.randbytes(size) for number, size in enumerate(sizes)}
    slots = [{"file": name, "slot": "plan"} for name in files]
    folder(at, files, micro_credential="lead.planning", artifacts=slots)
    return intake.receive(hub, at, Options()).round
