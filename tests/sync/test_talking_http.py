"""Whatever answers at the hub's address, or does not, becomes one of the desk's own sentences."""

import datetime
import http.server
import inspect
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx_sse
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assessor_desk.domain.ids import Digest
from assessor_desk.errors import (
    HubError,
    HubProtocolError,
    HubRefusedError,
    HubUnreachableError,
    InputError,
    RuleError,
    StoreBusyError,
    WireVersionError,
)
from assessor_desk.sync import client as client_module
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.http_failures import hub_failures, meaning
from assessor_desk.wire import codec, headers
from assessor_desk.wire.problems import MEDIA_TYPE, problem_of

ADDRESS = "http://127.0.0.1:9"
OURS = {headers.WIRE: "1", "Content-Type": "application/json"}
HELLO = {
    "hub": "h", "name": "Lab", "identity_key": "AAAA", "wire": [1], "epoch": "e", "time": "2026-01-01T00:00:00Z",
}  # fmt: skip

Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer) -> HubClient:
    return HubClient(ADDRESS, "token", httpx.MockTransport(answer))


def answering(status: int, content: bytes, **marks: str) -> HubClient:
    found = OURS | {name.replace("_", "-"): value for name, value in marks.items()}
    return client(lambda _: httpx.Response(status, content=content, headers=found))


def classes_of(module: Any) -> list[type[Exception]]:
    found = [each for _, each in inspect.getmembers(module, inspect.isclass)]
    return [each for each in found if issubclass(each, Exception)]


def made(kind: type[Exception]) -> Exception:
    """Return an error of the library, whatever it wants to be made of."""
    request = httpx.Request("GET", ADDRESS)
    known = {"message": "oh", "request": request, "response": httpx.Response(500, request=request), "args": ("oh",)}
    wanted = [name for name in inspect.signature(kind.__init__).parameters if name in known and name != "args"]
    return kind(**{name: known[name] for name in wanted}) if wanted else kind()


def test_every_error_of_the_http_library_is_translated() -> None:
    kinds = [*classes_of(httpx), *classes_of(httpx_sse)]
    assert len(kinds) > 25

    for kind in kinds:
        error = made(kind)
        with pytest.raises(HubError) as told, hub_failures():
            raise error
        assert told.value.__cause__ is error
        assert told.value.detail.endswith("."), kind


def test_a_fault_of_our_own_stays_loud() -> None:
    with pytest.raises(KeyError), hub_failures():
        raise KeyError("ours")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ConnectError("refused"), "does not answer at its address"),
        (httpx.ConnectTimeout("slow"), "does not answer at its address"),
        (httpx.ReadTimeout("slow"), "took too long"),
        (httpx.PoolTimeout("slow"), "took too long"),
        (httpx.ReadError("cut"), "broke off"),
        (httpx.RemoteProtocolError("cut"), "broke off"),
        (httpx.DecodingError("odd"), "went wrong"),
        (httpx.TooManyRedirects("round"), "went wrong"),
    ],
)
def test_what_is_told_fits_what_happened(error: Exception, words: str) -> None:
    assert words in meaning(error).detail


def test_each_request_names_the_version_and_the_desk() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=HELLO, headers=OURS)

    client(answer).hello()

    assert asked[0].headers[headers.WIRE] == str(codec.VERSION)
    assert asked[0].headers["authorization"] == "Bearer token"


def test_a_hub_of_another_version_is_named() -> None:
    with pytest.raises(HubProtocolError, match="speaks version 7, 8 and this desk speaks 1"):
        client(lambda _: httpx.Response(200, json=HELLO | {"wire": [7, 8]}, headers=OURS)).hello()


def test_a_hub_that_refuses_the_desks_version_is_no_refusal_of_the_work() -> None:
    told = problem_of(WireVersionError("This desk speaks version 1 and the hub speaks 2 and 3."), 400)

    with pytest.raises(HubProtocolError, match="the hub speaks 2 and 3"):
        answering(400, codec.to_bytes(told), Content_Type=MEDIA_TYPE).counts()


def test_a_refusal_keeps_the_hubs_own_words() -> None:
    told = problem_of(RuleError("It is closed.", safe="Your draft stays.", next="Ask."), 409)

    with pytest.raises(HubRefusedError) as refused:
        answering(409, codec.to_bytes(told), Content_Type=MEDIA_TYPE).counts()

    error = refused.value
    assert (error.detail, error.safe, error.next) == ("It is closed.", "Your draft stays.", "Ask.")
    assert (error.problem_type, error.status) == ("rule", 409)


def test_a_hub_that_cannot_just_now_is_out_of_reach_and_refuses_nothing() -> None:
    told = problem_of(StoreBusyError("Another process is writing."), 503)

    with pytest.raises(HubUnreachableError, match="Another process is writing"):
        answering(503, codec.to_bytes(told), Content_Type=MEDIA_TYPE).counts()
    with pytest.raises(HubUnreachableError, match="not ready"):
        answering(502, b"Bad gateway").counts()


