"""Brings a store's tables to this desk's version; loads the library for it only when there is something to do."""

from pathlib import Path

from assessor_desk.tables.sqlite import Bare

REVISION = "0001"
STEPS = Path(__file__).parent / "migrations"


def is_current(bare: Bare) -> bool:
    """Return whether the tables are at this desk's version."""
    if bare.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
        return False
    return bare.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]


def upgrade(database: Path, key: bytes) -> None:
    """Bring the tables up to date in one transaction; refuse a store that a newer desk wrote."""
    # Imported here to keep the ORM out of every ordinary start.
    from assessor_desk.store.schema import metadata
    from assessor_desk.tables import migrations
    from assessor_desk.tables.engines import open_sqlite

    engine = open_sqlite(database, key)
    try:
        migrations.upgrade(engine, STEPS, metadata)
    finally:
        engine.dispose()
