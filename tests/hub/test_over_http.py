import json
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import select

from assessor_desk.domain.portfolio import AssignmentState
from assessor_desk.hub import directory, feed, invitations, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.bodies import DEEPEST
from assessor_desk.hub.data import Hub
from assessor_desk.hub.routes import DEEDS_BYTES
from assessor_desk.seals.digests import sha256
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.wire import codec, headers
from assessor_desk.wire.about import Me, Status
from assessor_desk.wire.deeds import Deeds, Receipts, ReceiptStatus
from assessor_desk.wire.pairing import Hello, InvitationFound, InvitationLook, PairingAnswer
from assessor_desk.wire.problems import Problem
from assessor_desk.wire.records import Counts, FeedPage, RecordKind, SealedEdit
from tests.hub.given import assigned, received
from tests.hub.people_here import Keys, PairedDesk, client, deed, desk_of, paired, request, someone

JSON = {"Content-Type": "application/json"}
CONTENT = bytes(range(256)) * 20_000


def problem(answer: httpx.Response) -> Problem:
    assert answer.headers["content-type"] == "application/problem+json"
    told = codec.from_bytes(answer.content, Problem)
    assert told.status == answer.status_code
    assert told.detail.endswith((".", "!"))
    return told


def sealed(desk: PairedDesk, assignment: str) -> SealedEdit:
    return SealedEdit(desk.hub.id, assignment, f"edit of {desk.device}", desk.device, b"\x00" * 300)  # type: ignore[arg-type]


def test_a_desk_pairs_over_the_wire(hub: Hub, url: str) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    ticket = invitations.invite(hub, "ana").ticket
    with client(url) as door:
        hello = codec.from_bytes(door.get("/v1/hello").content, Hello)
        looked = door.post("/v1/invitation", content=codec.encoded(InvitationLook(ticket.code)), headers=JSON)
        asked = codec.encoded(request(hub, ticket.code, Keys()))
        answer = codec.from_bytes(door.post("/v1/pair", content=asked, headers=JSON).content, PairingAnswer)
        me = door.get("/v1/me", headers={"Authorization": f"Bearer {answer.token}"})

    assert ticket.names(hello.identity_key)
    assert hello.wire == (codec.VERSION,)
    assert codec.from_bytes(looked.content, InvitationFound).person_name == "Ana"
    found = codec.from_bytes(me.content, Me)
    assert (found.person, found.device, dict(found.roles)) == (answer.person, answer.device, {"eln": ("assessor",)})


def test_every_answer_tells_epoch_time_and_version(hub: Hub, url: str) -> None:
    with client(url) as door:
        for answer in (door.get("/v1/hello"), door.get("/v1/me"), door.get("/nowhere"), door.put("/v1/feed")):
            assert answer.headers[headers.EPOCH] == hub.epoch
            assert answer.headers[headers.TIME] == "2026-03-02T09:00:00.000Z"
            assert answer.headers[headers.WIRE] == str(codec.VERSION)
            assert answer.headers["cache-control"] == "no-store"


def test_the_feed_is_read_page_by_page(hub: Hub, url: str) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    with writing(hub.engine) as connection:
        for number in range(1_203):
            feed.write(connection, [desk.person], RecordKind.DECISION, str(number), b'{"n":%d}' % number)

    seen: list[FeedPage] = []
    with client(url, desk.marks) as door:
        while not seen or seen[-1].more:
            after = seen[-1].cursor if seen else ""
            seen.append(codec.from_bytes(door.get("/v1/feed", params={"after": after}).content, FeedPage))
        counts = codec.from_bytes(door.get("/v1/counts").content, Counts)

    assert [len(page.items) for page in seen][:2] == [500, 500]
    bodies = {item.id: bytes(item.body) for page in seen for item in page.items if item.kind == "decision"}
    assert bodies == {str(number): b'{"n":%d}' % number for number in range(1_203)}
    assert counts.cursor == seen[-1].cursor
    lines = sorted(f"{name} {sha256(body)}\n" for name, body in bodies.items())
    assert counts.kinds["decision"].sha256 == sha256("".join(lines).encode())


