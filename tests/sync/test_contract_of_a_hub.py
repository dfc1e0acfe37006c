"""What a hub promises a desk: the same tests on the fake and, over HTTP, on a real one, so that the fake is honest."""

import threading
from contextlib import suppress
from dataclasses import replace

import msgspec
import pytest

from assessor_desk.domain.ids import AssessmentId, AssignmentId, Digest, EditId
from assessor_desk.domain.portfolio import Assignment, AssignmentState
from assessor_desk.errors import HubRefusedError, HubUnreachableError
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.signatures import PublicKey, Purpose, verify
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import ConflictOfInterest, Deed, ReceiptStatus
from assessor_desk.wire.pairing import Ticket
from assessor_desk.wire.records import FeedItem, LedgerHead, RecordKind, SealedEdit
from tests.store.world import identity
from tests.sync.stages import Joined, Keys, Line, Stage, join, request

PLAN = bytes(range(256)) * 1_000


def items(line: Line, cursor: str = "") -> list[FeedItem]:
    found: list[FeedItem] = []
    while True:
        page = line.changes_since(cursor)
        found += page.items
        if not page.more:
            return found
        assert page.cursor != cursor
        cursor = page.cursor


def end_of(line: Line) -> str:
    page = line.changes_since("")
    while page.more:
        page = line.changes_since(page.cursor)
    return page.cursor


def assignment(line: Line) -> Assignment:
    (body,) = [each.body for each in items(line) if each.kind == RecordKind.ASSIGNMENT]
    return codec.from_bytes(body, Assignment)


def deed(kind: str, body: object, key: str) -> Deed:
    written = codec.to_bytes(body)
    return Deed(key, kind, 1, Digest(sha256(written)), msgspec.Raw(written))


def sealed(desk: Joined, of: AssignmentId, stage: Stage, name: str = "edit") -> Deed:
    edit_id = EditId(identity(f"{name} {desk.keys.device}"))
    hub = stage.doorstep().hello().hub
    edit = SealedEdit(hub, AssessmentId(of), edit_id, desk.keys.device, b"\x00" * 300)
    return deed("edit", edit, edit_id)


def told(line: Line, *deeds: Deed) -> list[ReceiptStatus]:
    answer = line.tell(deeds)
    assert [(each.key, each.kind) for each in answer.receipts] == [(each.key, each.kind) for each in deeds]
    return [each.status for each in answer.receipts]


def refusal(error: pytest.ExceptionInfo[HubRefusedError]) -> tuple[str, int]:
    return error.value.problem_type, error.value.status


def test_the_hub_says_who_it_is_to_anyone(stage: Stage) -> None:
    hello = stage.doorstep().hello()

    assert Ticket.read(stage.invite("ana")).names(hello.identity_key)
    assert hello.wire == (codec.VERSION,)
    assert hello.epoch


def test_looking_at_an_invitation_does_not_spend_it(stage: Stage) -> None:
    ticket = stage.invite("ana")
    door = stage.doorstep()

    found = [door.look(Ticket.read(ticket).code) for _ in range(7)]

    assert {each.person_name for each in found} == {"Ana"}
    assert found[0].sealing_key is None
    assert door.pair(request(door.hello(), ticket, Keys())).person == found[0].person


def test_a_wrong_code_is_refused_and_five_end_the_invitation(stage: Stage) -> None:
    code = Ticket.read(stage.invite("ana")).code
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    door = stage.doorstep()

    for _ in range(5):
        with pytest.raises(HubRefusedError) as refused:
            door.look(wrong)
        assert refusal(refused) == ("invitation", 403)

    with pytest.raises(HubRefusedError) as ended:
        door.look(code)
    assert refusal(ended) == ("invitation", 403)


