"""Whether a round is to be scored twice, by the program's rule."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, literal, select, tuple_

from assessor_desk.domain.ids import CriterionId
from assessor_desk.domain.tolerance import ScoredOnce, TwiceBecause, second_scoring_due
from assessor_desk.hub import tables
from assessor_desk.hub.cases import Case
from assessor_desk.tables.types import UtcDateTime


def reasons(connection: Connection, case: Case, scores: Mapping[CriterionId, int]) -> tuple[TwiceBecause, ...]:
    """Return why a second assessor must score before an approver sees the decision, nothing if none must."""
    rubric = case.micro_credential.rubric
    unmet = sum(not rubric.criterion(criterion).meets(level) for criterion, level in scores.items())
    known = ScoredOnce(rounds_before=rounds_before(connection, case), unmet=unmet)
    return second_scoring_due(case.policy.second_scoring, known, case.draw)


def rounds_before(connection: Connection, case: Case) -> int:
    """Return how many rounds of the same micro-credential and major version this hub received before this one."""
    pin = case.portfolio.rubric
    major = pin.version.split(".")[0]
    query = (
        select(func.count())
        .select_from(tables.round_)
        .join(tables.portfolio, tables.portfolio.c.id == tables.round_.c.portfolio)
        .where(
            tables.portfolio.c.micro_credential == pin.micro_credential,
            tables.portfolio.c.version.startswith(f"{major}.", autoescape=True),
            tuple_(tables.round_.c.received_at, tables.round_.c.id)
            < tuple_(literal(case.round.received_at, UtcDateTime), literal(case.round.id)),
        )
    )
    return int(connection.execute(query).scalar_one())
