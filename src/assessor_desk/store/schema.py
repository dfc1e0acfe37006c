"""The store's tables.

Statements are written for the bare driver where they run, since the first look at the queue and every edit must not
wait for an ORM; this is what they are held against, and what the migrations must end in.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from assessor_desk.tables.naming import metadata as named_metadata
from assessor_desk.tables.types import Canonical, UtcDateTime

metadata = named_metadata()

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

# --- what the feed brought ---

# A purged record keeps its digest, so that both sides still count alike and the same content is not taken in again.
record = Table(
    "record",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("body", Canonical),
    Column("portfolio", Text, index=True),
    Column("assessment", Text),
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_record_assessment", "assessment", sqlite_where=text("assessment IS NOT NULL")),
)

# What the queue shows and sorts by; the whole assignment is the record of the same id. It is read whole and sorted in
# memory: an index would cost a first sync more than it ever saves.
assignment = Table(
    "assignment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("portfolio", Text, nullable=False),
    Column("portfolio_code", Text, nullable=False),
    Column("micro_credential", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("part", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)

# Dropping the row is the purge: without it no artifact of the portfolio opens again.
portfolio_key = Table(
    "portfolio_key",
    metadata,
    Column("portfolio", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

artifact = Table(
    "artifact",
    metadata,
    Column("portfolio", Text, ForeignKey("portfolio_key.portfolio"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("slot", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("pieces", LargeBinary, nullable=False),  # SHA-256 of each mebibyte, 32 bytes each
    Column("state", Text, nullable=False),
    Column("saved", Integer, nullable=False),  # bytes that outlive a power cut
    Column("blob", Text),
    Column("blob_key", LargeBinary),  # wrapped by the portfolio's key
)

# --- what this person did ---

edit = Table(
    "edit",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("assessment", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("parents", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("claimed_at", UtcDateTime, nullable=False),
    Column("own", Boolean, nullable=False),
    Index(None, "assessment", "field"),
)

# The fold, kept beside the journal: one row a head. `ring` marks heads that stand only because their parents run
# in a circle, which no sound desk makes; the next edit of the field ends it.
settled = Table(
    "settled",
    metadata,
    Column("assessment", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("edit", Text, primary_key=True),
    Column("ring", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("body", Canonical, nullable=False),
    Column("assessment", Text, index=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("next_try_at", UtcDateTime),
    Column("problem", Text),
    Index("ix_outbox_unsent", "sequence", sqlite_where=text("state IN ('waiting', 'sending')")),
)

receipt = Table(
    "receipt",
    metadata,
    Column("key", Text, ForeignKey("outbox.key"), primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("body", Canonical, nullable=False),
)

# --- what never leaves this laptop ---

private_note = Table(
    "private_note",
    metadata,
    Column("assessment", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

activity = Table(
    "activity",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("assessment", Text, index=True),
)

# `erased_at` stays empty until no byte of it is left in the raw files.
purge_receipt = Table(
    "purge_receipt",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("portfolio", Text, nullable=False, index=True),
    Column("assignments", Text, nullable=False),
    Column("artifacts", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("removed_at", UtcDateTime, nullable=False),
    Column("erased_at", UtcDateTime),
)
