"""The checklist before signing: what it asks for, what it lets pass, and what a decision then holds."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.domain.assessment import Value
from assessor_desk.domain.decision import PartName
from assessor_desk.domain.fields import Field
from assessor_desk.domain.hints import worth_a_look
from assessor_desk.domain.ids import ArtifactId, ConditionId, CriterionId, EvidenceId, Slot
from assessor_desk.domain.judgment import drafted, judgment, levels, outcome_of
from assessor_desk.domain.policy import CiteRule, CompletionBy, Policy, WordMinimum
from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.domain.readiness import Must, OpenItem, open_items, status
from assessor_desk.domain.rubric import Outcome
from assessor_desk.domain.rules import AttestedBy, Condition
from tests.unit.domain.making import (
    COMPLETE,
    PLANNING,
    RATIONALE,
    REFLECTING,
    artifact,
    assessment,
    cited,
    finished,
    micro_credential,
    requiring_pieces,
    without,
)

PLAN, TALK = ArtifactId("plan"), ArtifactId("talk")
ROUND = (artifact("plan"), artifact("talk", "video/mp4"))
COACHED = Condition(ConditionId("coached"), "Met a coach every month", AttestedBy.COACH)


def items(fields: Mapping[Field, Value], policy: Policy | None = None) -> tuple[OpenItem, ...]:
    return open_items(assessment(fields), micro_credential(policy), ROUND)


def musts(fields: Mapping[Field, Value], policy: Policy | None = None) -> list[tuple[Must, Field | None]]:
    return [(each.must, each.where) for each in items(fields, policy)]


def test_a_finished_assessment_has_nothing_left_to_do() -> None:
    assert items(finished()) == ()


def test_an_untouched_one_lists_every_artifact_check_and_criterion() -> None:
    assert musts({}) == [
        (Must.DEALT_WITH, Field.opened(PLAN)),
        (Must.DEALT_WITH, Field.opened(TALK)),
        (Must.COMPLETION, Field.precheck(COMPLETE)),
        (Must.SCORED, Field.score(PLANNING)),
        (Must.SCORED, Field.score(REFLECTING)),
    ]


@pytest.mark.parametrize(
    ("gone", "asked"),
    [
        (Field.opened(TALK), (Must.DEALT_WITH, Field.opened(TALK))),
        (Field.precheck(COMPLETE), (Must.COMPLETION, Field.precheck(COMPLETE))),
        (Field.score(PLANNING), (Must.SCORED, Field.score(PLANNING))),
        (Field.rationale(PLANNING), (Must.RATIONALE, Field.rationale(PLANNING))),
        (Field.evidence(EvidenceId("e-1")), (Must.EVIDENCE, Field.looked_for(PLANNING))),
    ],
)
def test_each_thing_left_out_is_asked_for_by_itself(gone: Field, asked: tuple[Must, Field]) -> None:
    assert musts(without(finished(), gone)) == [asked]


@pytest.mark.parametrize(
    "cleared", [Field.rationale(PLANNING), Field.score(PLANNING), Field.opened(PLAN), Field.precheck(COMPLETE)]
)
def test_what_was_cleared_again_is_open_again(cleared: Field) -> None:
    assert [where for _, where in musts({**finished(), cleared: None})] == [cleared]


def test_every_open_item_is_a_sentence() -> None:
    for each in items({}):
        assert each.sentence[0] in "“1234567890" or each.sentence[0].isupper()
        assert each.sentence.endswith(".")


@pytest.mark.parametrize("how", ["opened", "acknowledged", "watched"])
def test_an_artifact_is_dealt_with_by_opening_it_or_acknowledging_its_card(how: str) -> None:
    assert items({**finished(), Field.opened(PLAN): how}) == ()


def test_an_artifact_flagged_as_unreadable_is_dealt_with() -> None:
    flagged = {**without(finished(), Field.opened(PLAN)), Field.flag(PLAN, "cannot-be-opened"): "It is damaged."}

    assert items(flagged) == ()


def test_another_flag_does_not_stand_in_for_opening() -> None:
    flagged = {**without(finished(), Field.opened(PLAN)), Field.flag(PLAN, "privacy"): "A name on page 2."}

    assert musts(flagged) == [(Must.DEALT_WITH, Field.opened(PLAN))]


def test_a_program_can_ask_for_a_recording_to_be_watched_to_its_end() -> None:
    to_the_end = Policy(watch_to_end=True)

    assert musts(finished(), to_the_end) == [(Must.DEALT_WITH, Field.opened(TALK))]
    assert musts({**finished(), Field.opened(TALK): "watched"}, to_the_end) == []
    assert musts({**finished(), Field.opened(TALK): "acknowledged"}, to_the_end) == []


def looked_for(level: int) -> dict[Field, Value]:
    fields = without(finished(planning=level), Field.evidence(EvidenceId("e-1")))
    return {**fields, Field.looked_for(PLANNING): "in the plan and the talk"}


@pytest.mark.parametrize(("level", "enough"), [(1, True), (2, True), (3, False)])
def test_looked_for_and_not_found_allows_only_levels_below_the_required_one(level: int, enough: bool) -> None:
    assert (musts(looked_for(level)) == []) is enough


def test_a_program_can_refuse_looked_for_and_not_found() -> None:
    strict = Policy(cites=CiteRule(looked_for_not_found=False))

    assert musts(looked_for(1), strict) == [(Must.EVIDENCE, Field.looked_for(PLANNING))]


def test_evidence_that_points_to_a_file_of_another_round_does_not_count() -> None:
    fields = {**without(finished(), Field.evidence(EvidenceId("e-1"))), **dict([cited("old", PLANNING, "first-plan")])}

    assert musts(fields) == [
        (Must.EVIDENCE, Field.looked_for(PLANNING)),
        (Must.EVIDENCE, Field.evidence(EvidenceId("old"))),
    ]


def test_evidence_that_cannot_be_read_is_named_and_does_not_count() -> None:
    unreadable: dict[Field, Value] = {**finished(), Field.evidence(EvidenceId("e-3")): {"type": "of a later desk"}}

    assert musts(unreadable) == [(Must.EVIDENCE, Field.evidence(EvidenceId("e-3")))]


@pytest.mark.parametrize(("pieces", "enough"), [(1, True), (2, False)])
def test_a_criterion_can_ask_for_more_than_one_piece(pieces: int, enough: bool) -> None:
    left = open_items(assessment(finished()), requiring_pieces(pieces), ROUND)

    assert (left == ()) is enough


@pytest.mark.parametrize(("level", "enough"), [(2, True), (3, False)])
def test_what_was_looked_for_stands_in_for_the_pieces_that_are_missing(level: int, enough: bool) -> None:
    fields = {**finished(planning=level), Field.looked_for(PLANNING): "in the talk too"}

    left = open_items(assessment({**fields, **dict([cited("e-4", REFLECTING, "plan")])}), requiring_pieces(2), ROUND)

    assert (left == ()) is enough


def test_a_criterion_cites_a_file_of_the_kind_it_asks_for() -> None:
    fields = {**without(finished(), Field.evidence(EvidenceId("e-1"))), **dict([cited("e-3", PLANNING, "talk")])}

    assert musts(fields) == [(Must.REQUIRED_EVIDENCE, Field.score(PLANNING))]


def test_a_level_that_the_rubric_does_not_have_is_not_a_score() -> None:
    assert musts({**finished(), Field.score(PLANNING): 7}) == [(Must.SCORED, Field.score(PLANNING))]


def test_signing_is_closed_while_two_laptops_disagree() -> None:
    disputed = assessment(finished(), disputed={Field.rationale(PLANNING): "Another reason."})

    left = open_items(disputed, micro_credential(), ROUND)

    assert (Must.SETTLED, Field.rationale(PLANNING)) in [(each.must, each.where) for each in left]


def test_notes_and_opened_files_are_no_reason_to_close_signing() -> None:
    fields = {**finished(), Field("note", ("n-1",)): "ask"}
    disputed = assessment(fields, disputed={Field("note", ("n-1",)): "told", Field.opened(PLAN): "acknowledged"})

    assert open_items(disputed, micro_credential(), ROUND) == ()
    assert judgment(disputed, micro_credential())[PartName.DEALT_WITH] == {"plan": "opened", "talk": "opened"}


def test_a_required_artifact_that_is_missing_closes_the_way_to_the_rubric() -> None:
    only_talk = (artifact("talk", "video/mp4"),)
    fields = {**without(finished(), Field.evidence(EvidenceId("e-1"))), **dict([cited("e-3", PLANNING, "talk")])}

    left = open_items(assessment(fields), micro_credential(), only_talk)

    assert [(each.must, each.where) for each in left] == [(Must.COMPLETION, None)]
    assert "Plan" in left[0].sentence


def test_files_that_nobody_sorted_into_slots_are_left_to_the_assessors_answer() -> None:
    files = (artifact("other"),)
    fields = {
        **finished(),
        Field.opened(ArtifactId("other")): "opened",
        **dict((cited("e-1", PLANNING, "other"), cited("e-2", REFLECTING, "other"))),
    }

    assert open_items(assessment(fields), micro_credential(), files) == ()


def test_an_unsorted_file_can_be_the_one_that_a_criterion_asks_for() -> None:
    files = (*ROUND, artifact("other"))
    fields = {
        **without(finished(), Field.evidence(EvidenceId("e-1"))),
        Field.opened(ArtifactId("other")): "opened",
        **dict([cited("e-3", PLANNING, "other")]),
    }

    assert open_items(assessment(fields), micro_credential(), files) == ()


@pytest.mark.parametrize(
    ("noted", "open_"),
    [
        (None, True),
        ({"by": "coach-1", "at": "2026-05-01T10:00:00+00:00", "holds": True}, False),
        ({"by": "coach-1", "at": "2026-05-01T10:00:00+00:00", "holds": False}, False),
        ({"by": "coach-1", "at": "yesterday", "holds": True}, True),
        ({"by": "coach-1", "at": "2026-05-01T10:00:00", "holds": True}, True),
        (True, True),
    ],
)
def test_a_condition_is_attested_with_who_and_when(noted: Value, open_: bool) -> None:
    fields = {**finished(), Field.condition(COACHED.id): noted}

    left = open_items(assessment(fields), micro_credential(None, COACHED), ROUND)

    assert [(each.must, each.where) for each in left] == (
        [(Must.CONDITIONS, Field.condition(COACHED.id))] if open_ else []
    )


def test_a_condition_that_does_not_hold_stands_against_earned() -> None:
    noted: Value = {"by": "coach-1", "at": "2026-05-01T10:00:00+00:00", "holds": False}
    judged = judgment(assessment({**finished(), Field.condition(COACHED.id): noted}), micro_credential(None, COACHED))

    assert outcome_of(judged, micro_credential(None, COACHED)).outcome is Outcome.NOT_YET_EARNED


def test_a_round_that_goes_back_as_incomplete_needs_no_scores() -> None:
    fields: dict[Field, Value] = {
        Field.opened(PLAN): "opened",
        Field.opened(TALK): "opened",
        Field.precheck(COMPLETE): False,
    }

    assert musts(fields) == []
    assert drafted(assessment(fields), micro_credential()).outcome is Outcome.INCOMPLETE


def test_an_incomplete_decision_holds_nothing_about_competence() -> None:
    fields = {
        **finished(),
        Field.precheck(COMPLETE): False,
        Field.letter("opening"): "One file is missing.",
        Field.feedback(PLANNING, "revise"): "More.",
    }

    judged = judgment(assessment(fields), micro_credential())

    assert levels(judged) == {}
    assert [name for name, value in judged.items() if value] == [
        PartName.LETTER,
        PartName.COMPLETION,
        PartName.DEALT_WITH,
    ]


def test_a_program_can_let_too_few_words_close_the_way() -> None:
    strict = micro_credential(Policy(word_minimum=WordMinimum.BLOCKS))
    short = {Slot("plan"): 499}

    judged = judgment(assessment(finished()), strict, short)

    assert outcome_of(judged, strict).outcome is Outcome.INCOMPLETE
    assert outcome_of(judgment(assessment(finished()), strict, {Slot("plan"): 500}), strict).outcome is Outcome.EARNED
    assert drafted(assessment(finished()), micro_credential(), short).outcome is Outcome.EARNED


def test_completion_checks_of_a_pre_assessor_are_not_asked_again() -> None:
    by_another = Policy(completion_by=CompletionBy.PRE_ASSESSOR)
    fields = without(finished(), Field.precheck(COMPLETE))

    assert musts(fields, by_another) == []
    assert drafted(assessment(fields), micro_credential(by_another)).outcome is Outcome.EARNED


def test_a_pre_assessor_signs_incomplete_by_the_same_checks() -> None:
    by_another = micro_credential(Policy(completion_by=CompletionBy.PRE_ASSESSOR))
    failed = assessment({Field.precheck(COMPLETE): False})

    assert drafted(failed, by_another).outcome is Outcome.INCOMPLETE


def test_a_decision_has_every_part_and_no_field_of_another_rubric() -> None:
    gone = CriterionId("dropped-in-1.1")
    fields = {
        **finished(planning=2),
        Field.score(gone): 3,
        Field.rationale(gone): "Kept in the journal.",
        Field.feedback(PLANNING, "revise"): "Name who acts.",
        Field("note", ("n-1",)): "mine",
    }

    judged = judgment(assessment(fields), micro_credential())

    assert set(judged) == set(PartName)
    assert judged[PartName.SCORES] == {PLANNING: 2, REFLECTING: 3}
    assert judged[PartName.RATIONALES] == {PLANNING: RATIONALE, REFLECTING: RATIONALE}
    assert judged[PartName.FEEDBACK] == {PLANNING: {"revise": "Name who acts."}}
    assert judged[PartName.COMPLETION] == {"checks": {COMPLETE: True}, "conditions": {}, "words": {}}
    assert "mine" not in str(judged)
    assert outcome_of(judged, micro_credential()).outcome is Outcome.NOT_YET_EARNED


subsets = st.sets(st.sampled_from(sorted(finished())))


@given(subsets, st.integers(1, 3), st.integers(1, 3), st.none() | st.booleans())
def test_what_is_ready_has_an_outcome_and_the_desk_and_the_hub_see_the_same_one(
    gone: set[Field], planning: int, reflecting: int, complete: bool | None
) -> None:
    fields = {**without(finished(planning, reflecting), *gone), Field.precheck(COMPLETE): complete}
    written = assessment(fields)
    ready = not open_items(written, micro_credential(), ROUND)

    at_desk = drafted(written, micro_credential())
    at_hub = outcome_of(judgment(written, micro_credential()), micro_credential())

    assert at_desk.outcome is at_hub.outcome
    assert not ready or at_desk.outcome is not None


@pytest.mark.parametrize(
    ("handed", "fields", "shown"),
    [
        (AssignmentState.TO_DO, {}, AssignmentState.TO_DO),
        (AssignmentState.TO_DO, {Field.opened(PLAN): "opened"}, AssignmentState.IN_PROGRESS),
        (AssignmentState.TO_DO, finished(), AssignmentState.READY_TO_SUBMIT),
        (AssignmentState.RETURNED, finished(), AssignmentState.RETURNED),
        (AssignmentState.WITHDRAWN, finished(), AssignmentState.WITHDRAWN),
        (AssignmentState.RECEIVED, finished(), AssignmentState.RECEIVED),
    ],
)
def test_an_assignment_shows_the_draft_over_what_the_hub_says(
    handed: AssignmentState, fields: Mapping[Field, Value], shown: AssignmentState
) -> None:
    assert status(handed, assessment(fields), micro_credential(), ROUND) is shown


def test_what_is_worth_a_look_does_not_stand_in_the_way() -> None:
    fields = {
        **finished(planning=2),
        Field.rationale(PLANNING): "Too thin.",
        Field.feedback(REFLECTING, "strength"): "Your talk fails to name a moment.",
    }

    hints = [(each.where, each.sentence) for each in worth_a_look(assessment(fields), micro_credential())]

    assert items(fields) == ()
    assert [where for where, _ in hints] == [
        Field.rationale(PLANNING),
        Field.feedback(PLANNING, "strength"),
        Field.feedback(PLANNING, "revise"),
        Field.letter("opening"),
        Field.letter("opening"),
        Field.feedback(REFLECTING, "strength"),
    ]
    assert "2 words" in hints[0][1]
    assert "“fails to”" in hints[-1][1]


def test_a_careful_letter_raises_no_hint() -> None:
    made = micro_credential()
    fields = {
        **without(finished(), Field.rationale(PLANNING)),
        Field.letter("opening"): "You planned four talks. " * 60,
        Field.feedback(PLANNING, "strength"): "The plan names who acts.",
        Field.feedback(REFLECTING, "strength"): "You named a moment.",
    }

    assert worth_a_look(assessment(fields), made) == ()


def test_a_first_occasion_of_a_criterion_needs_evidence_above_its_lowest_level() -> None:
    made = micro_credential()
    first = replace(made.rubric.criteria[0], required=None)
    made = replace(made, rubric=replace(made.rubric, criteria=(first, made.rubric.criteria[1])))

    lacking = [open_items(assessment(looked_for(level)), made, ROUND) for level in (1, 2)]

    assert [bool(each) for each in lacking] == [False, True]
