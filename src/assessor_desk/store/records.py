"""What the feed brought: whole records as they came, applied together with the cursor they came under."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain.ids import AssessmentId, AssignmentId, Digest, PortfolioId
from assessor_desk.domain.portfolio import Assignment
from assessor_desk.seals.digests import sha256
from assessor_desk.store.artifacts import Artifacts
from assessor_desk.store.meta import Meta, Position
from assessor_desk.tables import times
from assessor_desk.tables.sqlite import Bare

_KEEP = """
INSERT INTO record (kind, id, sha256, body, portfolio, assessment, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, id) DO UPDATE SET sha256 = excluded.sha256, body = excluded.body, portfolio = excluded.portfolio,
    assessment = excluded.assessment, received_at = excluded.received_at
"""
_KEEP_ASSIGNMENT = """
INSERT INTO assignment
    (id, portfolio, portfolio_code, micro_credential, version, round, part, state, due_at, received_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET portfolio = excluded.portfolio, portfolio_code = excluded.portfolio_code,
    micro_credential = excluded.micro_credential, version = excluded.version, round = excluded.round,
    part = excluded.part, state = excluded.state, due_at = excluded.due_at, received_at = excluded.received_at
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One record of the feed.

    Attributes:
        kind: as the hub names it; a kind that this desk does not know is kept all the same
        body: its canonical bytes
        portfolio: what it belongs to, where the reader of the body could tell; a purge asks for it
        assessment: the same for records that name an assessment only
        assignment: the body as the domain knows it, when the record is an assignment
        withheld: whether it is only to be counted, because it is about a portfolio that was taken off this laptop
    """

    kind: str
    id: str
    body: bytes
    portfolio: PortfolioId | None = None
    assessment: AssessmentId | None = None
    assignment: Assignment | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """A page of the feed, and where the feed stands after it."""

    items: Sequence[Item]
    position: Position
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """What a page changed: `changed` are kind and id of new and altered records, `same` counts the rest."""

    changed: tuple[tuple[str, str], ...]
    assignments: tuple[AssignmentId, ...]
    same: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of a kind are here, and a digest over the sorted lines `id SP sha256 LF`."""

    count: int
    sha256: Digest


@dataclass(frozen=True, slots=True)
class _Mark:
    """What tells one state of a record from another."""

    sha256: str
    portfolio: str | None
    assessment: str | None
    purged: bool = False


class Records:
    """The hub's word on everything, as canonical bytes by kind and id."""

    def __init__(self, bare: Bare, meta: Meta, artifacts: Artifacts) -> None:
        self._bare = bare
        self._meta = meta
        self._artifacts = artifacts

    def apply(self, arrived: Arrived) -> Applied:
        """Keep a page and its cursor; repeating a page changes nothing.

        Handing in a record again with more said about it (after an upgrade has learned to read its kind) completes
        it. A purged record stays purged until the hub says something new about it.
        """
        fresh = self._fresh(arrived.items)
        received_at = times.written(arrived.received_at)
        self._bare.executemany(_KEEP, [_row(item, received_at) for item in fresh])
        assignments = [item.assignment for item in fresh if item.assignment is not None and not item.withheld]
        self._bare.executemany(_KEEP_ASSIGNMENT, [_assignment_row(each, received_at) for each in assignments])
        self._artifacts.expect(assignments)
        self._meta.advance(arrived.position)
        changed = tuple(dict.fromkeys((item.kind, item.id) for item in fresh))
        ids = tuple(dict.fromkeys(assignment.id for assignment in assignments))
        return Applied(changed, ids, len(arrived.items) - len(fresh))

    def body(self, kind: str, identity: str) -> bytes | None:
        """Return the bytes of one record, or nothing when it never came or was purged."""
        row = self._bare.execute("SELECT body FROM record WHERE kind = ? AND id = ?", (kind, identity)).fetchone()
        return None if row is None or row[0] is None else bytes(row[0])

    def of_kind(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Return id and bytes of every record of a kind, by id."""
        rows = self._bare.execute(
            "SELECT id, body FROM record WHERE kind = ? AND body IS NOT NULL ORDER BY id", (kind,)
        )
        return ((identity, bytes(body)) for identity, body in rows)

    def of_portfolio(self, portfolio: PortfolioId, kind: str) -> tuple[tuple[str, bytes], ...]:
        """Return id and bytes of the records of a kind that belong to a portfolio, in the order in which they came."""
        rows = self._bare.execute(
            "SELECT id, body FROM record WHERE portfolio = ? AND kind = ? AND body IS NOT NULL "
            "ORDER BY received_at, rowid",
            (portfolio, kind),
        )
        return tuple((identity, bytes(body)) for identity, body in rows)

    def of_assessment(self, assessment: AssessmentId, kind: str) -> tuple[tuple[str, bytes], ...]:
        """Return id and bytes of the records of a kind that name an assessment, in the order in which they came."""
        rows = self._bare.execute(
            "SELECT id, body FROM record WHERE assessment = ? AND kind = ? AND body IS NOT NULL "
            "ORDER BY received_at, rowid",
            (assessment, kind),
        )
        return tuple((identity, bytes(body)) for identity, body in rows)

    def unfolded(self, kind: str) -> tuple[tuple[str, bytes], ...]:
        """Return id and bytes of the sealed edits, of that kind, that the journal lacks though their work is here."""
        return tuple(
            (identity, bytes(body))
            for identity, body in self._bare.execute(
                "SELECT record.id, body FROM record JOIN assignment ON assignment.id = record.assessment "
                "WHERE kind = ? AND body IS NOT NULL AND NOT EXISTS (SELECT 1 FROM edit WHERE edit.id = record.id) "
                "ORDER BY record.rowid",
                (kind,),
            )
        )

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of records that are here, known to this desk or not."""
        return tuple(row[0] for row in self._bare.execute("SELECT DISTINCT kind FROM record ORDER BY kind"))

    def counts(self) -> Mapping[str, Count]:
        """Return how many records of each kind the hub has given, for comparing; purged ones still count."""
        lines: dict[str, list[str]] = {}
        for kind, identity, digest in self._bare.execute("SELECT kind, id, sha256 FROM record"):
            lines.setdefault(kind, []).append(f"{identity} {digest}\n")
        return {
            kind: Count(len(found), Digest(sha256("".join(sorted(found)).encode())))
            for kind, found in sorted(lines.items())
        }

    def _fresh(self, items: Sequence[Item]) -> list[Item]:
        known = self._known(items)
        fresh = []
        for item in items:
            mark = _Mark(sha256(item.body), *_place(item), purged=item.withheld)
            before = known.get((item.kind, item.id))
            if before is None or before.sha256 != mark.sha256 or (before != mark and not before.purged):
                known[item.kind, item.id] = mark
                fresh.append(item)
        return fresh

    def _known(self, items: Iterable[Item]) -> dict[tuple[str, str], _Mark]:
        rows = self._bare.execute(
            # CROSS JOIN keeps the order: each wanted record is looked up, and not each record held against the wanted.
            "SELECT kind, record.id, sha256, portfolio, assessment, body IS NULL FROM json_each(?) AS wanted "
            "CROSS JOIN record ON kind = wanted.value ->> 0 AND record.id = wanted.value ->> 1",
            (json.dumps([(item.kind, item.id) for item in items]),),
        )
        return {
            (kind, identity): _Mark(digest, portfolio, assessment, bool(purged))
            for kind, identity, digest, portfolio, assessment, purged in rows
        }


def _row(item: Item, received_at: str) -> tuple[object, ...]:
    body = None if item.withheld else item.body
    return (item.kind, item.id, sha256(item.body), body, *_place(item), received_at)


def _place(item: Item) -> tuple[str | None, str | None]:
    if item.withheld:
        return None, None
    if item.assignment is not None:
        return item.assignment.portfolio.id, None
    return item.portfolio, item.assessment


def _assignment_row(assignment: Assignment, received_at: str) -> tuple[object, ...]:
    portfolio = assignment.portfolio
    return (
        assignment.id,
        portfolio.id,
        portfolio.code,
        portfolio.rubric.micro_credential,
        portfolio.rubric.version,
        assignment.round.number,
        assignment.part.value,
        assignment.state.value,
        times.written(assignment.due_at),
        received_at,
    )
