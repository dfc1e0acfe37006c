from collections.abc import Iterator

import pytest

from tests.cli.place import Person, Place, opened


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One hub for the session; every test has people and portfolios of its own."""
    with opened(tmp_path_factory.mktemp("place")) as place:
        yield place


@pytest.fixture
def ana(place: Place) -> Person:
    """Return an assessor with a paired laptop."""
    return place.person()
