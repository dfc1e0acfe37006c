"""A hub, real or fake, and laptops beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.clocks import StandingClock
from tests.doubles.hub import FakeHub
from tests.sync.stages import FakeStage, Stage, real_stage


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def hub(clock: StandingClock) -> FakeHub:
    return FakeHub(clock)


@pytest.fixture(params=["fake", "real"])
def stage(request: pytest.FixtureRequest, tmp_path: Path, clock: StandingClock) -> Iterator[Stage]:
    """Each kind of hub in turn: what holds for one must hold for the other."""
    if request.param == "fake":
        yield FakeStage(FakeHub(clock))
        return
    with real_stage(tmp_path / "real", clock) as real:
        yield real
