"""Which rounds of a portfolio count as attempts."""

from sqlalchemy import Connection, func, select

from assessor_desk.domain.rubric import Outcome
from assessor_desk.hub import tables
from assessor_desk.hub.cases import Case
from assessor_desk.wire.records import DecisionState


def another_is_left(connection: Connection, case: Case) -> bool:
    """Return whether one more attempt may follow this round; a round that was incomplete costs none."""
    return case.policy.attempts.allows(_used(connection, case) + 1)


def _used(connection: Connection, case: Case) -> int:
    query = (
        select(func.count(tables.round_.c.id.distinct()))
        .join(tables.decision, tables.decision.c.round == tables.round_.c.id)
        .where(
            tables.round_.c.portfolio == case.portfolio.id,
            tables.round_.c.number <= case.round.number,
            tables.decision.c.state == DecisionState.SIGNED.value,
            tables.decision.c.outcome != Outcome.INCOMPLETE.value,
        )
    )
    return int(connection.execute(query).scalar_one())
