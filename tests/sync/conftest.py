"""A hub, real or fake, and laptops beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.clocks import StandingClock
from tests.doubles.hub import FakeHub
from tests.sync.laptops import Laptop, opened, paired
from tests.sync.stages import FakeStage, Stage, real_stage


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def hub(clock: StandingClock) -> FakeHub:
    return FakeHub(clock)


@pytest.fixture(params=["fake", "real"])
def stage(request: pytest.FixtureRequest, hub: FakeHub, tmp_path: Path, clock: StandingClock) -> Iterator[Stage]:
    """Each kind of hub in turn: what holds for one must hold for the other."""
    if request.param == "fake":
        yield FakeStage(hub)
        return
    with real_stage(tmp_path / "real", clock) as real:
        yield real


@pytest.fixture
def ana(hub: FakeHub, tmp_path: Path, clock: StandingClock) -> Iterator[Laptop]:
    """Ana's first laptop, paired with the fake hub."""
    stage = FakeStage(hub)
    with opened(stage, paired(stage, "ana", tmp_path / "ana", clock), clock) as laptop:
        yield laptop


@pytest.fixture
def second(hub: FakeHub, ana: Laptop, tmp_path: Path, clock: StandingClock) -> Iterator[Laptop]:
    """Ana's second laptop, with the key from her recovery sheet."""
    stage = FakeStage(hub)
    found = paired(stage, "ana", tmp_path / "second", clock, ana.paired.sheet.text())
    with opened(stage, found, clock) as laptop:
        yield laptop
