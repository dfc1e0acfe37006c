"""The hub over HTTP: the one place of the desk that knows the HTTP library."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from assessor_desk.domain.ids import Digest
from assessor_desk.errors import HubProtocolError, HubRefusedError, HubUnreachableError, InputError
from assessor_desk.sync.hub import Incoming
from assessor_desk.wire import codec, headers
from assessor_desk.wire.deeds import Deed, Deeds, Receipts
from assessor_desk.wire.pairing import Hello, InvitationFound, InvitationLook, PairingAnswer, PairingRequest
from assessor_desk.wire.problems import MEDIA_TYPE, Problem
from assessor_desk.wire.records import Counts, FeedPage

T = TypeVar("T")

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
PART_BYTES = 256 * 1024
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class HubClient:
    """One hub at one address; with a token it fits `Hub`, without one `Doorstep`."""

    def __init__(self, address: str, token: str | None = None, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(
            base_url=_checked(address),
            timeout=TIMEOUT,
            transport=transport,
            headers={headers.WIRE: str(codec.VERSION)} | ({"Authorization": f"Bearer {token}"} if token else {}),
        )

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def hello(self) -> Hello:
        """Return who the hub is, and refuse one that speaks only other versions."""
        hello = self._get("/v1/hello", Hello)
        if codec.VERSION not in hello.wire:
            raise HubProtocolError(
                f"The hub at this address speaks version {_listed(hello.wire)} and this desk speaks {codec.VERSION}.",
                next="Install the Assessor Desk that your program office names for this hub.",
            )
        return hello

    def look(self, code: str) -> InvitationFound:
        """Return whose invitation a code is, without spending it."""
        return self._post("/v1/invitation", InvitationLook(code), InvitationFound)

    def pair(self, request: PairingRequest) -> PairingAnswer:
        """Spend the invitation and become a desk of the hub."""
        return self._post("/v1/pair", request, PairingAnswer)

    def changes_since(self, cursor: str) -> FeedPage:
        """Return the next page of records after the cursor."""
        return self._get("/v1/feed", FeedPage, after=cursor)

    def counts(self) -> Counts:
        """Return how many records of each kind the hub holds for this person."""
        return self._get("/v1/counts", Counts)

    def tell(self, deeds: tuple[Deed, ...]) -> Receipts:
        """Send deeds and return a receipt for each."""
        return self._post("/v1/deeds", Deeds(deeds), Receipts)

    @contextmanager
    def artifact(self, sha256: Digest, start: int) -> Iterator[Incoming]:
        """Open an artifact's bytes from a position."""
        asked = {"Range": f"bytes={start}-", "If-Range": f'"{sha256}"'} if start else {}
        with hub_failures(), self._client.stream("GET", f"/v1/artifacts/{sha256}", headers=asked) as answer:
            if answer.is_error:
                answer.read()
            _accepted(answer)
            begins, total = _extent(answer)
            yield Incoming(begins, total, _parts(answer))

    def _get(self, path: str, shape: type[T], **query: str) -> T:
        with hub_failures():
            answer = self._client.get(path, params=query)
        return codec.from_bytes(_accepted(answer).content, shape)

    def _post(self, path: str, message: object, shape: type[T]) -> T:
        with hub_failures():
            answer = self._client.post(
                path, content=codec.encoded(message), headers={"Content-Type": "application/json"}
            )
        return codec.from_bytes(_accepted(answer).content, shape)


@contextmanager
def hub_failures() -> Iterator[None]:
    """Translate every error of the HTTP library that can end a request."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise HubUnreachableError("The hub does not answer at its address.") from error
    except httpx.TimeoutException as error:
        raise HubUnreachableError("The hub took too long to answer.") from error
    except (httpx.RequestError, httpx.StreamError) as error:
        raise HubUnreachableError("The connection to the hub broke off.") from error
    except (httpx.InvalidURL, httpx.HTTPError) as error:
        raise HubProtocolError(f"The exchange with the hub went wrong: {error}.") from error


def _checked(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError(
            f"“{address}” is not the address of a hub.",
            next="Copy the address from the invitation; it starts with https://.",
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise InputError(
            f"“{address}” would send your work unprotected, so it was not used.",
            next="Ask the program office for the address that starts with https://.",
        )
    return address.rstrip("/")


def _accepted(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    if answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
        told = codec.from_bytes(answer.content, Problem)
        raise HubRefusedError(
            told.detail, safe=told.safe or None, next=told.next, problem_type=told.slug, status=answer.status_code
        )
    if answer.status_code in {502, 503, 504}:
        raise HubUnreachableError("The hub is not ready to answer.")
    raise HubProtocolError(f"The address answers with HTTP status {answer.status_code} and not as a hub does.")


def _extent(answer: httpx.Response) -> tuple[int, int]:
    if answer.status_code != httpx.codes.PARTIAL_CONTENT:
        return 0, int(answer.headers.get("Content-Length", "0"))
    told = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if told is None:
        raise HubProtocolError("The hub sent a part of a file without saying which.")
    return int(told[1]), int(told[2])


def _parts(answer: httpx.Response) -> Iterator[bytes]:
    with hub_failures():
        yield from answer.iter_raw(PART_BYTES)


def _listed(versions: tuple[int, ...]) -> str:
    return ", ".join(str(version) for version in versions) or "none that is known"
