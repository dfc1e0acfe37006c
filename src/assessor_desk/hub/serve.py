"""Serving: one process on one port, told when it listens, stopped without cutting anyone off."""

import asyncio
import ipaddress
import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import uvicorn
from anyio.to_thread import current_default_thread_limiter

from assessor_desk.environment.files import atomic_write
from assessor_desk.errors import InputError
from assessor_desk.hub.app import application
from assessor_desk.hub.chores import Caretaker
from assessor_desk.hub.data import Hub
from assessor_desk.hub.news import News
from assessor_desk.hub.watching import Watch

FILE = "serve.json"
GRACE = 10  # seconds that answers under way get when the hub stops
AT_ONCE = 32  # requests that are worked on at once, fewer than the database has connections
WAITING = 128  # connections that may knock at once
LOOPBACK_NAMES = frozenset({"localhost"})


@dataclass(frozen=True, slots=True)
class Serving:
    """Where a hub listens; the same is in the file `serve.json` of its folder while it does."""

    url: str
    host: str
    port: int
    pid: int


class HubServer:
    """One listening hub; `run` returns when it was stopped."""

    def __init__(self, hub: Hub, host: str, port: int, *, behind_proxy: bool = False) -> None:
        _require_protected(host, behind_proxy=behind_proxy)
        self._hub = hub
        self._news = News()
        self._watch = Watch(hub, self._news)
        self._caretaker = Caretaker(hub)
        self._socket = _bound(host, port)
        self.serving = _serving(self._socket, host)
        self._server = _Server(_config(application(hub, self._news), behind_proxy), self._news)

    def run(self, ready: Callable[[Serving], None]) -> None:
        """Serve until stopped; `ready` is called once it listens."""
        place = self._hub.folder / FILE

        def announce() -> None:
            atomic_write(place, json.dumps(asdict(self.serving)).encode() + b"\n")
            ready(self.serving)

        self._server.announce = announce
        self._watch.start()
        self._caretaker.start()
        try:
            asyncio.run(self._server.serve([self._socket]))
        finally:
            self._caretaker.stop()
            self._watch.stop()
            _withdraw(place)

    def stop(self) -> None:
        """Ask the server to end, from any thread."""
        self._server.should_exit = True


def serve(
    hub: Hub,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    ready: Callable[[Serving], None],
    behind_proxy: bool = False,
) -> None:
    """Serve a hub until SIGTERM or SIGINT.

    Args:
        hub: the open hub
        host: where to listen; anything but loopback needs `behind_proxy`
        port: 0 for any that is free
        ready: is called with the real address once the hub listens
        behind_proxy: that a proxy in front speaks TLS with the desks
    """
    HubServer(hub, host, port, behind_proxy=behind_proxy).run(ready)


@contextmanager
def served(hub: Hub) -> Iterator[Serving]:
    """Serve a hub from a thread of this process, on loopback, while the block runs."""
    server = HubServer(hub, "127.0.0.1", 0)
    listening = threading.Event()
    thread = threading.Thread(target=server.run, args=[lambda _serving: listening.set()], name="hub")
    thread.start()
    try:
        while not listening.wait(0.1):
            if not thread.is_alive():
                raise InputError("The hub could not be started.")
        yield server.serving
    finally:
        server.stop()
        thread.join()


class _Server(uvicorn.Server):
    """Uvicorn's server that says when it listens, lets listeners go when it stops, and ends with code 0."""

    announce: Callable[[], None]

    def __init__(self, config: uvicorn.Config, news: News) -> None:
        super().__init__(config)
        self._news = news

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        current_default_thread_limiter().total_tokens = AT_ONCE
        await super().startup(sockets)
        self.announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._news.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def _config(app: object, behind_proxy: bool) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,  # addresses and times of people's work are nobody's business
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_graceful_shutdown=GRACE,
    )


def _require_protected(host: str, *, behind_proxy: bool) -> None:
    if not behind_proxy and not _is_loopback(host):
        raise InputError(
            f"On {host} everything would cross the network unprotected, so the hub was not started.",
            next="Put a proxy that speaks TLS in front and say so, or serve on 127.0.0.1.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK_NAMES


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # The protocol must be named: asyncio sends small answers at once only on sockets that say they are TCP.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if os.name == "posix":
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(WAITING)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise InputError(
            f"The hub cannot listen on {host}, port {port}: {error.strerror or error}.",
            next="Stop what uses the port, or choose another.",
        ) from error
    return listening


def _serving(listening: socket.socket, host: str) -> Serving:
    port = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    return Serving(f"http://{shown}:{port}", host, port, os.getpid())


def _withdraw(place: Path) -> None:
    # Another process of the same hub may have written its own since.
    try:
        if json.loads(place.read_bytes()).get("pid") == os.getpid():
            place.unlink()
    except (OSError, ValueError):
        return
