"""What every deed at the desk needs: the store, who works here, the keys, the clock and new ids."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from assessor_desk.domain.ids import AssessmentId, AssignmentId, PortfolioCode
from assessor_desk.domain.portfolio import Assignment, AssignmentState, RubricPin
from assessor_desk.domain.program import MicroCredential
from assessor_desk.errors import InputError, StoreDamagedError
from assessor_desk.programs.codec import read_micro_credential
from assessor_desk.seals.codes import parse_portfolio_code
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.keyfile import Keys
from assessor_desk.store.membership import Membership
from assessor_desk.store.store import Store
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.records import RecordKind

# A published version never changes, and many portfolios share one.
_read = lru_cache(maxsize=32)(read_micro_credential)


@dataclass(frozen=True, slots=True)
class Workplace:
    """One person at one desk, unlocked."""

    store: Store
    member: Membership
    keys: Keys
    now: Callable[[], datetime]
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a deed changed, for the views to look at again."""

    assessments: frozenset[AssessmentId] = frozenset()
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """An assignment with what it is judged by."""

    assignment: Assignment
    micro_credential: MicroCredential

    @property
    def assessment(self) -> AssessmentId:
        """Return the assessment that the assignment asks for."""
        return AssessmentId(self.assignment.id)


def assignment_of(tx: Transaction, assignment: AssignmentId) -> Assignment:
    """Return an assignment as the hub last told it."""
    body = tx.records.body(RecordKind.ASSIGNMENT, assignment)
    if body is None:
        raise InputError("This portfolio is no longer on this laptop.", next="Sync, if it is still yours.")
    return codec.from_bytes(body, Assignment)


def work_of(tx: Transaction, assignment: AssignmentId) -> Work:
    """Return an assignment with the rubric version that its portfolio keeps."""
    known = assignment_of(tx, assignment)
    return Work(known, rubric_of(tx, known.portfolio.rubric))


def rubric_of(tx: Transaction, pin: RubricPin) -> MicroCredential:
    """Return the version of a micro-credential that was pinned at intake, held against its hash."""
    body = tx.records.body(RecordKind.MICRO_CREDENTIAL, f"{pin.micro_credential}@{pin.version}")
    if body is None:
        raise StoreDamagedError("The rubric of this portfolio is not on this laptop.", next="Sync to fetch it again.")
    if sha256(body) != pin.sha256:
        raise StoreDamagedError(
            "The rubric on this laptop is not the one that this portfolio is judged by.",
            next="Sync, and tell the program office if this stays.",
        )
    return _read(body)


def find(tx: Transaction, code: str, round_number: int | None = None) -> AssignmentId:
    """Return this person's assignment for a portfolio: of the newest round, or of the round that is named."""
    ids = tx.queue.of_code(PortfolioCode(parse_portfolio_code(code)))
    found = [each for each in (assignment_of(tx, id) for id in ids) if round_number in (None, each.round.number)]
    if not found:
        which = f"portfolio {code}" if round_number is None else f"round {round_number} of {code}"
        raise InputError(
            f"There is no {which} on this laptop.",
            next="Look at the list with `assessor-desk queue`, or sync.",
        )
    return max(found, key=_standing).id


def _standing(assignment: Assignment) -> tuple[int, bool, datetime]:
    """Order assignments of one portfolio: the newest round first, in it what was not taken back, then the latest."""
    return assignment.round.number, assignment.state is not AssignmentState.WITHDRAWN, assignment.handed_at
