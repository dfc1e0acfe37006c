"""Whether the store holds together: the file, the fold, and the artifacts beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessor_desk.domain.assessment import fold
from assessor_desk.environment.paths import StorePaths
from assessor_desk.seals.streams import encrypted_size
from assessor_desk.store.artifacts import Held
from assessor_desk.store.blobs import blob_path, strays
from assessor_desk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found.

    Attributes:
        faults: one sentence each; none when all is well
        artifacts: those that must be fetched again
        strays: encrypted files that belong to nothing; harmless, their keys are gone
    """

    faults: tuple[str, ...]
    artifacts: tuple[Held, ...]
    strays: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.faults


def check(tx: Transaction, paths: StorePaths, *, read_artifacts: bool) -> Findings:
    """Look at everything; with `read_artifacts` every artifact is read to its end and held against its digest."""
    broken = tuple(held for held in tx.artifacts.here() if not _holds(tx, paths, held, read_artifacts))
    faults = [*_database_faults(tx), *_fold_faults(tx)]
    faults += [f"“{held.title}” is damaged or missing and must be fetched again." for held in broken]
    return Findings(tuple(faults), broken, strays(paths, tx.artifacts.blobs()))


def _database_faults(tx: Transaction) -> Iterator[str]:
    results = [str(row[0]) for row in tx.bare.execute("PRAGMA quick_check").fetchall()]
    if results != ["ok"]:
        yield f"The database is damaged in {len(results)} places."
    if orphans := tx.bare.execute("PRAGMA foreign_key_check").fetchall():
        yield f"{len(orphans)} rows of the database belong to nothing."


def _fold_faults(tx: Transaction) -> Iterator[str]:
    for assessment in tx.journal.assessments():
        if fold(tx.journal.edits(assessment)) != tx.journal.assessment(assessment):
            yield f"The state kept of assessment {assessment} is not what its edits amount to."


def _holds(tx: Transaction, paths: StorePaths, held: Held, read: bool) -> bool:
    path = blob_path(paths, held.blob or "")
    if held.blob is None or not path.is_file() or path.stat().st_size != encrypted_size(held.size):
        return False
    return not read or tx.artifacts.holds(held)
