"""The hub over HTTP: the one place of the desk that talks HTTP."""

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import httpx
from httpx_sse import EventSource, connect_sse

from assessor_desk.domain.ids import Digest
from assessor_desk.errors import HubProtocolError, InputError
from assessor_desk.sync.http_failures import hub_failures, require_success
from assessor_desk.sync.hub import Incoming, News
from assessor_desk.wire import codec, headers
from assessor_desk.wire.deeds import Deed, Deeds, Receipts
from assessor_desk.wire.pairing import Hello, InvitationFound, InvitationLook, PairingAnswer, PairingRequest
from assessor_desk.wire.records import Counts, FeedPage

T = TypeVar("T")

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
LISTENING = httpx.Timeout(10.0, read=45.0)
"""A line for news may be silent for as long as three of the hub's signs of life."""

MOST_BYTES = 64 << 20
"""A page of the feed ends at about 8 MiB; whatever answers with more than this is no hub."""

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18})")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class HubClient:
    """One hub at one address; with a token it fits `Hub` and `Announcing`, without one `Doorstep`."""

    def __init__(self, address: str, token: str | None = None, transport: httpx.BaseTransport | None = None) -> None:
        protected = _checked(address).scheme == "https"
        self._client = httpx.Client(
            base_url=address,
            timeout=TIMEOUT,
            transport=transport,
            # The system's own trust, as schools' networks need it; and on loopback never by way of a proxy.
            verify=ssl.create_default_context() if protected else False,
            trust_env=protected,
            headers={headers.WIRE: str(codec.VERSION)} | ({"Authorization": f"Bearer {token}"} if token else {}),
        )

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def hello(self) -> Hello:
        """Return who the hub is, and refuse one that speaks only other versions."""
        hello = self._ask("GET", "/v1/hello", Hello)
        if codec.VERSION not in hello.wire:
            raise HubProtocolError(
                f"The hub at this address speaks version {_listed(hello.wire)} and this desk speaks {codec.VERSION}.",
                next="Install the Assessor Desk that your program office names for this hub.",
            )
        return hello

    def look(self, code: str) -> InvitationFound:
        """Return whose invitation a code is, without spending it."""
        return self._send("/v1/invitation", InvitationLook(code), InvitationFound)

    def pair(self, request: PairingRequest) -> PairingAnswer:
        """Spend the invitation and become a desk of the hub."""
        return self._send("/v1/pair", request, PairingAnswer)

    def changes_since(self, cursor: str) -> FeedPage:
        """Return the next page of records after the cursor."""
        return self._ask("GET", "/v1/feed", FeedPage, params={"after": cursor})

    def counts(self) -> Counts:
        """Return how many records of each kind the hub holds for this person."""
        return self._ask("GET", "/v1/counts", Counts)

    def tell(self, deeds: tuple[Deed, ...]) -> Receipts:
        """Send deeds and return a receipt for each."""
        return self._send("/v1/deeds", Deeds(deeds), Receipts)

    @contextmanager
    def artifact(self, sha256: Digest, start: int) -> Iterator[Incoming]:
        """Open an artifact's bytes from a position."""
        asked = {"Accept-Encoding": "identity"}
        if start:
            asked |= {"Range": f"bytes={start}-", "If-Range": f'"{sha256}"'}
        with hub_failures(), self._client.stream("GET", f"/v1/artifacts/{sha256}", headers=asked) as answer:
            require_success(answer, b"" if answer.is_success else _content(answer))
            begins, total = _extent(answer)
            yield Incoming(begins, total, _parts(answer))

    @contextmanager
    def news(self, cursor: str) -> Iterator[News]:
        """Open the line on which the hub says that there is something new."""
        asked: dict[str, Any] = {"params": {"after": cursor}, "timeout": LISTENING}
        with hub_failures(), connect_sse(self._client, "GET", "/v1/events", **asked) as source:
            answer = source.response
            require_success(answer, b"" if answer.is_success else _content(answer))
            yield News(_cursors(source), partial(_cut, answer))

    def _send(self, path: str, message: object, shape: type[T]) -> T:
        content = codec.encoded(message)
        return self._ask("POST", path, shape, content=content, headers={"Content-Type": "application/json"})

    def _ask(self, method: str, path: str, shape: type[T], **asked: Any) -> T:
        with hub_failures(), self._client.stream(method, path, **asked) as answer:
            content = _content(answer)
        require_success(answer, content)
        return codec.from_bytes(content, shape)


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        named = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        httpx.URL(address)
    except (ValueError, httpx.InvalidURL):
        named = None
    if not named or parts.username is not None or parts.query or parts.fragment:
        raise InputError(
            f"“{address}” is not the address of a hub.",
            next="Copy it from the invitation; it begins with https://.",
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise InputError(
            f"“{address}” would send everything unprotected.",
            next="Use the address that begins with https://.",
        )
    return parts


def _content(answer: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise HubProtocolError("The answer is longer than any answer of a hub.")
    return b"".join(parts)


def _extent(answer: httpx.Response) -> tuple[int, int | None]:
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise HubProtocolError("The file came in another form than the hub keeps it in.")
    if answer.status_code != httpx.codes.PARTIAL_CONTENT:
        length = answer.headers.get("Content-Length", "")
        return 0, int(length) if length.isascii() and length.isdigit() else None
    told = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if told is None:
        raise HubProtocolError("The hub sent a part of a file without saying which.")
    return int(told[1]), int(told[2])


def _parts(answer: httpx.Response) -> Iterator[bytes]:
    # As they come off the wire: gathered into larger parts, those before a cut would be lost.
    with hub_failures():
        yield from answer.iter_raw()


def _cursors(source: EventSource) -> Iterator[str]:
    with hub_failures():
        for event in source.iter_sse():
            if event.event == "news":
                yield event.data


def _cut(answer: httpx.Response) -> None:
    stream = answer.extensions.get("network_stream")
    line = None if stream is None else stream.get_extra_info("socket")
    if line is not None:
        # Closing would leave the thread that reads waiting; this makes it read the end.
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def _listed(versions: tuple[int, ...]) -> str:
    return ", ".join(str(version) for version in versions) or "none that is known"
