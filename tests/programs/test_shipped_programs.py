"""The programs that are shipped, as they lie in `rubrics/`."""

import json
from datetime import UTC, datetime

import pytest

from assessor_desk.domain.ids import CriterionId, MicroCredentialId, PersonId
from assessor_desk.domain.policy import Blindness, CompletionBy
from assessor_desk.domain.program import Choice, CreditKind, CreditPer, MicroCredential
from assessor_desk.domain.rubric import Outcome, Wording
from assessor_desk.domain.rules import Attestation, Growth
from assessor_desk.environment.packaged import packaged
from assessor_desk.programs.catalog import Catalog, load
from assessor_desk.programs.check import check
from assessor_desk.programs.codec import micro_credential_bytes, read_micro_credential
from assessor_desk.programs.pinned import PINNED

COUNTS = {"dupage": 9, "eln": 7, "i4": 3, "lead-ed": 4, "lfe": 4}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(packaged("rubrics"))


@pytest.fixture(scope="module")
def offered(catalog: Catalog) -> list[MicroCredential]:
    return [catalog.micro_credential(row.id) for row in catalog.rows()]


def of(catalog: Catalog, program: str) -> list[MicroCredential]:
    return [catalog.micro_credential(row.id) for row in catalog.rows() if row.program == program]


def test_nothing_is_wrong_with_them() -> None:
    assert check(packaged("rubrics")) == ()


def test_five_programs_offer_twenty_seven_micro_credentials(catalog: Catalog) -> None:
    assert {program.id: len(program.micro_credentials) for program in catalog.programs} == COUNTS
    assert len(catalog.rows()) == 27
    assert {row.status for row in catalog.rows()} == {"published"}


def test_each_is_on_the_list_of_what_was_published(catalog: Catalog) -> None:
    listed = json.loads((packaged("rubrics") / PINNED).read_text("utf-8"))

    for versions in catalog.versions.values():
        for each in versions:
            assert listed[each.micro_credential.id][each.micro_credential.version] == each.sha256


def test_level_sets_of_two_three_and_four_occur(catalog: Catalog) -> None:
    sizes = {
        program: {len(names) for row in catalog.rows() if row.program == program for names in row.levels}
        for program in COUNTS
    }

    assert sizes["eln"] == {2}
    assert sizes["dupage"] == {2, 3}
    assert sizes["lfe"] == {3}
    assert sizes["lead-ed"] == sizes["i4"] == {4}


def test_every_descriptor_is_marked_as_our_own_and_used_once(offered: list[MicroCredential]) -> None:
    assert {each.rubric.wording for each in offered} == {Wording.OWN}
    descriptors = [
        "".join(level.descriptor.lower().split())
        for each in offered
        for criterion in each.rubric.criteria
        if criterion.first_of is None
        for level in criterion.levels
    ]
    assert len(set(descriptors)) == len(descriptors) > 500


def test_every_criterion_follows_a_published_outcome_or_none_is_claimed(offered: list[MicroCredential]) -> None:
    for each in offered:
        published = {outcome.id for outcome in each.outcomes}
        assert {outcome for criterion in each.rubric.criteria for outcome in criterion.outcomes} == published


def test_every_artifact_is_asked_for_and_something_is_required(offered: list[MicroCredential]) -> None:
    for each in offered:
        assert all(each.blueprint.asked_for(artifact.slot) for artifact in each.artifacts)
        assert each.missing([])
        assert each.checks


def test_each_reads_back_from_its_bytes_as_it_is(offered: list[MicroCredential]) -> None:
    for each in offered:
        assert read_micro_credential(micro_credential_bytes(each)) == each


def attested(each: MicroCredential) -> list[Attestation]:
    at = datetime(2026, 5, 12, tzinfo=UTC)
    return [Attestation(condition.id, PersonId("coach"), at) for condition in each.rubric.conditions]


def test_top_scores_earn_and_lowest_scores_do_not(offered: list[MicroCredential]) -> None:
    for each in offered:
        rubric = each.rubric
        top = {criterion.id: len(criterion.levels) for criterion in rubric.criteria}
        lowest = dict.fromkeys(top, 1)
        assert rubric.outcome(top, attested=attested(each)).outcome is Outcome.EARNED
        assert rubric.outcome(lowest, attested=attested(each)).outcome is Outcome.NOT_YET_EARNED


def test_one_criterion_below_its_level_is_enough_for_not_yet(offered: list[MicroCredential]) -> None:
    for each in offered:
        top = {criterion.id: len(criterion.levels) for criterion in each.rubric.criteria}
        for criterion in each.rubric.criteria:
            if criterion.required is not None and not grows(each, criterion.id):
                one_short = {**top, criterion.id: criterion.required - 1}
                assert each.rubric.outcome(one_short, attested=attested(each)).unmet == (criterion.id,)


def grows(each: MicroCredential, criterion: CriterionId) -> bool:
    return any(isinstance(rule, Growth) and rule.criterion == criterion for rule in each.rubric.rules)


def test_lead_ed_gives_thirty_hours_or_one_academy_credit_never_both(catalog: Catalog) -> None:
    for each in of(catalog, "lead-ed"):
        assert each.credit.choose is Choice.ONE
        assert {kind.kind: kind.amount for kind in each.credit.kinds} == {
            CreditKind.PD_HOURS: "30 hours",
            CreditKind.AA_CREDIT: "1 credit",
        }


def test_lead_eds_plan_builds_on_what_was_seen_and_what_was_found(catalog: Catalog) -> None:
    plan = catalog.micro_credential("lead-ed.systemic-improvement")

    assert plan.builds_on == ("lead-ed.developmentally-appropriate-practices", "lead-ed.kids-data")


def test_eln_is_double_blind_with_word_minimums_and_pointers(catalog: Catalog) -> None:
    for each in of(catalog, "eln"):
        assert each.policy.blindness is Blindness.DOUBLE_BLIND
        assert {artifact.words_at_least for artifact in each.artifacts} >= {1000, 500}
        assert each.blueprint.pointers
        assert each.rubric.groups
        assert "20 hours" in [kind.amount for kind in each.credit.kinds]


def test_dupage_takes_teams_and_stacks_three_micro_credentials_each(catalog: Catalog) -> None:
    (program,) = (each for each in catalog.programs if each.id == "dupage")

    assert [(each.needs, len(each.micro_credentials)) for each in program.endorsements] == [(3, 3)] * 3
    assert program.team is not None
    assert (program.team.at_least, program.team.at_most) == (4, 10)
    assert program.policy.completion_by is CompletionBy.PRE_ASSESSOR


def test_project_i4_asks_for_growth_and_for_conditions_that_somebody_attests(catalog: Catalog) -> None:
    i4 = of(catalog, "i4")

    assert any(isinstance(rule, Growth) for each in i4 for rule in each.rubric.rules)
    assert all(each.rubric.conditions for each in i4)
    assert {(kind.kind, kind.credits) for each in i4 for kind in each.credit.kinds} == {(CreditKind.GRADUATE_CREDIT, 9)}
    assert {each.credit.per for each in i4} == {CreditPer.PROGRAM}


def test_two_programs_may_share_a_title_because_titles_are_no_keys(catalog: Catalog) -> None:
    titles = [row.title for row in catalog.rows()]

    assert len(set(titles)) < len({MicroCredentialId(row.id) for row in catalog.rows()})