def test_the_same_desk_may_ask_again_and_another_may_not(stage: Stage) -> None:
    ticket, keys = stage.invite("ana"), Keys()
    door = stage.doorstep()
    hello = door.hello()
    lost = door.pair(request(hello, ticket, keys))

    again = door.pair(request(hello, ticket, keys))

    assert replace(again, token="") == replace(lost, token="")
    assert items(stage.line(again.token))
    for other in (Keys(sealing=keys.sealing), Keys(device=keys.device, sealing=keys.sealing)):
        with pytest.raises(HubRefusedError) as refused:
            door.pair(request(hello, ticket, other))
        assert refusal(refused) == ("invitation", 403)
    with pytest.raises(HubRefusedError):
        door.look(Ticket.read(ticket).code)


def test_the_hub_vouches_for_the_key_that_was_proven(stage: Stage) -> None:
    joined = join(stage, "ana")
    identity_key = PublicKey(stage.doorstep().hello().identity_key)

    body = verify(joined.answer.entry, identity_key, Purpose.DIRECTORY)

    assert body["device"] == joined.answer.device == joined.keys.device
    own = [each for each in items(joined.line) if each.kind == RecordKind.DEVICE]
    assert joined.keys.device in {each.id for each in own}


def test_a_proof_for_another_hub_pairs_nothing(stage: Stage) -> None:
    ticket = stage.invite("ana")
    door = stage.doorstep()

    with pytest.raises(HubRefusedError):
        door.pair(request(replace(door.hello(), hub=identity("elsewhere")), ticket, Keys()))  # type: ignore[arg-type]

    assert door.look(Ticket.read(ticket).code).person_name == "Ana"


def test_a_second_desk_finds_the_escrow_and_must_bring_the_same_sealing_key(stage: Stage) -> None:
    first = Keys()
    door = stage.doorstep()
    hello = door.hello()
    door.pair(request(hello, stage.invite("ana"), first, b"wrapped by the sheet"))
    ticket = stage.invite("ana")

    found = door.look(Ticket.read(ticket).code)
    with pytest.raises(HubRefusedError):
        door.pair(request(hello, ticket, Keys()))
    paired = door.pair(request(hello, ticket, Keys(sealing=first.sealing)))

    assert (found.sealing_key, found.escrow) == (first.sealing.public.raw, b"wrapped by the sheet")
    assert paired.device != first.device


def test_the_feed_brings_what_was_given_and_then_nothing(stage: Stage) -> None:
    line = join(stage, "ana").line
    given = stage.give("ana", PLAN)

    found = items(line)
    end = end_of(line)

    assert assignment(line).id == given
    assert assignment(line).state is AssignmentState.TO_DO
    assert [each.sha256 for each in assignment(line).round.artifacts] == [sha256(PLAN)]
    assert items(line, end) == []
    assert line.changes_since(end).cursor == end
    assert items(line) == found
    assert items(line, "no such cursor") == found


def test_a_changed_record_comes_again_whole_and_once(stage: Stage) -> None:
    line = join(stage, "ana").line
    given = stage.give("ana", PLAN)
    end = end_of(line)

    stage.withdraw(given)

    (changed,) = items(line, end)
    assert codec.from_bytes(changed.body, Assignment).state is AssignmentState.WITHDRAWN
    assert len([each for each in items(line) if each.id == given]) == 1


def test_a_kind_from_the_future_comes_as_it_is(stage: Stage) -> None:
    line = join(stage, "ana").line
    stage.put("ana", "from-the-future", {"f1": b'{"new":[1,2]}'})

    (found,) = [each for each in items(line) if each.kind == "from-the-future"]

    assert (found.id, bytes(found.body)) == ("f1", b'{"new":[1,2]}')


def test_long_feeds_come_in_pages(stage: Stage) -> None:
    line = join(stage, "ana").line
    stage.put("ana", "note", {str(number): b'{"n":%d}' % number for number in range(501)})

    first = line.changes_since("")

    assert first.more
    assert len(first.items) == 500
    numbers = [each.id for each in items(line) if each.kind == "note"]
    assert numbers == [str(number) for number in range(501)]


