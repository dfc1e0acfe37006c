"""What the HTTP library raises and what a hub answers instead, in the desk's own errors."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import httpx

from assessor_desk.errors import (
    HubError,
    HubProtocolError,
    HubRefusedError,
    HubUnreachableError,
    WireVersionError,
)
from assessor_desk.wire import codec, headers
from assessor_desk.wire.problems import MEDIA_TYPE, Problem

Making: TypeAlias = Callable[[Exception], HubError]

NOT_NOW = frozenset({429, 502, 503, 504, 507})
"""Statuses that say nothing against what was asked: the same may be asked again later."""


def _silent(_: Exception) -> HubError:
    return HubUnreachableError("The hub does not answer at its address.")


def _slow(_: Exception) -> HubError:
    return HubUnreachableError("The hub took too long to answer.")


def _cut(_: Exception) -> HubError:
    return HubUnreachableError("The connection to the hub broke off.")


def _odd(error: Exception) -> HubError:
    return HubProtocolError(f"The exchange with the hub went wrong: {error or type(error).__name__}.")


# The first that fits counts, so the special stand before the general.
_MEANINGS: tuple[tuple[type[Exception], Making], ...] = (
    (httpx.ConnectError, _silent),
    (httpx.ConnectTimeout, _silent),
    (httpx.ProxyError, _silent),
    (httpx.TimeoutException, _slow),
    (httpx.NetworkError, _cut),
    (httpx.RemoteProtocolError, _cut),
    (httpx.StreamError, _cut),
    (httpx.HTTPError, _odd),
    (httpx.InvalidURL, _odd),
    (httpx.CookieConflict, _odd),
)


@contextmanager
def hub_failures() -> Iterator[None]:
    """Translate every error of the HTTP library that can end a request."""
    try:
        yield
    except tuple(kind for kind, _ in _MEANINGS) as error:
        raise meaning(error) from error


def meaning(error: Exception) -> HubError:
    """Return what an error of the HTTP library means for the desk."""
    if _is_distrust(error):
        return HubUnreachableError(
            "Whoever answers at the hub's address cannot prove to be the hub: the certificate is not trusted.",
            next="If this network asks you to sign in first, do that; else tell the program office.",
        )
    return next(making(error) for kind, making in _MEANINGS if isinstance(error, kind))


def require_success(answer: httpx.Response, content: bytes) -> None:
    """Raise what the hub has against a request, or say that it was not the hub that answered."""
    status = answer.status_code
    if headers.WIRE not in answer.headers:
        raise _stranger(status)
    if answer.is_success:
        return
    if answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
        raise _refusal(status, codec.from_bytes(content, Problem))
    if status in NOT_NOW:
        raise HubUnreachableError("The hub is not ready to answer.")
    raise HubProtocolError(f"The hub answers with HTTP status {status} and does not say why.")


def _stranger(status: int) -> HubError:
    if status in NOT_NOW:
        return HubUnreachableError("The hub is not ready to answer.")
    return HubUnreachableError(
        "Something other than the hub answers at its address.",
        next="If this network asks you to sign in first, do that; else compare the hub's address.",
    )


def _refusal(status: int, told: Problem) -> HubError:
    safe, then = told.safe or None, told.next or None
    if told.slug == WireVersionError.type:
        return HubProtocolError(told.detail, safe=safe, next=then)
    if status in NOT_NOW:
        return HubUnreachableError(told.detail, safe=safe, next=then)
    return HubRefusedError(told.detail, safe=safe, next=told.next, problem_type=told.slug, status=status)


def _is_distrust(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
