"""What waits for an approver: only what holds can be signed off, and one bad record hides nothing else."""

from collections.abc import Callable
from dataclasses import replace
from os import urandom
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.domain import draft
from assessor_desk.domain.annotations import to_annotation
from assessor_desk.domain.decision import Reason, SignOff, Verdict, Withdrawal
from assessor_desk.domain.evidence import Evidence, Passage, Place, TextQuote, WholeArtifact
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import AssessmentId, AssignmentId, CriterionId, Digest, EvidenceId
from assessor_desk.domain.portfolio import Assignment, AssignmentState, Part
from assessor_desk.errors import ConflictOfInterestError, InputError, NotReadyError, SignatureError
from assessor_desk.operations.approving import sign_off
from assessor_desk.operations.assessing import Change
from assessor_desk.operations.assessing import record as record_changes
from assessor_desk.operations.deciding import decide
from assessor_desk.operations.declining import decline
from assessor_desk.operations.documents import assess
from assessor_desk.operations.keeping import check
from assessor_desk.operations.quoting import Quotes
from assessor_desk.operations.recalling import recall
from assessor_desk.operations.reviewing import awaiting, review
from assessor_desk.operations.showing import portfolio as show
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.signatures import Purpose, Signed, SigningKey, verify
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionOpened, DeedKind
from assessor_desk.wire.records import DecisionRecord, DecisionState, FeedItem, RecordKind
from tests.operations.office import MORNING, READY, Desk, Office, decided, for_approver, laptop, record, signed_off

Alter = Callable[[DecisionRecord], DecisionRecord]


@pytest.fixture
def portfolio(office: Office) -> Assignment:
    return office.assignment()


@pytest.fixture
def decision(ana: Desk, portfolio: Assignment, renderer: Renderer) -> FeedItem:
    """Return Ana's decision as the hub hands it on."""
    work = ana.gets(portfolio)
    assess(ana.workplace, work, READY.encode(), "work.yaml", renderer)
    decide(ana.workplace, work, urandom)
    return decided(ana)


@pytest.fixture
def case(cleo: Desk, portfolio: Assignment, decision: FeedItem) -> Assignment:
    """Return the approver's part in the case, with the decision waiting at her desk."""
    case = for_approver(portfolio)
    cleo.gets(case)
    cleo.hears(decision)
    return case


def altered(decision: FeedItem, change: Alter) -> FeedItem:
    return record(RecordKind.DECISION, decision.id, change(codec.from_bytes(decision.body, DecisionRecord)))


def signed(desk: Desk) -> SignOff:
    (body,) = desk.waiting(DeedKind.SIGN_OFF)
    told = codec.from_bytes(body, Signed)
    verify(told, desk.workplace.keys.signing.public, Purpose.SIGN_OFF)
    return codec.from_signed(told.body, SignOff)


def test_what_waits_is_listed_with_what_supports_it(cleo: Desk, case: Assignment, decision: FeedItem) -> None:
    (waiting,) = awaiting(cleo.workplace)

    assert (waiting.decision, waiting.code, waiting.outcome) == (decision.id, case.portfolio.code, "earned")
    assert (waiting.assessor, waiting.standing) == ("Ana Reyes", "not yet calibrated")
    assert (waiting.criteria, waiting.with_evidence, waiting.with_rationale) == (2, 2, 2)
    assert (waiting.second_score, waiting.problem) == ("none", "")


@pytest.mark.parametrize("called", ["", "  ", "too short", "P-9999", "nonsense"])
def test_what_names_no_decision_for_sure_signs_nothing(
    cleo: Desk, case: Assignment, decision: FeedItem, called: str
) -> None:
    with pytest.raises(InputError, match="No decision that waits for you is called"):
        sign_off(cleo.workplace, decision.id[:5] if called == "too short" else called, Verdict.APPROVE)


@pytest.mark.parametrize("called", ["id", "beginning", "code", "small code"])
def test_a_sign_off_names_the_decision_and_its_content(
    cleo: Desk, case: Assignment, decision: FeedItem, called: str
) -> None:
    code = case.portfolio.code
    names = {"id": decision.id, "beginning": decision.id[:6], "code": code, "small code": code.lower()}

    made = sign_off(cleo.workplace, names[called], Verdict.APPROVE)

    told, held = signed(cleo), codec.from_bytes(decision.body, DecisionRecord)
    assert (told.id, told.decision, told.verdict) == (made.id, decision.id, Verdict.APPROVE)
    assert told.decision_sha256 == sha256(held.signed.body)
    assert (told.portfolio, told.round) == (case.portfolio.id, case.round.id)


