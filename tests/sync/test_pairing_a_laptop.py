"""Pairing: a first laptop, a second one with the recovery sheet, and whatever can go wrong on the way."""

import base64
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.ids import DeviceId, PersonId
from assessor_desk.environment.paths import Home
from assessor_desk.errors import (
    DeskError,
    HubProtocolError,
    HubRefusedError,
    HubUnreachableError,
    InputError,
    SignatureError,
    StoreMissingError,
    WrongPassphraseError,
)
from assessor_desk.seals.keyfile import Keys
from assessor_desk.seals.recovery import RecoverySheet
from assessor_desk.seals.signatures import Purpose, SigningKey
from assessor_desk.store import membership
from assessor_desk.store.store import Store
from assessor_desk.sync import begun, pairing
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.hub import Doorstep
from assessor_desk.sync.pairing import Paired, pair
from assessor_desk.wire import codec
from assessor_desk.wire.pairing import Hello, InvitationFound, PairingAnswer, PairingRequest
from tests.doubles.clocks import StandingClock
from tests.doubles.hub import CUT, FakeHub
from tests.store.world import PASSPHRASE, RECOVERY
from tests.sync.laptops import first_run, opened, paired
from tests.sync.stages import FakeStage, Stage, real_stage

OTHER_PASSPHRASE = "another horse battery staple"


class Dying(BaseException):
    """The process ends here."""


@dataclass
class Door:
    """The hub's doorstep, at which the answer to a pairing can get lost or the desk can die."""

    inside: Doorstep
    asked: list[object] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None

    def hello(self) -> Hello:
        return self.inside.hello()

    def look(self, code: str) -> InvitationFound:
        self.asked.append(code)
        return self.inside.look(code)

    def pair(self, request: PairingRequest) -> PairingAnswer:
        self.asked.append(request)
        self.before()
        answer = self.inside.pair(request)
        self.after()
        return answer


def raising(error: BaseException) -> Callable[[], None]:
    def go_wrong() -> None:
        raise error

    return go_wrong


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "laptop")


@pytest.fixture
def fake(clock: StandingClock) -> FakeStage:
    """A hub for what happens on the laptop alone."""
    return FakeStage(FakeHub(clock))


def left(home: Home) -> list[str]:
    """Return what lies in the folder of stores."""
    return sorted(path.name for path in home.stores_folder.iterdir()) if home.stores_folder.is_dir() else []


def is_paired(home: Home, found: Paired) -> bool:
    """Return whether there is this store and no other, and whether it opens and knows its hub."""
    store, _ = Store.unlock(home.only_store(), PASSPHRASE)
    with store, store.reading() as tx:
        known = membership.known(tx.meta)
    return (known, left(home)) == (found.membership, [found.paths.id]) and not (
        found.paths.folder / begun.NAME
    ).exists()


def test_a_first_laptop_gets_a_store_that_knows_its_hub(stage: Stage, home: Home, clock: StandingClock) -> None:
    found = paired(stage, "ana", home.root, clock)

    hello = stage.doorstep().hello()
    assert is_paired(home, found)
    assert (found.membership.hub, found.membership.hub_name) == (hello.hub, hello.name)
    assert found.membership.identity.raw == hello.identity_key
    assert (found.membership.person_name, found.membership.address) == ("Ana", stage.address)
    assert found.membership.roles == ("assessor",)
    assert stage.line(found.membership.token).changes_since("").items
    assert (found.sheet.person, found.sheet.hub, found.sheet.made) == ("Ana", hello.name, clock().date())
    assert stat.S_IMODE(found.paths.folder.stat().st_mode) == 0o700


