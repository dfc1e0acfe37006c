"""The journal on disk: edits are appended, and the fold is kept beside them in the same transaction."""

# ruff: noqa: S608  (every piece of SQL is a constant of this file)

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from assessor_desk.domain.assessment import Assessment, Edit, Settled, Value, settle
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssessmentId, DeviceId, EditId
from assessor_desk.store.deeds import Outgoing
from assessor_desk.store.outbox import Outbox
from assessor_desk.tables import times
from assessor_desk.tables.sqlite import Bare

Spot: TypeAlias = tuple[AssessmentId, Field]

_COLUMNS = "edit.id, edit.assessment, edit.field, edit.value, edit.parents, edit.device, edit.claimed_at"
_ADD = """
INSERT INTO edit (id, assessment, field, value, parents, device, claimed_at, own)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
"""
_OVERTAKE = """
DELETE FROM settled
WHERE assessment = ? AND field = ? AND (ring OR edit IN (SELECT value FROM json_each(?)))
"""
_STAND = "INSERT INTO settled (assessment, field, edit, ring) VALUES (?, ?, ?, ?)"


class Journal:
    """The edits of one person, from this desk and from others."""

    def __init__(self, bare: Bare, outbox: Outbox) -> None:
        self._bare = bare
        self._outbox = outbox

    def append(self, edit: Edit, deed: Outgoing | None) -> bool:
        """Add a new edit of this desk with the deed that tells the hub; return whether it was not yet here.

        Four statements, on the bare driver: with BEGIN and COMMIT six, and one wait for the disk. Without a deed
        the edit counts as unsealed until `Outbox.add` brings one with its id as key.
        """
        if deed is not None and deed.key != edit.id:
            raise ValueError("an edit and its deed carry the same id")
        if not self._insert(edit, own=True):
            return False
        self._bare.execute(_OVERTAKE, (edit.assessment, str(edit.field), _parents(edit)))
        # The id is new, so nothing here can name it as a parent: it is a head.
        self._bare.execute(_STAND, (edit.assessment, str(edit.field), edit.id, False))
        if deed is not None:
            self._outbox.add(deed, edit.claimed_at)
        return True

    def fold_in(self, edits: Iterable[Edit]) -> tuple[Spot, ...]:
        """Take edits from another desk, in any order and however often; return the fields that got new ones."""
        touched = {(edit.assessment, edit.field) for edit in edits if self._insert(edit, own=False)}
        for assessment, field in touched:
            self._settle_again(assessment, field)
        return tuple(sorted(touched))

    def assessment(self, assessment: AssessmentId) -> Assessment:
        """Return one assessment as its journal stands, from the fold that is kept."""
        rows = self._bare.execute(
            f"SELECT {_COLUMNS} FROM settled JOIN edit ON edit.id = settled.edit "
            "WHERE settled.assessment = ? ORDER BY settled.field, settled.edit",
            (assessment,),
        )
        heads: dict[Field, list[Edit]] = {}
        for edit in map(_edit, rows):
            heads.setdefault(edit.field, []).append(edit)
        return Assessment({field: Settled(tuple(heads[field])) for field in sorted(heads)})

    def settled(self, assessment: AssessmentId, field: Field) -> Settled | None:
        """Return what one field holds, without reading the rest."""
        rows = self._bare.execute(
            f"SELECT {_COLUMNS} FROM settled JOIN edit ON edit.id = settled.edit "
            "WHERE settled.assessment = ? AND settled.field = ? ORDER BY settled.edit",
            (assessment, str(field)),
        )
        heads = tuple(map(_edit, rows))
        return Settled(heads) if heads else None

    def history(self, assessment: AssessmentId, field: Field) -> tuple[Edit, ...]:
        """Return every edit of a field, in the order in which this desk came to know them."""
        return self._edits("assessment = ? AND field = ? ORDER BY sequence", (assessment, str(field)))

    def edits(self, assessment: AssessmentId) -> tuple[Edit, ...]:
        """Return the whole journal of an assessment, in the order in which this desk came to know it."""
        return self._edits("assessment = ? ORDER BY sequence", (assessment,))

    def assessments(self) -> tuple[AssessmentId, ...]:
        """Return the assessments that have a journal here."""
        return tuple(AssessmentId(row[0]) for row in self._bare.execute("SELECT DISTINCT assessment FROM edit"))

    def known(self, ids: Iterable[EditId]) -> frozenset[EditId]:
        """Return those of the ids whose edits are here."""
        rows = self._bare.execute(
            "SELECT id FROM edit WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        return frozenset(EditId(row[0]) for row in rows)

    def unsealed(self) -> tuple[Edit, ...]:
        """Return this desk's edits that no deed tells the hub about yet, because the sealing key was locked."""
        return self._edits("own AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.key = edit.id) ORDER BY sequence", ())

    def settle_again(self, assessment: AssessmentId) -> None:
        """Make the kept fold of an assessment anew from its edits."""
        self._bare.execute("DELETE FROM settled WHERE assessment = ?", (assessment,))
        for field in {edit.field for edit in self.edits(assessment)}:
            self._settle_again(assessment, field)

    def _settle_again(self, assessment: AssessmentId, field: Field) -> None:
        edits = self.history(assessment, field)
        outdated = frozenset(parent for edit in edits for parent in edit.parents)
        heads = settle(edits).heads
        self._bare.execute("DELETE FROM settled WHERE assessment = ? AND field = ?", (assessment, str(field)))
        self._bare.executemany(_STAND, [(assessment, str(field), head.id, head.id in outdated) for head in heads])

    def _insert(self, edit: Edit, *, own: bool) -> bool:
        values = (
            edit.id,
            edit.assessment,
            str(edit.field),
            json.dumps(edit.value, ensure_ascii=False, separators=(",", ":")),
            _parents(edit),
            edit.device,
            times.written(edit.claimed_at),
            own,
        )
        return self._bare.execute(_ADD, values).rowcount == 1

    def _edits(self, condition: str, values: Sequence[object]) -> tuple[Edit, ...]:
        return tuple(map(_edit, self._bare.execute(f"SELECT {_COLUMNS} FROM edit WHERE {condition}", values)))


def _parents(edit: Edit) -> str:
    return json.dumps(sorted(edit.parents))


def _edit(row: tuple[Any, ...]) -> Edit:
    identity, assessment, field, value, parents, device, claimed_at = row
    content: Value = json.loads(value)
    return Edit(
        EditId(identity),
        AssessmentId(assessment),
        Field.parse(field),
        content,
        frozenset(EditId(parent) for parent in json.loads(parents)),
        DeviceId(device),
        times.read(claimed_at),
    )
