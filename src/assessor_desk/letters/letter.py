"""What a feedback letter says: only what a participant may read."""

from dataclasses import dataclass
from datetime import date

from assessor_desk.domain.rubric import Outcome


@dataclass(frozen=True, slots=True)
class CriterionFeedback:
    """What the participant reads about one criterion.

    There is no place here for a rationale, a note or an assessor's name: what the type cannot hold, no letter can show.
    `places` name the evidence in words, for instance “Notes, page 3”; `needed` says what the rule asks
    for, “at least Proficient”.
    """

    title: str
    level: str
    met: bool
    strength: str = ""
    revise: str = ""
    deepen: str = ""
    places: tuple[str, ...] = ()
    needed: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackLetter:
    """One released letter; texts are plain, with blank lines between paragraphs and “- ” before a list's items.

    `kind` is the program's own term for what is earned, `result` its sentence for the outcome, `added` the approver's
    paragraph, `what_next` what the program says of attempts, coach and credit, `verification` how to check the letter.
    """

    program: str
    micro_credential: str
    recipient: str
    portfolio: str
    round: int
    outcome: Outcome
    signed_on: date
    result: str
    opening: str
    criteria: tuple[CriterionFeedback, ...]
    closing: str
    what_next: tuple[str, ...]
    verification: str
    salutation: str = ""
    organization: str = ""
    kind: str = "Micro-credential"
    added: str = ""
    team: bool = False
    show_levels: bool = True
    language: str = "en-US"

    @property
    def title(self) -> str:
        """Return what a reader's window and a search engine call this letter."""
        return f"Feedback on {self.micro_credential}, round {self.round}"

    @property
    def to_revise(self) -> tuple[CriterionFeedback, ...]:
        """Return the criteria that are not met yet, in the rubric's order."""
        return tuple(each for each in self.criteria if not each.met)

    @property
    def shown(self) -> tuple[CriterionFeedback, ...]:
        """Return the criteria that are met, in the rubric's order."""
        return tuple(each for each in self.criteria if each.met)