def test_a_second_laptop_opens_the_drafts_with_the_sheet_of_the_first(
    stage: Stage, home: Home, tmp_path: Path, clock: StandingClock
) -> None:
    first = paired(stage, "ana", tmp_path / "first", clock)
    with opened(stage, first, clock) as laptop:
        given = stage.give("ana", b"a plan")
        laptop.sync()
        laptop.write(given, "rationale/c1", "Every move has a day.")
        laptop.sync()

    second = paired(stage, "ana", home.root, clock, first.sheet.text())

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
    stage: Stage, home: Home, tmp_path: Path, clock: StandingClock, sheet: str, words: str
) -> None:
    first = paired(stage, "ana", tmp_path / "first", clock)
    ticket = stage.invite("ana")

    with pytest.raises(InputError) as refused:
        pair(home, stage.doorstep(), first_run(stage, ticket, recovery_sheet=sheet), clock)

    assert words in refused.value.detail
    assert left(home) == []
    again = pair(home, stage.doorstep(), first_run(stage, ticket, recovery_sheet=first.sheet.text()), clock)
    assert is_paired(home, again)


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


def test_a_spent_invitation_is_refused_and_leaves_nothing(stage: Stage, home: Home, clock: StandingClock) -> None:
    ticket = stage.invite("ana")
    pair(Home.at(home.root / "elsewhere"), stage.doorstep(), first_run(stage, ticket), clock)

    with pytest.raises(HubRefusedError, match="used already"):
        pair(home, stage.doorstep(), first_run(stage, ticket), clock)

    assert left(home) == []


def test_a_hub_with_another_fingerprint_than_the_invitations_is_told_nothing(
    stage: Stage, home: Home, clock: StandingClock
) -> None:
    code = stage.invite("ana").partition(".")[0]
    forged = f"{code}.{SigningKey.generate().public.fingerprint}"
    door = Door(stage.doorstep())

    with pytest.raises(SignatureError, match="not the one that the invitation is for"):
        pair(home, door, first_run(stage, forged), clock)

    assert door.asked == []
    assert left(home) == []


def test_a_passphrase_that_is_too_short_is_refused_before_anything_is_asked(
    fake: FakeStage, home: Home, clock: StandingClock
) -> None:
    door = Door(fake.doorstep())

    with pytest.raises(InputError, match="passphrase"):
        pair(home, door, first_run(fake, fake.invite("ana"), passphrase="short"), clock)

    assert door.asked == []


def test_a_refused_proof_leaves_nothing(fake: FakeStage, home: Home, clock: StandingClock) -> None:
    door = Door(fake.doorstep(), before=raising(HubRefusedError("No.", problem_type="rule", status=409)))

    with pytest.raises(HubRefusedError):
        pair(home, door, first_run(fake, fake.invite("ana")), clock)

    assert left(home) == []


# The answer is lost, or the laptop dies.


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", [HubUnreachableError(CUT), Dying()], ids=["no answer", "dead"])
def test_the_same_pairing_goes_on_where_it_stopped(
    stage: Stage, home: Home, tmp_path: Path, clock: StandingClock, when: str, error: BaseException
) -> None:
    ticket = stage.invite("ana")
    with pytest.raises(type(error)):
        pair(home, Door(stage.doorstep(), **{when: raising(error)}), first_run(stage, ticket), clock)  # type: ignore[arg-type]
    with pytest.raises(StoreMissingError):
        home.only_store()

    found = pair(home, stage.doorstep(), first_run(stage, ticket), clock)

    assert is_paired(home, found)
    assert stage.line(found.membership.token).changes_since("").items
    second = paired(stage, "ana", tmp_path / "second", clock, found.sheet.text())
    assert second.membership.person == found.membership.person


def test_a_lost_answer_tells_what_to_do(fake: FakeStage, home: Home, clock: StandingClock) -> None:
    door = Door(fake.doorstep(), after=raising(HubUnreachableError(CUT)))

    with pytest.raises(HubUnreachableError) as lost:
        pair(home, door, first_run(fake, fake.invite("ana")), clock)

    assert "Pair again with the same invitation and passphrase" in lost.value.next


