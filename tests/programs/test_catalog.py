"""Loading programs, resolving versions, and the list of what there is."""

import shutil
import subprocess
import sys
from datetime import date, time
from pathlib import Path

import pytest

from assessor_desk.domain.ids import CriterionId, MicroCredentialId
from assessor_desk.domain.policy import Blindness
from assessor_desk.domain.program import Choice, CreditPer
from assessor_desk.domain.rubric import Outcome
from assessor_desk.domain.rules import AttestedBy, BuildsOn, Condition, EveryCriterion, Growth
from assessor_desk.errors import ProgramFileError
from assessor_desk.programs.catalog import load
from assessor_desk.programs.codec import micro_credential_bytes, read_micro_credential
from assessor_desk.seals.digests import sha256

SOUND = Path(__file__).parent / "sound"
PLANS, TALKS = MicroCredentialId("sample.plans"), MicroCredentialId("sample.talks")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "programs"))


def test_the_programs_policy_is_resolved_into_each_micro_credential() -> None:
    policy = load(SOUND).micro_credential(PLANS).policy

    assert policy.blindness is Blindness.DOUBLE_BLIND
    assert policy.tolerance.levels_apart == 1
    assert policy.tolerance.same_outcome
    assert (policy.drift.k, policy.drift.h) == (1.0, 5.0)
    assert policy.clock.assess_days == 5
    assert policy.clock.due_at == time(12, 30)
    assert policy.clock.closed_dates == (date(2026, 5, 25), date(2026, 7, 3))
    assert policy.attempts.at_most == 3


def test_rows_are_counted_in_groups_and_keep_tags_of_their_own() -> None:
    rubric = load(SOUND).micro_credential(TALKS).rubric

    assert [criterion.tag for criterion in rubric.criteria] == ["1a", "1b", "P1"]
    assert [(group.tag, group.criteria) for group in rubric.groups] == [("1", ("aim", "time")), ("P", ("overview",))]
    assert rubric.level_sets == (("Not yet", "Proficient"), ("Not yet", "Passing"))


def test_what_is_scored_twice_becomes_two_rows_and_growth_between_them() -> None:
    rubric = load(SOUND).micro_credential(PLANS).rubric

    assert [(each.id, each.tag, each.required) for each in rubric.criteria] == [
        ("planning", "1", 3),
        ("using-first", "2.1", None),
        ("using", "2.2", 3),
    ]
    assert rubric.rules == (EveryCriterion(), Growth(CriterionId("using"), CriterionId("using-first"), 1))
    scores = {CriterionId("planning"): 3, CriterionId("using-first"): 3, CriterionId("using"): 3}
    assert rubric.outcome(scores).unmet == ("using",)
    assert rubric.outcome({**scores, CriterionId("using-first"): 2}).outcome is Outcome.EARNED


def test_rules_pointers_and_checks_come_with_the_micro_credential() -> None:
    talks = load(SOUND).micro_credential(TALKS)

    assert talks.rubric.rules == (
        EveryCriterion(),
        Condition(talks.rubric.conditions[0].id, "A coach meeting every month", AttestedBy.COACH),
        BuildsOn((PLANS,)),
    )
    assert talks.builds_on == (PLANS,)
    assert talks.blueprint.pointers
    assert [check.id for check in talks.checks] == ["files-open", "clear-sound"]


def test_a_criterion_cites_what_the_policy_asks_or_more() -> None:
    rubric = load(SOUND).micro_credential(PLANS).rubric

    assert [criterion.cites.pieces for criterion in rubric.criteria] == [2, 1, 1]


def test_credit_is_the_programs_unless_the_micro_credential_has_its_own() -> None:
    catalog = load(SOUND)

    plans = catalog.micro_credential(PLANS).credit
    assert (plans.choose, plans.per) == (Choice.ONE, CreditPer.MICRO_CREDENTIAL)
    assert [each.amount for each in plans.kinds] == ["7.5 hours", "1 credit"]
    assert [each.amount for each in catalog.micro_credential(TALKS).credit.kinds] == ["9 credits"]


