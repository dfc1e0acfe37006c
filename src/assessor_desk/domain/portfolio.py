"""What is judged and by whom: artifacts, rounds, portfolios and assignments."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessor_desk.domain.ids import (
    ArtifactId,
    AssignmentId,
    CriterionId,
    Digest,
    MicroCredentialId,
    PortfolioCode,
    PortfolioId,
    ProgramId,
    RoundId,
    Slot,
)


@dataclass(frozen=True, slots=True)
class RubricPin:
    """The version of a micro-credential, with its rubric and policy, that a portfolio keeps from intake on."""

    micro_credential: MicroCredentialId
    version: str
    sha256: Digest


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of a round, under the name of its slot; `pieces` are the SHA-256 of its parts of 1 MiB."""

    id: ArtifactId
    slot: Slot
    title: str
    sha256: Digest
    size: int
    media_type: str
    pieces: tuple[Digest, ...]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """A place that the participant names for a criterion; it never counts as evidence by itself.

    `place` is in the participant's own terms: a page, a time range or a quote.
    """

    criterion: CriterionId
    artifact: ArtifactId
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Round:
    """One submission of a portfolio."""

    id: RoundId
    number: int
    received_at: datetime
    artifacts: tuple[Artifact, ...]
    pointers: tuple[Pointer, ...] = ()
    context_note: str = ""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What is put together for one micro-credential, known by its code through all rounds."""

    id: PortfolioId
    code: PortfolioCode
    program: ProgramId
    rubric: RubricPin
    team_of: int = 1


class Part(StrEnum):
    """The part a person has in a case."""

    FIRST = "first assessor"
    SECOND = "second assessor"
    ADJUDICATOR = "adjudicator"
    APPROVER = "approver"


class AssignmentState(StrEnum):
    """How an assignment stands, in the words that people see."""

    TO_DO = "to do"
    IN_PROGRESS = "in progress"
    READY_TO_SUBMIT = "ready to submit"
    WAITING_TO_SEND = "waiting to send"
    RECEIVED = "received"
    RETURNED = "returned to me"
    DONE = "done"
    WITHDRAWN = "withdrawn"

    @property
    def open(self) -> bool:
        """Return whether the person may still work on it."""
        return self in _OPEN


_OPEN = frozenset(
    {
        AssignmentState.TO_DO,
        AssignmentState.IN_PROGRESS,
        AssignmentState.READY_TO_SUBMIT,
        AssignmentState.RETURNED,
    }
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One round given to one person; the assessment that it asks for carries the same id."""

    id: AssignmentId
    part: Part
    state: AssignmentState
    portfolio: Portfolio
    round: Round
    due_at: datetime
    handed_at: datetime
    earlier_rounds: tuple[Round, ...] = ()
    reason: str = ""
