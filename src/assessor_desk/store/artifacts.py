"""The artifacts of the portfolios on this laptop: which are expected, which are here, and how they open."""

# ruff: noqa: S608  (every piece of SQL is a constant of this file)

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, BinaryIO, cast

from assessor_desk.domain.ids import Digest, PortfolioId, Slot
from assessor_desk.domain.portfolio import Artifact, Assignment
from assessor_desk.environment.files import disk_failures
from assessor_desk.environment.paths import StorePaths
from assessor_desk.errors import ArtifactError, TamperedError
from assessor_desk.seals.digests import pieces
from assessor_desk.seals.streams import EncryptedReader, new_blob_key
from assessor_desk.seals.wrapping import WrappingKey, new_key
from assessor_desk.store.blobs import blob_path, new_blob_name
from assessor_desk.tables.sqlite import Bare

DIGEST_SIZE = 32
FETCH_AGAIN = "Sync to fetch it again."
_COLUMNS = "portfolio, sha256, slot, title, media_type, size, pieces, state, saved, blob, blob_key"
_EXPECT = """
INSERT INTO artifact (portfolio, sha256, slot, title, media_type, size, pieces, state, saved)
VALUES (?, ?, ?, ?, ?, ?, ?, 'to fetch', 0)
ON CONFLICT (portfolio, sha256) DO UPDATE
    SET slot = excluded.slot, title = excluded.title, media_type = excluded.media_type
"""
_TO_FETCH = f"""
SELECT {", ".join("artifact." + name for name in _COLUMNS.split(", "))}
FROM artifact JOIN assignment USING (portfolio)
WHERE artifact.state <> 'here' AND assignment.state NOT IN ('done', 'withdrawn')
GROUP BY artifact.portfolio, artifact.sha256
ORDER BY min(assignment.due_at), artifact.size, artifact.sha256
"""


class ArtifactState(StrEnum):
    """How much of an artifact is on this laptop."""

    TO_FETCH = "to fetch"
    PARTIAL = "partial"
    HERE = "here"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Held:
    """One artifact of a portfolio, and how much of it is here; the same file in two portfolios is held twice.

    `saved` bytes would outlive a power cut. `blob` is the random name of its encrypted file.
    """

    portfolio: PortfolioId
    sha256: Digest
    slot: Slot
    title: str
    media_type: str
    size: int
    pieces: tuple[Digest, ...]
    state: ArtifactState
    saved: int
    blob: str | None
    blob_key: bytes | None


