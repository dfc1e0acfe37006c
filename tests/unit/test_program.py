"""What a micro-credential says of a portfolio before and beside its scores."""

from dataclasses import replace

import pytest

from assessor_desk.domain.criterion import Citing, Criterion, Level
from assessor_desk.domain.ids import CheckId, CriterionId, MicroCredentialId, ProgramId, Slot
from assessor_desk.domain.policy import Policy, WordMinimum
from assessor_desk.domain.program import (
    Approval,
    ArtifactKind,
    Blueprint,
    BlueprintItem,
    CheckKind,
    Choice,
    CompletionCheck,
    Credit,
    CreditKind,
    CreditRule,
    Endorsement,
    ExpectedArtifact,
    MicroCredential,
    ProgramName,
    TeamSize,
)
from assessor_desk.domain.rubric import Outcome, Rubric
from assessor_desk.domain.rules import EveryCriterion
from assessor_desk.errors import RuleError

OVERVIEW, TALK = Slot("overview"), Slot("talk")
OPENS, NAMES = CheckId("files-open"), CheckId("names-removed")
DETAIL = CriterionId("detail")

HOURS = Credit(CreditKind.PD_HOURS, "Hours", Approval.APPROVED, quarter_hours=30 * 4)
ACADEMY = Credit(CreditKind.AA_CREDIT, "Academy", Approval.APPROVED, credits=1)

COACHING = MicroCredential(
    id=MicroCredentialId("sample.coaching"),
    version="1.0",
    title="Coaching",
    short_title="Coaching",
    about="Talks that lead somewhere.",
    program=ProgramName(ProgramId("sample"), "1.0", "Sample", "Sample", "micro-credential"),
    outcomes=(),
    artifacts=(
        ExpectedArtifact(OVERVIEW, "Overview", True, (ArtifactKind.DOCUMENT,), words_at_least=1000),
        ExpectedArtifact(TALK, "Talk", False, (ArtifactKind.AUDIO,)),
    ),
    blueprint=Blueprint("Coach a leader.", (BlueprintItem(OVERVIEW, "Say who."), BlueprintItem(TALK, "Record it."))),
    checks=(
        CompletionCheck(OPENS, "Every file opens", "Open each.", CheckKind.FILES_OPEN),
        CompletionCheck(NAMES, "No names", "Look.", CheckKind.NAMES_REMOVED),
    ),
    rubric=Rubric(
        (
            Criterion(
                DETAIL,
                "1",
                "Detail",
                (Level(1, "not-yet", "Not yet", "Not there"), Level(2, "met", "Met", "There")),
                2,
                Citing(1, (TALK,), "a talk"),
            ),
        ),
        (EveryCriterion(),),
    ),
    credit=CreditRule(Choice.ONE, (HOURS, ACADEMY)),
    policy=Policy(),
)
BOTH_PASSED = {OPENS: True, NAMES: True}


def test_a_failed_completion_check_makes_it_incomplete_whatever_the_scores() -> None:
    draft = COACHING.outcome({DETAIL: 2}, checks={OPENS: True, NAMES: False})

    assert draft.outcome is Outcome.INCOMPLETE
    assert draft.unmet == ("names-removed",)
    assert draft.words == "Incomplete. “No names” was answered with no."


def test_nothing_is_decided_before_every_completion_check_is_answered() -> None:
    draft = COACHING.outcome({DETAIL: 2}, checks={OPENS: True})

    assert draft.outcome is None
    assert draft.open == ("names-removed",)


def test_passed_checks_leave_the_outcome_to_the_rubric() -> None:
    assert COACHING.outcome({DETAIL: 2}, checks=BOTH_PASSED).outcome is Outcome.EARNED
    assert COACHING.outcome({DETAIL: 1}, checks=BOTH_PASSED).outcome is Outcome.NOT_YET_EARNED


def test_checks_that_another_person_answers_do_not_hold_the_assessor_up() -> None:
    assert COACHING.outcome({DETAIL: 2}).outcome is Outcome.EARNED


def test_an_answer_to_a_check_that_is_not_asked_is_refused() -> None:
    with pytest.raises(RuleError):
        COACHING.outcome({}, checks={CheckId("other"): True})


def test_too_few_words_advise_unless_the_program_lets_them_close_the_way() -> None:
    strict = replace(COACHING, policy=Policy(word_minimum=WordMinimum.BLOCKS))

    assert COACHING.outcome({DETAIL: 2}, words={OVERVIEW: 999}).outcome is Outcome.EARNED
    assert strict.outcome({DETAIL: 2}, words={OVERVIEW: 1000}).outcome is Outcome.EARNED
    draft = strict.outcome({DETAIL: 2}, words={OVERVIEW: 999})
    assert draft.outcome is Outcome.INCOMPLETE
    assert draft.words == "Incomplete. “Overview” has 999 of at least 1000 words."


def test_only_required_artifacts_are_missed() -> None:
    assert [each.slot for each in COACHING.missing([])] == ["overview"]
    assert COACHING.missing([OVERVIEW]) == ()


def test_what_was_asked_is_found_by_its_slot() -> None:
    assert [item.asks for item in COACHING.blueprint.asked_for(TALK)] == ["Record it."]
    assert COACHING.artifact(OVERVIEW).words_at_least == 1000
    with pytest.raises(RuleError):
        COACHING.artifact(Slot("other"))


def test_hours_and_an_academy_credit_are_never_given_together() -> None:
    with pytest.raises(RuleError):
        CreditRule(Choice.ALL, (HOURS, ACADEMY))


def test_credit_is_told_in_hours_or_credits() -> None:
    assert HOURS.amount == "30 hours"
    assert replace(HOURS, quarter_hours=30).amount == "7.5 hours"
    assert ACADEMY.amount == "1 credit"
    assert replace(ACADEMY, credits=9).amount == "9 credits"


def test_an_endorsement_cannot_need_more_than_it_stacks() -> None:
    with pytest.raises(RuleError):
        Endorsement("all", "All", "endorsement", (COACHING.id,), 2)


@pytest.mark.parametrize(("least", "most"), [(0, 4), (5, 4)])
def test_a_team_has_a_size_that_can_be(least: int, most: int) -> None:
    with pytest.raises(RuleError):
        TeamSize(least, most)
