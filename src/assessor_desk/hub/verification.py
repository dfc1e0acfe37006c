"""Proving to an auditor that nothing on the hub was changed after the fact."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from assessor_desk.domain.decision import Manifest, SignOff, Verdict
from assessor_desk.domain.ids import Digest
from assessor_desk.errors import DeskError
from assessor_desk.hub import ledger, records_of_acts, tables
from assessor_desk.hub.data import Hub
from assessor_desk.hub.decisions import parts_of
from assessor_desk.seals.digests import sha256, verify_part
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.tables.transactions import reading
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionState


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
        decisions = connection.execute(_decisions()).all()
        sign_offs = connection.execute(_sign_offs()).all()
        files = connection.execute(select(tables.stored_file.c.sha256)).scalars().all()
        faults = [
            *ledger.chain_faults(connection, hub.identity.public),
            *records_of_acts.faults(connection),
            *(fault for row in decisions for fault in _decision_faults(connection, row, sign_offs)),
            *(fault for row in sign_offs for fault in _sign_off_faults(row)),
        ]
        head, waiting = ledger.newest(connection), ledger.waiting(connection)
    faults += (fault for each in files for fault in _file_faults(hub, Digest(each)))
    return Report(head.number, waiting, len(decisions), len(sign_offs), len(files), tuple(faults))


def _decisions() -> Select[Any]:
    return (
        select(tables.decision, tables.portfolio.c.code, tables.device.c.public_key, tables.device.c.key_id)
        .join(tables.round_, tables.round_.c.id == tables.decision.c.round)
        .join(tables.portfolio, tables.portfolio.c.id == tables.round_.c.portfolio)
        .join(tables.device, tables.device.c.id == tables.decision.c.device)
        .order_by(tables.decision.c.received_at, tables.decision.c.id)
    )


def _sign_offs() -> Select[Any]:
    return (
        select(
            tables.sign_off,
            tables.decision.c.sha256.label("decision_sha256"),
            tables.portfolio.c.code,
            tables.device.c.public_key,
            tables.device.c.key_id,
        )
        .join(tables.decision, tables.decision.c.id == tables.sign_off.c.decision)
        .join(tables.round_, tables.round_.c.id == tables.decision.c.round)
        .join(tables.portfolio, tables.portfolio.c.id == tables.round_.c.portfolio)
        .join(tables.device, tables.device.c.id == tables.sign_off.c.device)
        .order_by(tables.sign_off.c.received_at, tables.sign_off.c.id)
    )


def _decision_faults(connection: Connection, row: Row[Any], sign_offs: Any) -> Iterator[str]:
    named = f"Decision {row.id} on {row.code}"
    if sha256(row.body) != row.sha256:
        yield f"{named} was changed: its bytes no longer have the hash that was recorded."
    try:
        verify(Signed(row.body, row.key_id, row.signature), PublicKey(row.public_key), Purpose.DECISION)
        manifest = codec.from_signed(row.body, Manifest)
        digests = {name.value: digest for name, digest in manifest.parts.items()}
        for part in parts_of(connection, row.id):
            verify_part(part, digests.get(part.name, "none was signed"))
    except DeskError as fault:
        yield f"{named} does not hold. {fault.detail}"
        return
    told = (row.id, row.assignment, row.round, row.outcome)
    if told != (manifest.id, manifest.assessment, manifest.round, manifest.outcome.value):
        yield f"{named} was changed: the hub's books say something else of it than what was signed."
    if row.state == DecisionState.SIGNED.value and not any(_stands(each, row.id) for each in sign_offs):
        yield f"{named} counts as signed off, and no sign-off stands for it."


def _stands(sign_off: Row[Any], decision: str) -> bool:
    approves: bool = sign_off.verdict == Verdict.APPROVE.value
    return approves and sign_off.withdrawn_at is None and sign_off.decision == decision


def _sign_off_faults(row: Row[Any]) -> Iterator[str]:
    named = f"Sign-off {row.id} of decision {row.decision} on {row.code}"
    if sha256(row.body) != row.sha256:
        yield f"{named} was changed: its bytes no longer have the hash that was recorded."
    try:
        verify(Signed(row.body, row.key_id, row.signature), PublicKey(row.public_key), Purpose.SIGN_OFF)
        signed = codec.from_signed(row.body, SignOff)
    except DeskError as fault:
        yield f"{named} does not hold. {fault.detail}"
        return
    told = (row.id, row.decision, row.decision_sha256, row.verdict)
    if told != (signed.id, signed.decision, signed.decision_sha256, signed.verdict.value):
        yield f"{named} was changed: the hub's books say something else of it than what was signed."


def _file_faults(hub: Hub, digest: Digest) -> Iterator[str]:
    if not hub.files.has(digest):
        yield f"The file with the hash {digest[:12]}… is missing."
    elif not hub.files.intact(digest):
        yield f"The file with the hash {digest[:12]}… was changed."
