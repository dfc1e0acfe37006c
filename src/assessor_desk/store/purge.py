"""Taking a portfolio off this laptop: its key first, then its rows, then every trace in the raw files."""

# ruff: noqa: S608  (every piece of SQL is a constant of this file)

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain.ids import AssignmentId, Digest, PortfolioId
from assessor_desk.errors import NotReadyError
from assessor_desk.tables import times
from assessor_desk.tables.sqlite import Bare

_OF_ASSIGNMENTS = "assessment IN (SELECT id FROM assignment WHERE portfolio = ?1)"
# What goes, in this order: an artifact needs its portfolio's key, a receipt its deed, and all ask for the assignments.
_GOES = (
    ("artifact", "portfolio = ?1"),
    ("portfolio_key", "portfolio = ?1"),
    ("settled", _OF_ASSIGNMENTS),
    ("edit", _OF_ASSIGNMENTS),
    ("receipt", f"key IN (SELECT key FROM outbox WHERE {_OF_ASSIGNMENTS})"),
    ("outbox", _OF_ASSIGNMENTS),
    ("private_note", _OF_ASSIGNMENTS),
    ("activity", _OF_ASSIGNMENTS),
)
_RECORDS = f"body IS NOT NULL AND (portfolio = ?1 OR {_OF_ASSIGNMENTS})"


@dataclass(frozen=True, slots=True)
class Extent:
    """What a purge of a portfolio removes, or why it must wait.

    Attributes:
        rows: how many rows of each table go
        unsent: deeds that the hub has no receipt for, and edits that are not sealed yet
        refused: deeds that the hub would not take, which exist nowhere else
    """

    portfolio: PortfolioId
    assignments: tuple[AssignmentId, ...]
    artifacts: tuple[Digest, ...]
    blobs: tuple[str, ...]
    rows: dict[str, int]
    unsent: int
    refused: int


@dataclass(frozen=True, slots=True)
class Purged:
    """The receipt of a purge; without `erased_at` the rows are gone, but the raw files may still hold traces."""

    portfolio: PortfolioId
    assignments: tuple[AssignmentId, ...]
    artifacts: tuple[Digest, ...]
    rows: int
    removed_at: datetime
    erased_at: datetime | None = None


class Purges:
    """What was taken off this laptop, and what can be."""

    def __init__(self, bare: Bare) -> None:
        self._bare = bare

    def extent(self, portfolio: PortfolioId) -> Extent:
        """Return what a purge would remove."""
        assignments = [AssignmentId(row[0]) for row in self._all("SELECT id FROM assignment WHERE", portfolio)]
        artifacts = self._all("SELECT sha256, blob FROM artifact WHERE", portfolio)
        counted = (*_GOES, ("record", _RECORDS), ("assignment", "portfolio = ?1"))
        return Extent(
            portfolio,
            tuple(assignments),
            tuple(Digest(sha256) for sha256, _ in artifacts),
            tuple(blob for _, blob in artifacts if blob is not None),
            {table: self._count(table, condition, portfolio) for table, condition in counted},
            self._count("outbox", f"state IN ('waiting', 'sending') AND {_OF_ASSIGNMENTS}", portfolio)
            + self._count("edit", f"own AND id NOT IN (SELECT key FROM outbox) AND {_OF_ASSIGNMENTS}", portfolio),
            self._count("outbox", f"state = 'refused' AND {_OF_ASSIGNMENTS}", portfolio),
        )

    def remove(self, portfolio: PortfolioId, at: datetime, *, with_refused: bool = False) -> Extent:
        """Remove a portfolio's rows and note the purge; refuse while any of its work exists only here."""
        extent = self.extent(portfolio)
        _refuse_lossy(extent, with_refused)
        for table, condition in _GOES:
            self._bare.execute(f"DELETE FROM {table} WHERE {condition}", [portfolio])
        # Kind, id and digest stay: both sides still count alike, and the same content is not taken in again.
        self._bare.execute(
            f"UPDATE record SET body = NULL, portfolio = NULL, assessment = NULL WHERE {_RECORDS}",
            [portfolio],
        )
        self._bare.execute("DELETE FROM assignment WHERE portfolio = ?1", [portfolio])
        self._bare.execute(
            "INSERT INTO purge_receipt (portfolio, assignments, artifacts, rows, removed_at) VALUES (?, ?, ?, ?, ?)",
            (
                portfolio,
                json.dumps(extent.assignments),
                json.dumps(extent.artifacts),
                sum(extent.rows.values()),
                times.written(at),
            ),
        )
        return extent

    def erased(self, at: datetime) -> None:
        """Note that the raw files hold nothing any more of what was removed."""
        self._bare.execute("UPDATE purge_receipt SET erased_at = ? WHERE erased_at IS NULL", (times.written(at),))

    def unfinished(self) -> bool:
        """Return whether traces of a removed portfolio may still be in the raw files."""
        row = self._bare.execute("SELECT count(*) FROM purge_receipt WHERE erased_at IS NULL").fetchone()
        return row is not None and row[0] > 0

    def receipts(self) -> tuple[Purged, ...]:
        """Return every purge, oldest first."""
        rows = self._bare.execute(
            "SELECT portfolio, assignments, artifacts, rows, removed_at, erased_at FROM purge_receipt ORDER BY sequence"
        )
        return tuple(
            Purged(
                PortfolioId(portfolio),
                tuple(json.loads(assignments)),
                tuple(json.loads(artifacts)),
                count,
                times.read(removed_at),
                times.read_or_none(erased_at),
            )
            for portfolio, assignments, artifacts, count, removed_at, erased_at in rows
        )

    def _all(self, statement: str, portfolio: PortfolioId) -> list[tuple[str, ...]]:
        return self._bare.execute(f"{statement} portfolio = ?", (portfolio,)).fetchall()

    def _count(self, table: str, condition: str, portfolio: PortfolioId) -> int:
        row = self._bare.execute(f"SELECT count(*) FROM {table} WHERE {condition}", [portfolio])
        found: Sequence[int] | None = row.fetchone()
        return found[0] if found else 0


def _refuse_lossy(extent: Extent, with_refused: bool) -> None:
    if not extent.assignments and not extent.artifacts:
        raise NotReadyError("This portfolio is not on this laptop.")
    if extent.unsent:
        raise NotReadyError(
            f"{extent.unsent} pieces of your work on this portfolio have not reached the hub yet.",
            safe="Nothing was removed.",
            next="Sync first, or save them as a sealed package for the hub.",
        )
    if extent.refused and not with_refused:
        raise NotReadyError(
            f"The hub refused {extent.refused} pieces of your work on this portfolio; they exist only here.",
            safe="Nothing was removed.",
            next="Look at the refusals first, then confirm that they may go.",
        )