@pytest.mark.parametrize("status", [200, 302, 403, 404, 511])
def test_a_sign_in_page_of_a_network_is_not_taken_for_the_hub(status: int) -> None:
    page = client(lambda _: httpx.Response(status, html="<h1>Welcome to the library</h1>"))

    with pytest.raises(HubUnreachableError, match="Something other than the hub answers") as told:
        page.counts()
    assert "sign in first" in told.value.next
    with pytest.raises(HubUnreachableError), page.artifact(Digest("0" * 64), 0):
        pass
    with pytest.raises(HubUnreachableError), page.news(""):
        pass


@pytest.mark.parametrize(
    ("content", "words"), [(b"{", "shape"), (b'{"epoch":1}', "shape"), (b"", "shape"), (b"\xff", "shape")]
)
def test_an_answer_of_another_shape_is_no_crash(content: bytes, words: str) -> None:
    with pytest.raises(HubProtocolError, match=words):
        answering(200, content).counts()


def test_a_status_without_a_reason_is_told() -> None:
    with pytest.raises(HubProtocolError, match="HTTP status 418"):
        answering(418, b"").counts()


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "MOST_BYTES", 1_000)

    with pytest.raises(HubProtocolError, match="longer than any answer"):
        answering(200, b" " * 1_001).counts()


def artifact(**marks: str) -> HubClient:
    status = 206 if "Content_Range" in marks else 200
    return answering(status, b"0123456789", **{"Content_Type": "application/octet-stream", **marks})


@pytest.mark.parametrize(
    "marks",
    [
        {"Content_Range": "bytes */10"},
        {"Content_Range": "items 0-1/2"},
        {"Content_Range": ""},
        {"Content_Encoding": "gzip"},
    ],
)
def test_a_part_that_does_not_say_which_is_not_taken(marks: dict[str, str]) -> None:
    with pytest.raises(HubProtocolError), artifact(**marks).artifact(Digest("0" * 64), 5):
        pass


def test_an_artifact_is_asked_for_from_the_byte_and_as_it_is() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        rest = httpx.ByteStream(b"56789")
        return httpx.Response(206, stream=rest, headers=OURS | {"Content-Range": "bytes 5-9/10"})

    with client(answer).artifact(Digest("a" * 64), 5) as incoming:
        content = b"".join(incoming.parts)

    assert (incoming.start, incoming.total, content) == (5, 10, b"56789")
    assert asked[0].headers["range"] == "bytes=5-"
    assert asked[0].headers["if-range"] == f'"{"a" * 64}"'
    assert asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "address",
    [
        "hub.example.org",
        "ftp://hub.example.org",
        "https://",
        "http://[::1",
        "https://hub.example.org:99999",
        "https://hub.example.org:0",
        "https://ana:secret@hub.example.org",
        "https://hub.example.org/?a=1",
        "https://hub.example.org/#a",
        "https://hub.exa\x00mple.org",
        "",
    ],
)
def test_what_is_no_address_of_a_hub_is_one_sentence(address: str) -> None:
    with pytest.raises(InputError, match="is not the address of a hub"):
        HubClient(address)


@pytest.mark.parametrize(
    "address", ["http://hub.example.org", "http://192.168.1.5:8000", "http://localhost.example.org", "http://10.0.0.1"]
)
def test_plain_http_is_for_loopback_only(address: str) -> None:
    with pytest.raises(InputError, match="unprotected"):
        HubClient(address)


@pytest.mark.parametrize(
    "address",
    ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000", "https://hub.example.org", "https://h.org/hub"],
)
def test_addresses_that_are_fine(address: str) -> None:
    HubClient(address).close()


def test_nothing_on_loopback_goes_by_way_of_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://192.0.2.1:3128")
    with _server() as address:
        found = HubClient(address)

        assert found.hello().name == "Lab"
        found.close()


def test_where_nothing_listens_nobody_answers() -> None:
    with _server() as address:
        pass

    found = HubClient(address)
    with pytest.raises(HubUnreachableError, match="does not answer"):
        found.hello()
    found.close()


def test_a_certificate_that_the_system_does_not_trust_ends_the_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _server(_certificate(tmp_path)) as address:
        stranger = HubClient(address)
        with pytest.raises(HubUnreachableError, match="certificate is not trusted"):
            stranger.hello()
        stranger.close()

        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))  # now the system trusts it
        trusting = HubClient(address)
        assert trusting.hello().name == "Lab"
        trusting.close()


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers every request as a hub would answer the first."""

    def do_GET(self) -> None:
        content = json.dumps(HELLO).encode()
        self.send_response(200)
        for name, value in (OURS | {"Content-Length": str(len(content)), "Connection": "close"}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Server(http.server.HTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a desk that does not trust the certificate hangs up."""


@contextmanager
def _server(certificate: Path | None = None) -> Iterator[str]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield f"{'http' if certificate is None else 'https'}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _certificate(place: Path) -> Path:
    """Make a certificate for loopback that nobody has vouched for; return the file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub in tests")])
    today = datetime.datetime.now(datetime.UTC)
    made_out = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = made_out.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (place / "certificate.pem").write_bytes(public)
    (place / "both.pem").write_bytes(public + private)
    return place / "both.pem"