def test_a_return_says_what_each_reason_is_about(cleo: Desk, case: Assignment) -> None:
    reasons = ("using: Which day?", "letter: The closing is missing.", "A word on the whole, nothing more.")

    sign_off(cleo.workplace, case.portfolio.code, Verdict.RETURN, reasons)

    assert signed(cleo).reasons == (
        Reason("using", "Which day?"),
        Reason("letter", "The closing is missing."),
        Reason("letter", "A word on the whole, nothing more."),
    )


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        ((), "A decision goes back only with a reason."),
        (("usage: Which day?",), "“usage:” at the start of a reason names no criterion."),
        (("using:",), "The reason on using has 0 signs."),
        (("x" * 401,), "The reason on letter has 401 signs."),
    ],
)
def test_a_return_without_a_usable_reason_is_refused(
    cleo: Desk, case: Assignment, reasons: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises((NotReadyError, InputError)) as refused:
        sign_off(cleo.workplace, case.portfolio.code, Verdict.RETURN, reasons)

    assert refused.value.detail == sentence
    assert cleo.waiting(DeedKind.SIGN_OFF) == []


def _of_another_part(found: DecisionRecord) -> DecisionRecord:
    parts = tuple(replace(part, value={"taking": 4}) if part.name == "scores" else part for part in found.parts)
    return replace(found, parts=parts)


def _with_a_part_nobody_signed(found: DecisionRecord) -> DecisionRecord:
    return replace(found, parts=(*found.parts, replace(found.parts[0], name="gossip")))


def _of_another_body(found: DecisionRecord) -> DecisionRecord:
    body = found.signed.body.replace(b'"outcome":"earned"', b'"outcome":"not yet earned"')
    return replace(found, signed=replace(found.signed, body=body))


FORGED: dict[str, tuple[Alter, str]] = {
    "a part was changed": (_of_another_part, "The part scores is not the one that was signed."),
    "a part was added": (_with_a_part_nobody_signed, "has a part “gossip” that was not signed"),
    "the manifest was changed": (_of_another_body, "does not fit its content"),
    "it is told as somebody else's": (
        lambda found: replace(found, assessment=AssessmentId(found.assessment[::-1])),
        "is not what the hub says it is",
    ),
    "it came after the key had ended": (
        lambda found: replace(found, received_at=MORNING.replace(year=2031)),
        "when the key of its laptop no longer counted",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), FORGED.values(), ids=FORGED)
def test_a_decision_that_does_not_hold_says_why_and_cannot_be_signed_off(
    cleo: Desk, case: Assignment, decision: FeedItem, change: Alter, sentence: str, renderer: Renderer
) -> None:
    cleo.hears(altered(decision, change))

    (waiting,) = awaiting(cleo.workplace)
    assert sentence in waiting.problem
    assert review(cleo.workplace, case.portfolio.code, renderer).letter is None
    with pytest.raises(SignatureError) as refused:
        sign_off(cleo.workplace, case.portfolio.code, Verdict.APPROVE)
    assert refused.value.next == "Do not sign it; tell the program office."
    assert any(sentence in fault for fault in check(cleo.workplace))


def test_one_decision_that_does_not_hold_hides_no_other(
    office: Office, ana: Desk, cleo: Desk, case: Assignment, decision: FeedItem, renderer: Renderer
) -> None:
    ana.sends()
    other = office.assignment()
    work = ana.gets(other)
    assess(ana.workplace, work, READY.encode(), "work.yaml", renderer)
    decide(ana.workplace, work, urandom)
    cleo.gets(for_approver(other))
    cleo.hears(altered(decision, _of_another_part), decided(ana), FeedItem("decision", "x", msgspec.Raw(b"{}")))

    assert sorted(bool(each.problem) for each in awaiting(cleo.workplace)) == [False, True]
    (listed,) = show(cleo.workplace, case.id).decisions
    assert listed.problem == "The part scores is not the one that was signed."
    sign_off(cleo.workplace, other.portfolio.code, Verdict.APPROVE)


def test_a_key_that_the_hub_never_vouched_for_signs_nothing(
    office: Office, cleo: Desk, ana: Desk, case: Assignment
) -> None:
    stranger = Office(id=office.id, identity=SigningKey.generate())
    cleo.hears(stranger.vouches(ana))

    (waiting,) = awaiting(cleo.workplace)
    assert waiting.problem.startswith("It was signed with the key ")


def test_a_laptop_that_the_directory_does_not_name_signs_nothing(
    office: Office, cleo: Desk, ana: Desk, case: Assignment, tmp_path: Path
) -> None:
    cleo.hears(office.vouches(ana, device=cleo.device))

    assert awaiting(cleo.workplace)[0].problem == (
        "The hub's directory names another laptop than the one that signed this."
    )


def test_a_laptop_revoked_later_still_counts_and_one_revoked_before_does_not(
    office: Office, cleo: Desk, ana: Desk, case: Assignment
) -> None:
    cleo.hears(office.vouches(ana, revoked_at=office.time()))
    assert awaiting(cleo.workplace)[0].problem == ""

    cleo.hears(office.vouches(ana, revoked_at=MORNING))
    assert "no longer counted" in awaiting(cleo.workplace)[0].problem


def test_files_that_changed_since_stand_against_a_sign_off(cleo: Desk, case: Assignment) -> None:
    artifacts = tuple(replace(each, sha256=Digest("0" * 64)) for each in case.round.artifacts)
    moved = replace(case, round=replace(case.round, artifacts=artifacts))
    cleo.hears(record(RecordKind.ASSIGNMENT, case.id, moved))

    assert awaiting(cleo.workplace)[0].problem == "This decision names other artifacts than the round has."


def test_what_one_signed_off_waits_no_more_sent_or_not_until_it_is_taken_back(
    cleo: Desk, case: Assignment, decision: FeedItem
) -> None:
    sign_off(cleo.workplace, decision.id, Verdict.APPROVE)
    assert awaiting(cleo.workplace) == ()
    assert recall(cleo.workplace, case.id, "").asked is False
    assert len(awaiting(cleo.workplace)) == 1

    sign_off(cleo.workplace, decision.id, Verdict.APPROVE)
    told = signed_off(cleo, case.id, withdrawn=True)
    cleo.sends()
    assert awaiting(cleo.workplace) == ()
    assert recall(cleo.workplace, case.id, "Too fast.").words.endswith("until the result leaves the hub.")
    (body,) = cleo.waiting(DeedKind.WITHDRAWAL)
    assert codec.from_signed(codec.from_bytes(body, Signed).body, Withdrawal).withdraws == told.id

    cleo.hears(told)
    assert len(awaiting(cleo.workplace)) == 1


def test_who_steps_back_or_lost_the_case_has_nothing_to_sign(cleo: Desk, case: Assignment) -> None:
    decline(cleo.workplace, case.id, "My sister works there.")
    assert awaiting(cleo.workplace) == ()
    recall(cleo.workplace, case.id, "")

    cleo.hears_of(case, AssignmentState.WITHDRAWN)
    assert awaiting(cleo.workplace) == ()
    with pytest.raises(InputError, match="No decision that waits for you"):
        sign_off(cleo.workplace, case.portfolio.code, Verdict.APPROVE)


def test_nobody_signs_off_their_own(office: Office, ana: Desk, portfolio: Assignment, decision: FeedItem) -> None:
    case = for_approver(portfolio)
    ana.gets(case, files=False)
    ana.hears(office.vouches(ana), decision)

    with pytest.raises(ConflictOfInterestError, match="You scored this round"):
        sign_off(ana.workplace, decision.id, Verdict.APPROVE)


def test_opening_a_decision_goes_to_every_place_and_tells_the_hub_once(
    cleo: Desk, case: Assignment, decision: FeedItem, renderer: Renderer
) -> None:
    assert cleo.waiting(DeedKind.OPENED) == []

    opened = review(cleo.workplace, case.portfolio.code, renderer)
    review(cleo.workplace, case.portfolio.code, renderer)

    (place,) = opened.scores[0].evidence
    assert (place.place, place.words) == ("The notes", "Mr. Bo asks for a second reading corner.")
    assert (place.stands, place.problem) == (True, "")
    assert [each.level_name for each in opened.scores] == ["Proficient", "Met"]
    assert opened.scores[1].rationale == "The plan takes the reading corner up with a day."
    assert opened.letter == {"opening": "Thank you for the notes."}
    (body,) = cleo.waiting(DeedKind.OPENED)
    assert codec.from_bytes(body, DecisionOpened) == DecisionOpened(opened.summary.decision, case.round.id)


def test_a_file_that_is_not_here_yet_leaves_its_places_unknown(
    cleo: Desk, portfolio: Assignment, decision: FeedItem, renderer: Renderer
) -> None:
    case = for_approver(portfolio)
    cleo.gets(case, files=False)
    cleo.hears(decision)

    (notes,) = review(cleo.workplace, case.portfolio.code, renderer).scores[0].evidence

    assert (notes.stands, notes.problem) == (None, "This file has not been fetched to this laptop yet.")


def test_words_that_are_not_in_the_file_are_told(
    office: Office, ana: Desk, cleo: Desk, portfolio: Assignment, renderer: Renderer
) -> None:
    work = ana.gets(portfolio)
    assess(ana.workplace, work, READY.encode(), "work.yaml", renderer)
    notes, plan = (each.sha256 for each in portfolio.round.artifacts)
    cites(ana, work, notes, Passage(TextQuote("Everybody was delighted.")))
    cites(ana, work, Digest("0" * 64), WholeArtifact())
    cites(ana, work, plan, WholeArtifact())
    with ana.store.reading() as tx:
        gone = draft.evidence(tx.journal.assessment(AssessmentId(work)))
    cleo.gets(for_approver(portfolio))

    quotes = Quotes(cleo.workplace, portfolio, renderer)

    assert {quotes.walk(each).problem for each in gone} == {
        "",
        "These words are not in the file.",
        "It is in a file that is not in this round.",
    }


def cites(desk: Desk, work: AssignmentId, artifact: Digest, place: Place) -> None:
    evidence = Evidence(EvidenceId(str(uuid4())), CriterionId("taking"), artifact, place)
    record_changes(desk.workplace, work, [Change(Field.evidence(evidence.id), to_annotation(evidence))])


def test_a_second_score_stands_beside_the_decision_and_does_not_wait_itself(
    office: Office, ana: Desk, cleo: Desk, case: Assignment, tmp_path: Path, renderer: Renderer
) -> None:
    with laptop(office, tmp_path, "Ben Okafor") as ben:
        work = ben.gets(for_second(case))
        assess(ben.workplace, work, READY.replace("proficient", "developing").encode(), "work.yaml", renderer)
        decide(ben.workplace, work, urandom)
        cleo.hears(office.vouches(ben), decided(ben, DecisionState.RECEIVED))

    (waiting,) = awaiting(cleo.workplace)
    assert (waiting.assessor, waiting.second_score) == ("Ana Reyes", "another outcome")
    opened = review(cleo.workplace, case.portfolio.code, renderer)
    assert [each.other_levels for each in opened.scores] == [(2,), (2,)]

    cleo.hears(office.vouches(ben, revoked_at=MORNING))
    assert "no longer counted" in awaiting(cleo.workplace)[0].problem


def test_the_assessor_reads_why_a_decision_came_back_if_an_approver_signed_it(
    office: Office, ana: Desk, cleo: Desk, portfolio: Assignment, case: Assignment, decision: FeedItem
) -> None:
    sign_off(cleo.workplace, decision.id, Verdict.RETURN, ("using: Which day?",))
    told = signed_off(cleo, portfolio.id)
    ana.sends()

    ana.hears(told)
    (back,) = show(ana.workplace, portfolio.id).returned
    assert (back.decision, back.reasons, back.fault) == (decision.id, (Reason("using", "Which day?"),), "")

    ana.hears(office.vouches(cleo, revoked_at=MORNING))
    (back,) = show(ana.workplace, portfolio.id).returned
    assert back.reasons == ()
    assert "no longer counted" in back.fault


def for_second(case: Assignment) -> Assignment:
    return replace(for_approver(case), part=Part.SECOND)
