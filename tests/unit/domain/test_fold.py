"""The journal on several desks: whatever the order, the repeats and the clocks, the fold says the same."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from assessor_desk.domain.assessment import Assessment, Edit, Settled, Value, fold, settle
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssessmentId, CriterionId, DeviceId, EditId, EvidenceId

Fold = Callable[[Iterable[Edit]], Assessment]

SCORE = Field.score(CriterionId("listening"))
RATIONALE = Field.rationale(CriterionId("listening"))
EVIDENCE = Field.evidence(EvidenceId("e-1"))
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


@dataclass
class History:
    """What several desks wrote, what each has, and for each edit what its desk knew when it was written."""

    desks: list[dict[EditId, Edit]]
    known: dict[EditId, frozenset[EditId]] = field(default_factory=dict)
    edits: dict[EditId, Edit] = field(default_factory=dict)

    def write(self, desk: int, of: Field, value: Value, clock: datetime) -> Edit:
        here = self.desks[desk]
        edit = Edit(
            id=EditId(str(uuid5(NAMESPACE_OID, str(len(self.edits))))),
            assessment=AssessmentId("assessment"),
            field=of,
            value=value,
            parents=fold(here.values()).parents(of),
            device=DeviceId(f"desk-{desk}"),
            claimed_at=clock,
        )
        self.known[edit.id] = frozenset(here)
        self.edits[edit.id] = here[edit.id] = edit
        return edit

    def tell(self, giver: int, taker: int) -> None:
        self.desks[taker] |= self.desks[giver]

    def standing(self, of: Field) -> set[EditId]:
        """Return what nobody overwrote knowingly, told from who knew what and not from the parents."""
        written = {id for id, edit in self.edits.items() if edit.field == of}
        return {id for id in written if not any(id in self.known[later] for later in written)}


@st.composite
def histories(draw: st.DrawFn) -> History:
    history = History([{} for _ in range(draw(st.integers(1, 3)))])
    desk = st.integers(0, len(history.desks) - 1)
    values: dict[Field, st.SearchStrategy[Any]] = {
        SCORE: st.integers(1, 4) | st.none(),
        RATIONALE: st.sampled_from(("seen in the notes", "not seen", "")),
        EVIDENCE: st.sampled_from(({"page": 3}, {"page": 4})) | st.none(),
    }
    clocks = st.datetimes(timezones=st.just(UTC))
    for _ in range(draw(st.integers(1, 14))):
        if draw(st.booleans()):
            of = draw(st.sampled_from(sorted(values)))
            history.write(draw(desk), of, draw(values[of]), draw(clocks))
        else:
            history.tell(draw(desk), draw(desk))
    return history


def check_that_nothing_is_lost(folding: Fold, history: History, random: Random) -> None:
    """The promise of the journal; it is kept by the fold and must be broken by any other."""
    edits = list(history.edits.values())
    delivered = [*edits, *random.choices(edits, k=len(edits))] if edits else []
    random.shuffle(delivered)

    folded = folding(delivered)

    assert folded == folding(edits) == folding(reversed(edits))
    for of in {edit.field for edit in edits}:
        standing = history.standing(of)
        assert {head.id for head in folded.fields[of].heads} == standing
        held = [history.edits[id].value for id in standing]
        assert all(value in folded.fields[of].versions for value in held)
        assert (of in folded.conflicts) == any(value != held[0] for value in held)


def last_writer_wins(edits: Iterable[Edit]) -> Assessment:
    """Keep of each field what the latest clock says."""
    fields: dict[Field, Settled] = {}
    for edit in sorted(edits, key=lambda each: (each.claimed_at, each.id)):
        fields[edit.field] = Settled((edit,))
    return Assessment(fields)


def last_arrival_wins(edits: Iterable[Edit]) -> Assessment:
    """Keep of each field what came last."""
    return Assessment({edit.field: Settled((edit,)) for edit in edits})


@given(histories(), st.randoms(use_true_random=False))
def test_any_order_any_repeat_and_any_clock_fold_to_the_same_with_every_head_kept(
    history: History, random: Random
) -> None:
    check_that_nothing_is_lost(fold, history, random)


@pytest.mark.parametrize("folding", [last_writer_wins, last_arrival_wins])
def test_the_same_check_fails_for_a_fold_in_which_the_last_one_wins(folding: Fold) -> None:
    @settings(database=None, report_multiple_bugs=False, phases=(Phase.generate,))
    @given(histories(), st.randoms(use_true_random=False))
    def broken(history: History, random: Random) -> None:
        check_that_nothing_is_lost(folding, history, random)

    with pytest.raises(AssertionError):
        broken()


@given(histories(), st.permutations(range(3)))
def test_desks_that_told_each_other_everything_hold_the_same(history: History, order: list[int]) -> None:
    turns = [each for each in order if each < len(history.desks)]
    for _ in range(2):
        for giver in turns:
            for taker in turns:
                history.tell(giver, taker)

    states = [fold(desk.values()) for desk in history.desks]

    assert all(state == fold(history.edits.values()) for state in states)


@given(histories(), st.integers(0, 13))
def test_a_choice_between_versions_settles_them_for_every_desk(history: History, chosen: int) -> None:
    before = fold(history.edits.values())
    for giver in range(len(history.desks)):
        history.tell(giver, 0)
    for of in before.conflicts:
        heads = before.fields[of].heads
        history.write(0, of, heads[chosen % len(heads)].value, NOON)

    after = fold(history.edits.values())

    assert after.conflicts == ()
    assert all(len(after.fields[of].heads) == 1 for of in before.conflicts)


def two_desks(of: Field, start: Value) -> History:
    history = History([{}, {}])
    history.write(0, of, start, NOON)
    history.tell(0, 1)
    return history


def test_evidence_removed_on_one_desk_and_changed_on_the_other_is_a_conflict() -> None:
    history = two_desks(EVIDENCE, {"page": 3})
    history.write(0, EVIDENCE, None, NOON)
    history.write(1, EVIDENCE, {"page": 4}, NOON)

    folded = fold(history.edits.values())

    assert folded.conflicts == (EVIDENCE,)
    assert len(folded.fields[EVIDENCE].versions) == 2
    assert folded.evidence() == {}


def test_evidence_removed_on_both_desks_is_gone_and_no_conflict() -> None:
    history = two_desks(EVIDENCE, {"page": 3})
    history.write(0, EVIDENCE, None, NOON)
    history.write(1, EVIDENCE, None, NOON)

    folded = fold(history.edits.values())

    assert folded.conflicts == ()
    assert folded.evidence() == {}


def test_evidence_added_on_both_desks_stands_twice() -> None:
    history = History([{}, {}])
    history.write(0, Field.evidence(EvidenceId("e-1")), {"page": 3}, NOON)
    history.write(1, Field.evidence(EvidenceId("e-2")), {"page": 3}, NOON)

    assert set(fold(history.edits.values()).evidence()) == {"e-1", "e-2"}


def test_a_yes_and_a_one_are_not_the_same_answer() -> None:
    history = History([{}, {}])
    history.write(0, SCORE, True, NOON)
    history.write(1, SCORE, 1, NOON)

    assert fold(history.edits.values()).conflicts == (SCORE,)


def test_an_edit_stands_while_its_parent_has_not_arrived_yet() -> None:
    history = two_desks(SCORE, 2)
    late = history.write(1, SCORE, 3, NOON)

    assert fold([late]).value(SCORE) == 3


def test_a_ring_of_parents_loses_nothing() -> None:
    history = History([{}])
    edit = history.write(0, SCORE, 2, NOON)
    other = Edit(EditId("other"), edit.assessment, SCORE, 3, frozenset({edit.id}), edit.device, edit.claimed_at)
    bent = Edit(edit.id, edit.assessment, SCORE, 2, frozenset({other.id}), edit.device, edit.claimed_at)

    assert len(settle([bent, other]).heads) == 2
