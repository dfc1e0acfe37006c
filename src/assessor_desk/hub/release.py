"""Releasing results once the program's delay is over."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from assessor_desk.domain.case import CaseEvent, CaseState
from assessor_desk.domain.case_guards import Facts
from assessor_desk.domain.decision import Verdict
from assessor_desk.domain.ids import RoundId
from assessor_desk.domain.policy import Policy
from assessor_desk.domain.rubric import Outcome
from assessor_desk.hub import acts, tables
from assessor_desk.hub.cases import Case, move
from assessor_desk.hub.data import is_demonstration
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.wire.records import DecisionState


def release_at(connection: Connection, signed_at: datetime, policy: Policy) -> datetime:
    """Return when a case that was signed then may leave the hub; a demonstration waits for nothing."""
    delay = timedelta() if is_demonstration(connection) else timedelta(minutes=policy.sign_off.undo_minutes)
    return signed_at + delay


def release_due(engine: Engine, at: datetime) -> int:
    """Release every signed case whose delay is over, each in a transaction of its own; return how many."""
    with reading(engine) as connection:
        rounds = connection.execute(
            select(tables.round_.c.id).where(tables.round_.c.state == CaseState.SIGNED.value)
        ).scalars()
        due = [each for each in map(RoundId, list(rounds)) if _due(connection, each, at)]
    return sum(_release(engine, each, at) for each in due)


def standing_sign_off(connection: Connection, round_id: RoundId) -> Row[Any] | None:
    """Return the sign-off that counts, with the decision's `outcome` and `decision_sha256`."""
    return connection.execute(
        select(
            tables.sign_off,
            tables.decision.c.outcome,
            tables.decision.c.sha256.label("decision_sha256"),
        )
        .join(tables.decision, tables.decision.c.id == tables.sign_off.c.decision)
        .where(
            tables.decision.c.round == round_id,
            tables.decision.c.state == DecisionState.SIGNED.value,
            tables.sign_off.c.verdict == Verdict.APPROVE.value,
            tables.sign_off.c.withdrawn_at.is_(None),
        )
        .order_by(tables.sign_off.c.received_at.desc())
        .limit(1)
    ).one_or_none()


def _due(connection: Connection, round_id: RoundId, at: datetime) -> bool:
    """Return whether it is worth taking the case; whether it may go is decided with the case in hand."""
    sign_off = standing_sign_off(connection, round_id)
    return sign_off is not None and _is_over(connection, Case.read(connection, round_id), sign_off, at)


def _is_over(connection: Connection, case: Case, sign_off: Row[Any], at: datetime) -> bool:
    return at >= release_at(connection, sign_off.received_at, case.policy)


def _release(engine: Engine, round_id: RoundId, at: datetime) -> bool:
    with writing(engine) as connection:
        case = Case.take(connection, round_id)
        sign_off = standing_sign_off(connection, round_id)
        if case.state is not CaseState.SIGNED or sign_off is None or not _is_over(connection, case, sign_off, at):
            return False
        facts = Facts(outcome=Outcome(sign_off.outcome), delay_over=True)
        move(connection, case, CaseEvent.RELEASED, facts, at)
        acts.record(connection, acts.ActKind.RELEASED, round_id, sign_off.decision_sha256, at)
        return True
