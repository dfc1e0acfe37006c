"""A whole assessment in one YAML file: all of it or nothing; the same again changes nothing; what is left out stays."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssignmentId, Slot
from assessor_desk.errors import InputError
from assessor_desk.operations.assessing import record
from assessor_desk.operations.differing import conflicts
from assessor_desk.operations.documents import assess
from assessor_desk.operations.showing import portfolio as show
from assessor_desk.operations.workplace import Changes
from tests.operations.office import READY, Desk, Office, change

Told = Callable[[Desk, AssignmentId, str], Changes]


@pytest.fixture
def told(renderer: Renderer) -> Told:
    """Return what takes in a document at a desk."""

    def tell(desk: Desk, work: AssignmentId, text: str) -> Changes:
        return assess(desk.workplace, work, text.encode(), "work.yaml", renderer)

    return tell


def cited(desk: Desk, work: AssignmentId, criterion: int = 0) -> list[str]:
    return [each.words for each in show(desk.workplace, work).criteria[criterion].evidence]


def test_a_document_says_all_that_a_decision_needs(office: Office, ana: Desk, told: Told) -> None:
    work = ana.gets(office.assignment())

    changes = told(ana, work, READY)

    after = show(ana.workplace, work)
    assert changes.edits == 10
    assert after.open == ()
    assert after.outcome_so_far == "earned"
    assert [each.level for each in after.criteria] == [3, 2]
    assert cited(ana, work) == ["Mr. Bo asks for a second reading corner."]
    assert after.criteria[0].feedback == {"strength": "You kept who said what."}
    assert after.letter == {"opening": "Thank you for the notes."}
    assert [each.dealt_with for each in after.artifacts] == ["opened", "acknowledged"]


def test_the_same_document_again_makes_no_edit(office: Office, ana: Desk, told: Told) -> None:
    work = ana.gets(office.assignment())
    before = told(ana, work, READY)

    assert told(ana, work, READY).edits == 0
    assert ana.edits(work) == before.edits


def test_citing_a_file_does_not_count_as_opening_it(office: Office, ana: Desk, told: Told) -> None:
    work = ana.gets(office.assignment())

    told(ana, work, READY.replace("artifacts: {notes: opened, plan: acknowledged}", ""))

    assert [each.sentence for each in show(ana.workplace, work).open] == [
        "“The notes” was not opened yet.",
        "“The plan” was not opened yet.",
    ]


def test_what_a_document_leaves_out_stays(office: Office, ana: Desk, told: Told) -> None:
    work = ana.gets(office.assignment())
    told(ana, work, READY)

    changes = told(ana, work, "scores: {taking: {level: exemplary}}")

    assert changes.edits == 1
    assert ana.says(work, "rationale/taking") == "Each point has a name beside it."
    assert cited(ana, work) == ["Mr. Bo asks for a second reading corner."]


def test_what_a_document_names_and_leaves_empty_is_cleared(office: Office, ana: Desk, told: Told) -> None:
    work = ana.gets(office.assignment())
    told(ana, work, READY)

    told(
        ana,
        work,
        """
        scores: {taking: {level: null, rationale: "", evidence: [], feedback: {strength: ""}}}
        letter: {opening: ""}
        artifacts: {notes: null}
        """,
    )

    after = show(ana.workplace, work)
    assert (after.criteria[0].level, after.criteria[0].rationale, after.criteria[0].feedback) == (None, "", {})
    assert cited(ana, work) == []
    assert cited(ana, work, 1) == ["opens on June 2"]
    assert after.letter == {}
    assert after.artifacts[0].dealt_with is None


def test_a_list_of_evidence_is_the_whole_list(office: Office, ana: Desk, told: Told) -> None:
    work = ana.gets(office.assignment())
    told(ana, work, READY)

    told(ana, work, "scores: {taking: {evidence: [{artifact: notes, quote: Ms. Ade says yes}]}}")

    assert cited(ana, work) == ["Ms. Ade says yes"]


@pytest.mark.parametrize("level", ["3", "proficient", "Proficient"])
def test_a_level_is_named_by_its_number_its_id_or_its_name(office: Office, ana: Desk, told: Told, level: str) -> None:
    work = ana.gets(office.assignment())

    told(ana, work, f"scores: {{taking: {{level: {level}}}}}")

    assert ana.says(work, "score/taking") == 3


def test_the_same_place_has_the_same_name_on_every_laptop(
    office: Office, ana: Desk, ana_at_home: Desk, told: Told
) -> None:
    portfolio = office.assignment()
    work = ana.gets(portfolio)
    ana_at_home.gets(portfolio)
    told(ana, work, READY)
    told(ana_at_home, work, READY.replace("quote: opens on June 2", "quote: 'opens  on June 2'"))

    ana_at_home.hears(*ana.sends())

    assert conflicts(ana_at_home.workplace) == ()
    assert cited(ana_at_home, work, 1) == ["opens on June 2"]


def test_checks_and_conditions_are_answered(office: Office, ana: Desk, told: Told) -> None:
    work = ana.gets(office.assignment("office.checked"))
    told(
        ana,
        work,
        """
        checks: {names-removed: true}
        conditions: {coached: {by: Coach Lee, at: "2026-05-01T10:00:00-05:00"}}
        flags: {notes: {privacy: Page 1 shows a surname.}}
        """,
    )

    after = show(ana.workplace, work)
    assert after.checks[0].answer is True
    assert after.conditions[0].answer == {"by": "Coach Lee", "at": "2026-05-01T10:00:00-05:00", "holds": True}
    assert after.artifacts[0].flags == {"privacy": "Page 1 shows a surname."}


FAULTS = {
    "scores: {takin: {level: 3}}": (1, "“takin” is not known here.", "taking, using"),
    "scores:\n  taking: {level: 7}": (2, "taking has no level “7”.", "3 (proficient)"),
    "scores:\n  taking:\n    rationle: Good.": (3, "“rationle” is not known here.", "rationale"),
    "scores:\n  taking:\n    evidence:\n      - {artifact: essay}": (4, "“essay” names no artifact", "“The notes”"),
    "scores:\n  taking:\n    evidence:\n    - {artifact: notes, quote: No one}": (4, "is not in the artifact", "Copy"),
    "scores:\n  taking:\n    evidence:\n    - {artifact: notes, quote: Ms. Ade}": (4, "stands 2 times", "longer"),
    "scores:\n  taking:\n    evidence:\n    - {artifact: notes, page: 2}": (
        4,
        "The quote is missing.",
        "Add the words",
    ),
    "scores: {taking: {evidence: [{artifact: notes}, {artifact: notes}]}}": (1, "cites this place twice", "Leave one"),
    "letter:\n  middle: Hello.": (2, "“middle” is not known here.", "opening, closing"),
    'letter:\n  opening: "a\\0b"': (2, "There is a sign that no text can hold.", "Leave it out"),
    f"letter:\n  opening: {'x' * 20_001}": (2, "This text has 20001 signs.", "Keep it under 20000"),
    "artifacts:\n  notes: seen": (2, "“seen” is not known here.", "acknowledged, opened, watched"),
    "checks: {sound: true}": (1, "“sound” is not known here.", "Write one of"),
    "flags: {notes: {smell: bad}}": (1, "“smell” is not known here.", "privacy"),
    "scores:\n  taking:\n    level: [3]": (3, "“level” is a list.", "Write a whole number or text"),
    "scores:\n  taking:\n    rationale:": (3, "“rationale” is nothing.", 'or "" for none'),
    "scores:\n  taking: {}\n  taking: {}": (3, "stands here twice", "Keep one"),
    "- scores": (1, "This is a list.", "names with something under each"),
    "": (1, "The file is empty.", "Write what it should say"),
    "scores: {taking: {level: 3}": (2, "not proper YAML", "Indent"),
}


@pytest.mark.parametrize("text", FAULTS, ids=[what for _, what, _ in FAULTS.values()])
def test_a_fault_is_told_with_its_line_and_nothing_is_recorded(
    office: Office, ana: Desk, told: Told, text: str
) -> None:
    work = ana.gets(office.assignment())
    line, what, write = FAULTS[text]

    with pytest.raises(InputError) as refused:
        told(ana, work, text)

    assert refused.value.detail.startswith(f"work.yaml, line {line}: ")
    assert what in refused.value.detail
    assert write in refused.value.next
    assert ana.edits(work) == 0


def test_a_moment_without_its_offset_is_refused(office: Office, ana: Desk, told: Told) -> None:
    work = ana.gets(office.assignment("office.checked"))

    with pytest.raises(InputError, match="line 2: “2026-05-01” is no moment"):
        told(ana, work, "conditions:\n  coached: {by: Coach Lee, at: 2026-05-01}")


def test_a_quote_from_a_file_that_was_not_fetched_says_so(office: Office, ana: Desk, told: Told) -> None:
    work = ana.gets(office.assignment(), files=False)

    with pytest.raises(InputError, match="The notes: This file has not been fetched to this laptop yet"):
        told(ana, work, READY)


def test_a_quote_from_an_unreadable_file_says_so_and_the_work_goes_on_without_it(
    office: Office, ana: Desk, told: Told
) -> None:
    given = office.assignment()
    broken = office.artifact(b"%PDF-1.7\nnothing of a page", Slot("notes"), "application/pdf")
    artifacts = (broken, *given.round.artifacts[1:])
    work = ana.gets(replace(given, round=replace(given.round, artifacts=artifacts)))

    with pytest.raises(InputError) as refused:
        told(ana, work, READY)
    assert refused.value.detail.startswith("work.yaml, line 6: The notes: ")
    assert ana.edits(work) == 0

    without = READY.replace(", quote: Mr. Bo asks for a second reading corner.", "")
    told(ana, work, f"{without}flags: {{notes: {{cannot-be-opened: The file breaks off.}}}}")
    assert show(ana.workplace, work).open == ()


def test_two_versions_are_shown_and_the_next_document_settles_them(
    office: Office, ana: Desk, ana_at_home: Desk, told: Told
) -> None:
    portfolio = office.assignment()
    work = ana.gets(portfolio)
    ana_at_home.gets(portfolio)
    told(ana, work, READY)
    told(ana_at_home, work, READY.replace("proficient", "developing"))
    ana_at_home.hears(*ana.sends())

    (split,) = conflicts(ana_at_home.workplace)
    assert split.sentence == "Two laptops disagree on the score of 1 Taking the notes."
    assert sorted((each.laptop, each.value) for each in split.versions) == [("another laptop", 3), ("this laptop", 2)]
    assert "Two versions settled" in [each.what for each in show(ana_at_home.workplace, work).open]

    heads = {head.id for head in ana_at_home.draft(work).fields[Field.parse("score/taking")].heads}
    assert told(ana_at_home, work, READY).edits == 1
    (settled,) = ana_at_home.draft(work).fields[Field.parse("score/taking")].heads
    assert settled.parents == heads
    assert conflicts(ana_at_home.workplace) == ()
    assert show(ana_at_home.workplace, work).open == ()


def test_evidence_removed_on_one_laptop_and_changed_on_the_other_is_settled_by_the_next_list(
    office: Office, ana: Desk, ana_at_home: Desk, told: Told
) -> None:
    portfolio = office.assignment()
    work = ana.gets(portfolio)
    ana_at_home.gets(portfolio)
    told(ana, work, READY)
    ana_at_home.hears(*ana.sends())
    told(ana, work, "scores: {using: {evidence: []}}")
    told(ana_at_home, work, "scores: {using: {evidence: [{artifact: plan, quote: opens on June 2, note: A day.}]}}")
    ana_at_home.hears(*ana.sends())

    (split,) = conflicts(ana_at_home.workplace)
    assert {each.value for each in split.versions} == {None, "The plan: opens on June 2: A day."}
    told(ana_at_home, work, "scores: {using: {evidence: []}}")
    assert conflicts(ana_at_home.workplace) == ()
    assert cited(ana_at_home, work, 1) == []


def test_two_laptops_that_wrote_the_same_do_not_disagree(office: Office, ana: Desk, ana_at_home: Desk) -> None:
    portfolio = office.assignment()
    work = ana.gets(portfolio)
    ana_at_home.gets(portfolio)
    record(ana.workplace, work, [change("score/taking", 3)])
    record(ana_at_home.workplace, work, [change("score/taking", 3)])

    ana_at_home.hears(*ana.sends())

    assert conflicts(ana_at_home.workplace) == ()
