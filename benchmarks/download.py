"""An artifact from the hub into the encrypted store, against a plain command-line client; and through 50 cuts."""

import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from assessor_desk.domain.ids import Digest, PortfolioId
from assessor_desk.domain.portfolio import Part
from assessor_desk.errors import HubUnreachableError
from assessor_desk.hub import assignment, intake
from assessor_desk.store import membership
from assessor_desk.store.artifacts import ArtifactState
from assessor_desk.store.store import Store
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.pull import Pull, pull
from assessor_desk.sync.transfer import Transfer, fetch
from assessor_desk.tables.transactions import writing
from assessor_desk.wire import headers
from benchmarks.ground import Office, Result, in_turn, main, now, office, seconds
from tests.doubles.cutting_proxy import cutting_proxy

SIZE, QUICK_SIZE = 256 << 20, 32 << 20
ROUNDS = 5
CUTS = 50
MICRO_CREDENTIAL = "lead-ed.family-school-connections"


def measure(quick: bool) -> Sequence[Result]:
    """Return the ratio to a plain client, and the bytes that cross when the line is cut again and again."""
    size = QUICK_SIZE if quick else SIZE
    with office() as here:
        _hand_out(here, size)
        with here.serving() as url, here.desk(url, "laptop") as (store, client):
            pull(store, client, Pull(now))
            plain = _plain_client(store, url, here.folder / "plain")
            paired = in_turn(lambda: _fetched(store, client), lambda: seconds(plain), 2 if quick else ROUNDS)
        resumed = _through_cuts(here, size)
    detail = f"{paired.work:.2f} s against {paired.bound:.2f} s for {size >> 20} MiB"
    return (
        Result("download into the encrypted store against a plain client", paired.ratio, 1.5, "×", detail),
        Result(f"bytes over the wire through {CUTS} cuts", resumed, 1.01, "× the file", exact=True),
    )


def _hand_out(here: Office, size: int) -> None:
    """Give the assessor a portfolio with one large artifact, as staff would."""
    folder = here.folder / "portfolio"
    folder.mkdir()
    with (folder / "recording.bin").open("wb") as file:
        for _ in range(size >> 20):
            file.write(os.urandom(1 << 20))
    received = intake.receive(here.hub, folder, intake.Options(micro_credential=MICRO_CREDENTIAL))
    with writing(here.hub.engine) as connection:
        assignment.assign(connection, received.round, here.ana.id, Part.FIRST, now())


def _fetched(store: Store, client: HubClient) -> float:
    """Return how long the artifact takes into the store, which has to forget it first."""
    with store.transaction() as tx:
        for held in tx.artifacts.here():
            tx.artifacts.give_up(held, ArtifactState.TO_FETCH)
    return seconds(lambda: _fetch(store, client))


def _fetch(store: Store, client: HubClient) -> None:
    if fetch(store, client, Transfer()).artifacts != 1:
        raise AssertionError("the artifact did not arrive")


def _plain_client(store: Store, url: str, target: Path) -> Callable[[], object]:
    """Return what fetches the same bytes with the same token into a plain file: curl, or Python's own client."""
    digest, _ = _wanted(store)
    with store.reading() as tx:
        token = membership.known(tx.meta).token
    asked = {"Authorization": f"Bearer {token}", headers.WIRE: "1"}
    address = f"{url}/v1/artifacts/{digest}"
    if curl := shutil.which("curl"):
        marks = [word for name, value in asked.items() for word in ("-H", f"{name}: {value}")]
        command = [curl, "--fail", "--silent", "--noproxy", "*", *marks, "-o", str(target), address]
        return lambda: subprocess.run(command, check=True)
    request = urllib.request.Request(address, headers=asked)  # noqa: S310 - loopback, written above
    return lambda: _by_python(request, target)


def _by_python(request: urllib.request.Request, target: Path) -> None:
    with urllib.request.urlopen(request) as answer, target.open("wb") as file:  # noqa: S310 - as above
        shutil.copyfileobj(answer, file, 1 << 20)


def _wanted(store: Store) -> tuple[Digest, PortfolioId]:
    with store.reading() as tx:
        (held,) = (*tx.artifacts.to_fetch(), *tx.artifacts.here())
    return held.sha256, held.portfolio


def _through_cuts(here: Office, size: int) -> float:
    """Return how many bytes cross for each byte of the file when the line is cut again and again."""
    part = size // (CUTS + 1) + 1
    with (
        here.serving() as url,
        cutting_proxy(url, lambda number: None if number <= 4 else part) as line,
        here.desk(line.address, "cut") as (store, client),
    ):
        pull(store, client, Pull(now))
        before = line.to_desk
        _until_here(store, client)
        crossed = line.to_desk - before
    return crossed / size


def _until_here(store: Store, client: HubClient) -> None:
    for _ in range(3 * CUTS):
        try:
            if fetch(store, client, Transfer()).artifacts:
                return
        except HubUnreachableError:
            continue
    raise AssertionError("the artifact did not arrive")


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
