from dataclasses import replace

import pytest
from sqlalchemy import select

from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.ids import DeviceId, HubId, PersonId
from assessor_desk.errors import DeskError, InputError, InvitationError, NotPairedError, RuleError, SignatureError
from assessor_desk.hub import access, directory, feed, invitations, pairing, people, tables
from assessor_desk.hub.actors import Actor, Role
from assessor_desk.hub.data import Hub
from assessor_desk.hub.feed import Reader
from assessor_desk.hub.people import Standing
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.tables.transactions import reading
from assessor_desk.wire import codec
from assessor_desk.wire.pairing import PairingProof, Ticket
from assessor_desk.wire.records import FeedPage, RecordKind
from tests.doubles.clocks import StandingClock
from tests.hub.people_here import ELN, LEADED, Keys, desk_of, paired, request, someone


def code_for(hub: Hub, handle: str) -> str:
    return invitations.invite(hub, handle).ticket.code


def wrong(code: str) -> str:
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def actor(hub: Hub, token: str) -> Actor:
    with reading(hub.engine) as connection:
        return access.identify(connection, hub.id, f"Bearer {token}", hub.clock())


def entries_seen_by(hub: Hub, person: PersonId) -> dict[DeviceId, DeviceEntry]:
    with reading(hub.engine) as connection:
        page = feed.page(connection, Reader(person, DeviceId("any")), "", hub.epoch, hub.clock())
    items = codec.from_bytes(page, FeedPage).items
    signed = [codec.from_bytes(item.body, Signed) for item in items if item.kind == RecordKind.DEVICE]
    found = [codec.from_signed(each.body, DeviceEntry) for each in signed]
    for each in signed:
        verify(each, hub.identity.public, Purpose.DIRECTORY)
    return {entry.device: entry for entry in found if entry.device != str(hub.id)}  # the hub has an entry too


def test_a_ticket_carries_the_code_and_the_hubs_fingerprint(hub: Hub) -> None:
    someone(hub, "ana", Role.ASSESSOR)

    written = invitations.invite(hub, "ana").ticket.written()

    code, _, fingerprint = written.partition(".")
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert len(fingerprint.replace("-", "")) * 5 >= 80
    assert Ticket.read(written.lower()).names(hub.identity.public.raw)


def test_a_ticket_without_the_fingerprint_is_not_read() -> None:
    with pytest.raises(InputError, match="fingerprint"):
        Ticket.read("ABCD-EFGH-JKMN")


def test_pairing_binds_a_proven_key_to_the_person_who_was_invited(hub: Hub) -> None:
    desk = desk_of(hub, "ana", Role.ASSESSOR, Role.APPROVER)

    found = actor(hub, desk.answer.token)

    assert (found.person, found.device, found.public_key) == (desk.person, desk.device, desk.keys.signing.public.raw)
    assert found.roles == {ELN: {Role.ASSESSOR, Role.APPROVER}}
    assert desk.answer.roles == ("approver", "assessor")
    entry = codec.from_signed(desk.answer.entry.body, DeviceEntry)
    verify(desk.answer.entry, hub.identity.public, Purpose.DIRECTORY)
    assert (entry.device, entry.person, entry.public_key) == (desk.device, desk.person, found.public_key)
    assert entry.signs_at(hub.clock())


def test_neither_code_nor_token_can_be_read_from_the_tables(hub: Hub) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    code = code_for(hub, "ana")
    token = pairing.pair(hub, request(hub, code, Keys())).token

    with reading(hub.engine) as connection:
        rows = [
            repr(row)
            for table in (tables.invitation, tables.token, tables.device, tables.deed, tables.act)
            for row in connection.execute(select(table))
        ]

    assert rows
    assert not any(token in row or code[5:] in row or code.replace("-", "")[4:] in row for row in rows)


def test_five_wrong_codes_end_an_invitation(hub: Hub) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    code = code_for(hub, "ana")
    for _ in range(4):
        with pytest.raises(InvitationError, match="opens no invitation"):
            invitations.look(hub, wrong(code))
    assert invitations.look(hub, code).person_name == "Ana"

    with pytest.raises(InvitationError):
        pairing.pair(hub, request(hub, wrong(code), Keys()))

    with pytest.raises(InvitationError, match="too often"):
        invitations.look(hub, code)


def test_an_invitation_ends_after_72_hours(hub: Hub, clock: StandingClock) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    code = code_for(hub, "ana")
    clock.forward(hours=71, minutes=59)
    invitations.look(hub, code)

    clock.forward(minutes=1)

    with pytest.raises(InvitationError, match="run out"):
        pairing.pair(hub, request(hub, code, Keys()))


def test_a_new_invitation_ends_the_one_before(hub: Hub) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    first = code_for(hub, "ana")
    code_for(hub, "ana")

    with pytest.raises(InvitationError):
        invitations.look(hub, first)


def test_an_invitation_serves_one_desk(hub: Hub) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    code = code_for(hub, "ana")
    keys = Keys()
    pairing.pair(hub, request(hub, code, keys))

    with pytest.raises(InvitationError, match="used already"):
        pairing.pair(hub, request(hub, code, Keys(sealing=keys.sealing)))
    with pytest.raises(InvitationError, match="used already"):
        invitations.look(hub, code)


