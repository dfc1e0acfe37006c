"""Every act on the hub as ids and hashes, written in the transaction that it belongs to."""

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import Connection

from assessor_desk.domain.ids import DeviceId
from assessor_desk.hub import tables


class ActKind(StrEnum):
    """What happened; `subject` is the id of what it happened to."""

    PERSON_ADDED = "person added"
    DEVICE_PAIRED = "device paired"
    DEVICE_REVOKED = "device revoked"
    RUBRIC_ADDED = "rubric added"
    ROUND_RECEIVED = "round received"
    ASSIGNED = "assigned"
    WITHDRAWN = "assignment withdrawn"
    DECISION = "decision received"
    RECALLED = "decision recalled"
    QUARANTINED = "decision quarantined"
    SIGN_OFF = "sign-off received"
    SIGN_OFF_WITHDRAWN = "sign-off withdrawn"
    RELEASED = "letter released"
    PURGED = "laptop purged"
    RESTORED = "hub restored"


def record(
    connection: Connection,
    kind: ActKind,
    subject: str,
    content_sha256: str,
    at: datetime,
    device: DeviceId | None = None,
) -> None:
    """Write one act; the sealer gives it its place in the ledger once the transaction has committed."""
    connection.execute(
        tables.act.insert().values(
            id=str(uuid4()), kind=kind.value, subject=subject, content_sha256=content_sha256, device=device, at=at
        )
    )