def test_what_is_written_reads_back_as_the_same_and_is_named_by_its_digest() -> None:
    version = load(SOUND).version(PLANS)

    again = read_micro_credential(version.body)

    assert again == version.micro_credential
    assert micro_credential_bytes(again) == version.body
    assert sha256(version.body) == version.sha256


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"format":1}', b'{"format":2}', b'{"format":1,"id":3}'])
def test_bytes_that_hold_no_micro_credential_are_refused_in_words(body: bytes) -> None:
    with pytest.raises(ProgramFileError):
        read_micro_credential(body)


def test_content_of_the_right_shape_but_against_the_domain_is_refused(place: Path) -> None:
    body = load(place).version(PLANS).body

    with pytest.raises(ProgramFileError):
        read_micro_credential(body.replace(b'"assess_days":5', b'"assess_days":0'))


def test_a_member_from_a_later_version_is_passed_over() -> None:
    version = load(SOUND).version(PLANS)

    assert read_micro_credential(version.body[:-1] + b',"zoom":1}') == version.micro_credential


def test_reading_a_micro_credential_needs_no_library_for_files() -> None:
    told = (
        "import sys, assessor_desk.programs.codec; print(sorted({'yaml', 'jsonschema', 'msgspec'} & set(sys.modules)))"
    )

    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"


def new_version(place: Path) -> None:
    old = place / "sample" / "plans-1.0.yaml"
    text = (
        old.read_text("utf-8").replace('version: "1.0"', 'version: "1.10"').replace("Making Plans", "Making Good Plans")
    )
    (place / "sample" / "plans-1.10.yaml").write_text(text, "utf-8")


def test_the_newest_published_version_is_offered_and_the_older_one_stays(place: Path) -> None:
    new_version(place)

    catalog = load(place)

    assert catalog.micro_credential(PLANS).title == "Making Good Plans"
    assert catalog.micro_credential(PLANS, "1.0").title == "Making Plans"


def test_a_draft_is_offered_to_nobody_who_does_not_ask_for_it(place: Path) -> None:
    new_version(place)
    draft = place / "sample" / "plans-1.10.yaml"
    draft.write_text(draft.read_text("utf-8").replace("status: published", "status: draft"), "utf-8")

    catalog = load(place)

    assert catalog.version(PLANS).micro_credential.version == "1.0"
    assert catalog.version(PLANS, "1.10").status == "draft"
    assert not catalog.version(PLANS, "1.10").offered
    assert catalog.rows()[0].version == "1.0"


def test_a_new_version_of_the_program_leaves_what_was_published_as_it_was(place: Path) -> None:
    before = load(place).version(PLANS).sha256
    text = (place / "sample" / "program-1.0.yaml").read_text("utf-8")
    text = text.replace('version: "1.0"', 'version: "2.0"').replace("assess_days: 5", "assess_days: 2")
    (place / "sample" / "program-2.0.yaml").write_text(text, "utf-8")

    catalog = load(place)

    assert catalog.programs[0].version == "2.0"
    assert catalog.version(PLANS).sha256 == before


@pytest.mark.parametrize(("id", "version"), [("sample.other", None), (PLANS, "3.0")])
def test_asking_for_what_is_not_there_names_what_is(id: str, version: str | None) -> None:
    with pytest.raises(ProgramFileError) as refused:
        load(SOUND).version(id, version)

    assert refused.value.next


def test_faulty_programs_are_refused_with_every_fault(place: Path) -> None:
    (place / "sample" / "plans-1.0.yaml").write_bytes(b"format: 2\n")

    with pytest.raises(ProgramFileError) as refused:
        load(place)

    assert refused.value.detail.startswith("sample/plans-1.0.yaml, line 1: ")
    assert len(refused.value.faults) > 10


def test_one_programs_folder_can_be_loaded_by_itself() -> None:
    assert [program.id for program in load(SOUND / "sample").programs] == ["sample"]


def test_the_list_shows_each_micro_credential_once_in_the_programs_order() -> None:
    rows = load(SOUND).rows()

    assert [(row.id, row.version, row.criteria, row.groups) for row in rows] == [
        (PLANS, "1.0", 3, 0),
        (TALKS, "1.0", 3, 2),
    ]
    assert rows[0].levels == (("Beginning", "Developing", "Proficient", "Exemplary"),)
    assert rows[0].credit == ("7.5 hours (Professional development hours)", "1 credit (Academy credit)")
