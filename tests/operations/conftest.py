from collections.abc import Iterator
from pathlib import Path

import pytest

from assessor_desk.artifacts.renderer import Renderer
from tests.operations.office import Desk, Office, laptop


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """One render worker for all, started before any test looks at what runs."""
    with Renderer() as renderer:
        renderer.enforced()
        yield renderer


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def ana(office: Office, tmp_path: Path) -> Iterator[Desk]:
    with laptop(office, tmp_path) as desk:
        yield desk


@pytest.fixture
def ana_at_home(office: Office, tmp_path: Path, ana: Desk) -> Iterator[Desk]:
    """Return the second laptop of the same person."""
    with laptop(office, tmp_path, like=ana) as desk:
        yield desk


@pytest.fixture
def cleo(office: Office, tmp_path: Path, ana: Desk) -> Iterator[Desk]:
    """Return an approver's laptop, which knows of Ana's as the hub vouches for it."""
    with laptop(office, tmp_path, "Cleo Park") as desk:
        desk.hears(office.vouches(ana))
        ana.hears(office.vouches(desk))
        yield desk
