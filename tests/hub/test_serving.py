import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assessor_desk.errors import InputError
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.hub.serve import FILE, HubServer, served
from tests.doubles.clocks import StandingClock
from tests.hub.people_here import client, desk_of

PROGRAM = """
import sys
from pathlib import Path
from assessor_desk.environment.clock import SystemClock
from assessor_desk.hub.data import Hub
from assessor_desk.hub.serve import serve
hub = Hub.open(Path(sys.argv[1]), SystemClock().now)
serve(hub, ready=lambda serving: print(serving.url, flush=True))
hub.close()
print("stopped", flush=True)
"""


@pytest.fixture
def sqlite_hub(tmp_path: Path, clock: StandingClock) -> Iterator[Hub]:
    hub = Hub.init(tmp_path / "hub", "Teaching Lab", clock)
    yield hub
    hub.close()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_hub_in_its_own_process_says_where_it_listens_and_stops_in_order(sqlite_hub: Hub, sign: int) -> None:
    desk = desk_of(sqlite_hub, "ana", Role.ASSESSOR)
    command = [sys.executable, "-c", PROGRAM, str(sqlite_hub.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        said = json.loads((sqlite_hub.folder / FILE).read_text())
        with client(url, desk.marks) as door, door.stream("GET", "/v1/events") as events:
            process.send_signal(sign)
            lines = list(events.iter_lines())
        out, err = process.communicate(timeout=20)

    assert said == {"url": url, "host": "127.0.0.1", "port": int(url.rsplit(":", 1)[1]), "pid": process.pid}
    assert lines[0] == ": connected"
    assert (process.returncode, out, err) == (0, "stopped\n", "")
    assert not (sqlite_hub.folder / FILE).exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "hub.example"])  # noqa: S104 - it is refused
def test_plain_http_is_not_offered_to_a_network(sqlite_hub: Hub, host: str) -> None:
    with pytest.raises(InputError, match="unprotected"):
        HubServer(sqlite_hub, host, 0)


def test_a_port_in_use_is_named(sqlite_hub: Hub) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(InputError, match=str(taken.getsockname()[1])):
        HubServer(sqlite_hub, "127.0.0.1", taken.getsockname()[1])


def test_small_answers_are_sent_at_once(sqlite_hub: Hub) -> None:
    with served(sqlite_hub) as serving, client(serving.url) as door:
        door.get("/v1/hello")
        began = time.monotonic()
        for _ in range(50):
            door.get("/v1/hello")
        took = time.monotonic() - began

    assert took < 1.8  # 0.2 s here; held back by the system, 40 ms each, it would be more than 2


def test_two_processes_serve_one_hub(sqlite_hub: Hub, clock: StandingClock) -> None:
    desk = desk_of(sqlite_hub, "ana", Role.ASSESSOR)
    other = Hub.open(sqlite_hub.folder, clock)
    with served(sqlite_hub) as one, served(other) as two:
        assert one.port != two.port
        for serving in (one, two):
            with client(serving.url, desk.marks) as door:
                assert door.get("/v1/me").status_code == 200
    other.close()


def test_a_killed_hub_serves_again_what_it_had(sqlite_hub: Hub) -> None:
    desk = desk_of(sqlite_hub, "ana", Role.ASSESSOR)
    command = [sys.executable, "-c", PROGRAM, str(sqlite_hub.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    assert (sqlite_hub.folder / FILE).exists()

    with served(sqlite_hub) as serving:
        assert httpx.get(f"{serving.url}/v1/me", headers=desk.marks).status_code == 200
    assert not (sqlite_hub.folder / FILE).exists()
