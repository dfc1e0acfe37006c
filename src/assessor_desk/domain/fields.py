"""The names of what an assessor can change in an assessment."""

from dataclasses import dataclass
from typing import Self

from assessor_desk.domain.ids import ArtifactId, CheckId, ConditionId, CriterionId, EvidenceId
from assessor_desk.errors import RuleError

# kind -> how many names follow it, as in `score/<criterion>` or `flag/<artifact>/<kind>`
_GRAMMAR = {
    "score": 1,
    "rationale": 1,
    "looked-for": 1,
    "feedback": 2,
    "letter": 1,
    "evidence": 1,
    "precheck": 1,
    "condition": 1,
    "flag": 2,
    "opened": 1,
    "note": 1,
    "not-a-name": 1,
}


@dataclass(frozen=True, slots=True, order=True)
class Field:
    """One thing that an edit changes, written `kind/name` or `kind/name/name`."""

    kind: str
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if _GRAMMAR.get(self.kind) != len(self.names) or not all(_is_name(name) for name in self.names):
            raise RuleError(f"“{self}” is not a field of an assessment.")

    def __str__(self) -> str:
        return "/".join((self.kind, *self.names))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the field that the text names."""
        kind, *names = text.split("/")
        return cls(kind, tuple(names))

    @classmethod
    def score(cls, criterion: CriterionId) -> Self:
        """Return the field of a criterion's level."""
        return cls("score", (criterion,))

    @classmethod
    def rationale(cls, criterion: CriterionId) -> Self:
        """Return the field that says, for the approver, why a level was given."""
        return cls("rationale", (criterion,))

    @classmethod
    def looked_for(cls, criterion: CriterionId) -> Self:
        """Return the field that says where evidence was looked for and not found."""
        return cls("looked-for", (criterion,))

    @classmethod
    def feedback(cls, criterion: CriterionId, kind: str) -> Self:
        """Return the field of one kind of feedback (`strength`, `revise`, `deepen`) on a criterion."""
        return cls("feedback", (criterion, kind))

    @classmethod
    def letter(cls, block: str) -> Self:
        """Return the field of a block of the letter (`opening`, `closing`)."""
        return cls("letter", (block,))

    @classmethod
    def evidence(cls, evidence: EvidenceId) -> Self:
        """Return the field of one piece of evidence."""
        return cls("evidence", (evidence,))

    @classmethod
    def precheck(cls, check: CheckId) -> Self:
        """Return the field of one completion check's answer."""
        return cls("precheck", (check,))

    @classmethod
    def condition(cls, condition: ConditionId) -> Self:
        """Return the field of one attested condition."""
        return cls("condition", (condition,))

    @classmethod
    def flag(cls, artifact: ArtifactId, kind: str) -> Self:
        """Return the field of a flag (`privacy`, `duplicate`, `plagiarism`, `conduct`, `cannot-be-opened`)."""
        return cls("flag", (artifact, kind))

    @classmethod
    def opened(cls, artifact: ArtifactId) -> Self:
        """Return the field that says that an artifact was dealt with, and how."""
        return cls("opened", (artifact,))


def _is_name(name: str) -> bool:
    return bool(name) and len(name) <= 120 and all(each.isalnum() or each in "-_.:" for each in name)
