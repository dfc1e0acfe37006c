"""Every error as the problem (RFC 9457) that the hub answers with."""

import logging
import traceback

from starlette.responses import Response

from assessor_desk.errors import (
    AccessError,
    ArtifactError,
    DeskError,
    DeviceRevokedError,
    DiskFullError,
    HubProtocolError,
    InputError,
    InvitationError,
    NotFoundError,
    NotPairedError,
    RuleError,
    SealError,
    StoreBusyError,
    StoreError,
    TooLargeError,
    WireVersionError,
    WrongMediaError,
)
from assessor_desk.wire import codec
from assessor_desk.wire.problems import MEDIA_TYPE, Problem, problem, problem_of

LOG = logging.getLogger("assessor_desk.hub")
RETRY_SECONDS = "5"

STATUS: dict[type[DeskError], int] = {
    NotPairedError: 401,
    DeviceRevokedError: 403,
    NotFoundError: 404,
    InvitationError: 403,
    WireVersionError: 400,
    TooLargeError: 413,
    WrongMediaError: 415,
    AccessError: 403,
    RuleError: 409,
    HubProtocolError: 400,
    InputError: 422,
    ArtifactError: 422,
    SealError: 422,
    DiskFullError: 507,
    StoreBusyError: 503,
    StoreError: 503,
    DeskError: 500,
}
"""The nearest class counts: the first of the error's own ancestors that is named here."""


def status_of(error: DeskError) -> int:
    """Return the status for an error."""
    return next(STATUS[each] for each in type(error).__mro__ if each in STATUS)


def refused(error: DeskError) -> Response:
    """Return the answer to a request that an error ended."""
    status = status_of(error)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": RETRY_SECONDS}}.get(status, {})
    return answer(problem_of(error, status), headers)


def unkeepable() -> InputError:
    """Return the error for content that the database cannot hold."""
    return InputError("The message holds a sign or a number that cannot be kept.")


def broken(error: Exception, method: str, path: str) -> Response:
    """Return the answer to a request that ran into a fault of ours, and log where it happened but nobody's data."""
    places = [f"{each.name} ({each.filename}:{each.lineno})" for each in traceback.extract_tb(error.__traceback__)]
    LOG.error("%s %s: %s in %s", method, path, type(error).__name__, " > ".join(places))
    return answer(
        problem(
            "hub-fault",
            "The hub made a mistake",
            500,
            "Something went wrong inside the hub.",
            safe="Everything you did is saved on this laptop.",
            next="Try again later; if it stays, tell the program office.",
        )
    )


def wrong_method(allowed: list[str]) -> Response:
    """Return the answer to a method that the address does not know."""
    told = problem("method", "Not possible here", 405, f"This address answers only to {', '.join(allowed)}.")
    return answer(told, {"Allow": ", ".join(allowed)})


def answer(told: Problem, headers: dict[str, str] | None = None) -> Response:
    """Return a problem as a response."""
    return Response(codec.encoded(told), told.status, headers, MEDIA_TYPE)
