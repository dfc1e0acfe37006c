"""Proving to an auditor that nothing on the hub was changed after the fact."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from assessor_desk.domain.decision import Manifest
from assessor_desk.domain.ids import Digest
from assessor_desk.errors import DeskError
from assessor_desk.hub import ledger, tables
from assessor_desk.hub.acts import ActKind
from assessor_desk.hub.data import Hub
from assessor_desk.hub.judging import parts_of
from assessor_desk.seals.digests import sha256, verify_part
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.tables.transactions import reading
from assessor_desk.wire import codec


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and a sentence for everything that does not hold."""

    entries: int
    waiting: int
    decisions: int
    sign_offs: int
    files: int
    faults: tuple[str, ...]


def verify_hub(hub: Hub) -> Report:
    """Check the ledger's chain and heads, every signature and part, and every stored file against its hash."""
    with reading(hub.engine) as connection:
        decisions = list(connection.execute(_decisions()))
        sign_offs = list(connection.execute(_sign_offs()))
        files = connection.execute(select(tables.stored_file.c.sha256)).scalars().all()
        faults = [*ledger.chain_faults(connection, hub.identity.public), *_act_faults(connection)]
        for row in decisions:
            faults += _decision_faults(connection, row)
        for row in sign_offs:
            faults += _sign_off_faults(row)
        head, waiting = ledger.newest(connection), ledger.waiting(connection)
    faults += (fault for each in files for fault in _file_faults(hub, Digest(each)))
    return Report(head.number, waiting, len(decisions), len(sign_offs), len(files), tuple(faults))


def _decisions() -> Any:
    return (
        select(tables.decision, tables.portfolio.c.code, tables.device.c.public_key, tables.device.c.key_id)
        .join(tables.round_, tables.round_.c.id == tables.decision.c.round)
        .join(tables.portfolio, tables.portfolio.c.id == tables.round_.c.portfolio)
        .join(tables.device, tables.device.c.id == tables.decision.c.device)
        .order_by(tables.decision.c.received_at, tables.decision.c.id)
    )


def _sign_offs() -> Any:
    return (
        select(tables.sign_off, tables.portfolio.c.code, tables.device.c.public_key, tables.device.c.key_id)
        .join(tables.decision, tables.decision.c.id == tables.sign_off.c.decision)
        .join(tables.round_, tables.round_.c.id == tables.decision.c.round)
        .join(tables.portfolio, tables.portfolio.c.id == tables.round_.c.portfolio)
        .join(tables.device, tables.device.c.id == tables.sign_off.c.device)
        .order_by(tables.sign_off.c.received_at, tables.sign_off.c.id)
    )


def _decision_faults(connection: Connection, row: Row[Any]) -> Iterator[str]:
    named = f"Decision {row.id} on {row.code}"
    if sha256(row.body) != row.sha256:
        yield f"{named} was changed: its bytes no longer have the hash that was recorded."
    try:
        verify(Signed(row.body, row.key_id, row.signature), PublicKey(row.public_key), Purpose.DECISION)
        manifest = codec.from_signed(row.body, Manifest)
        for part in parts_of(connection, manifest.id):
            verify_part(part, {name.value: digest for name, digest in manifest.parts.items()}[part.name])
    except KeyError:
        yield f"{named} does not hold. It has a part that was not signed."
    except DeskError as fault:
        yield f"{named} does not hold. {fault}"


def _sign_off_faults(row: Row[Any]) -> Iterator[str]:
    named = f"Sign-off {row.id} on {row.code}"
    if sha256(row.body) != row.sha256:
        yield f"{named} was changed: its bytes no longer have the hash that was recorded."
    try:
        verify(Signed(row.body, row.key_id, row.signature), PublicKey(row.public_key), Purpose.SIGN_OFF)
    except DeskError as fault:
        yield f"{named} does not hold. {fault}"


_RECORDED = {ActKind.DECISION: tables.decision, ActKind.SIGN_OFF: tables.sign_off}


def _act_faults(connection: Connection) -> Iterator[str]:
    """Yield what the ledger and the tables tell differently."""
    for kind, table in _RECORDED.items():
        act = tables.act
        query = (
            select(act.c.subject, table.c.id, act.c.content_sha256, table.c.sha256)
            .select_from(act.outerjoin(table, act.c.subject == table.c.id))
            .where(act.c.kind == kind.value)
        )
        for row in connection.execute(query):
            if row.id is None:
                yield f"The ledger tells of “{kind}” {row.subject}, which is gone."
            elif row.content_sha256 != row.sha256:
                yield f"The ledger has another hash for “{kind}” {row.subject} than the hub holds."
        yield from _unrecorded(connection, kind, table)


def _unrecorded(connection: Connection, kind: ActKind, table: Any) -> Iterator[str]:
    known = select(tables.act.c.subject).where(tables.act.c.kind.in_([kind.value, ActKind.QUARANTINED.value]))
    for each in connection.execute(select(table.c.id).where(table.c.id.not_in(known))).scalars():
        yield f"The hub holds “{kind}” {each}, of which the ledger does not tell."


def _file_faults(hub: Hub, digest: Digest) -> Iterator[str]:
    if not hub.files.has(digest):
        yield f"The file with the hash {digest[:12]}… is missing."
    elif not hub.files.intact(digest):
        yield f"The file with the hash {digest[:12]}… was changed."