def test_a_new_invitation_after_a_lost_answer_needs_no_sheet_that_nobody_has_seen(
    stage: Stage, home: Home, tmp_path: Path, clock: StandingClock
) -> None:
    door = Door(stage.doorstep(), after=raising(HubUnreachableError(CUT)))
    with pytest.raises(HubUnreachableError):
        pair(home, door, first_run(stage, stage.invite("ana")), clock)

    found = paired(stage, "ana", home.root, clock)

    assert is_paired(home, found)
    assert is_paired(Home.at(tmp_path / "2"), paired(stage, "ana", tmp_path / "2", clock, found.sheet.text()))


def test_another_passphrase_does_not_open_what_was_begun(fake: FakeStage, home: Home, clock: StandingClock) -> None:
    ticket = fake.invite("ana")
    door = Door(fake.doorstep(), after=raising(HubUnreachableError(CUT)))
    with pytest.raises(HubUnreachableError):
        pair(home, door, first_run(fake, ticket), clock)

    with pytest.raises(WrongPassphraseError, match="begun here with another passphrase"):
        pair(home, fake.doorstep(), first_run(fake, ticket, passphrase=OTHER_PASSPHRASE), clock)

    assert is_paired(home, pair(home, fake.doorstep(), first_run(fake, ticket), clock))


def test_what_the_hub_never_heard_of_is_begun_anew_with_another_passphrase(
    fake: FakeStage, home: Home, clock: StandingClock
) -> None:
    ticket = fake.invite("ana")
    with pytest.raises(Dying):
        pair(home, Door(fake.doorstep(), before=raising(Dying())), first_run(fake, ticket), clock)

    found = pair(home, fake.doorstep(), first_run(fake, ticket, passphrase=OTHER_PASSPHRASE), clock)

    assert left(home) == [found.paths.id]
    Store.unlock(home.only_store(), OTHER_PASSPHRASE)[0].close()