def test_counts_are_those_of_the_feed(stage: Stage) -> None:
    desk = join(stage, "ana")
    given = stage.give("ana", PLAN)
    stage.put("ana", "from-the-future", {"f1": b"{}"})
    told(desk.line, sealed(desk, given, stage))

    counts = desk.line.counts()

    lines: dict[str, list[str]] = {}
    for each in items(desk.line):
        lines.setdefault(each.kind, []).append(f"{each.id} {sha256(bytes(each.body))}\n")
    expected = {kind: (len(found), sha256("".join(sorted(found)).encode())) for kind, found in lines.items()}
    assert {kind: (each.count, each.sha256) for kind, each in counts.kinds.items()} == expected
    assert "sealed-edit" not in counts.kinds


def test_the_ledgers_head_is_signed_and_moves_on(stage: Stage) -> None:
    line = join(stage, "ana").line
    identity_key = PublicKey(stage.doorstep().hello().identity_key)
    heads = []
    for _ in range(2):
        stage.seal_ledger()
        signed = line.counts().ledger_head
        assert signed is not None
        verify(signed, identity_key, Purpose.LEDGER_HEAD)
        heads.append(codec.from_signed(signed.body, LedgerHead))

    assert heads[1].number > heads[0].number
    assert heads[1].hub == stage.doorstep().hello().hub


def test_a_deed_told_twice_gets_the_same_receipt_and_has_one_effect(stage: Stage) -> None:
    desk = join(stage, "ana")
    other = join(stage, "ana", Keys(sealing=desk.keys.sealing))
    edit = sealed(desk, stage.give("ana", PLAN), stage)

    answers = [desk.line.tell((edit,)).receipts for _ in range(2)]

    assert answers[0] == answers[1]
    assert answers[0][0].status is ReceiptStatus.ACCEPTED
    assert answers[0][0].sha256 == edit.sha256
    assert [each.id for each in items(other.line) if each.kind == RecordKind.SEALED_EDIT] == [edit.key]


def test_a_sealed_edit_reaches_the_persons_other_desks_as_it_was_sent(stage: Stage) -> None:
    desk = join(stage, "ana")
    second, stranger = join(stage, "ana", Keys(sealing=desk.keys.sealing)), join(stage, "bo")
    edit = sealed(desk, stage.give("ana", PLAN), stage)
    end = end_of(desk.line)

    told(desk.line, edit)

    (found,) = [each for each in items(second.line) if each.kind == RecordKind.SEALED_EDIT]
    assert bytes(found.body) == bytes(edit.body)
    assert items(desk.line, end) == []
    assert all(each.kind != RecordKind.SEALED_EDIT for each in [*items(desk.line), *items(stranger.line)])


def test_receipts_come_in_order_each_for_its_own_deed(stage: Stage) -> None:
    desk = join(stage, "ana")
    given = stage.give("ana", PLAN)
    good = sealed(desk, given, stage)
    changed = replace(sealed(desk, given, stage, "changed"), sha256=Digest("0" * 64))
    unknown = deed("from-the-future", {}, identity("future"))
    newer = replace(sealed(desk, given, stage, "newer"), version=99)
    foreign = sealed(desk, AssignmentId(identity("nobody's")), stage, "foreign")
    taken = deed("edit", {"other": "content"}, good.key)

    statuses = told(desk.line, changed, good, unknown, newer, foreign, taken)

    assert statuses == [ReceiptStatus.REFUSED, ReceiptStatus.ACCEPTED, *[ReceiptStatus.REFUSED] * 4]
    for receipt in desk.line.tell((foreign, taken)).receipts:
        assert receipt.problem is not None
        assert receipt.problem.detail.endswith(".")


def test_stepping_back_ends_the_assignment(stage: Stage) -> None:
    desk = join(stage, "ana")
    given = stage.give("ana", PLAN)

    statuses = told(desk.line, deed("conflict-of-interest", ConflictOfInterest(given, "A cousin."), identity("coi")))

    assert statuses == [ReceiptStatus.ACCEPTED]
    assert assignment(desk.line).state is AssignmentState.WITHDRAWN


