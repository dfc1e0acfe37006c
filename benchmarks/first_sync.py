"""The first sync of 10,000 assignments, against reading the same records as one plain stream."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx

from assessor_desk.domain.ids import (
    AssignmentId,
    Digest,
    MicroCredentialId,
    PortfolioCode,
    PortfolioId,
    ProgramId,
    RoundId,
)
from assessor_desk.domain.portfolio import Assignment, AssignmentState, Part, Portfolio, Round, RubricPin
from assessor_desk.hub import feed
from assessor_desk.store.store import Store
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.engine import Sync, sync
from assessor_desk.tables.transactions import writing
from assessor_desk.wire import codec
from assessor_desk.wire.records import RecordKind
from benchmarks.ground import Office, Result, in_turn, main, now, office, seconds

RECORDS, QUICK_RECORDS = 10_000, 2_000
ROUNDS = 3


@dataclass(slots=True)
class Counted:
    """How many requests a desk made."""

    requests: int = 0


def measure(quick: bool) -> Sequence[Result]:
    """Return the ratio to a plain stream, and the number of requests."""
    records = QUICK_RECORDS if quick else RECORDS
    counted = Counted()
    laptops = iter(range(1000))
    with office() as here:
        bodies = _assign(here, records)
        with here.serving() as url, _streamed(here.folder / "stream", bodies) as stream:
            paired = in_turn(
                lambda: _synced(here, url, f"laptop-{next(laptops)}", records, counted),
                lambda: seconds(lambda: _read(stream, records)),
                ROUNDS,
            )
    detail = f"{paired.work:.2f} s against {paired.bound:.2f} s"
    allowed = records / 200 + 5
    return (
        Result(f"first sync of {records} assignments, writing included", paired.ratio, 5, "×", detail),
        Result(f"requests for {records} changed records", counted.requests, allowed, "requests", exact=True),
    )


def _assign(here: Office, records: int) -> list[bytes]:
    """Write assignments to the assessor's feed, as assigning would."""
    bodies = []
    with writing(here.hub.engine) as connection:
        for number in range(records):
            assignment = _assignment(number)
            bodies.append(codec.to_bytes(assignment))
            feed.write(connection, [here.ana.id], RecordKind.ASSIGNMENT, assignment.id, bodies[-1])
    return bodies


def _assignment(number: int) -> Assignment:
    pin = RubricPin(MicroCredentialId("lead-ed.family-school-connections"), "1.0", Digest("0" * 64))
    code = PortfolioCode(f"P-{number:05}")
    note = "A program with two rooms and thirty-four children; families speak four languages at home. " * 5
    return Assignment(
        id=AssignmentId(str(uuid4())),
        part=Part.FIRST,
        state=AssignmentState.TO_DO,
        portfolio=Portfolio(PortfolioId(str(uuid4())), code, ProgramId("lead-ed"), pin),
        round=Round(RoundId(str(uuid4())), 1, now(), (), context_note=note),
        due_at=now() + timedelta(days=3),
        handed_at=now(),
    )


def _synced(here: Office, url: str, name: str, records: int, counted: Counted) -> float:
    """Return how long the first sync of a new laptop takes; pairing does not count."""
    with here.desk(url, name) as (store, client):
        _count_requests(client, counted)
        took = seconds(lambda: _sync(store, client))
        with store.reading() as tx:
            if len(tx.queue.rows()) != records:
                raise AssertionError("not every assignment arrived")
    return took


def _sync(store: Store, client: HubClient) -> None:
    if not sync(store, client, Sync(now)).compared.equal:
        raise AssertionError("the two sides differ")


def _count_requests(client: HubClient, counted: Counted) -> None:
    """Count what a client asks from here on."""
    counted.requests = 0

    def count(_request: httpx.Request) -> None:
        counted.requests += 1

    client._client.event_hooks["request"].append(count)


@contextmanager
def _streamed(folder: Path, bodies: Sequence[bytes]) -> Iterator[str]:
    """Serve the same records as one file, a line each, from a process of its own."""
    folder.mkdir()
    (folder / "records").write_bytes(b"\n".join(bodies))
    words = [sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(folder), "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            port = line.partition(" port ")[2].split()[0]
            yield f"http://127.0.0.1:{port}/records"
        finally:
            server.terminate()
            server.wait(30)


def _read(url: str, records: int) -> None:
    """Read the stream and each record in it, and keep nothing."""
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - loopback, written above
        if sum(bool(json.loads(line)) for line in answer) != records:
            raise AssertionError("the stream is cut")


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
