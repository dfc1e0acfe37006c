"""Becoming a desk of a hub: the invitation, the keys that are made here, the store that keeps them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.ids import DeviceId
from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.errors import (
    HubProtocolError,
    HubRefusedError,
    HubUnreachableError,
    SignatureError,
    WrongPassphraseError,
)
from assessor_desk.seals.keyfile import KeyRing
from assessor_desk.seals.passphrases import check_passphrase
from assessor_desk.seals.recovery import RecoverySheet
from assessor_desk.seals.sealing import SealingPublic
from assessor_desk.seals.signatures import PublicKey, Purpose, verify
from assessor_desk.seals.wrapping import Argon2Cost
from assessor_desk.store import membership
from assessor_desk.store.membership import Membership
from assessor_desk.store.meta import Position
from assessor_desk.store.store import Store
from assessor_desk.store.transaction import Transaction
from assessor_desk.sync import new_keys
from assessor_desk.sync.begun import Begun, all_begun, clear, sealed_recovery
from assessor_desk.sync.hub import Doorstep
from assessor_desk.sync.new_keys import SAFE, NewKeys
from assessor_desk.wire import codec
from assessor_desk.wire.pairing import (
    Hello,
    InvitationFound,
    PairingAnswer,
    PairingProof,
    PairingRequest,
    Ticket,
    code_sha256,
)

STRONG = Argon2Cost()


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What a person decides at first run.

    Attributes:
        recovery_sheet: the text of the sheet from an earlier laptop; empty on the first one
        cost: of deriving a key from the passphrase
    """

    address: str
    ticket: str
    passphrase: str
    device_name: str
    recovery_sheet: str = ""
    cost: Argon2Cost = STRONG


