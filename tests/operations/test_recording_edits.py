"""One change, one edit: its parents are the newest, whoever wrote them, and what is closed stays as it is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_desk.domain.fields import Field
from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.errors import AssessmentClosedError, LevelOutOfScaleError, RuleError
from assessor_desk.operations.assessing import record
from assessor_desk.store.store import Store
from assessor_desk.wire.deeds import DeedKind
from tests.operations.office import Desk, Office, change, for_approver


def test_what_says_nothing_new_makes_no_edit(office: Office, ana: Desk) -> None:
    work = ana.gets(office.assignment())
    record(ana.workplace, work, [change("score/taking", 3), change("rationale/using", None)])

    again = record(ana.workplace, work, [change("score/taking", 3)])

    assert (again.edits, again.assessments) == (0, frozenset())
    assert ana.edits(work) == 1


def test_of_one_field_only_the_last_change_counts(office: Office, ana: Desk) -> None:
    work = ana.gets(office.assignment())

    changes = record(ana.workplace, work, [change("score/taking", 2), change("score/taking", 3)])

    assert changes.edits == 1
    assert ana.says(work, "score/taking") == 3


def test_two_processes_that_write_the_same_field_at_once_never_disagree(office: Office, ana: Desk) -> None:
    work = ana.gets(office.assignment())
    with Store.open(ana.store.paths, ana.workplace.keys.data) as second:
        desks = [ana.workplace, replace(ana.workplace, store=second)]

        def write(number: int) -> None:
            record(desks[number % 2], work, [change("rationale/taking", f"Draft {number}.")])

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(write, range(30)))

    settled = ana.draft(work).fields[Field.parse("rationale/taking")]
    assert ana.edits(work) == 30
    assert len(settled.heads) == 1


def test_a_level_that_the_rubric_lacks_is_refused_and_nothing_is_kept(office: Office, ana: Desk) -> None:
    work = ana.gets(office.assignment())

    with pytest.raises(LevelOutOfScaleError, match="levels 1 to 2, not 3"):
        record(ana.workplace, work, [change("rationale/using", "Good."), change("score/using", 3)])

    assert ana.edits(work) == 0
    assert ana.waiting(DeedKind.EDIT) == []


def test_a_clock_that_is_set_back_orders_nothing(office: Office, ana: Desk) -> None:
    work = ana.gets(office.assignment())
    record(ana.workplace, work, [change("score/taking", 2)])
    ana.clock[0] -= timedelta(days=400)

    record(ana.workplace, work, [change("score/taking", 4)])

    assert ana.says(work, "score/taking") == 4
    assert ana.draft(work).conflicts == ()


def test_a_deed_hides_what_it_says_and_the_persons_other_laptop_reads_it(
    office: Office, ana: Desk, ana_at_home: Desk
) -> None:
    portfolio = office.assignment()
    work = ana.gets(portfolio)
    ana_at_home.gets(portfolio)
    record(ana.workplace, work, [change("rationale/taking", "Names stand beside every point.")])

    (body,) = ana.waiting(DeedKind.EDIT)
    assert b"Names stand" not in body
    assert b"rationale" not in body
    ana_at_home.hears(*ana.sends())
    assert ana_at_home.says(work, "rationale/taking") == "Names stand beside every point."


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (AssignmentState.WITHDRAWN, "This portfolio is no longer with you. Given to Ben."),
        (AssignmentState.RECEIVED, "Your decision is with the hub."),
        (AssignmentState.DONE, "This portfolio is done."),
    ],
)
def test_what_the_hub_closed_is_not_changed_and_the_draft_stays(
    office: Office, ana: Desk, state: AssignmentState, sentence: str
) -> None:
    portfolio = office.assignment()
    work = ana.gets(portfolio)
    record(ana.workplace, work, [change("score/taking", 3)])
    ana.hears_of(portfolio, state, "Given to Ben." if state is AssignmentState.WITHDRAWN else "")

    with pytest.raises(AssessmentClosedError) as refused:
        record(ana.workplace, work, [change("score/taking", 4)])

    assert refused.value.detail == sentence
    assert refused.value.safe == "Your draft is kept on this laptop."
    assert ana.says(work, "score/taking") == 3


def test_an_approver_never_scores(office: Office, cleo: Desk) -> None:
    work = cleo.gets(for_approver(office.assignment()))

    with pytest.raises(RuleError, match="never scores"):
        record(cleo.workplace, work, [change("score/taking", 3)])


def test_what_fails_halfway_keeps_nothing(office: Office, ana: Desk) -> None:
    work = ana.gets(office.assignment())
    desk = replace(ana.workplace, new_id=iter(["only-one"]).__next__)

    with pytest.raises(StopIteration):
        record(desk, work, [change("score/taking", 3), change("score/using", 2)])

    assert ana.edits(work) == 0
