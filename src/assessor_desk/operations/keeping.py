"""Looking after what is on this laptop: taking portfolios off it, and handing copies out."""

from dataclasses import dataclass
from pathlib import Path

from assessor_desk.artifacts.kinds import ending_for
from assessor_desk.domain.ids import AssignmentId
from assessor_desk.domain.portfolio import Artifact, Assignment
from assessor_desk.environment.files import disk_failures
from assessor_desk.operations.workplace import Workplace, assignment_of
from assessor_desk.store.activity import Happening
from assessor_desk.store.deeds import Outgoing
from assessor_desk.store.purge import Purged
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DeedKind, PurgeReceipt

STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Exported:
    """Copies that were handed out; whoever asked for them looks after them from here on."""

    folder: Path
    files: tuple[Path, ...]


def purge(workplace: Workplace, assignment: AssignmentId) -> Purged:
    """Take a portfolio off this laptop and tell the hub; refuse while work on it exists only here."""
    with workplace.store.reading() as tx:
        known = assignment_of(tx, assignment)
    (purged,) = workplace.store.purge((known.portfolio.id,), workplace.now())
    with workplace.store.transaction() as tx:
        body = PurgeReceipt(assignment, purged.removed_at, purged.artifacts, purged.rows)
        # Without the assignment's id in the outbox row, so that the receipt itself does not bring the portfolio back.
        key = workplace.new_id()
        tx.outbox.add(Outgoing(key, DeedKind.PURGE_RECEIPT, 1, codec.to_bytes(body)), workplace.now())
        words = f"{known.portfolio.code} was removed from this laptop."
        tx.activity.say(Happening(workplace.now(), "purge", words))
    return purged


def export(workplace: Workplace, assignment: AssignmentId, folder: Path) -> Exported:
    """Write readable copies of a portfolio's artifacts, under the names that people see; nothing is overwritten."""
    with workplace.store.reading() as tx:
        known = assignment_of(tx, assignment)
    with disk_failures():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = tuple(_copy(workplace, known, each, folder) for each in known.round.artifacts)
    return Exported(folder, files)


def _copy(workplace: Workplace, assignment: Assignment, artifact: Artifact, folder: Path) -> Path:
    target = _free(folder, artifact)
    portfolio = assignment.portfolio.id
    with (
        workplace.store.reading() as tx,
        tx.artifacts.open(portfolio, artifact.sha256) as source,
        disk_failures(),
        target.open("xb") as copy,
    ):
        while part := source.read(STEP):
            copy.write(part)
    target.chmod(0o600)
    return target


def _free(folder: Path, artifact: Artifact) -> Path:
    stem = "".join(sign if sign.isalnum() or sign in " -_" else "_" for sign in artifact.title).strip() or "artifact"
    ending = ending_for(artifact.media_type)
    for number in range(1, 10_000):
        path = folder / (f"{stem}{ending}" if number == 1 else f"{stem} {number}{ending}")
        if not path.exists():
            return path
    raise FileExistsError(folder)