@dataclass(frozen=True, slots=True)
class Paired:
    """The new store, and the recovery sheet to print; a person's later laptops keep to the first one's sheet."""

    paths: StorePaths
    membership: Membership
    sheet: RecoverySheet


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One try to pair, its keys on the disk; `resumed` says that the hub may have heard of it before."""

    begun: Begun
    new: NewKeys
    resumed: bool


def pair(home: Home, doorstep: Doorstep, first_run: FirstRun, now: Callable[[], datetime]) -> Paired:
    """Pair this laptop, or raise what went wrong; after a lost answer the same call goes on where it stopped."""
    check_passphrase(first_run.passphrase)
    ticket = Ticket.read(first_run.ticket)
    hello = _greeted(doorstep, ticket)
    attempt = _attempt(home, doorstep, first_run, hello, ticket)
    answer = _asked(doorstep, hello, ticket, first_run, attempt)
    _require_own_entry(hello, answer, attempt)
    member = _member(hello, answer, first_run.address)
    _make_store(attempt, member, answer)
    clear(home, hello.hub)
    sheet = RecoverySheet(answer.person_name, hello.name, attempt.begun.paths.id, now().date(), attempt.new.recovery)
    return Paired(attempt.begun.paths, member, sheet)


def _greeted(doorstep: Doorstep, ticket: Ticket) -> Hello:
    hello = doorstep.hello()
    if not ticket.names(hello.identity_key):
        raise SignatureError(
            "The hub at this address is not the one that the invitation is for.",
            safe=SAFE,
            next="Compare the address with the invitation; if it is the same, tell the program office at once.",
        )
    return hello


def _attempt(home: Home, doorstep: Doorstep, first_run: FirstRun, hello: Hello, ticket: Ticket) -> _Attempt:
    """Return the try that was begun with the same invitation, or begin one."""
    earlier = all_begun(home, hello.hub)
    same = [each for each in earlier if each.code_sha256 == code_sha256(ticket.code)]
    for each in same:
        if new := _opened(each, first_run.passphrase):
            return _Attempt(each, new, resumed=True)
    try:
        found = doorstep.look(ticket.code)
    except HubRefusedError as error:
        if same:
            raise _other_passphrase() from error
        raise
    return _begin(home, hello, ticket, first_run, _keys(found, first_run, earlier))


def _keys(found: InvitationFound, first_run: FirstRun, earlier: Sequence[Begun]) -> NewKeys:
    if found.sealing_key is None:
        return new_keys.first(found.person)
    known = SealingPublic(found.sealing_key).text
    for each in earlier:  # the hub took that one, but this laptop never heard
        if each.sealing_key == known and (new := _opened(each, first_run.passphrase)):
            return new_keys.beside(new)
    return new_keys.later(found, first_run.recovery_sheet)


def _begin(home: Home, hello: Hello, ticket: Ticket, first_run: FirstRun, new: NewKeys) -> _Attempt:
    home.create()
    paths = home.store(str(uuid4()))
    begun = Begun(
        paths=paths,
        hub=hello.hub,
        code_sha256=code_sha256(ticket.code),
        device=DeviceId(str(uuid4())),
        sealing_key=new.keys.sealing.public.text,
        ring=KeyRing.create(paths.id, new.keys, first_run.passphrase, new.recovery, first_run.cost),
        recovery=sealed_recovery(paths, new),
        escrow=new.escrow,
    )
    begun.save()
    return _Attempt(begun, new, resumed=False)


def _opened(begun: Begun, passphrase: str) -> NewKeys | None:
    try:
        return begun.unlock(passphrase)
    except WrongPassphraseError:
        return None


def _asked(doorstep: Doorstep, hello: Hello, ticket: Ticket, first_run: FirstRun, attempt: _Attempt) -> PairingAnswer:
    proof = PairingProof(
        hub=hello.hub,
        code_sha256=attempt.begun.code_sha256,
        device=attempt.begun.device,
        device_name=first_run.device_name,
        public_key=attempt.new.keys.signing.public.raw,
        sealing_key=attempt.new.keys.sealing.public.raw,
    )
    signed = attempt.new.keys.signing.sign(Purpose.PAIRING_PROOF, codec.to_members(proof))
    try:
        return doorstep.pair(PairingRequest(ticket.code, signed, attempt.new.escrow or None))
    except HubRefusedError:
        if not attempt.resumed:
            attempt.begun.forget()
        raise
    except HubUnreachableError as error:
        raise HubUnreachableError(
            error.detail,
            safe="The new keys are kept on this laptop.",
            next="Pair again with the same invitation and passphrase; it goes on where it stopped.",
        ) from error


def _require_own_entry(hello: Hello, answer: PairingAnswer, attempt: _Attempt) -> None:
    """Hold what the hub vouches for against the keys that were made here."""
    verify(answer.entry, PublicKey(hello.identity_key), Purpose.DIRECTORY)
    entry = codec.from_signed(answer.entry.body, DeviceEntry)
    keys, device = attempt.new.keys, attempt.begun.device
    vouched = (entry.hub, entry.person, entry.device, entry.public_key, entry.sealing_key)
    if answer.device != device or vouched != (
        hello.hub,
        answer.person,
        device,
        keys.signing.public.raw,
        keys.sealing.public.raw,
    ):
        raise HubProtocolError("The hub vouches for another laptop or person than this one.", safe=SAFE)


def _member(hello: Hello, answer: PairingAnswer, address: str) -> Membership:
    return Membership(
        hub=hello.hub,
        hub_name=hello.name,
        address=address,
        identity_key=PublicKey(hello.identity_key).text,
        person=answer.person,
        person_name=answer.person_name,
        device=answer.device,
        token=answer.token,
        roles=answer.roles,
    )


def _make_store(attempt: _Attempt, member: Membership, answer: PairingAnswer) -> None:
    def prepare(tx: Transaction) -> None:
        membership.keep(tx.meta, member)
        # The epoch too: what is told before the first pull must be offered again if the hub is restored then.
        tx.meta.advance(Position("", answer.epoch, answer.time))

    Store.create(attempt.begun.paths, attempt.new.keys, attempt.begun.ring, prepare).close()


def _other_passphrase() -> WrongPassphraseError:
    return WrongPassphraseError(
        "The pairing with this invitation was begun here with another passphrase.",
        safe=SAFE,
        next="Pair again with the passphrase that you chose then, or ask for a new invitation.",
    )