def test_an_artifact_is_served_whole_and_in_parts_to_whom_it_was_given(hub: Hub, url: str) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    round_id, digest = received(hub, CONTENT)
    assigned(hub, desk.person, round_id, digest)
    path, tag = f"/v1/artifacts/{digest}", f'"{digest}"'
    with client(url, desk.marks) as door:
        whole = door.get(path)
        part = door.get(path, headers={"Range": "bytes=1000-", "If-Range": tag})
        middle = door.get(path, headers={"Range": "bytes=10-19"})
        changed = door.get(path, headers={"Range": "bytes=1000-", "If-Range": '"another"'})
        beyond = door.get(path, headers={"Range": f"bytes={len(CONTENT)}-"})
        head = door.head(path)

    assert (whole.status_code, whole.content, whole.headers["etag"]) == (200, CONTENT, tag)
    assert (part.status_code, part.content) == (206, CONTENT[1000:])
    assert part.headers["content-range"] == f"bytes 1000-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert (middle.status_code, middle.content) == (206, CONTENT[10:20])
    assert (changed.status_code, changed.content) == (200, CONTENT)
    assert beyond.status_code == 416
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(CONTENT)))


def test_knowing_a_digest_is_not_enough(hub: Hub, url: str) -> None:
    owner = desk_of(hub, "ana", Role.ASSESSOR)
    round_id, digest = received(hub, CONTENT)
    assigned(hub, owner.person, round_id, digest)
    others = [desk_of(hub, role.value, role) for role in Role]
    assigned(hub, others[0].person, round_id, digest, state=AssignmentState.WITHDRAWN)

    for other in others:
        with client(url, other.marks) as door:
            answer = door.get(f"/v1/artifacts/{digest}")
            missing = door.get(f"/v1/artifacts/{'0' * 64}")
        assert answer.status_code == 404
        assert problem(answer).detail == problem(missing).detail


def test_an_earlier_round_is_served_only_to_whom_it_is_shown(hub: Hub, url: str) -> None:
    first, digest = received(hub, CONTENT)
    with reading(hub.engine) as connection:
        portfolio = connection.execute(select(tables.round_.c.portfolio)).scalar_one()
    second, newer = received(hub, b"round two", portfolio, 2)
    returning, new = desk_of(hub, "returning", Role.ASSESSOR), desk_of(hub, "new", Role.ASSESSOR)
    assigned(hub, returning.person, second, newer, digest)
    assigned(hub, new.person, second, newer)

    statuses = []
    for desk in (returning, new):
        with client(url, desk.marks) as door:
            statuses.append([door.get(f"/v1/artifacts/{each}").status_code for each in (newer, digest)])

    assert statuses == [[200, 200], [200, 404]]
    assert first != second


def test_a_sealed_edit_reaches_its_authors_other_desk_and_nobody_else(hub: Hub, url: str) -> None:
    author = desk_of(hub, "ana", Role.ASSESSOR)
    round_id, digest = received(hub, CONTENT)
    edit = sealed(author, assigned(hub, author.person, round_id, digest))
    others = [desk_of(hub, f"other-{role}", role) for role in Role]
    with client(url, author.marks) as door:
        told = door.post("/v1/deeds", content=codec.encoded(Deeds((deed("edit", edit),))), headers=JSON)

    assert [each.status for each in codec.from_bytes(told.content, Receipts).receipts] == [ReceiptStatus.ACCEPTED]
    for other in others:
        with client(url, other.marks) as door:
            answers = [door.get(path) for path in ("/v1/feed", "/v1/counts", "/v1/me", f"/v1/artifacts/{digest}")]
        for answer in answers:
            assert b"sealed-edit" not in answer.content
            assert edit.id.encode() not in answer.content