def test_a_desk_that_lost_the_answer_asks_again_and_gets_a_new_token(hub: Hub) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    asked = request(hub, code_for(hub, "ana"), Keys())
    lost = pairing.pair(hub, asked)

    again = pairing.pair(hub, asked)

    assert replace(again, token="") == replace(lost, token="")
    assert actor(hub, again.token).device == lost.device
    with pytest.raises(NotPairedError):
        actor(hub, lost.token)


def test_someone_else_with_the_code_cannot_pose_as_the_desk_that_used_it(hub: Hub) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    code = code_for(hub, "ana")
    keys = Keys()
    pairing.pair(hub, request(hub, code, keys))

    with pytest.raises(InvitationError):
        pairing.pair(hub, request(hub, code, Keys(device=keys.device, sealing=keys.sealing)))


@pytest.mark.parametrize(
    "changed",
    [
        {"hub": HubId("another")},
        {"code_sha256": "0" * 64},
        {"public_key": Keys().signing.public.raw},
        {"public_key": b"short"},
        {"sealing_key": b"short"},
        {"device": DeviceId("not-a-uuid")},
        {"device": DeviceId("6F9619FF-8B86-D011-B42D-00C04FC964FF")},
        {"device_name": "x" * 201},
    ],
    ids=["hub", "code", "key of another", "short key", "short sealing key", "odd id", "id in capitals", "long name"],
)
def test_a_proof_that_does_not_fit_pairs_nothing(hub: Hub, changed: dict[str, object]) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    code = code_for(hub, "ana")

    with pytest.raises(DeskError):
        pairing.pair(hub, request(hub, code, Keys(), **changed))

    with reading(hub.engine) as connection:
        assert connection.execute(select(tables.device)).all() == []
    assert invitations.look(hub, code).person_name == "Ana"


def test_a_signature_for_another_purpose_is_no_proof(hub: Hub) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    keys = Keys()
    asked = request(hub, code_for(hub, "ana"), keys)
    body = codec.to_members(codec.from_signed(asked.proof.body, PairingProof))

    with pytest.raises(SignatureError):
        pairing.pair(hub, replace(asked, proof=keys.signing.sign(Purpose.DECISION, body)))


def test_a_second_desk_finds_the_escrow_and_must_bring_the_same_sealing_key(hub: Hub) -> None:
    someone(hub, "ana", Role.ASSESSOR)
    first = paired(hub, "ana", escrow=b"wrapped by the recovery sheet")
    code = code_for(hub, "ana")

    found = invitations.look(hub, code)
    with pytest.raises(RuleError, match="does not have the key"):
        pairing.pair(hub, request(hub, code, Keys()))
    second = pairing.pair(hub, request(hub, code, Keys(sealing=first.keys.sealing), b"another"))

    assert found.sealing_key == first.keys.sealing.public.raw
    assert found.escrow == b"wrapped by the recovery sheet"
    assert second.person == first.person
    assert invitations.look(hub, code_for(hub, "ana")).escrow == b"wrapped by the recovery sheet"


def test_who_shares_a_program_learns_of_every_device_and_others_of_none(hub: Hub) -> None:
    ana = desk_of(hub, "ana", Role.ASSESSOR)
    bo = desk_of(hub, "bo", Role.APPROVER)
    late = someone(hub, "late", Role.LEAD)
    stranger = desk_of(hub, "stranger", Role.ASSESSOR, program=LEADED)

    for person in (ana.person, bo.person, late.id):
        assert set(entries_seen_by(hub, person)) == {ana.device, bo.device}
    assert set(entries_seen_by(hub, stranger.person)) == {stranger.device}

    people.give_roles(hub, "stranger", [Standing(ELN, Role.ASSESSOR)])

    assert set(entries_seen_by(hub, stranger.person)) == {stranger.device, ana.device, bo.device}
    assert stranger.device in entries_seen_by(hub, ana.person)


def test_a_revoked_device_is_known_as_such_to_all_and_its_token_ends(hub: Hub, clock: StandingClock) -> None:
    ana = desk_of(hub, "ana", Role.ASSESSOR)
    bo = desk_of(hub, "bo", Role.APPROVER)
    at = clock.forward(days=1)

    directory.revoke(hub, ana.device)
    directory.revoke(hub, ana.device)

    assert entries_seen_by(hub, bo.person)[ana.device].revoked_at == at
    assert actor(hub, ana.answer.token).revoked
    with reading(hub.engine) as connection:
        assert connection.execute(
            select(tables.token.c.ended_at).where(tables.token.c.device == ana.device)
        ).scalars().all() == [at]


def test_a_registration_runs_out(hub: Hub, clock: StandingClock) -> None:
    ana = desk_of(hub, "ana", Role.ASSESSOR)
    clock.forward(days=731)

    with pytest.raises(NotPairedError, match="run out"):
        actor(hub, ana.answer.token)


def test_a_handle_names_one_person(hub: Hub) -> None:
    someone(hub, "ana", Role.ASSESSOR)

    with pytest.raises(InputError, match="already"):
        someone(hub, "ana")


def test_the_public_key_in_the_directory_is_the_one_that_signed(hub: Hub) -> None:
    ana = desk_of(hub, "ana", Role.ASSESSOR)
    signed = ana.keys.signing.sign(Purpose.DECISION, {"what": "ever"})

    entry = entries_seen_by(hub, ana.person)[ana.device]

    assert verify(signed, PublicKey(entry.public_key), Purpose.DECISION)["what"] == "ever"
