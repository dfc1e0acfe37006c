"""What can be wrong with a program's files, told with file, line and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """The rules that files are held against; each has a faulty file among the tests."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    ENCODING = "encoding"
    TAB = "tab"
    HIDDEN_CHARACTER = "hidden-character"
    SYNTAX = "syntax"
    EMPTY = "empty"
    SEVERAL_DOCUMENTS = "several-documents"
    ANCHOR = "anchor"
    TAG = "tag"
    TOO_DEEP = "too-deep"
    DUPLICATE_KEY = "duplicate-key"
    KEY_NOT_TEXT = "key-not-text"

    UNKNOWN_FIELD = "unknown-field"
    MISSING_FIELD = "missing-field"
    WRONG_TYPE = "wrong-type"
    NOT_ALLOWED = "not-allowed"
    WRONG_FORM = "wrong-form"
    WRONG_LENGTH = "wrong-length"
    OUT_OF_RANGE = "out-of-range"
    REPEATED = "repeated"
    ONE_OF = "one-of"

    FILE_NAME = "file-name"
    FOLDER = "folder"
    FOREIGN_ID = "foreign-id"
    NO_PROGRAM = "no-program"
    PROGRAM_VERSION = "program-version"
    NOT_LISTED = "not-listed"
    NO_FILE = "no-file"

    DUPLICATE_ID = "duplicate-id"
    DUPLICATE_TAG = "duplicate-tag"
    UNKNOWN_NAME = "unknown-name"
    NOTHING_ASKED = "nothing-asked"
    NOTHING_REQUIRED = "nothing-required"
    MEETS_LOWEST = "meets-lowest"
    LEVELS = "levels"
    GROWTH = "growth"
    UNCOVERED_OUTCOME = "uncovered-outcome"
    CIRCLE = "circle"

    DESCRIPTOR_LENGTH = "descriptor-length"
    SHARED_DESCRIPTOR = "shared-descriptor"
    LINE_BREAK = "line-break"
    MARKUP = "markup"
    PLACEHOLDER = "placeholder"
    WORDING = "wording"

    NO_SUCH_DATE = "no-such-date"
    POLICY = "policy"
    TEAM = "team"
    CREDIT = "credit"
    ENDORSEMENT = "endorsement"

    NOT_PINNED = "not-pinned"
    CHANGED = "changed"
    PINNED_GONE = "pinned-gone"
    PINNED_DRAFT = "pinned-draft"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: where it is, what is wrong there, and what to write instead."""

    file: str
    line: int
    kind: FaultKind
    what: str
    write: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} {self.write}"


@dataclass(slots=True)
class Report:
    """Collects the faults of one file."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def add(self, kind: FaultKind, line: int, what: str, write: str) -> None:
        """Note one fault."""
        self.faults.append(Fault(self.file, line, kind, what, write))


def in_order(reports: Iterable[Report]) -> tuple[Fault, ...]:
    """Return the faults of all files by file and line, each once."""
    return tuple(sorted({fault for report in reports for fault in report.faults}))
