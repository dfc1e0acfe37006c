"""The hub's tables, on SQLite and on PostgreSQL alike.

Records that cross the wire are kept as their canonical bytes (`body`); a column of its own has only what is
queried. Times are UTC. No table holds a draft that can be read: `sealed_edit` keeps envelopes.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
)

from assessor_desk.tables.naming import metadata as named_metadata
from assessor_desk.tables.types import UtcDateTime

metadata = named_metadata()


def _id(name: str = "id") -> Column[str]:
    return Column(name, Text, primary_key=True)


def _to(name: str, target: str, *, nullable: bool = False, key: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey(target), nullable=nullable, primary_key=key, index=not key)


# --- who the hub is, who works here ---

hub_meta = Table("hub_meta", metadata, _id("name"), Column("value", Text, nullable=False))

organization = Table("organization", metadata, _id(), Column("name", Text, nullable=False, unique=True))

person = Table(
    "person",
    metadata,
    _id(),
    Column("handle", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    _to("organization", "organization.id", nullable=True),
    Column("sealing_key", LargeBinary),
    Column("escrow", LargeBinary),
    Column("active", Boolean, nullable=False),
)

person_role = Table(
    "person_role",
    metadata,
    _to("person", "person.id", key=True),
    Column("program", Text, primary_key=True),
    Column("role", Text, primary_key=True),
)

device = Table(
    "device",
    metadata,
    _id(),
    _to("person", "person.id"),
    Column("name", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False, unique=True),
    Column("key_id", Text, nullable=False, unique=True),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("valid_until", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("entry", LargeBinary, nullable=False),
)

# The first four signs of a code find the invitation; a wrong rest spends one of its five tries. `device` is who
# spent it: the same desk may ask again when the answer was lost.
invitation = Table(
    "invitation",
    metadata,
    _id("selector"),
    _to("person", "person.id"),
    Column("code_mac", LargeBinary, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("spent_at", UtcDateTime),
    _to("device", "device.id", nullable=True),
)

token = Table(
    "token",
    metadata,
    _id("sha256"),
    _to("device", "device.id"),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)

# --- what is judged ---

micro_credential = Table(
    "micro_credential",
    metadata,
    _id(),
    Column("version", Text, primary_key=True),
    Column("program", Text, nullable=False, index=True),
    Column("sha256", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

portfolio = Table(
    "portfolio",
    metadata,
    _id(),
    Column("code", Text, nullable=False, unique=True),
    Column("external_id", Text, unique=True),
    Column("program", Text, nullable=False, index=True),
    Column("micro_credential", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("rubric_sha256", Text, nullable=False),
    Column("team_of", Integer, nullable=False),
    Column("team", Text, nullable=False, default=""),
    _to("organization", "organization.id", nullable=True),
    Column("made_at", UtcDateTime, nullable=False),
)

participant = Table(
    "participant",
    metadata,
    _id(),
    _to("portfolio", "portfolio.id"),
    Column("name", Text, nullable=False),
    Column("external_id", Text),
)

round_ = Table(
    "round",
    metadata,
    _id(),
    _to("portfolio", "portfolio.id"),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("received_at", UtcDateTime, nullable=False),
    Column("released_at", UtcDateTime),
    Column("context_note", Text, nullable=False),
    Column("consent", Text, nullable=False, default=""),
    Column("content_sha256", Text, nullable=False, index=True),
    Column("draw", Integer, nullable=False),  # from 0 to 99, for second scoring at random; never leaves the hub
    Column("body", LargeBinary, nullable=False),  # domain.portfolio.Round
    UniqueConstraint("portfolio", "number"),
)

stored_file = Table(
    "stored_file",
    metadata,
    _id("sha256"),
    Column("size", BigInteger, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
)

artifact = Table(
    "artifact",
    metadata,
    _id(),
    _to("round", "round.id"),
    Column("slot", Text, nullable=False),
    Column("original_name", Text, nullable=False),
    _to("sha256", "stored_file.sha256"),
    Column("findings", LargeBinary, nullable=False),
)

# --- who judges it ---

assignment = Table(
    "assignment",
    metadata,
    _id(),
    _to("round", "round.id"),
    _to("person", "person.id"),
    Column("part", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("handed_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("stepped_back", Boolean, nullable=False, default=False),
    Index(None, "person", "state"),
)

sealed_edit = Table(
    "sealed_edit",
    metadata,
    _id(),
    _to("assignment", "assignment.id"),
    _to("device", "device.id"),
    Column("received_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),  # wire.records.SealedEdit
)

decision = Table(
    "decision",
    metadata,
    _id(),
    _to("assignment", "assignment.id"),
    _to("round", "round.id"),
    _to("device", "device.id"),
    Column("outcome", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("supersedes", Text),
    Column("sha256", Text, nullable=False),  # over `body`, the bytes that were signed
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

decision_part = Table(
    "decision_part",
    metadata,
    _to("decision", "decision.id", key=True),
    Column("name", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("body", LargeBinary),  # canonical bytes of the value; gone when erased by law
)

sign_off = Table(
    "sign_off",
    metadata,
    _id(),
    _to("decision", "decision.id"),
    _to("device", "device.id"),
    Column("verdict", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("sha256", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

# --- what crosses ---

deed = Table(
    "deed",
    metadata,
    _id("key"),
    _to("device", "device.id"),
    Column("kind", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
)

# A record stands once for each person who may read it, at its newest place: writing it again moves it to the end.
# On PostgreSQL the order is (xid, number) behind the oldest running transaction; on SQLite writers come one by one.
# The sequence exists on PostgreSQL only.
feed_number = Sequence("feed_number", data_type=BigInteger, metadata=metadata)

feed = Table(
    "feed",
    metadata,
    _to("person", "person.id", key=True),
    Column("kind", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("xid", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("from_device", Text),
    Column("sha256", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "person", "xid", "number"),
)

# --- the chain of acts: ids and hashes only ---

act = Table(
    "act",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("content_sha256", Text, nullable=False),
    Column("device", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("sealed", Boolean, nullable=False, default=False),  # finds what waits; that it is chained, the ledger says
)
Index("ix_act_waiting", act.c.at, sqlite_where=~act.c.sealed, postgresql_where=~act.c.sealed)

ledger = Table(
    "ledger",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("act", Text, ForeignKey("act.id"), nullable=False, unique=True),
    Column("previous", Text, nullable=False),
    Column("sha256", Text, nullable=False),
)

ledger_head = Table(
    "ledger_head",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("sealed_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