class Artifacts:
    """Artifacts by portfolio and digest."""

    def __init__(self, bare: Bare, paths: StorePaths, wrapping: WrappingKey) -> None:
        self._bare = bare
        self._paths = paths
        self._wrapping = wrapping

    def expect(self, assignments: Sequence[Assignment]) -> None:
        """Note what the rounds of assignments are made of, to be fetched."""
        portfolios = dict.fromkeys(each.portfolio.id for each in assignments)
        self._bare.executemany(
            "INSERT INTO portfolio_key (portfolio, wrapped) VALUES (?, ?) ON CONFLICT (portfolio) DO NOTHING",
            [(each, self._wrapping.wrap(each, new_key())) for each in portfolios],
        )
        expected = [
            _row(each.portfolio.id, artifact)
            for each in assignments
            for one in (*each.earlier_rounds, each.round)
            for artifact in one.artifacts
        ]
        self._bare.executemany(_EXPECT, expected)

    def of(self, portfolio: PortfolioId) -> tuple[Held, ...]:
        """Return the artifacts of a portfolio by slot, here or not."""
        return self._held("WHERE portfolio = ? ORDER BY slot, title, sha256", portfolio)

    def get(self, portfolio: PortfolioId, sha256: Digest) -> Held | None:
        """Return one artifact."""
        found = self._held("WHERE portfolio = ? AND sha256 = ?", portfolio, sha256)
        return found[0] if found else None

    def here(self) -> tuple[Held, ...]:
        """Return every artifact that is whole on this laptop."""
        return self._held("WHERE state = 'here' ORDER BY portfolio, sha256")

    def to_fetch(self) -> tuple[Held, ...]:
        """Return what open assignments still lack: the nearest due first, small before large."""
        return tuple(map(_read, self._bare.execute(_TO_FETCH)))

    def open(self, portfolio: PortfolioId, sha256: Digest) -> EncryptedReader:
        """Return an artifact's content, readable from any position; it is never decrypted to the disk."""
        held = self.get(portfolio, sha256)
        if held is None or held.state is not ArtifactState.HERE or held.blob is None:
            raise ArtifactError("This file has not been fetched to this laptop yet.", next="Sync, then open it again.")
        path = blob_path(self._paths, held.blob)
        if not path.exists():
            raise TamperedError("The encrypted file of this artifact is missing.", next=FETCH_AGAIN)
        with disk_failures():
            file = path.open("rb", buffering=0)
        try:
            return EncryptedReader(file, self.blob_key(held), held.blob)
        except BaseException:
            file.close()
            raise

    def holds(self, held: Held) -> bool:
        """Read an artifact to its end and return whether it is still the file that the hub described."""
        try:
            with self.open(held.portfolio, held.sha256) as content:
                found = pieces(cast("BinaryIO", content))
        except TamperedError:
            return False
        return (found.sha256, found.pieces) == (held.sha256, held.pieces)

    def begin(self, portfolio: PortfolioId, sha256: Digest) -> Held:
        """Give an artifact the name and the key of its encrypted file, once; return it."""
        held = self.get(portfolio, sha256)
        if held is None:
            raise ArtifactError("This file does not belong to anything on this laptop.")
        if held.state is ArtifactState.HERE:
            raise ArtifactError("This file is on this laptop already.", next="Open it.")
        if held.blob is not None:
            return held
        blob = new_blob_name()
        wrapped = self._portfolio_key(portfolio).wrap(blob, new_blob_key())
        self._update("state = 'partial', saved = 0, blob = ?, blob_key = ?", held, blob, wrapped)
        return replace(held, state=ArtifactState.PARTIAL, saved=0, blob=blob, blob_key=wrapped)

    def progress(self, held: Held, saved: int) -> None:
        """Note how much of a file is durably on the disk; the file has been flushed before."""
        self._update("saved = ?", held, saved)

    def complete(self, held: Held) -> None:
        """Note that a file is whole, checked and durably on the disk."""
        self._update("state = 'here', saved = size", held)

    def give_up(self, held: Held, state: ArtifactState = ArtifactState.TO_FETCH) -> None:
        """Forget an artifact's file and key; fetching it again starts with new ones."""
        self._update("state = ?, saved = 0, blob = NULL, blob_key = NULL", held, state.value)

    def blob_key(self, held: Held) -> bytes:
        """Return the key of an artifact's encrypted file."""
        if held.blob is None or held.blob_key is None:
            raise ArtifactError("This file has not been fetched to this laptop yet.")
        return self._portfolio_key(held.portfolio).unwrap(held.blob, held.blob_key)

    def blobs(self) -> frozenset[str]:
        """Return the names of all encrypted files that belong to something."""
        rows = self._bare.execute("SELECT blob FROM artifact WHERE blob IS NOT NULL")
        return frozenset(str(row[0]) for row in rows)

    def _portfolio_key(self, portfolio: PortfolioId) -> WrappingKey:
        row = self._bare.execute("SELECT wrapped FROM portfolio_key WHERE portfolio = ?", (portfolio,)).fetchone()
        if row is None:
            raise ArtifactError("This portfolio was removed from this laptop.")
        return WrappingKey(self._wrapping.unwrap(portfolio, row[0]))

    def _update(self, change: str, held: Held, *values: object) -> None:
        # The name of the file in the condition: what was purged or begun anew meanwhile is not touched.
        changed = self._bare.execute(
            f"UPDATE artifact SET {change} WHERE portfolio = ? AND sha256 = ? AND blob IS ?",
            (*values, held.portfolio, held.sha256, held.blob),
        )
        if changed.rowcount != 1:
            raise ArtifactError("This file was removed from this laptop in the meantime.")

    def _held(self, condition: str, *values: object) -> tuple[Held, ...]:
        return tuple(map(_read, self._bare.execute(f"SELECT {_COLUMNS} FROM artifact {condition}", values)))


def _row(portfolio: PortfolioId, artifact: Artifact) -> tuple[object, ...]:
    joined = bytes.fromhex("".join(artifact.pieces))
    return (portfolio, artifact.sha256, artifact.slot, artifact.title, artifact.media_type, artifact.size, joined)


def _read(row: tuple[Any, ...]) -> Held:
    portfolio, sha256, slot, title, media_type, size, joined, state, saved, blob, blob_key = row
    starts = range(0, len(joined), DIGEST_SIZE)
    return Held(
        PortfolioId(portfolio),
        Digest(sha256),
        Slot(slot),
        title,
        media_type,
        size,
        tuple(Digest(joined[start : start + DIGEST_SIZE].hex()) for start in starts),
        ArtifactState(state),
        saved,
        blob,
        blob_key,
    )