def test_a_deed_told_twice_has_one_effect_and_one_receipt(hub: Hub, url: str) -> None:
    author = desk_of(hub, "ana", Role.ASSESSOR)
    round_id, digest = received(hub, CONTENT)
    told = deed("edit", sealed(author, assigned(hub, author.person, round_id, digest)))
    changed = deed("edit", {"hub": "another"}, key=told.key)
    with client(url, author.marks) as door:
        answers = [
            codec.from_bytes(
                door.post("/v1/deeds", content=codec.encoded(Deeds(deeds)), headers=JSON).content, Receipts
            ).receipts
            for deeds in ((told,), (told, changed), (told,))
        ]

    assert answers[0] == answers[2] == answers[1][:1]
    assert answers[0][0].sha256 == told.sha256
    assert answers[1][1].status is ReceiptStatus.REFUSED


def test_the_same_deed_on_many_connections_at_once_has_one_effect(hub: Hub, url: str) -> None:
    author = desk_of(hub, "ana", Role.ASSESSOR)
    round_id, digest = received(hub, CONTENT)
    told = codec.encoded(Deeds((deed("edit", sealed(author, assigned(hub, author.person, round_id, digest))),)))

    def tell(_: int) -> Receipts:
        with client(url, author.marks) as door:
            return codec.from_bytes(door.post("/v1/deeds", content=told, headers=JSON).content, Receipts)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(tell, range(16)))

    assert {answer.receipts[0] for answer in answers} == {answers[0].receipts[0]}
    assert answers[0].receipts[0].status is ReceiptStatus.ACCEPTED
    with reading(hub.engine) as connection:
        assert len(connection.execute(select(tables.sealed_edit)).all()) == 1


def test_a_deed_that_cannot_be_kept_does_not_hold_up_the_next(hub: Hub, url: str) -> None:
    author = desk_of(hub, "ana", Role.ASSESSOR)
    round_id, digest = received(hub, CONTENT)
    good = deed("edit", sealed(author, assigned(hub, author.person, round_id, digest)))
    bad = deed("\x00", {}, key="\x00")
    with client(url, author.marks) as door:
        answer = door.post("/v1/deeds", content=codec.encoded(Deeds((bad, good))), headers=JSON)

    receipts = codec.from_bytes(answer.content, Receipts).receipts
    assert [each.status for each in receipts] == [ReceiptStatus.REFUSED, ReceiptStatus.ACCEPTED]


def test_a_revoked_laptop_can_no_longer_change_its_persons_drafts(hub: Hub, url: str) -> None:
    author = desk_of(hub, "ana", Role.ASSESSOR)
    other = paired(hub, "ana", Keys(sealing=author.keys.sealing))
    round_id, digest = received(hub, CONTENT)
    edit = sealed(author, assigned(hub, author.person, round_id, digest))
    directory.revoke(hub, author.device)
    with client(url, author.marks) as door:
        told = door.post("/v1/deeds", content=codec.encoded(Deeds((deed("edit", edit),))), headers=JSON)
    with client(url, other.marks) as door:
        page = door.get("/v1/feed")

    receipt = codec.from_bytes(told.content, Receipts).receipts[0]
    assert receipt.status is ReceiptStatus.REFUSED
    assert receipt.problem
    assert receipt.problem.slug == "device-revoked"
    assert edit.id.encode() not in page.content


def test_staff_sees_counts_and_no_names(hub: Hub, url: str) -> None:
    staff = desk_of(hub, "sam", Role.STAFF)
    someone(hub, "zelda", Role.ASSESSOR)
    received(hub, CONTENT)
    with client(url, staff.marks) as door:
        answer = door.get("/v1/status")

    found = codec.from_bytes(answer.content, Status)
    assert (found.people, found.devices, found.portfolios, found.rounds) == (2, 1, 1, {"received": 1})
    assert b"elda" not in answer.content.lower()


