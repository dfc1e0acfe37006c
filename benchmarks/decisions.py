"""Taking a decision at the hub on PostgreSQL: statements, and time against a bare driver that commits one row."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import event

from assessor_desk.environment.clock import SystemClock
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.wire.deeds import Deed
from benchmarks.ground import Result, in_turn, main, seconds
from tests.hub.casework import accepted, arrived, assignments, decision, desk, give, offer
from tests.hub.people_here import PairedDesk
from tests.postgresql import DURABLE, server

EACH, QUICK_EACH = 60, 12
ROUNDS, QUICK_ROUNDS = 5, 1
ROW = bytes(500)


def measure(quick: bool) -> Sequence[Result]:
    """Return the statements of one decision, and its time as so many one-row commits."""
    each, rounds = (QUICK_EACH, QUICK_ROUNDS) if quick else (EACH, ROUNDS)
    with server(DURABLE) as postgresql, postgresql.database() as address, tempfile.TemporaryDirectory() as folder:
        hub = Hub.init(Path(folder) / "hub", "Benchmark", SystemClock().now, database=address)
        try:
            ana, signed = _signed(hub, Path(folder), each * rounds + 1)
            statements = _statements(hub, ana, next(signed))
            with psycopg.connect(address, autocommit=True) as bare:
                bare.execute("CREATE TABLE bare (id text PRIMARY KEY, body bytea)")
                paired = in_turn(
                    lambda: seconds(lambda: [accepted(ana, next(signed)) for _ in range(each)]),
                    lambda: seconds(lambda: _rows(bare, each)),
                    rounds,
                )
        finally:
            hub.close()
    detail = f"{1000 * paired.work / each:.1f} ms against {1000 * paired.bound / each:.1f} ms"
    return (
        Result(
            "a decision at the hub against one row committed by the bare driver",
            paired.ratio,
            2.5,
            "×",
            detail,
            known=300,
        ),
        Result("statements for a decision at the hub", statements, 4, "statements", known=28),
    )


def _signed(hub: Hub, folder: Path, count: int) -> tuple[PairedDesk, Iterator[Deed]]:
    """Return a desk with so many signed decisions on as many rounds, each of which the hub has yet to take."""
    offer(hub)
    ana, _ = desk(hub, "ana"), desk(hub, "paul", Role.APPROVER)
    for _ in range(count):
        give(hub, arrived(hub, folder / "incoming"), ana)
    return ana, iter([decision(ana, of=each) for each in assignments(ana)])


def _statements(hub: Hub, ana: PairedDesk, deed: Deed) -> int:
    counted: list[str] = []

    def count(*told: object) -> None:
        counted.append(str(told[2]))

    event.listen(hub.engine, "before_cursor_execute", count)
    accepted(ana, deed)
    event.remove(hub.engine, "before_cursor_execute", count)
    return len(counted)


def _rows(bare: "psycopg.Connection[tuple[object, ...]]", count: int) -> None:
    for _ in range(count):
        bare.execute("INSERT INTO bare VALUES (%s, %s)", (str(uuid4()), ROW))


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
