"""The assessment as a journal: edits are added and never altered, and a fold says what they amount to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssessmentId, DeviceId, EditId, EvidenceId

if TYPE_CHECKING:
    Value: TypeAlias = bool | int | str | list["Value"] | dict[str, "Value"] | None
else:
    Value = Any  # readers of the wire cannot follow a type that names itself
"""What a field can hold: plain JSON without fractions; `None` says that it was cleared or removed."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to one field of one assessment; appended, never altered.

    A field with more than one head (an edit that no other edit names as a parent) is in conflict.
    `claimed_at` is what the desk's clock said; it is shown and never orders anything.
    """

    id: EditId
    assessment: AssessmentId
    field: Field
    value: Value
    parents: frozenset[EditId]
    device: DeviceId
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What one field holds: its heads, ordered by id so that every desk sees the same."""

    heads: tuple[Edit, ...]

    @property
    def versions(self) -> tuple[Value, ...]:
        """Return the values that stand beside each other; one, unless two desks disagree."""
        kept: list[Value] = []
        for head in self.heads:
            if not any(_same(head.value, value) for value in kept):
                kept.append(head.value)
        return tuple(kept)

    @property
    def in_conflict(self) -> bool:
        """Return whether the heads disagree; two desks that wrote the same do not."""
        return len(self.versions) > 1

    @property
    def value(self) -> Value:
        """Return the value, or `None` while there is a conflict to settle."""
        return None if self.in_conflict else self.heads[0].value

    @property
    def parents(self) -> frozenset[EditId]:
        """Return what the next edit of this field must name as its parents."""
        return frozenset(head.id for head in self.heads)


@dataclass(frozen=True, slots=True)
class Assessment:
    """One assessor's judgment of one round, as its journal stands."""

    fields: Mapping[Field, Settled] = field(default_factory=dict)

    @property
    def conflicts(self) -> tuple[Field, ...]:
        """Return the fields on which two desks disagree, in a steady order."""
        return tuple(sorted(each for each, settled in self.fields.items() if settled.in_conflict))

    def value(self, of: Field) -> Value:
        """Return what a field holds, `None` when it was never set, was cleared or is in conflict."""
        settled = self.fields.get(of)
        return None if settled is None else settled.value

    def parents(self, of: Field) -> frozenset[EditId]:
        """Return the parents that the next edit of a field must name."""
        settled = self.fields.get(of)
        return frozenset() if settled is None else settled.parents

    def of_kind(self, kind: str) -> dict[tuple[str, ...], Value]:
        """Return what the fields of one kind hold, by their names, without those that were cleared."""
        held = {each.names: settled.value for each, settled in self.fields.items() if each.kind == kind}
        return {names: held[names] for names in sorted(held) if held[names] is not None}

    def evidence(self) -> dict[EvidenceId, Value]:
        """Return the evidence that stands, by id."""
        return {EvidenceId(name): value for (name,), value in self.of_kind("evidence").items()}


def fold(edits: Iterable[Edit]) -> Assessment:
    """Return what the edits amount to, whatever order they come in, however often."""
    known = {edit.id: edit for edit in edits}
    fields: dict[Field, list[Edit]] = {}
    for edit in known.values():
        fields.setdefault(edit.field, []).append(edit)
    return Assessment({each: settle(fields[each]) for each in sorted(fields)})


def settle(edits: Iterable[Edit]) -> Settled:
    """Return the heads among the edits of one field: those that no other of them names as a parent.

    A ring of parents cannot come from a sound desk; if one does, all its edits stand rather than none.
    """
    known = {edit.id: edit for edit in edits}
    outdated = frozenset(parent for edit in known.values() for parent in edit.parents)
    heads = [edit for edit in known.values() if edit.id not in outdated] or list(known.values())
    return Settled(tuple(sorted(heads, key=lambda edit: edit.id)))


def _same(left: Value, right: Value) -> bool:
    return type(left) is type(right) and left == right
