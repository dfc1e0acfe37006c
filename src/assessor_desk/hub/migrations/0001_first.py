"""The first schema."""

from alembic import op

from assessor_desk.hub import tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    tables.metadata.create_all(op.get_bind())
