"""Pairing: a first laptop, a second one with the recovery sheet, and whatever can go wrong on the way."""

import base64
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assessor_desk.environment.paths import Home
from assessor_desk.errors import (
    DeskError,
    DiskFullError,
    HubRefusedError,
    HubUnreachableError,
    InputError,
    SignatureError,
    StoreMissingError,
    WrongPassphraseError,
)
from assessor_desk.seals.keyfile import Keys
from assessor_desk.seals.recovery import RecoverySheet
from assessor_desk.seals.signatures import SigningKey
from assessor_desk.store import membership
from assessor_desk.store.store import Store
from assessor_desk.sync import begun, pairing
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.pairing import Paired, pair
from assessor_desk.wire import codec
from assessor_desk.wire.pairing import PairingRequest
from tests.doubles.clocks import StandingClock
from tests.doubles.hub import CUT, FakeHub
from tests.store.world import PASSPHRASE, RECOVERY
from tests.sync.doorsteps import Door, Dying, is_paired, left, raising
from tests.sync.laptops import first_run, opened, paired
from tests.sync.stages import FakeStage, Stage, real_stage

OTHER_PASSPHRASE = "another horse battery staple"


def test_a_first_laptop_gets_a_store_that_knows_its_hub(stage: Stage, desk_home: Home, clock: StandingClock) -> None:
    found = paired(stage, "ana", desk_home.root, clock)

    hello = stage.doorstep().hello()
    assert is_paired(desk_home, found)
    assert (found.membership.hub, found.membership.hub_name) == (hello.hub, hello.name)
    assert found.membership.identity.raw == hello.identity_key
    assert (found.membership.person_name, found.membership.address) == ("Ana", stage.address)
    assert found.membership.roles == ("assessor",)
    assert stage.line(found.membership.token).changes_since("").items
    assert (found.sheet.person, found.sheet.hub, found.sheet.made) == ("Ana", hello.name, clock().date())
    assert stat.S_IMODE(found.paths.folder.stat().st_mode) == 0o700


def test_a_second_laptop_opens_the_drafts_with_the_sheet_of_the_first(
    stage: Stage, desk_home: Home, tmp_path: Path, clock: StandingClock
) -> None:
    first = paired(stage, "ana", tmp_path / "first", clock)
    with opened(stage, first, clock) as laptop:
        given = stage.give("ana", b"a plan")
        laptop.sync()
        laptop.write(given, "rationale/c1", "Every move has a day.")
        laptop.sync()

    second = paired(stage, "ana", desk_home.root, clock, first.sheet.text())

    with opened(stage, second, clock) as other:
        other.sync()
        assert [settled.value for settled in other.draft(given).fields.values()] == ["Every move has a day."]
    assert second.membership.device != first.membership.device
    assert second.sheet.secret == first.sheet.secret


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("", "needs the recovery sheet"),
        (RecoverySheet("Ana", "Lab", "store", StandingClock()().date(), RECOVERY).text(), "is not the recovery sheet"),
        ("not a sheet at all", "recovery"),
    ],
    ids=["none", "another's", "no sheet"],
)
def test_a_second_laptop_without_the_right_sheet_is_not_paired(
    stage: Stage, desk_home: Home, tmp_path: Path, clock: StandingClock, sheet: str, words: str
) -> None:
    first = paired(stage, "ana", tmp_path / "first", clock)
    ticket = stage.invite("ana")

    with pytest.raises(InputError) as refused:
        pair(desk_home, stage.doorstep(), first_run(stage, ticket, recovery_sheet=sheet), clock)

    assert words in refused.value.detail
    assert left(desk_home) == []
    again = pair(desk_home, stage.doorstep(), first_run(stage, ticket, recovery_sheet=first.sheet.text()), clock)
    assert is_paired(desk_home, again)


