"""The signed close of an assessment, and the approver's signed act on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from assessor_desk.domain.assessment import Value
from assessor_desk.domain.ids import (
    ArtifactId,
    AssessmentId,
    DecisionId,
    DeviceId,
    Digest,
    HubId,
    PersonId,
    PortfolioId,
    RoundId,
    SignOffId,
)
from assessor_desk.domain.portfolio import RubricPin
from assessor_desk.domain.rubric import Outcome


class PartName(StrEnum):
    """The parts of a decision; each can be erased by law while the signature over its digest still holds."""

    SCORES = "scores"
    RATIONALES = "rationales"
    EVIDENCE = "evidence"
    LOOKED_FOR = "looked-for"
    FEEDBACK = "feedback"
    LETTER = "letter"
    COMPLETION = "completion"
    FLAGS = "flags"
    DEALT_WITH = "dealt-with"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an assessor signs: the outcome, what was judged by which rubric, and a digest of every part.

    `claimed_at` is the desk's clock; `hub_seen_at` the last hub time the desk knew, which bounds the claim.
    """

    id: DecisionId
    hub: HubId
    portfolio: PortfolioId
    round: RoundId
    assessment: AssessmentId
    assessor: PersonId
    device: DeviceId
    outcome: Outcome
    rubric: RubricPin
    artifacts: Mapping[ArtifactId, Digest]
    parts: Mapping[PartName, Digest]
    claimed_at: datetime
    hub_seen_at: datetime | None = None
    supersedes: DecisionId | None = None


Judgment: TypeAlias = Mapping[PartName, Value]
"""The content of a decision, part by part, before it is salted and signed; `scores` maps criteria to levels."""


class Verdict(StrEnum):
    """What an approver does with a decision."""

    APPROVE = "approve"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a decision goes back: `about` is a criterion's id or `letter`."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class SignOff:
    """The approver's signed act on one decision; it names the decision's content, not only its id."""

    id: SignOffId
    hub: HubId
    portfolio: PortfolioId
    round: RoundId
    decision: DecisionId
    decision_sha256: Digest
    approver: PersonId
    device: DeviceId
    verdict: Verdict
    claimed_at: datetime
    reasons: tuple[Reason, ...] = ()
    hub_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The signed undoing of a sign-off within the program's delay, or of a decision before an approver opened it."""

    hub: HubId
    portfolio: PortfolioId
    round: RoundId
    withdraws: DecisionId | SignOffId
    person: PersonId
    device: DeviceId
    reason: str
    claimed_at: datetime
