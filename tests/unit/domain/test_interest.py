"""No one judges their own."""

from dataclasses import replace

import pytest

from assessor_desk.domain.ids import OrganizationId, PersonId
from assessor_desk.domain.interest import Interests, Judge, reason_against, require_no_conflict
from assessor_desk.domain.policy import ConflictOfInterest
from assessor_desk.domain.portfolio import Part
from assessor_desk.errors import ConflictOfInterestError

ANNA = PersonId("anna")
HERE, THERE = OrganizationId("here"), OrganizationId("there")
SCORERS = (Part.FIRST, Part.SECOND, Part.ADJUDICATOR)


def judge(part: Part, *organizations: OrganizationId) -> Judge:
    return Judge(ANNA, part, frozenset(organizations))


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize(
    "case",
    [
        Interests(submitted_by=ANNA),
        Interests(participants=frozenset({ANNA})),
        Interests(stepped_back=frozenset({ANNA})),
    ],
)
def test_who_handed_in_or_takes_part_or_stepped_back_has_no_part_in_judging(part: Part, case: Interests) -> None:
    assert reason_against(judge(part), case)


@pytest.mark.parametrize("part", Part)
def test_who_has_nothing_to_do_with_the_case_may_judge(part: Part) -> None:
    case = Interests(PersonId("ben"), frozenset({PersonId("ben")}), frozenset({THERE}))

    assert reason_against(judge(part, HERE), case) is None
    require_no_conflict(judge(part, HERE), case)


@pytest.mark.parametrize("part", Part)
def test_a_colleague_may_judge_only_where_the_program_allows_it(part: Part) -> None:
    case = Interests(organizations=frozenset({HERE, THERE}))

    assert reason_against(judge(part, HERE), case)
    assert reason_against(judge(part, HERE), replace(case, rule=ConflictOfInterest.SAME_PERSON)) is None


@pytest.mark.parametrize("part", [Part.SECOND, Part.ADJUDICATOR, Part.APPROVER])
def test_who_scored_a_round_neither_scores_it_again_nor_signs_it(part: Part) -> None:
    assert reason_against(judge(part), Interests(scored_by=frozenset({ANNA})))


def test_a_first_assessor_corrects_what_was_returned() -> None:
    assert reason_against(judge(Part.FIRST), Interests(scored_by=frozenset({ANNA}))) is None


@pytest.mark.parametrize("part", SCORERS)
def test_who_signed_a_round_off_does_not_score_it(part: Part) -> None:
    signed = Interests(signed_by=frozenset({ANNA}))

    assert reason_against(judge(part), signed)
    assert reason_against(judge(Part.APPROVER), signed) is None


def test_the_refusal_says_why_and_what_to_do() -> None:
    with pytest.raises(ConflictOfInterestError) as refusal:
        require_no_conflict(judge(Part.FIRST), Interests(submitted_by=ANNA))

    assert "submitted" in refusal.value.detail
    assert refusal.value.next
