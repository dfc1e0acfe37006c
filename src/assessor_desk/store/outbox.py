"""The outbox: deeds wait here as frozen bytes, and stay with their receipts until retention ends."""

# ruff: noqa: S608  (every piece of SQL is a constant of this file)

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from assessor_desk.domain.ids import AssessmentId
from assessor_desk.errors import TransitionError
from assessor_desk.store.deeds import Kept, KeptReceipt, OutboxState, Outgoing, Waiting
from assessor_desk.tables import times
from assessor_desk.tables.sqlite import Bare

_ADD = """
INSERT INTO outbox (key, kind, version, sha256, body, assessment, made_at, state)
VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting') ON CONFLICT (key) DO NOTHING
"""
_COLUMNS = "key, kind, version, body, assessment, state, made_at, attempts, next_try_at, problem"
_UNSENT = "state IN ('waiting', 'sending')"
_KEEP = """
INSERT INTO receipt (key, sha256, epoch, accepted, received_at, body) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET sha256 = excluded.sha256, epoch = excluded.epoch, accepted = excluded.accepted,
    received_at = excluded.received_at, body = excluded.body
"""


class Outbox:
    """What this desk has to tell the hub, in the order in which it was done."""

    def __init__(self, bare: Bare) -> None:
        self._bare = bare

    def add(self, deed: Outgoing, made_at: datetime) -> bool:
        """Put a deed in, in the transaction that saves what it is about; one that is here already stays as it was."""
        values = (deed.key, deed.kind, deed.version, deed.sha256, deed.body, deed.assessment, times.written(made_at))
        return self._bare.execute(_ADD, values).rowcount == 1

    def get(self, key: str) -> Waiting | None:
        """Return one deed and how it stands, whether it waits or not."""
        row = self._bare.execute(f"SELECT {_COLUMNS} FROM outbox WHERE key = ?", (key,)).fetchone()
        return None if row is None else _waiting(row)

    def of(self, assessment: AssessmentId) -> tuple[Waiting, ...]:
        """Return every deed about one assignment, oldest first."""
        return self._where("assessment = ? ORDER BY sequence", assessment)

    def unsent(self) -> tuple[Waiting, ...]:
        """Return all that the hub has no receipt for, oldest first."""
        return self._where(f"{_UNSENT} ORDER BY sequence")

    def refused(self) -> tuple[Waiting, ...]:
        """Return what the hub will not take, oldest first."""
        return self._where("state = 'refused' ORDER BY sequence")

    def waiting(self, now: datetime, limit: int = 200) -> tuple[Waiting, ...]:
        """Return what may be sent now: decisions and other acts before drafts, each in the order of doing.

        A deed that was being sent when the desk stopped is among them: telling it twice is harmless.
        """
        condition = f"{_UNSENT} AND (next_try_at IS NULL OR next_try_at <= ?) ORDER BY kind = 'edit', sequence LIMIT ?"
        return self._where(condition, times.written(now), limit)

    def counts(self) -> dict[OutboxState, int]:
        """Return how many deeds are in each state."""
        found = dict(self._bare.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
        return {state: found.get(state.value, 0) for state in OutboxState}

    def sending(self, keys: Iterable[str]) -> None:
        """Note, before the first byte leaves, that an attempt begins; from here on a deed cannot be recalled."""
        self._bare.execute(
            f"UPDATE outbox SET state = 'sending', attempts = attempts + 1, next_try_at = NULL, problem = NULL "
            f"WHERE {_UNSENT} AND key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )

    def later(self, keys: Iterable[str], next_try_at: datetime, problem: str) -> None:
        """Note that an attempt failed, and when to try again."""
        self._bare.execute(
            "UPDATE outbox SET state = 'waiting', next_try_at = ?, problem = ? "
            "WHERE state = 'sending' AND key IN (SELECT value FROM json_each(?))",
            (times.written(next_try_at), problem, json.dumps(list(keys))),
        )

    def try_now(self) -> None:
        """Forget how long to wait: a person asked, or the network came back."""
        self._bare.execute(f"UPDATE outbox SET next_try_at = NULL WHERE {_UNSENT}")

    def keep(self, receipts: Iterable[KeptReceipt], epoch: str) -> Kept:
        """Keep the receipts that name what was sent; a receipt for other bytes counts for nothing."""
        accepted: list[str] = []
        refused: list[str] = []
        foreign: list[str] = []
        for receipt in receipts:
            if not self._keep(receipt, epoch):
                foreign.append(receipt.key)
            else:
                (accepted if receipt.accepted else refused).append(receipt.key)
        return Kept(tuple(accepted), tuple(refused), tuple(foreign))

    def receipt(self, key: str) -> KeptReceipt | None:
        """Return the receipt of a deed."""
        row = self._bare.execute(
            "SELECT receipt.key, receipt.sha256, accepted, received_at, receipt.body, problem "
            "FROM receipt JOIN outbox USING (key) WHERE receipt.key = ?",
            (key,),
        ).fetchone()
        if row is None:
            return None
        key, sha256, good, received_at, body, problem = row
        return KeptReceipt(key, sha256, bool(good), times.read(received_at), body, problem)

    def recall(self, key: str) -> None:
        """Take back a deed that no attempt was made to send."""
        changed = self._bare.execute(
            "UPDATE outbox SET state = 'recalled' WHERE key = ? AND state = 'waiting' AND attempts = 0", (key,)
        )
        if changed.rowcount != 1:
            raise TransitionError(
                "This may already have reached the hub and cannot be taken back on this laptop.",
                next="Ask for it back; that works until an approver has opened it.",
            )

    def offer_again(self, epoch: str) -> int:
        """Let everything wait again that was receipted in another epoch: the hub was restored and may lack it."""
        changed = self._bare.execute(
            "UPDATE outbox SET state = 'waiting', next_try_at = NULL "
            "WHERE state = 'sent' AND key IN (SELECT key FROM receipt WHERE epoch <> ?)",
            (epoch,),
        )
        return changed.rowcount

    def _keep(self, receipt: KeptReceipt, epoch: str) -> bool:
        state = OutboxState.SENT if receipt.accepted else OutboxState.REFUSED
        changed = self._bare.execute(
            "UPDATE outbox SET state = ?, problem = ?, next_try_at = NULL "
            "WHERE key = ? AND sha256 = ? AND state <> 'recalled'",
            (state.value, receipt.problem, receipt.key, receipt.sha256),
        )
        if changed.rowcount != 1:
            return False
        received_at = times.written(receipt.received_at)
        values = (receipt.key, receipt.sha256, epoch, receipt.accepted, received_at, receipt.body)
        self._bare.execute(_KEEP, values)
        return True

    def _where(self, condition: str, *values: object) -> tuple[Waiting, ...]:
        statement = f"SELECT {_COLUMNS} FROM outbox WHERE {condition}"
        return tuple(map(_waiting, self._bare.execute(statement, values)))


def _waiting(row: tuple[Any, ...]) -> Waiting:
    key, kind, version, body, assessment, state, made_at, attempts, next_try_at, problem = row
    return Waiting(
        Outgoing(key, kind, version, body, None if assessment is None else AssessmentId(assessment)),
        OutboxState(state),
        times.read(made_at),
        attempts,
        times.read_or_none(next_try_at),
        problem,
    )
