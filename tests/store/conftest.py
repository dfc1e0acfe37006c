"""A real store in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.seals.keyfile import KeyRing, Keys
from assessor_desk.store.store import Store
from tests.store.world import CHEAP, PASSPHRASE, RECOVERY, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def paths(tmp_path: Path) -> StorePaths:
    home = Home.at(tmp_path / "home")
    home.create()
    return home.store("rivera-at-hub")


@pytest.fixture(scope="session")
def keys() -> Keys:
    return Keys.generate()


@pytest.fixture
def ring(keys: Keys, paths: StorePaths) -> KeyRing:
    return KeyRing.create(paths.id, keys, PASSPHRASE, RECOVERY, CHEAP)


@pytest.fixture
def store(paths: StorePaths, keys: Keys, ring: KeyRing) -> Iterator[Store]:
    with Store.create(paths, keys, ring) as made:
        yield made
