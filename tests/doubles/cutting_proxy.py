"""A bad line between a desk and a hub: it passes bytes on, counts them, and cuts connections."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

PART = 16_384
GRACE = 10.0


class CuttingProxy:
    """Passes on what comes to its port; `cut_after` says for each connection how much of the answer comes through."""

    def __init__(self, target: str, cut_after: Callable[[int], int | None]) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 0)
        self._cut_after = cut_after
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self.connections = 0
        self.cuts = 0
        self.to_desk = 0

    @property
    def address(self) -> str:
        """Where a desk finds the proxy."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def run(self) -> None:
        """Take connections until closed."""
        with suppress(OSError):
            while True:
                desk, _ = self._listening.accept()
                self.connections += 1
                self._start(self._pass_on, desk, self._cut_after(self.connections))

    def close(self) -> None:
        """Cut everything and wait for the threads."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(GRACE)

    def _start(self, do: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=do, args=arguments, name="proxy", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _pass_on(self, desk: socket.socket, left: int | None) -> None:
        with desk, socket.create_connection(self._target) as hub, self._known(desk, hub):
            self._start(self._requests, desk, hub)
            with suppress(OSError):
                while part := hub.recv(PART if left is None else min(PART, left)):
                    desk.sendall(part)
                    self.to_desk += len(part)
                    left = None if left is None else left - len(part)
                    if left == 0:
                        self.cuts += 1
                        break
            # An end and no reset: what was sent before it still arrives, as over most bad lines.
            for each in (desk, hub):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_WR)
            with suppress(OSError):
                while desk.recv(PART):
                    pass

    def _requests(self, desk: socket.socket, hub: socket.socket) -> None:
        with suppress(OSError):
            while part := desk.recv(PART):
                hub.sendall(part)
            hub.shutdown(socket.SHUT_WR)

    @contextmanager
    def _known(self, *sockets: socket.socket) -> Iterator[None]:
        with self._lock:
            self._open.update(sockets)
        yield
        with self._lock:
            self._open.difference_update(sockets)


@contextmanager
def cutting_proxy(target: str, cut_after: Callable[[int], int | None]) -> Iterator[CuttingProxy]:
    """Run a proxy while the block runs."""
    proxy = CuttingProxy(target, cut_after)
    thread = threading.Thread(target=proxy.run, name="proxy", daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join(GRACE)
