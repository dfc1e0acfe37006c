import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from assessor_desk.errors import StoreTooNewError
from assessor_desk.hub import tables
from assessor_desk.hub.data import SCRIPTS, Hub
from assessor_desk.tables import migrations
from assessor_desk.tables.transactions import writing
from tests.doubles.clocks import StandingClock
from tests.hub import first_schema


def test_the_steps_lead_to_the_tables_that_the_program_uses(hub: Hub) -> None:
    with hub.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, tables.metadata)

    assert differences == []


@pytest.mark.parametrize("dialect", first_schema.DIALECTS)
def test_the_first_step_is_what_the_tables_say(dialect: str) -> None:
    written = first_schema.place(dialect).read_text("utf-8")

    assert written == first_schema.statements(dialect), "run `python -m tests.hub.first_schema`"


def test_a_hub_is_at_the_newest_step(hub: Hub) -> None:
    assert migrations.current(hub.engine) == migrations.head(SCRIPTS)


def test_a_hub_of_a_newer_program_is_left_alone(hub: Hub, clock: StandingClock) -> None:
    with writing(hub.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreTooNewError):
        Hub.open(hub.folder, clock)
