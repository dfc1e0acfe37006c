"""A hub, real or fake, and laptops beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessor_desk.environment.paths import Home
from tests.doubles.clocks import StandingClock
from tests.doubles.hub import FakeHub
from tests.sync.laptops import Laptop, Pairings
from tests.sync.stages import FakeStage, Stage, real_stage


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture(scope="session")
def pairings(tmp_path_factory: pytest.TempPathFactory) -> Pairings:
    return Pairings.make(tmp_path_factory.mktemp("pairings"))


@pytest.fixture
def hub(pairings: Pairings, clock: StandingClock) -> FakeHub:
    """A fake hub that knows Ana's two laptops."""
    return pairings.begin(clock)


@pytest.fixture(params=["fake", "real"])
def stage(request: pytest.FixtureRequest, tmp_path: Path, clock: StandingClock) -> Iterator[Stage]:
    """Each kind of hub in turn, new and empty: what holds for one must hold for the other."""
    if request.param == "fake":
        yield FakeStage(FakeHub(clock))
        return
    with real_stage(tmp_path / "real", clock) as real:
        yield real


@pytest.fixture
def ana(pairings: Pairings, hub: FakeHub, tmp_path: Path) -> Iterator[Laptop]:
    """Ana's first laptop, paired with the fake hub."""
    with pairings.laptop(hub, "ana", tmp_path) as laptop:
        yield laptop


@pytest.fixture
def second(pairings: Pairings, hub: FakeHub, tmp_path: Path) -> Iterator[Laptop]:
    """Ana's second laptop, with the key from her recovery sheet."""
    with pairings.laptop(hub, "second", tmp_path) as laptop:
        yield laptop


@pytest.fixture
def desk_home(tmp_path: Path) -> Home:
    """An empty home folder."""
    return Home.at(tmp_path / "laptop")


@pytest.fixture
def fake(clock: StandingClock) -> FakeStage:
    """A hub for what happens on the laptop alone."""
    return FakeStage(FakeHub(clock))
