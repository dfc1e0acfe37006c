"""A stage for each journey; no journey leaves a hub behind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assessor_desk.story.stage import Stage
from tests.journeys.world import World


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture
def stage(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    if "PYTHONDONTWRITEBYTECODE" in os.environ:  # what the journeys' many processes compile, they compile once
        monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(compiled))
    stage = Stage(tmp_path / "stage")
    yield stage
    stage.close()


@pytest.fixture
def world(stage: Stage) -> World:
    return World(stage)