@pytest.mark.parametrize("place", ["assessor_desk.store.membership.keep", "assessor_desk.store.keys.write_ring"])
def test_a_laptop_that_dies_while_the_store_is_made_has_none(
    fake: FakeStage, home: Home, clock: StandingClock, monkeypatch: pytest.MonkeyPatch, place: str
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
            pair(home, fake.doorstep(), first_run(fake, ticket), clock)
    with pytest.raises(StoreMissingError):
        home.only_store()

    assert is_paired(home, pair(home, fake.doorstep(), first_run(fake, ticket), clock))


def test_a_laptop_that_dies_when_all_is_done_is_paired(
    fake: FakeStage, home: Home, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = fake.invite("ana")

    def die(*_: object) -> None:
        raise Dying

    with monkeypatch.context() as laptop:
        laptop.setattr(pairing, "clear", die)
        with pytest.raises(Dying):
            pair(home, fake.doorstep(), first_run(fake, ticket), clock)
    with pytest.raises(HubRefusedError, match="used already"):
        pair(home, fake.doorstep(), first_run(fake, ticket), clock)

    store, _ = Store.unlock(home.only_store(), PASSPHRASE)
    with store, store.reading() as tx:
        assert membership.known(tx.meta).person_name == "Ana"


def test_a_pairing_with_another_hub_that_was_begun_is_left_alone(home: Home, clock: StandingClock) -> None:
    other, stage = FakeStage(FakeHub(clock)), FakeStage(FakeHub(clock))
    other.hub.id, other.hub.identity = "another", SigningKey.generate()  # type: ignore[assignment]
    ticket = other.invite("ana")
    with pytest.raises(HubUnreachableError):
        pair(home, Door(other.hub, after=raising(HubUnreachableError(CUT))), first_run(other, ticket), clock)

    first = paired(stage, "ana", home.root, clock)
    assert home.only_store() == first.paths
    second = pair(home, other.hub, first_run(other, ticket), clock)

    assert left(home) == sorted([first.paths.id, second.paths.id])


def test_nothing_readable_lies_on_the_disk_while_a_pairing_is_under_way(
    fake: FakeStage, home: Home, clock: StandingClock
) -> None:
    ticket = fake.invite("ana")
    with pytest.raises(HubUnreachableError):
        pair(home, Door(fake.hub, after=raising(HubUnreachableError(CUT))), first_run(fake, ticket), clock)
    files = [path for path in home.root.rglob("*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files}

    found = pair(home, fake.hub, first_run(fake, ticket), clock)

    _, keys = _unlocked(found)
    secrets = [keys.data, keys.sealing.to_bytes(), keys.signing.to_bytes(), found.sheet.secret, PASSPHRASE.encode()]
    assert [each for secret in secrets for each in spellings(secret) if each in written] == []
    assert ticket.partition(".")[0].encode() not in written
    assert modes == {0o600}


def test_a_file_that_is_no_pairing_is_passed_over(fake: FakeStage, home: Home, clock: StandingClock) -> None:
    for number, content in enumerate((b"", b"{}", b"\xff", b'{"hub":"h","ring":"{}"}')):
        folder = home.stores_folder / f"odd-{number}"
        folder.mkdir(parents=True)
        (folder / begun.NAME).write_bytes(content)

    found = paired(fake, "ana", home.root, clock)

    assert home.only_store() == found.paths


# A hub that lies.


@pytest.mark.parametrize(
    "changed",
    [
        {"public_key": bytes(32)},
        {"sealing_key": bytes(32)},
        {"device": DeviceId("another")},
        {"person": PersonId("another")},
        {"hub": "another"},
    ],
    ids=["signing key", "sealing key", "device", "person", "hub"],
)
def test_a_hub_that_vouches_for_something_else_is_not_joined(
    home: Home, clock: StandingClock, changed: dict[str, object]
) -> None:
    hub = FakeHub(clock)
    stage = FakeStage(hub)

    class Lying(Door):
        def pair(self, request: PairingRequest) -> PairingAnswer:
            answer = super().pair(request)
            body = {**codec.to_members(codec.from_signed(answer.entry.body, DeviceEntry))}
            told = {name: codec.to_json(value) for name, value in changed.items()}
            return replace(answer, entry=hub.identity.sign(Purpose.DIRECTORY, {**body, **told}))

    with pytest.raises(HubProtocolError, match="vouches for another"):
        pair(home, Lying(hub), first_run(stage, stage.invite("ana")), clock)

    assert home.stores() == ()


@pytest.mark.parametrize("purpose", [Purpose.DIRECTORY, Purpose.DECISION])
def test_an_entry_that_the_hub_did_not_sign_for_that_is_not_believed(
    home: Home, clock: StandingClock, purpose: Purpose
) -> None:
    hub = FakeHub(clock)
    stage = FakeStage(hub)
    signer = hub.identity if purpose is Purpose.DECISION else SigningKey.generate()

    class Lying(Door):
        def pair(self, request: PairingRequest) -> PairingAnswer:
            answer = super().pair(request)
            entry = codec.to_members(codec.from_signed(answer.entry.body, DeviceEntry))
            return replace(answer, entry=signer.sign(purpose, entry))

    with pytest.raises(SignatureError):
        pair(home, Lying(hub), first_run(stage, stage.invite("ana")), clock)

    assert home.stores() == ()


@pytest.mark.parametrize("lie", ["no escrow", "another key"])
def test_a_hub_that_keeps_something_else_than_the_sheet_opens_is_told(
    home: Home, tmp_path: Path, clock: StandingClock, lie: str
) -> None:
    hub = FakeHub(clock)
    stage = FakeStage(hub)
    first = paired(stage, "ana", tmp_path / "first", clock)
    person = hub.state.people[first.membership.person]
    if lie == "no escrow":
        person.escrow = None
    else:
        person.sealing_key = bytes(32)

    with pytest.raises(HubProtocolError, match="The hub"):
        paired(stage, "ana", home.root, clock, first.sheet.text())

    assert left(home) == []


def test_errors_of_pairing_say_that_the_laptop_is_as_it_was(fake: FakeStage, home: Home, clock: StandingClock) -> None:
    fake.hub.faults.down = True

    with pytest.raises(DeskError) as away:
        pair(home, fake.hub, first_run(fake, fake.invite("ana")), clock)

    assert away.value.detail == "The hub does not answer at its address."
    assert left(home) == []
