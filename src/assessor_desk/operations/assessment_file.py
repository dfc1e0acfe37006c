"""The shape of a whole assessment as one YAML document."""

import msgspec


class EvidenceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A place: an artifact by its slot or title, and the words that stand there; without words, the whole artifact."""

    artifact: str
    quote: str = ""
    page: int | None = None
    before: str = ""
    after: str = ""
    note: str = ""


class ScoreEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said of one criterion; the level is its number, its id or its name."""

    level: int | str | None = None
    rationale: str = ""
    evidence: tuple[EvidenceEntry, ...] = ()
    looked_for: str = ""
    feedback: dict[str, str] = {}


class ConditionEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A condition that someone attested, and when (with the offset from UTC)."""

    by: str
    at: str
    holds: bool = True


class AssessmentFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole assessment. What it does not name stays as it was; what it names and leaves empty is cleared."""

    scores: dict[str, ScoreEntry] = {}
    letter: dict[str, str] = {}
    artifacts: dict[str, str | None] = {}
    checks: dict[str, bool | None] = {}
    conditions: dict[str, ConditionEntry | None] = {}
    flags: dict[str, dict[str, str]] = {}


FEEDBACK_KINDS = ("strength", "revise", "deepen")
LETTER_BLOCKS = ("opening", "closing")
FLAG_KINDS = ("privacy", "duplicate", "plagiarism", "conduct", "cannot-be-opened")
LONGEST_TEXT = 20_000
