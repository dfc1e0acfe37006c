import shutil
from pathlib import Path

from sqlalchemy import select

from assessor_desk.hub import ledger, restoring, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.chores import CHORES
from assessor_desk.hub.data import Hub
from assessor_desk.tables.transactions import reading, writing
from tests.doubles.clocks import StandingClock
from tests.hub.people_here import someone


def sealed(hub: Hub) -> None:
    for chore in CHORES:
        chore.do(hub)


def reopened(hub: Hub, clock: StandingClock) -> Hub:
    hub.close()
    return Hub.open(hub.folder, clock)


def test_a_hub_that_went_on_keeps_its_epoch(hub: Hub, clock: StandingClock) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    sealed(hub)
    someone(hub, "bo", Role.ASSESSOR)

    again = reopened(hub, clock)

    assert again.epoch == hub.epoch
    again.close()


def test_a_database_from_a_backup_begins_a_new_epoch_once(tmp_path: Path, clock: StandingClock) -> None:
    hub = Hub.init(tmp_path / "hub", "Teaching Lab", clock)
    someone(hub, "ana", Role.ASSESSOR)
    sealed(hub)
    hub.close()
    shutil.copy(hub.folder / "hub.db", tmp_path / "backup.db")
    hub = Hub.open(hub.folder, clock)
    someone(hub, "bo", Role.ASSESSOR)
    sealed(hub)
    hub.close()
    shutil.copy(tmp_path / "backup.db", hub.folder / "hub.db")

    restored = Hub.open(hub.folder, clock)
    sealed(restored)
    later = reopened(restored, clock)

    assert restored.epoch != hub.epoch
    assert later.epoch == restored.epoch
    with reading(later.engine) as connection:
        kinds = connection.execute(select(tables.act.c.kind)).scalars().all()
        assert sorted(kinds) == ["hub restored", "person added"]
        assert list(ledger.chain_faults(connection, later.identity.public)) == []
    later.close()


def test_a_backup_that_has_grown_since_is_noticed_by_its_other_chain(hub: Hub, clock: StandingClock) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    sealed(hub)
    with writing(hub.engine) as connection:
        for table in (tables.ledger_head, tables.ledger, tables.act):
            connection.execute(table.delete())
    someone(hub, "bo", Role.ASSESSOR)
    someone(hub, "cy", Role.ASSESSOR)
    ledger.seal(hub.engine, hub.id, hub.identity, clock())

    again = reopened(hub, clock)

    assert again.epoch != hub.epoch
    again.close()


def test_a_hub_without_a_note_is_taken_as_it_is(hub: Hub, clock: StandingClock) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    sealed(hub)
    (hub.folder / restoring.FILE).unlink()

    again = reopened(hub, clock)

    assert again.epoch == hub.epoch
    again.close()
