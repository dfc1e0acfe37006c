"""Problem details (RFC 9457) with stable types, each fit to be read by an assessor."""

from dataclasses import dataclass

from assessor_desk.errors import DeskError

MEDIA_TYPE = "application/problem+json"
_PREFIX = "urn:assessor-desk:problem:"


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, whether the work is safe, and what to do."""

    type: str
    title: str
    status: int
    detail: str
    safe: str = ""
    next: str = ""

    @property
    def slug(self) -> str:
        """Return the stable name of the problem."""
        return self.type.removeprefix(_PREFIX)


def problem_of(error: DeskError, status: int) -> Problem:
    """Return an error as the problem that the hub answers with."""
    return Problem(_PREFIX + error.type, error.title, status, error.detail, error.safe, error.next)


def problem(slug: str, title: str, status: int, detail: str, *, safe: str = "", next: str = "") -> Problem:
    """Return a problem of the hub's own."""
    return Problem(_PREFIX + slug, title, status, detail, safe, next)
