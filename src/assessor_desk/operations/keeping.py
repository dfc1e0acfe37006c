"""Looking after what is on this laptop: taking portfolios off it, handing copies out, and checking that all holds."""

import re
from dataclasses import dataclass
from pathlib import Path

from assessor_desk.artifacts.kinds import ending_for
from assessor_desk.domain.ids import AssignmentId, DeviceId, PortfolioId
from assessor_desk.domain.portfolio import Artifact, Assignment, AssignmentState
from assessor_desk.environment.files import disk_failures
from assessor_desk.errors import DeskError, NotReadyError
from assessor_desk.operations.vouching import manifest_of, sign_off_of, signer
from assessor_desk.operations.workplace import Workplace, assignment_of
from assessor_desk.store.activity import Happening
from assessor_desk.store.artifacts import ArtifactState
from assessor_desk.store.deeds import Outgoing
from assessor_desk.store.purge import Purged
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DeedKind, PurgeReceipt
from assessor_desk.wire.records import DecisionRecord, RecordKind, SignOffRecord

STEP = 1 << 20
_LONGEST_NAME = 80
_ENDED = frozenset({AssignmentState.DONE, AssignmentState.WITHDRAWN})
# Names that Windows keeps for devices, whatever ending follows.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Exported:
    """Copies that were handed out; whoever asked for them looks after them from here on."""

    files: tuple[Path, ...]
    left_out: tuple[str, ...]


def purge(workplace: Workplace, assignment: AssignmentId, *, unfinished: bool = False) -> Purged:
    """Take a portfolio off this laptop for good and tell the hub; refuse while work on it exists only here.

    With `unfinished`, a draft that could still be wanted goes too, and what the hub refused.
    """
    at = workplace.now()
    with workplace.store.transaction() as tx:
        known = assignment_of(tx, assignment)
        if not unfinished:
            _require_ended(tx, known.portfolio.id)
        extent = tx.purges.remove(known.portfolio.id, at, with_refused=unfinished)
        told = codec.to_bytes(PurgeReceipt(assignment, at, extent.artifacts, sum(extent.rows.values())))
        # Without the assignment's id, so that the receipt itself is no work on the portfolio.
        tx.outbox.add(Outgoing(workplace.new_id(), DeedKind.PURGE_RECEIPT, 1, told), at)
        tx.activity.say(Happening(at, "purge", f"{known.portfolio.code} was removed from this laptop."))
    workplace.store.finish_purges(workplace.now())
    with workplace.store.reading() as tx:
        return next(each for each in reversed(tx.purges.receipts()) if each.portfolio == extent.portfolio)


def export(workplace: Workplace, assignment: AssignmentId, folder: Path) -> Exported:
    """Write readable copies of a portfolio's artifacts, under the names that people see; nothing is overwritten."""
    with workplace.store.reading() as tx:
        known = assignment_of(tx, assignment)
        held = {each.sha256: each.state for each in tx.artifacts.of(known.portfolio.id)}
    with disk_failures():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    here = [each for each in known.round.artifacts if held.get(each.sha256) is ArtifactState.HERE]
    files = tuple(_copy(workplace, known, each, folder) for each in here)
    return Exported(files, tuple(each.title for each in known.round.artifacts if each not in here))


def check(workplace: Workplace) -> tuple[str, ...]:
    """Return what does not hold together on this laptop: the database, every artifact, every signature."""
    faults = workplace.store.check(read_artifacts=True).faults
    with workplace.store.reading() as tx:
        return (*faults, *_unsound(tx))


def _require_ended(tx: Transaction, portfolio: PortfolioId) -> None:
    for id in tx.queue.of_portfolio(portfolio):
        state = assignment_of(tx, id).state
        if state not in _ENDED:
            raise NotReadyError(
                f"This portfolio is not done ({state}), and your work on it may still be asked for.",
                safe="Nothing was removed.",
                next="Wait until it is done, decline it, or remove it with --unfinished.",
            )


def _unsound(tx: Transaction) -> list[str]:
    faults = []
    for kind in (RecordKind.DEVICE, RecordKind.DECISION, RecordKind.SIGN_OFF):
        for id, body in tx.records.of_kind(kind):
            try:
                _hold(tx, kind, id, body)
            except DeskError as fault:
                faults.append(f"The {kind} {id} does not hold. {fault.detail}")
    return faults


def _hold(tx: Transaction, kind: RecordKind, id: str, body: bytes) -> None:
    match kind:
        case RecordKind.DECISION:
            manifest_of(tx, codec.from_bytes(body, DecisionRecord))
        case RecordKind.SIGN_OFF:
            sign_off_of(tx, codec.from_bytes(body, SignOffRecord))
        case _:
            signer(tx, DeviceId(id))


def _copy(workplace: Workplace, assignment: Assignment, artifact: Artifact, folder: Path) -> Path:
    target = _free(folder, artifact)
    with workplace.store.reading() as tx:
        source = tx.artifacts.open(assignment.portfolio.id, artifact.sha256)
    with source, disk_failures(), target.open("xb") as copy:
        target.chmod(0o600)
        try:
            while part := source.read(STEP):
                copy.write(part)
        except BaseException:
            target.unlink()
            raise
    return target


def _free(folder: Path, artifact: Artifact) -> Path:
    """Return a path that every disk can hold and that is not taken."""
    stem = "".join(sign if sign.isalnum() or sign in " -_" else "_" for sign in artifact.title)
    stem = stem[:_LONGEST_NAME].strip() or "artifact"
    stem = f"{stem}_" if _DEVICE.fullmatch(stem) else stem
    ending = ending_for(artifact.media_type)
    number, path = 1, folder / f"{stem}{ending}"
    while path.exists():
        number += 1
        path = folder / f"{stem} {number}{ending}"
    return path
