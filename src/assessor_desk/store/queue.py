"""The assessor's list of work: what the hub last said, with the outbox laid over it."""

from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain.ids import AssignmentId, MicroCredentialId, PortfolioCode, PortfolioId
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.tables import times
from assessor_desk.tables.sqlite import Bare

_WORK = """
WITH
    head (assessment, scored, split) AS (
        SELECT settled.assessment,
            count(DISTINCT CASE WHEN settled.field GLOB 'score/*' AND value <> 'null' THEN settled.field END),
            count(*) - count(DISTINCT settled.field)
        FROM settled JOIN edit ON edit.id = settled.edit GROUP BY settled.assessment
    ),
    file (portfolio, here, expected) AS (
        SELECT portfolio, sum(state = 'here'), count(*) FROM artifact GROUP BY portfolio
    ),
    closing (assessment) AS (
        SELECT DISTINCT assessment FROM outbox INDEXED BY ix_outbox_unsent
        WHERE state IN ('waiting', 'sending') AND kind IN ('decision', 'sign-off')
    )
SELECT assignment.id, assignment.portfolio, portfolio_code, micro_credential, version, round, part, state, due_at,
    coalesce(head.scored, 0), coalesce(head.split, 0), head.assessment IS NOT NULL, closing.assessment IS NOT NULL,
    coalesce(file.here, 0), coalesce(file.expected, 0)
FROM assignment
    LEFT JOIN head ON head.assessment = assignment.id
    LEFT JOIN file ON file.portfolio = assignment.portfolio
    LEFT JOIN closing ON closing.assessment = assignment.id
ORDER BY due_at, portfolio_code, assignment.id
"""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One assignment in the list.

    Attributes:
        state: as shown: the hub's word, with what this desk did since laid over it
        hub_state: as the hub last said
        scored: criteria that have a level
        split: edits that stand beside another one in the same field; none disagree when it is zero
        begun: whether anything was written
    """

    id: AssignmentId
    portfolio: PortfolioId
    code: PortfolioCode
    micro_credential: MicroCredentialId
    version: str
    round: int
    part: Part
    state: AssignmentState
    hub_state: AssignmentState
    due_at: datetime
    scored: int
    split: int
    begun: bool
    artifacts_here: int
    artifacts: int


class Queue:
    """The assignments on this laptop, nearest due first."""

    def __init__(self, bare: Bare) -> None:
        self._bare = bare

    def rows(self) -> tuple[QueueRow, ...]:
        """Return the whole list in one look at the store."""
        return tuple(
            QueueRow(
                id=AssignmentId(identity),
                portfolio=PortfolioId(portfolio),
                code=PortfolioCode(code),
                micro_credential=MicroCredentialId(micro_credential),
                version=version,
                round=number,
                part=Part(part),
                state=_shown(AssignmentState(state), bool(begun), bool(closing)),
                hub_state=AssignmentState(state),
                due_at=times.read(due_at),
                scored=scored,
                split=split,
                begun=bool(begun),
                artifacts_here=here,
                artifacts=expected,
            )
            for (
                identity, portfolio, code, micro_credential, version, number, part, state, due_at,
                scored, split, begun, closing, here, expected,
            ) in self._bare.execute(_WORK)
        )  # fmt: skip

    def of_code(self, code: PortfolioCode) -> tuple[AssignmentId, ...]:
        """Return the assignments of a portfolio by its code, newest round first."""
        rows = self._bare.execute(
            "SELECT id FROM assignment WHERE portfolio_code = ? COLLATE NOCASE ORDER BY round DESC, id", (code,)
        )
        return tuple(AssignmentId(row[0]) for row in rows)

    def of_portfolio(self, portfolio: PortfolioId) -> tuple[AssignmentId, ...]:
        """Return the assignments of a portfolio, newest round first."""
        rows = self._bare.execute("SELECT id FROM assignment WHERE portfolio = ? ORDER BY round DESC, id", (portfolio,))
        return tuple(AssignmentId(row[0]) for row in rows)


def _shown(state: AssignmentState, begun: bool, closing: bool) -> AssignmentState:
    if closing and state.open:
        return AssignmentState.WAITING_TO_SEND
    if begun and state is AssignmentState.TO_DO:
        return AssignmentState.IN_PROGRESS
    return state