@pytest.mark.parametrize(
    ("content", "kind", "status", "slug"),
    [
        (b"{", "application/json", 400, "hub-protocol"),
        (b'{"deeds":[{"key":1}]}', "application/json", 400, "hub-protocol"),
        (b"\xff\xfe", "application/json", 400, "hub-protocol"),
        (b'{"deeds":[],"x":"\\ud800"}', "application/json", 400, "hub-protocol"),
        (b'{"deeds":[],"x":' + b"[" * DEEPEST + b"]" * DEEPEST + b"}", "application/json", 400, "hub-protocol"),
        (b"[" * 100_000, "application/json", 400, "hub-protocol"),
        (b"x" * (DEEDS_BYTES + 1), "application/json", 413, "too-large"),
        (b'{"deeds":[]}', "text/plain", 415, "wrong-media"),
    ],
    ids=["cut", "other shape", "no text", "half a sign", "deep", "very deep", "large", "other kind"],
)
def test_a_body_that_cannot_be_taken_is_refused_in_words(
    hub: Hub, url: str, content: bytes, kind: str, status: int, slug: str
) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    with client(url, desk.marks) as door:
        answer = door.post("/v1/deeds", content=content, headers={"Content-Type": kind})

    assert (answer.status_code, problem(answer).slug) == (status, slug)


def test_a_large_body_of_unknown_length_is_cut_off(hub: Hub, url: str) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    with client(url, desk.marks) as door:
        answer = door.post("/v1/deeds", content=iter([b"x" * (1 << 20)] * 65), headers=JSON)

    assert answer.status_code == 413


def test_more_deeds_than_a_desk_ever_sends_at_once_are_refused(hub: Hub, url: str) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR)
    with client(url, desk.marks) as door:
        answer = door.post("/v1/deeds", content=codec.encoded(Deeds((deed("edit", {}),) * 1_001)), headers=JSON)

    assert (answer.status_code, problem(answer).slug) == (413, "too-large")


def test_other_methods_and_addresses_are_answered_as_problems(url: str) -> None:
    with client(url) as door:
        wrong = door.delete("/v1/feed")
        options = door.options("/v1/feed")
        nowhere = door.get("/v2/feed")
        slash = door.get("/v1/hello/")
        head = door.head("/v1/hello")
        endless = door.head("/v1/events")

    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert problem(wrong).slug == "method"
    assert (options.status_code, options.headers["allow"], options.content) == (204, "GET, HEAD, OPTIONS", b"")
    assert (problem(nowhere).slug, problem(slash).slug) == ("not-found", "not-found")
    assert (head.status_code, head.content) == (200, b"")
    assert (endless.status_code, endless.headers["allow"]) == (405, "GET, OPTIONS")


def test_a_fault_of_ours_is_loud_in_the_log_and_says_nothing_about_anyone(
    hub: Hub, url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR)

    def fail(*_: object) -> None:
        raise KeyError("Ana Example scored 4")

    monkeypatch.setattr(feed, "counts", fail)
    with client(url, desk.marks) as door:
        answer = door.get("/v1/counts")

    assert (answer.status_code, problem(answer).slug) == (500, "hub-fault")
    assert "Ana" not in answer.text
    assert "Ana" not in caplog.text
    assert re.search(r"GET /v1/counts: KeyError in .*fail \(", caplog.text)


def test_the_document_describes_every_route_and_its_shapes(url: str) -> None:
    with client(url) as door:
        document = json.loads(door.get("/openapi.json").content)

    assert document["openapi"] == "3.1.0"
    assert document["paths"]["/v1/portfolios"]["post"]["x-roles"] == ["platform"]
    references = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert references <= set(document["components"]["schemas"])
    assert {"FeedPage", "Receipts", "PairingAnswer", "Problem"} <= references