class Recorder(httpx.BaseTransport):
    """Keeps every byte that goes to a hub."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self._line = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += [str(request.url).encode(), *(each for pair in request.headers.raw for each in pair)]
        self.sent.append(request.read())
        return self._line.handle_request(request)

    def close(self) -> None:
        self._line.close()


def spellings(secret: bytes) -> Iterator[bytes]:
    """Yield how a secret could be written, wherever it begins within a longer text of base64."""
    yield secret
    yield secret.hex().encode()
    yield base64.b32encode(secret)
    for offset in range(3):
        written = base64.b64encode(bytes(offset) + secret)[4:-4]
        yield from (written, written.replace(b"+", b"-").replace(b"/", b"_"))


def test_the_hub_never_sees_a_private_key(tmp_path: Path, clock: StandingClock) -> None:
    recorder = Recorder()
    with real_stage(tmp_path / "hub", clock) as stage:
        sheet, secrets, line = "", [PASSPHRASE.encode()], HubClient(stage.address, transport=recorder)
        for name in ("first", "second"):
            told = first_run(stage, stage.invite("ana"), recovery_sheet=sheet)
            found = pair(Home.at(tmp_path / name), line, told, clock)
            sheet = found.sheet.text()
            _, keys = _unlocked(found)
            secrets += [keys.data, keys.sealing.to_bytes(), keys.signing.to_bytes(), found.sheet.secret]
        with opened(stage, found, clock) as laptop:
            given = stage.give("ana", b"a plan")
            laptop.line = HubClient(stage.address, found.membership.token, recorder)
            laptop.sync()
            laptop.write(given, "rationale/c1", "Nobody but me reads this.")
            laptop.sync()
        line.close()
    secrets.append(b"Nobody but me reads this.")

    sent = b"\n".join(recorder.sent)
    assert base64.b64encode(keys.sealing.public.raw)[:-4] in _signed(recorder.sent)
    assert [each for secret in secrets for each in spellings(secret) if each in sent] == []


def _unlocked(found: Paired) -> tuple[Store, Keys]:
    store, keys = Store.unlock(found.paths, PASSPHRASE)
    store.close()
    return store, keys


def _signed(sent: list[bytes]) -> bytes:
    """Return the signed proof of the last pairing, which shows that the recorder would have seen a key."""
    (*_, last) = [each for each in sent if b'"proof"' in each]
    return codec.from_bytes(last, PairingRequest).proof.body


def test_a_spent_invitation_is_refused_and_leaves_nothing(stage: Stage, desk_home: Home, clock: StandingClock) -> None:
    ticket = stage.invite("ana")
    pair(Home.at(desk_home.root / "elsewhere"), stage.doorstep(), first_run(stage, ticket), clock)

    with pytest.raises(HubRefusedError, match="used already"):
        pair(desk_home, stage.doorstep(), first_run(stage, ticket), clock)

    assert left(desk_home) == []


def test_a_hub_with_another_fingerprint_than_the_invitations_is_told_nothing(
    stage: Stage, desk_home: Home, clock: StandingClock
) -> None:
    code = stage.invite("ana").partition(".")[0]
    forged = f"{code}.{SigningKey.generate().public.fingerprint}"
    door = Door(stage.doorstep())

    with pytest.raises(SignatureError, match="not the one that the invitation is for"):
        pair(desk_home, door, first_run(stage, forged), clock)

    assert door.asked == []
    assert left(desk_home) == []


def test_a_passphrase_that_is_too_short_is_refused_before_anything_is_asked(
    fake: FakeStage, desk_home: Home, clock: StandingClock
) -> None:
    door = Door(fake.doorstep())

    with pytest.raises(InputError, match="passphrase"):
        pair(desk_home, door, first_run(fake, fake.invite("ana"), passphrase="short"), clock)

    assert door.asked == []


def test_a_refused_proof_leaves_nothing(fake: FakeStage, desk_home: Home, clock: StandingClock) -> None:
    door = Door(fake.doorstep(), before=raising(HubRefusedError("No.", problem_type="rule", status=409)))

    with pytest.raises(HubRefusedError):
        pair(desk_home, door, first_run(fake, fake.invite("ana")), clock)

    assert left(desk_home) == []


# The answer is lost, or the laptop dies.


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", [HubUnreachableError(CUT), Dying()], ids=["no answer", "dead"])
def test_the_same_pairing_goes_on_where_it_stopped(
    stage: Stage, desk_home: Home, tmp_path: Path, clock: StandingClock, when: str, error: BaseException
) -> None:
    ticket = stage.invite("ana")
    with pytest.raises(type(error)):
        pair(desk_home, Door(stage.doorstep(), **{when: raising(error)}), first_run(stage, ticket), clock)  # type: ignore[arg-type]
    with pytest.raises(StoreMissingError):
        desk_home.only_store()

    found = pair(desk_home, stage.doorstep(), first_run(stage, ticket), clock)

    assert is_paired(desk_home, found)
    assert stage.line(found.membership.token).changes_since("").items
    second = paired(stage, "ana", tmp_path / "second", clock, found.sheet.text())
    assert second.membership.person == found.membership.person


def test_a_lost_answer_tells_what_to_do(fake: FakeStage, desk_home: Home, clock: StandingClock) -> None:
    door = Door(fake.doorstep(), after=raising(HubUnreachableError(CUT)))

    with pytest.raises(HubUnreachableError) as lost:
        pair(desk_home, door, first_run(fake, fake.invite("ana")), clock)

    assert "Pair again with the same invitation and passphrase" in lost.value.next


def test_a_new_invitation_after_a_lost_answer_needs_no_sheet_that_nobody_has_seen(
    stage: Stage, desk_home: Home, tmp_path: Path, clock: StandingClock
) -> None:
    door = Door(stage.doorstep(), after=raising(HubUnreachableError(CUT)))
    with pytest.raises(HubUnreachableError):
        pair(desk_home, door, first_run(stage, stage.invite("ana")), clock)

    found = paired(stage, "ana", desk_home.root, clock)

    assert is_paired(desk_home, found)
    assert is_paired(Home.at(tmp_path / "2"), paired(stage, "ana", tmp_path / "2", clock, found.sheet.text()))


def test_another_passphrase_does_not_open_what_was_begun(
    fake: FakeStage, desk_home: Home, clock: StandingClock
) -> None:
    ticket = fake.invite("ana")
    door = Door(fake.doorstep(), after=raising(HubUnreachableError(CUT)))
    with pytest.raises(HubUnreachableError):
        pair(desk_home, door, first_run(fake, ticket), clock)

    with pytest.raises(WrongPassphraseError, match="begun here with another passphrase"):
        pair(desk_home, fake.doorstep(), first_run(fake, ticket, passphrase=OTHER_PASSPHRASE), clock)

    assert is_paired(desk_home, pair(desk_home, fake.doorstep(), first_run(fake, ticket), clock))


def test_what_the_hub_never_heard_of_is_begun_anew_with_another_passphrase(
    fake: FakeStage, desk_home: Home, clock: StandingClock
) -> None:
    ticket = fake.invite("ana")
    with pytest.raises(Dying):
        pair(desk_home, Door(fake.doorstep(), before=raising(Dying())), first_run(fake, ticket), clock)

    found = pair(desk_home, fake.doorstep(), first_run(fake, ticket, passphrase=OTHER_PASSPHRASE), clock)

    assert left(desk_home) == [found.paths.id]
    Store.unlock(desk_home.only_store(), OTHER_PASSPHRASE)[0].close()


@pytest.mark.parametrize("place", ["assessor_desk.store.membership.keep", "assessor_desk.store.keys.write_ring"])
def test_a_laptop_that_dies_while_the_store_is_made_has_none(
    fake: FakeStage, desk_home: Home, clock: StandingClock, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    ticket = fake.invite("ana")

    def die(*_: object) -> None:
        raise Dying

    with monkeypatch.context() as laptop:
        where = (
            "assessor_desk.store.membership.keep"
            if place == "the membership"
            else "assessor_desk.store.keys.write_ring"
        )
        laptop.setattr(where, die)
        with pytest.raises(Dying):
            pair(desk_home, fake.doorstep(), first_run(fake, ticket), clock)
    with pytest.raises(StoreMissingError):
        desk_home.only_store()

    assert is_paired(desk_home, pair(desk_home, fake.doorstep(), first_run(fake, ticket), clock))


def test_a_laptop_that_dies_when_all_is_done_is_paired(
    fake: FakeStage, desk_home: Home, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = fake.invite("ana")

    def die(*_: object) -> None:
        raise Dying

    with monkeypatch.context() as laptop:
        laptop.setattr(pairing, "clear", die)
        with pytest.raises(Dying):
            pair(desk_home, fake.doorstep(), first_run(fake, ticket), clock)
    with pytest.raises(HubRefusedError, match="used already"):
        pair(desk_home, fake.doorstep(), first_run(fake, ticket), clock)

    store, _ = Store.unlock(desk_home.only_store(), PASSPHRASE)
    with store, store.reading() as tx:
        assert membership.known(tx.meta).person_name == "Ana"


def test_a_pairing_with_another_hub_that_was_begun_is_left_alone(desk_home: Home, clock: StandingClock) -> None:
    other, stage = FakeStage(FakeHub(clock)), FakeStage(FakeHub(clock))
    other.hub.id, other.hub.identity = "another", SigningKey.generate()  # type: ignore[assignment]
    ticket = other.invite("ana")
    with pytest.raises(HubUnreachableError):
        pair(desk_home, Door(other.hub, after=raising(HubUnreachableError(CUT))), first_run(other, ticket), clock)

    first = paired(stage, "ana", desk_home.root, clock)
    assert desk_home.only_store() == first.paths
    second = pair(desk_home, other.hub, first_run(other, ticket), clock)

    assert left(desk_home) == sorted([first.paths.id, second.paths.id])


def test_nothing_readable_lies_on_the_disk_while_a_pairing_is_under_way(
    fake: FakeStage, desk_home: Home, clock: StandingClock
) -> None:
    ticket = fake.invite("ana")
    with pytest.raises(HubUnreachableError):
        pair(desk_home, Door(fake.hub, after=raising(HubUnreachableError(CUT))), first_run(fake, ticket), clock)
    files = [path for path in desk_home.root.rglob("*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files}

    found = pair(desk_home, fake.hub, first_run(fake, ticket), clock)

    _, keys = _unlocked(found)
    secrets = [keys.data, keys.sealing.to_bytes(), keys.signing.to_bytes(), found.sheet.secret, PASSPHRASE.encode()]
    assert [each for secret in secrets for each in spellings(secret) if each in written] == []
    assert ticket.partition(".")[0].encode() not in written
    assert modes == {0o600}


def test_a_full_disk_ends_the_pairing_before_the_hub_hears_of_it(
    fake: FakeStage, desk_home: Home, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door(fake.doorstep())
    ticket = fake.invite("ana")

    def full(*_: object) -> None:
        raise DiskFullError("The disk has no room left.")

    with monkeypatch.context() as disk:
        disk.setattr(begun, "atomic_write", full)
        with pytest.raises(DiskFullError):
            pair(desk_home, door, first_run(fake, ticket), clock)

    assert [type(each) for each in door.asked] == [str]
    assert left(desk_home) == []
    assert is_paired(desk_home, pair(desk_home, door, first_run(fake, ticket), clock))


def test_a_file_that_is_no_pairing_is_passed_over(fake: FakeStage, desk_home: Home, clock: StandingClock) -> None:
    for number, content in enumerate((b"", b"{}", b"\xff", b'{"hub":"h","ring":"{}"}')):
        folder = desk_home.stores_folder / f"odd-{number}"
        folder.mkdir(parents=True)
        (folder / begun.NAME).write_bytes(content)

    found = paired(fake, "ana", desk_home.root, clock)

    assert desk_home.only_store() == found.paths


def test_errors_of_pairing_say_that_the_laptop_is_as_it_was(
    fake: FakeStage, desk_home: Home, clock: StandingClock
) -> None:
    fake.hub.faults.down = True

    with pytest.raises(DeskError) as away:
        pair(desk_home, fake.hub, first_run(fake, fake.invite("ana")), clock)

    assert away.value.detail == "The hub does not answer at its address."
    assert left(desk_home) == []
