"""Signing, taking back, correcting, stepping back: each deed waits, and says so until the hub has answered."""

from collections.abc import Callable
from datetime import timedelta
from os import urandom

import pytest

from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.domain.decision import Manifest, Withdrawal
from assessor_desk.domain.ids import AssignmentId
from assessor_desk.domain.portfolio import Assignment, AssignmentState
from assessor_desk.errors import AssessmentClosedError, NotReadyError, RuleError
from assessor_desk.operations.assessing import record
from assessor_desk.operations.deciding import Signature, decide
from assessor_desk.operations.declining import decline
from assessor_desk.operations.documents import assess
from assessor_desk.operations.listing import queue
from assessor_desk.operations.overview import status
from assessor_desk.operations.recalling import recall
from assessor_desk.operations.showing import portfolio as show
from assessor_desk.seals.digests import verify_part
from assessor_desk.seals.signatures import Purpose, Signed, verify
from assessor_desk.store.deeds import OutboxState
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import ConflictOfInterest, DecisionDeed, DeedKind
from tests.operations.office import READY, Desk, Office, change

Sign = Callable[[AssignmentId], Signature]


@pytest.fixture
def portfolio(office: Office) -> Assignment:
    return office.assignment()


@pytest.fixture
def work(portfolio: Assignment, ana: Desk, renderer: Renderer) -> AssignmentId:
    """Return an assessment that is ready to be signed."""
    work = ana.gets(portfolio)
    assess(ana.workplace, work, READY.encode(), "work.yaml", renderer)
    return work


@pytest.fixture
def sign(ana: Desk) -> Sign:
    return lambda work: decide(ana.workplace, work, urandom)


def test_a_decision_names_the_first_open_thing_and_counts_the_rest(
    portfolio: Assignment, ana: Desk, sign: Sign
) -> None:
    work = ana.gets(portfolio)

    with pytest.raises(NotReadyError) as refused:
        sign(work)
    assert refused.value.detail == (
        "This cannot be signed yet. “The notes” was not opened yet. Beside that, 3 more things are open."
    )

    everything = {"opened/" + each.id: "opened" for each in portfolio.round.artifacts}
    record(ana.workplace, work, [change(name, value) for name, value in everything.items()])
    record(ana.workplace, work, [change("score/using", 1), change("looked-for/using", "In the plan.")])
    record(ana.workplace, work, [change("rationale/using", "Nothing follows."), change("score/taking", 1)])
    record(ana.workplace, work, [change("looked-for/taking", "On both pages.")])
    with pytest.raises(NotReadyError) as refused:
        sign(work)
    assert refused.value.detail == "This cannot be signed yet. 1 Taking the notes has no rationale yet."
    assert ana.waiting(DeedKind.DECISION) == []


def test_a_decision_signs_the_outcome_and_everything_it_rests_on(
    portfolio: Assignment, ana: Desk, work: AssignmentId, sign: Sign
) -> None:
    signature = sign(work)

    (body,) = ana.waiting(DeedKind.DECISION)
    deed = codec.from_bytes(body, DecisionDeed)
    verify(deed.signed, ana.workplace.keys.signing.public, Purpose.DECISION)
    manifest = codec.from_signed(deed.signed.body, Manifest)
    assert (manifest.id, manifest.outcome, manifest.supersedes) == (signature.id, "earned", None)
    assert dict(manifest.artifacts) == {each.id: each.sha256 for each in portfolio.round.artifacts}
    for part in deed.parts:
        verify_part(part, {name.value: digest for name, digest in manifest.parts.items()}[part.name])
    assert {part.name: part.value for part in deed.parts}["scores"] == {"taking": 3, "using": 2}


def test_what_is_signed_is_closed_until_it_is_taken_back(ana: Desk, work: AssignmentId, sign: Sign) -> None:
    first = sign(work)
    with pytest.raises(AssessmentClosedError, match="waits to be sent"):
        record(ana.workplace, work, [change("score/taking", 4)])
    with pytest.raises(AssessmentClosedError, match="waits to be sent"):
        sign(work)

    done = recall(ana.workplace, work, "One more look.")

    assert (done.what, done.asked) == ("decision", False)
    assert ana.deed(first.id) is OutboxState.RECALLED
    record(ana.workplace, work, [change("score/taking", 4)])
    assert sign(work).id != first.id


def test_a_sent_decision_is_asked_back_once(ana: Desk, work: AssignmentId, sign: Sign) -> None:
    first = sign(work)
    ana.sends()

    done = recall(ana.workplace, work, "One more look.")

    assert done.asked
    assert "until an approver has opened it" in done.words
    (body,) = ana.waiting(DeedKind.WITHDRAWAL)
    asked = codec.from_signed(codec.from_bytes(body, Signed).body, Withdrawal)
    assert (asked.withdraws, asked.reason) == (first.id, "One more look.")
    with pytest.raises(RuleError, match="asked for this decision already"):
        recall(ana.workplace, work, "")
    ana.is_refused("An approver has opened it.")
    assert recall(ana.workplace, work, "").asked


def test_what_an_attempt_to_send_was_made_for_is_asked_back(ana: Desk, work: AssignmentId, sign: Sign) -> None:
    signed = sign(work)
    with ana.store.transaction() as tx:
        tx.outbox.sending([signed.id])

    assert recall(ana.workplace, work, "").asked