def test_an_edit_of_a_withdrawn_assignment_is_still_taken(stage: Stage) -> None:
    desk = join(stage, "ana")
    given = stage.give("ana", PLAN)
    stage.withdraw(given)

    assert told(desk.line, sealed(desk, given, stage)) == [ReceiptStatus.ACCEPTED]


@pytest.mark.parametrize("start", [0, 1, 70_000, len(PLAN) - 1])
def test_an_artifact_comes_from_any_byte_on(stage: Stage, start: int) -> None:
    line = join(stage, "ana").line
    stage.give("ana", PLAN)

    with line.artifact(Digest(sha256(PLAN)), start) as incoming:
        content = b"".join(incoming.parts)

    assert (incoming.start, incoming.total) == (start, len(PLAN))
    assert content == PLAN[start:]


def test_an_artifact_comes_only_to_whom_it_is_assigned(stage: Stage) -> None:
    line, other = join(stage, "ana").line, join(stage, "bo").line
    given = stage.give("ana", PLAN)

    for desk, digest in ((other, sha256(PLAN)), (line, "0" * 64)):
        with pytest.raises(HubRefusedError) as refused, desk.artifact(Digest(digest), 0):
            pass
        assert refusal(refused) == ("not-found", 404)

    stage.withdraw(given)
    with pytest.raises(HubRefusedError) as ended, line.artifact(Digest(sha256(PLAN)), 0):
        pass
    assert refusal(ended) == ("not-found", 404)


def test_a_stranger_gets_nothing(stage: Stage) -> None:
    line = stage.line("no such token")

    for ask in (lambda: line.changes_since(""), line.counts, lambda: line.tell(())):
        with pytest.raises(HubRefusedError) as refused:
            ask()
        assert refusal(refused) == ("not-paired", 401)


def test_a_revoked_desk_gets_nothing_and_its_edits_are_refused(stage: Stage) -> None:
    desk = join(stage, "ana")
    edit = sealed(desk, stage.give("ana", PLAN), stage)

    stage.revoke(desk.keys.device)

    with pytest.raises(HubRefusedError) as refused:
        desk.line.changes_since("")
    assert refusal(refused) == ("device-revoked", 403)
    assert told(desk.line, edit) == [ReceiptStatus.REFUSED]


def test_news_is_told_of_what_comes_and_of_what_came(stage: Stage) -> None:
    desk = join(stage, "ana")
    end = end_of(desk.line)
    writer = threading.Thread(target=stage.give, args=("ana", PLAN))

    with desk.line.news(end) as news:
        writer.start()
        heard = next(iter(news.cursors))
        writer.join()
    with desk.line.news(end) as late:
        missed = next(iter(late.cursors))

    assert items(desk.line, end)
    assert missed == end_of(desk.line)
    assert heard != end


def test_a_line_that_is_cut_here_ends(stage: Stage) -> None:
    desk = join(stage, "ana")
    ended = threading.Event()

    with desk.line.news(end_of(desk.line)) as news:

        def listen() -> None:
            with suppress(HubUnreachableError):
                list(news.cursors)
            ended.set()

        listener = threading.Thread(target=listen)
        listener.start()
        news.end()
        listener.join(10)

    assert ended.is_set()


def test_a_restored_hub_begins_a_new_epoch_and_takes_again_what_it_lost(stage: Stage) -> None:
    desk = join(stage, "ana")
    given = stage.give("ana", PLAN)
    stage.backup()
    desk = replace(desk, line=stage.line(desk.answer.token))
    edit = sealed(desk, given, stage)
    told(desk.line, edit)
    cursor, before = end_of(desk.line), desk.line.counts()

    stage.restore()

    line = stage.line(desk.answer.token)
    page = line.changes_since(cursor)
    assert page.epoch != before.epoch
    assert given in {each.id for each in page.items}
    receipts = line.tell((edit,))
    assert receipts.epoch == page.epoch
    assert receipts.receipts[0].status is ReceiptStatus.ACCEPTED
