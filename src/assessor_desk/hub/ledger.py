"""The chain of acts: one sealer gives committed acts their place and signs the head."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from assessor_desk.domain.ids import Digest, HubId
from assessor_desk.errors import SignatureError
from assessor_desk.hub import tables
from assessor_desk.seals.canonical import canonical
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, SigningKey, verify
from assessor_desk.tables.transactions import writing
from assessor_desk.wire import codec
from assessor_desk.wire.records import LedgerHead

GENESIS = "0" * 64
BATCH = 1000
SEALER_LOCK = 0x61646C65  # one number for pg_advisory_xact_lock, so that two hubs never chain at once


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of the chain."""

    number: int
    sha256: str


def seal(engine: Engine, hub: HubId, identity: SigningKey, at: datetime) -> int:
    """Chain the acts that committed since the last time, sign each new head, and return how many acts there were."""
    return sum(iter(lambda: _seal_some(engine, hub, identity, at), 0))


def newest(connection: Connection) -> Head:
    """Return the newest entry; before the first one, number 0."""
    ledger = tables.ledger
    row = connection.execute(
        select(ledger.c.number, ledger.c.sha256).order_by(ledger.c.number.desc()).limit(1)
    ).one_or_none()
    return Head(0, GENESIS) if row is None else Head(row.number, row.sha256)


def waiting(connection: Connection) -> int:
    """Return how many committed acts wait for their place in the chain."""
    query = select(func.count()).select_from(tables.act).where(~tables.act.c.sealed)
    return int(connection.execute(query).scalar_one())


def signed_head(connection: Connection, identity: PublicKey) -> Signed | None:
    """Return the newest signed head, for desks to remember."""
    heads = tables.ledger_head
    row = connection.execute(select(heads).order_by(heads.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else Signed(row.body, identity.id, row.signature)


def chain_faults(connection: Connection, identity: PublicKey) -> Iterator[str]:
    """Yield a sentence for every entry that does not follow from its predecessor and every head that does not hold."""
    known = {0: GENESIS}
    previous = Head(0, GENESIS)
    for row in connection.execute(_entries()):
        expected = entry_sha256(previous.number + 1, previous.sha256, row)
        if (row.number, row.previous, row.sha256) != (previous.number + 1, previous.sha256, expected):
            yield f"Ledger entry {row.number} ({row.kind} {row.subject}) does not follow from the one before it."
        previous = Head(row.number, row.sha256)
        known[row.number] = row.sha256
    yield from _head_faults(connection, identity, known)
    yield from _left_out(connection)


def entry_sha256(number: int, previous: str, act: Row[Any]) -> str:
    """Return the digest of an entry: SHA-256 over its number, the digest before it and the act, in canonical form."""
    return sha256(
        canonical(
            {
                "number": number,
                "previous": previous,
                "act": {
                    "id": act.id,
                    "kind": act.kind,
                    "subject": act.subject,
                    "content_sha256": act.content_sha256,
                    "device": act.device,
                    "at": act.at.astimezone(UTC).isoformat(timespec="microseconds"),
                },
            }
        )
    )


def _only_sealer(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(SEALER_LOCK)))


def _seal_some(engine: Engine, hub: HubId, identity: SigningKey, at: datetime) -> int:
    with writing(engine) as connection:
        _only_sealer(connection)
        head = newest(connection)
        acts = _unchained(connection)
        if acts:
            head = _append(connection, head, acts)
            _sign(connection, head, hub, identity, at)
    return len(acts)


def _unchained(connection: Connection) -> list[Row[Any]]:
    act = tables.act
    return list(connection.execute(select(act).where(~act.c.sealed).order_by(act.c.at, act.c.id).limit(BATCH)))


def _append(connection: Connection, head: Head, acts: list[Row[Any]]) -> Head:
    entries = []
    for act in acts:
        number = head.number + 1
        digest = entry_sha256(number, head.sha256, act)
        entries.append({"number": number, "act": act.id, "previous": head.sha256, "sha256": digest})
        head = Head(number, digest)
    connection.execute(tables.ledger.insert(), entries)
    table = tables.act
    connection.execute(table.update().where(table.c.id.in_([act.id for act in acts])).values(sealed=True))
    return head


def _sign(connection: Connection, head: Head, hub: HubId, identity: SigningKey, at: datetime) -> None:
    body = LedgerHead(hub, head.number, Digest(head.sha256), at)
    signed = identity.sign(Purpose.LEDGER_HEAD, codec.to_members(body))
    connection.execute(
        tables.ledger_head.insert().values(
            number=head.number, sealed_at=at, body=signed.body, signature=signed.signature
        )
    )


def _entries() -> Any:
    act, ledger = tables.act, tables.ledger
    return (
        select(ledger.c.number, ledger.c.previous, ledger.c.sha256, act)
        .join(act, act.c.id == ledger.c.act)
        .order_by(ledger.c.number)
    )


def _head_faults(connection: Connection, identity: PublicKey, known: dict[int, str]) -> Iterator[str]:
    for row in connection.execute(select(tables.ledger_head).order_by(tables.ledger_head.c.number)):
        try:
            body = verify(Signed(row.body, identity.id, row.signature), identity, Purpose.LEDGER_HEAD)
        except SignatureError as fault:
            yield f"The signed head {row.number} of the ledger does not hold. {fault.detail}"
            continue
        if known.get(row.number) != body["sha256"]:
            yield f"The ledger was changed after its head {row.number} was signed."


def _left_out(connection: Connection) -> Iterator[str]:
    act, ledger = tables.act, tables.ledger
    query = select(act).outerjoin(ledger, ledger.c.act == act.c.id).where(act.c.sealed, ledger.c.act.is_(None))
    for row in connection.execute(query):
        yield f"The ledger no longer has the entry for “{row.kind}” {row.subject}."
