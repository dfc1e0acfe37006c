"""Killing desks and hubs at work, more than a hundred times: what was acknowledged is there, each decision once."""

import json
import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Column, select

from assessor_desk.cli.main import main
from assessor_desk.domain.ids import EditId
from assessor_desk.environment.paths import Home
from assessor_desk.hub import tables
from assessor_desk.hub.data import Hub
from assessor_desk.store import membership
from assessor_desk.store.deeds import OutboxState
from assessor_desk.store.store import Store
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.engine import Sync, sync
from assessor_desk.tables.transactions import reading
from assessor_desk.wire.deeds import DeedKind
from tests.durability.killed_world import Kill, World
from tests.durability.killing import Launcher
from tests.durability.launching import DESK, HUB
from tests.durability.marks import DELICATE, Marks, Place
from tests.durability.scene import NOW, free_port, scene
from tests.store.world import PASSPHRASE

SEED = 20261121
PORTFOLIOS = 24
GIVEN_FIRST = 6
OF_THE_DESK = {
    Place.IDLE: 30,
    Place.OPENING: 5,
    Place.TRANSACTION: 13,
    Place.COMMIT: 12,
    Place.TRANSFER: 12,
    Place.EXCHANGE: 8,
}
OF_THE_HUB = {
    Place.IDLE: 12,
    Place.OPENING: 3,
    Place.TRANSACTION: 7,
    Place.COMMIT: 6,
    Place.TRANSFER: 4,
    Place.EXCHANGE: 4,
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_hundred_kills_lose_nothing_and_repeat_nothing(
    tmp_path: Path, record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    world = made(tmp_path)
    with Launcher(tmp_path, tmp_path / "marks", world.hear) as launcher:
        world.hub_up(launcher)
        world.scene.pair(world.home, f"http://127.0.0.1:{world.port}")
        for kill in planned(world.chance):
            world.kill(launcher, kill)
        world.hub_up(launcher)
        equal = finished(world.home)
    world.scene.hub.close()
    main(["hub", "--data", str(world.scene.hub.folder), "verify", "--json"])
    proof = json.loads(capsys.readouterr().out)

    total, inside = world.where.total(), sum(world.where[place] for place in DELICATE)
    where = {place.name.lower(): world.where[place] for place in Place}
    saved = {kind: len(known) for kind, known in world.acknowledged.items()}
    record_property("told", f"Killed {total} times (seed {SEED}), {inside} inside something: {where}; kept {saved}")
    assert world.wrong == []
    assert total >= 100
    assert inside >= 0.3 * total
    assert equal
    assert proof["faults"] == []
    assert proof["decisions"] >= len(world.acknowledged["decisions"])
    assert faults_of(world) == []
    assert len(world.acknowledged["decisions"]) >= 10


def test_a_desk_that_says_saved_too_early_is_found_out(tmp_path: Path) -> None:
    world = made(tmp_path)
    world.hasty = True
    with Launcher(tmp_path, tmp_path / "marks", world.hear) as launcher:
        world.hub_up(launcher)
        world.scene.pair(world.home, f"http://127.0.0.1:{world.port}")
        finished(world.home)
        for _ in range(5):
            world.kill(launcher, Kill(hub=False, place=Place.COMMIT))
        world.desk_up(launcher)
    world.scene.hub.close()

    assert any(each.endswith("is gone") for each in world.wrong)


def made(folder: Path) -> World:
    """Make the world before the first kill."""
    chance = random.Random(SEED)  # noqa: S311
    Marks.make(folder / "marks", 2)
    sizes = ((chance.randint(1, 200_000), chance.randint(200_000, 2_500_000)) for _ in range(PORTFOLIOS))
    marks = (Marks(folder / "marks", DESK), Marks(folder / "marks", HUB))
    world = World(scene(folder, sizes), Home.at(folder / "home"), free_port(), chance, marks)
    for _ in range(GIVEN_FIRST):
        world.give()
    return world


def planned(chance: random.Random) -> list[Kill]:
    """Return the kills in a shuffled order."""
    kills = [Kill(False, place) for place, count in OF_THE_DESK.items() for _ in range(count)]
    kills += [Kill(True, place) for place, count in OF_THE_HUB.items() for _ in range(count)]
    chance.shuffle(kills)
    return kills


def finished(home: Home) -> bool:
    """Sync in peace, twice, and return whether both sides then hold the same."""
    store, keys = Store.unlock(home.only_store(), PASSPHRASE)
    with store:
        with store.reading() as tx:
            member = membership.known(tx.meta)
        with closing(HubClient(member.address, member.token)) as hub:
            reports = [sync(store, hub, Sync(NOW, keys.sealing)) for _ in range(2)]
    return reports[-1].compared.equal


def faults_of(world: World) -> list[str]:
    """Return what the two sides hold differently in the end, or hold and should not."""
    store, _ = Store.unlock(world.home.only_store(), PASSPHRASE)
    with store:
        faults = [*store.check(read_artifacts=True).faults]
        with store.reading() as tx:
            edits = {edit.id for each in tx.journal.assessments() for edit in tx.journal.edits(each)}
            told = [each for assessment in tx.journal.assessments() for each in tx.outbox.of(assessment)]
            faults += [f"{held.title} was never fetched" for held in tx.artifacts.to_fetch()]
            epoch = tx.meta.position().epoch
    decided = [each.deed for each in told if each.deed.kind == DeedKind.DECISION]
    faults += [
        f"{each.deed.kind} {each.deed.key} is {each.state}" for each in told if each.state is not OutboxState.SENT
    ]
    faults += [f"edit {each} was acknowledged" for each in {*map(EditId, world.acknowledged["edits"])} - edits]
    faults += [
        f"decision {each} was acknowledged" for each in {*world.acknowledged["decisions"]} - {d.key for d in decided}
    ]
    hub = Hub.open(world.scene.hub.folder, NOW)
    with closing(hub):
        if there := names(hub, tables.sealed_edit.c.id) ^ edits:
            faults.append(f"{len(there)} edits are on one side only")
        if names(hub, tables.decision.c.id) != {deed.key for deed in decided}:
            faults.append("the hub has other decisions than the desk signed")
        if names(hub, tables.decision.c.assignment) != {deed.assessment for deed in decided}:
            faults.append("the hub has decisions on other assignments")
        if len(decided) != len({deed.assessment for deed in decided}):
            faults.append("an assignment was decided twice")
        if hub.epoch != epoch:
            faults.append("a kill was taken for a restored backup")
    return faults


def names(hub: Hub, column: Column[str]) -> set[str]:
    """Return the values of a column of the hub's tables; none stands there twice."""
    with reading(hub.engine) as connection:
        values = connection.execute(select(column)).scalars().all()
    assert len(set(values)) == len(values)
    return set(values)