def test_nothing_signed_means_nothing_to_take_back(ana: Desk, work: AssignmentId, sign: Sign) -> None:
    with pytest.raises(RuleError, match="nothing of yours"):
        recall(ana.workplace, work, "")

    sign(work)
    ana.is_refused("The rubric is another one.")
    with pytest.raises(RuleError, match="nothing of yours"):
        recall(ana.workplace, work, "")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(AssignmentState.RETURNED, "came back to you already"), (AssignmentState.DONE, "signed off")],
)
def test_what_came_back_or_was_signed_off_is_not_asked_for(
    portfolio: Assignment, ana: Desk, work: AssignmentId, sign: Sign, state: AssignmentState, sentence: str
) -> None:
    sign(work)
    ana.sends()
    ana.hears_of(portfolio, state)

    with pytest.raises(RuleError, match=sentence):
        recall(ana.workplace, work, "")


def test_a_correction_takes_the_place_of_what_was_returned(
    portfolio: Assignment, ana: Desk, work: AssignmentId, sign: Sign
) -> None:
    first = sign(work)
    ana.sends()
    ana.hears_of(portfolio, AssignmentState.RETURNED, "Look at page 2.")
    record(ana.workplace, work, [change("rationale/using", "Page 2 names the day.")])

    second = sign(work)

    (body,) = ana.waiting(DeedKind.DECISION)
    manifest = codec.from_signed(codec.from_bytes(body, DecisionDeed).signed.body, Manifest)
    assert (manifest.id, manifest.supersedes) == (second.id, first.id)
    assert recall(ana.workplace, work, "").asked is False


def test_a_refused_decision_is_told_and_the_draft_goes_on(ana: Desk, work: AssignmentId, sign: Sign) -> None:
    first = sign(work)
    ana.is_refused("This decision names other artifacts than the round has. Sync, look again, and sign again.")

    (refused,) = [each for each in status(ana.workplace).refused if each.startswith("A decision")]
    assert refused.startswith("A decision of 2026-05-12 09:00 UTC was not accepted. This decision names other")
    (listed,) = show(ana.workplace, work).decisions
    assert (listed.decision, listed.state) == (first.id, "refused")
    sign(work)
    (body,) = ana.waiting(DeedKind.DECISION)
    assert codec.from_signed(codec.from_bytes(body, DecisionDeed).signed.body, Manifest).supersedes is None


def test_a_clock_behind_the_hub_is_told_when_signing(ana: Desk, work: AssignmentId, sign: Sign) -> None:
    ana.clock[0] -= timedelta(hours=3)

    signed = sign(work)

    assert signed.clock.startswith("This laptop's clock is 3 hours behind the time that the hub last told.")
    assert signed.clock in status(ana.workplace).words


def test_a_withdrawn_portfolio_keeps_its_draft_and_cannot_be_signed(
    portfolio: Assignment, ana: Desk, work: AssignmentId, sign: Sign
) -> None:
    ana.hears_of(portfolio, AssignmentState.WITHDRAWN, "Given to Ben on May 12.")

    with pytest.raises(AssessmentClosedError, match=r"no longer with you\. Given to Ben on May 12\.") as refused:
        sign(work)

    assert refused.value.safe == "Your draft is kept on this laptop."
    assert show(ana.workplace, work).criteria[0].rationale == "Each point has a name beside it."


def test_stepping_back_closes_the_portfolio_and_can_be_taken_back_while_it_waits(
    ana: Desk, work: AssignmentId, sign: Sign
) -> None:
    decline(ana.workplace, work, " I know the family. ")

    (body,) = ana.waiting(DeedKind.CONFLICT_OF_INTEREST)
    assert codec.from_bytes(body, ConflictOfInterest) == ConflictOfInterest(work, "I know the family.")
    assert [each.state for each in queue(ana.workplace)] == ["waiting to send"]
    with pytest.raises(AssessmentClosedError, match="declared a conflict of interest"):
        sign(work)
    with pytest.raises(RuleError, match="already"):
        decline(ana.workplace, work, "Again.")

    assert recall(ana.workplace, work, "").what == "declared conflict of interest"
    assert sign(work).outcome == "earned"
    with pytest.raises(RuleError, match="waits to be sent"):
        decline(ana.workplace, work, "I know the family.")


def test_a_sent_conflict_of_interest_cannot_be_taken_back_and_needs_a_reason(ana: Desk, work: AssignmentId) -> None:
    with pytest.raises(NotReadyError, match="needs a reason"):
        decline(ana.workplace, work, "  ")
    decline(ana.workplace, work, "I know the family.")
    ana.sends()

    with pytest.raises(RuleError, match="may know of your conflict of interest"):
        recall(ana.workplace, work, "")


def test_the_list_says_how_far_each_portfolio_is(office: Office, ana: Desk, work: AssignmentId, sign: Sign) -> None:
    ana.gets(office.assignment())
    begun = ana.gets(office.assignment())
    record(ana.workplace, begun, [change("score/taking", 3)])

    assert sorted(each.state for each in queue(ana.workplace)) == ["in progress", "ready to submit", "to do"]
    sign(work)
    assert "waiting to send" in [each.state for each in queue(ana.workplace)]
