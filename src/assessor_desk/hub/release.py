"""Releasing results once the program's delay is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from assessor_desk.domain.case import CaseEvent, CaseState
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.decision import Verdict
from assessor_desk.domain.ids import RoundId
from assessor_desk.domain.rubric import Outcome
from assessor_desk.hub import acts, tables
from assessor_desk.hub.cases import Case, move
from assessor_desk.hub.data import is_demonstration
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.wire.records import DecisionState


def release_at(connection: Connection, case: Case, sign_off: Row[Any]) -> datetime:
    """Return when a signed case may leave the hub; a demonstration waits for nothing."""
    received: datetime = sign_off.received_at
    if is_demonstration(connection):
        return received
    return received + timedelta(minutes=case.micro_credential.policy.sign_off.undo_minutes)


def release_due(engine: Engine, at: datetime) -> int:
    """Release every signed case whose delay is over, each in a transaction of its own; return how many."""
    with reading(engine) as connection:
        signed: Sequence[str] = (
            connection.execute(select(tables.round_.c.id).where(tables.round_.c.state == CaseState.SIGNED.value))
            .scalars()
            .all()
        )
    return sum(_release(engine, RoundId(each), at) for each in signed)


def _release(engine: Engine, round_id: RoundId, at: datetime) -> bool:
    with writing(engine) as connection:
        case = Case.load(connection, round_id)
        sign_off = standing_sign_off(connection, case)
        if case.state is not CaseState.SIGNED or sign_off is None or at < release_at(connection, case, sign_off):
            return False
        facts = Facts(outcome=Outcome(sign_off.outcome), delay_over=True)
        move(connection, case, CaseEvent.RELEASED, facts, at)
        acts.record(connection, acts.ActKind.RELEASED, round_id, sign_off.decision_sha256, at)
        return True


def standing_sign_off(connection: Connection, case: Case) -> Row[Any] | None:
    """Return the sign-off that counts, with the decision's `outcome` and `decision_sha256`."""
    return connection.execute(
        select(
            tables.sign_off,
            tables.decision.c.outcome,
            tables.decision.c.sha256.label("decision_sha256"),
        )
        .join(tables.decision, tables.decision.c.id == tables.sign_off.c.decision)
        .where(
            tables.decision.c.round == case.round.id,
            tables.decision.c.state == DecisionState.SIGNED.value,
            tables.sign_off.c.verdict == Verdict.APPROVE.value,
            tables.sign_off.c.withdrawn_at.is_(None),
        )
        .order_by(tables.sign_off.c.received_at.desc())
        .limit(1)
    ).one_or_none()
