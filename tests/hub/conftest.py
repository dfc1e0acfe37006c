"""A real hub on each database, SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from assessor_desk.hub.data import Hub
from assessor_desk.hub.serve import served
from tests import postgresql
from tests.doubles.clocks import StandingClock


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    with postgresql.server() as server:
        yield server


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest) -> postgresql.Server | None:
    """Each kind of database in turn; of the whole session, so that no test seems to leave the server behind."""
    if request.param == "sqlite":
        return None
    found: postgresql.Server = request.getfixturevalue("postgresql_server")
    return found


@pytest.fixture
def database(server: postgresql.Server | None) -> Iterator[str | None]:
    """The address of an empty database, or nothing for a file in the hub's folder."""
    with server.database() if server else nullcontext() as address:
        yield address


@pytest.fixture
def hub(database: str | None, tmp_path: Path, clock: StandingClock) -> Iterator[Hub]:
    hub = Hub.init(tmp_path / "hub", "Teaching Lab", clock, database)
    yield hub
    hub.close()


@pytest.fixture
def postgresql_hub(postgresql_server: postgresql.Server, tmp_path: Path, clock: StandingClock) -> Iterator[Hub]:
    with postgresql_server.database() as address:
        hub = Hub.init(tmp_path / "hub", "Teaching Lab", clock, address)
        yield hub
        hub.close()


@pytest.fixture
def url(hub: Hub) -> Iterator[str]:
    """The address of the hub, serving on a real port."""
    with served(hub) as serving:
        yield serving.url
