"""The first version of the store."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

moment = sa.String(27)


def upgrade() -> None:
    """Make every table."""
    _what_the_feed_brings()
    _artifacts()
    _what_the_person_does()
    _what_stays_on_the_laptop()


def _what_the_feed_brings() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "record",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("portfolio", sa.Text(), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=True),
        sa.Column("received_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name="pk_record"),
    )
    op.create_index("ix_record_assessment", "record", ["assessment"], sqlite_where=sa.text("assessment IS NOT NULL"))
    op.create_index("ix_record_portfolio", "record", ["portfolio"])
    op.create_table(
        "assignment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("portfolio", sa.Text(), nullable=False),
        sa.Column("portfolio_code", sa.Text(), nullable=False),
        sa.Column("micro_credential", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
    )


def _artifacts() -> None:
    op.create_table(
        "portfolio_key",
        sa.Column("portfolio", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("portfolio", name="pk_portfolio_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "artifact",
        sa.Column("portfolio", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("saved", sa.Integer(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=True),
        sa.Column("blob_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["portfolio"], ["portfolio_key.portfolio"], name="fk_artifact_portfolio_portfolio_key"),
        sa.PrimaryKeyConstraint("portfolio", "sha256", name="pk_artifact"),
    )


def _what_the_person_does() -> None:
    op.create_table(
        "edit",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("parents", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("claimed_at", moment, nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_edit"),
        sa.UniqueConstraint("id", name="uq_edit_id"),
    )
    op.create_index("ix_edit_assessment_field", "edit", ["assessment", "field"])
    op.create_table(
        "settled",
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("edit", sa.Text(), nullable=False),
        sa.Column("ring", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("assessment", "field", "edit", name="pk_settled"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=True),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try_at", moment, nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_assessment", "outbox", ["assessment"])
    op.create_index("ix_outbox_unsent", "outbox", ["sequence"], sqlite_where=sa.text("state IN ('waiting', 'sending')"))
    op.create_table(
        "receipt",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["outbox.key"], name="fk_receipt_key_outbox"),
        sa.PrimaryKeyConstraint("key", name="pk_receipt"),
    )


def _what_stays_on_the_laptop() -> None:
    op.create_table(
        "private_note",
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("assessment", "name", name="pk_private_note"),
    )
    op.create_table(
        "activity",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name="pk_activity"),
    )
    op.create_index("ix_activity_assessment", "activity", ["assessment"])
    op.create_table(
        "purge_receipt",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("portfolio", sa.Text(), nullable=False),
        sa.Column("assignments", sa.Text(), nullable=False),
        sa.Column("artifacts", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("removed_at", moment, nullable=False),
        sa.Column("erased_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("sequence", name="pk_purge_receipt"),
    )
    op.create_index("ix_purge_receipt_portfolio", "purge_receipt", ["portfolio"])
