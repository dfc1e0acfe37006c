"""What must hold before a case may move on: named guards over the facts of one event."""

from collections.abc import Callable
from dataclasses import dataclass

from assessor_desk.domain.rubric import Outcome


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when an event reaches a case; the event itself is already counted in.

    `outcome` is that of the decision in hand. A decision is in while it stands: one that was returned or asked back
    is not, nor is one that an appeal overturned. `within_tolerance` compares the first assessor with the second.
    """

    outcome: Outcome | None = None
    pre_check_first: bool = False
    pre_check_passed: bool = False
    incomplete_needs_approver: bool = False
    first_in: bool = False
    second_in: bool = False
    second_scoring_due: bool = False
    within_tolerance: bool = False
    adjudicated: bool = False
    opened_by_approver: bool = False
    approver_is_assessor: bool = False
    delay_over: bool = False
    appeal_window_open: bool = False
    attempts_left: bool = False
    another_agreed: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on the facts; `means` reads well after "only when"."""

    means: str
    holds: Callable[[Facts], bool]

    def __and__(self, other: "Guard") -> "Guard":
        return Guard(f"{self.means} and {other.means}", lambda facts: self.holds(facts) and other.holds(facts))


always = Guard("", lambda _: True)

ready_for_an_assessor = Guard(
    "the completion check was passed or is left to the assessor",
    lambda facts: facts.pre_check_passed or not facts.pre_check_first,
)
checked_before_anyone_scores = Guard(
    "the program has a completion check before anyone is assigned", lambda facts: facts.pre_check_first
)
not_yet_checked = Guard(
    "the completion check before assigning is what was decided",
    lambda facts: facts.pre_check_first and not facts.pre_check_passed,
)

incomplete = Guard("the outcome is incomplete", lambda facts: facts.outcome is Outcome.INCOMPLETE)
not_incomplete = Guard(
    "the outcome is earned or not yet earned",
    lambda facts: facts.outcome in (Outcome.EARNED, Outcome.NOT_YET_EARNED),
)
not_yet_earned = Guard("the outcome is not yet earned", lambda facts: facts.outcome is Outcome.NOT_YET_EARNED)
incomplete_needs_no_approver = Guard(
    "no approver has to see an incomplete one", lambda facts: not facts.incomplete_needs_approver
)
decided = Guard("the decision names an outcome", lambda facts: facts.outcome is not None)

first_missing = Guard(
    "the second assessor is in and the first is not yet", lambda facts: facts.second_in and not facts.first_in
)
first_in = Guard("the first assessor is in", lambda facts: facts.first_in)
second_missing = Guard(
    "a second score is due and not yet in", lambda facts: facts.second_scoring_due and not facts.second_in
)
no_second_score = Guard("there is no second score", lambda facts: not facts.second_in)
within_tolerance = Guard(
    "both are in and within tolerance", lambda facts: facts.first_in and facts.second_in and facts.within_tolerance
)
outside_tolerance = Guard(
    "both are in and outside tolerance",
    lambda facts: facts.first_in and facts.second_in and not facts.within_tolerance,
)
adjudicated = Guard("an adjudicator has decided", lambda facts: facts.adjudicated)
not_adjudicated = Guard("no adjudicator has decided", lambda facts: not facts.adjudicated)

unopened = Guard("no approver has opened it", lambda facts: not facts.opened_by_approver)
approver_is_not_assessor = Guard("the approver did not score this round", lambda facts: not facts.approver_is_assessor)
delay_over = Guard("the program's delay is over", lambda facts: facts.delay_over)
delay_running = Guard("the program's delay is not over", lambda facts: not facts.delay_over)

appeal_window_open = Guard("the appeal window is open", lambda facts: facts.appeal_window_open)
another_attempt = Guard(
    "an attempt is left or a coach or staff agreed to another",
    lambda facts: facts.attempts_left or facts.another_agreed,
)
