"""What the ledger tells, held against what the tables hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from assessor_desk.hub import tables
from assessor_desk.hub.acts import ActKind
from assessor_desk.seals.digests import sha256


@dataclass(frozen=True, slots=True)
class _Kind:
    """What an act of some kinds left in the tables: its rows, how a row is named in acts, and its hash."""

    called: str
    acts: tuple[ActKind, ...]
    rows: Select[Any]
    subject: Callable[[Row[Any]], str]
    sha256: Callable[[Row[Any]], str]


_DECISION, _SIGN_OFF, _ROUND = tables.decision.c, tables.sign_off.c, tables.round_.c

_KINDS = (
    _Kind(
        "decision",
        (ActKind.DECISION, ActKind.QUARANTINED),
        select(_DECISION.id, _DECISION.sha256),
        lambda row: str(row.id),
        lambda row: str(row.sha256),
    ),
    _Kind(
        "sign-off",
        (ActKind.SIGN_OFF,),
        select(_SIGN_OFF.id, _SIGN_OFF.sha256),
        lambda row: str(row.id),
        lambda row: str(row.sha256),
    ),
    _Kind(
        "round",
        (ActKind.ROUND_RECEIVED,),
        select(_ROUND.id, _ROUND.body),
        lambda row: str(row.id),
        lambda row: sha256(row.body),
    ),
    _Kind(
        "micro-credential",
        (ActKind.RUBRIC_ADDED,),
        select(tables.micro_credential.c.id, tables.micro_credential.c.version, tables.micro_credential.c.body),
        lambda row: f"{row.id}@{row.version}",
        lambda row: sha256(row.body),
    ),
)


def faults(connection: Connection) -> Iterator[str]:
    """Yield a sentence for everything that the ledger and the tables tell differently."""
    for kind in _KINDS:
        act = tables.act.c
        query = select(act.subject, act.content_sha256).where(act.kind.in_([each.value for each in kind.acts]))
        told = {row.subject: row.content_sha256 for row in connection.execute(query)}
        held = {kind.subject(row): kind.sha256(row) for row in connection.execute(kind.rows)}
        yield from _differences(kind.called, told, held)


def _differences(called: str, told: dict[str, str], held: dict[str, str]) -> Iterator[str]:
    for subject in sorted(told.keys() | held.keys()):
        if subject not in held:
            yield f"The ledger tells of the {called} {subject}, which is gone."
        elif subject not in told:
            yield f"The hub holds the {called} {subject}, of which the ledger does not tell."
        elif told[subject] != held[subject]:
            yield f"The ledger has another hash for the {called} {subject} than the hub holds."
