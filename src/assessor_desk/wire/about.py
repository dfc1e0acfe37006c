"""What the hub says of who asks, of itself, and of a portfolio that it took in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain.ids import DeviceId, HubId, PersonId, ProgramId


@dataclass(frozen=True, slots=True)
class Me:
    """Who the hub takes a token for."""

    person: PersonId
    name: str
    device: DeviceId
    roles: Mapping[ProgramId, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Status:
    """How the hub stands, in counts; it names nobody."""

    hub: HubId
    name: str
    version: str
    database: str
    epoch: str
    time: datetime
    people: int
    devices: int
    portfolios: int
    rounds: Mapping[str, int]
    assignments: Mapping[str, int]
    ledger: int


@dataclass(frozen=True, slots=True)
class PortfolioReceived:
    """What came of a portfolio that a platform sent; `known` says that the same round had come before."""

    code: str
    round: int
    artifacts: int
    advice: tuple[str, ...]
    dropped: tuple[str, ...]
    known: bool
