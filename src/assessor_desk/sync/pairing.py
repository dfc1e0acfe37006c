"""Becoming a desk of a hub: the invitation, the keys that are made here, the store that keeps them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import uuid4

from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.ids import DeviceId
from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.errors import HubError, HubProtocolError, InputError, SignatureError
from assessor_desk.seals.keyfile import KeyRing, Keys
from assessor_desk.seals.passphrases import check_passphrase
from assessor_desk.seals.recovery import RecoverySheet, secret_in
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.seals.signatures import PublicKey, Purpose, SigningKey, verify
from assessor_desk.seals.wrapping import Argon2Cost, new_key, new_recovery_secret, recovery_key
from assessor_desk.store import membership
from assessor_desk.store.membership import Membership
from assessor_desk.store.store import Store
from assessor_desk.sync.hub import Doorstep
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
_SAFE = "Nothing was changed on this laptop."


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
class _Secrets:
    keys: Keys
    recovery: bytes
    escrow: bytes | None

    @classmethod
    def first(cls, person: str) -> Self:
        """Return the secrets of a person's first laptop."""
        keys, recovery = Keys.generate(), new_recovery_secret()
        return cls(keys, recovery, recovery_key(recovery).wrap(_escrow_name(person), keys.sealing.to_bytes()))

    @classmethod
    def later(cls, found: InvitationFound, sheet: str) -> Self:
        """Return the secrets of a later laptop: the person's sealing key comes from the hub, opened by the sheet."""
        if not sheet:
            raise InputError(
                f"{found.person_name} has a paired laptop already; this one needs the recovery sheet.",
                safe=_SAFE,
                next="Give the sheet with --recovery-sheet.",
            )
        recovery = secret_in(sheet)
        sealing = recovery_key(recovery).unwrap(_escrow_name(found.person), found.escrow or b"")
        keys = Keys(new_key(), SealingKey.from_bytes(sealing), SigningKey.generate())
        return cls(keys, recovery, None)


def pair(home: Home, doorstep: Doorstep, first_run: FirstRun, now: Callable[[], datetime]) -> Paired:
    """Pair this laptop, or raise what went wrong; a half-made store is removed again."""
    check_passphrase(first_run.passphrase)
    ticket = Ticket.read(first_run.ticket)
    hello = _greeted(doorstep, ticket)
    found = doorstep.look(ticket.code)
    secrets = (
        _Secrets.first(found.person) if found.sealing_key is None else _Secrets.later(found, first_run.recovery_sheet)
    )
    home.create()
    paths = home.store(str(uuid4()))
    ring = KeyRing.create(paths.id, secrets.keys, first_run.passphrase, secrets.recovery, first_run.cost)
    with Store.create(paths, secrets.keys, ring) as store:
        try:
            answer = doorstep.pair(_request(hello, ticket, first_run, secrets))
            _require_own_entry(hello, answer, secrets.keys)
        except HubError:
            shutil.rmtree(paths.folder)
            raise
        member = _member(hello, answer, first_run.address)
        with store.transaction() as tx:
            membership.keep(tx.meta, member)
            tx.meta.saw(answer.time)
    sheet = RecoverySheet(answer.person_name, hello.name, paths.id, now().date(), secrets.recovery)
    return Paired(paths, member, sheet)


def _greeted(doorstep: Doorstep, ticket: Ticket) -> Hello:
    hello = doorstep.hello()
    if not ticket.names(hello.identity_key):
        raise SignatureError(
            "The hub at this address is not the one that the invitation is for.",
            safe=_SAFE,
            next="Compare the address with the invitation; if it is the same, tell the program office at once.",
        )
    return hello


def _request(hello: Hello, ticket: Ticket, first_run: FirstRun, secrets: _Secrets) -> PairingRequest:
    proof = PairingProof(
        hub=hello.hub,
        code_sha256=code_sha256(ticket.code),
        device=DeviceId(str(uuid4())),
        device_name=first_run.device_name,
        public_key=secrets.keys.signing.public.raw,
        sealing_key=secrets.keys.sealing.public.raw,
    )
    signed = secrets.keys.signing.sign(Purpose.PAIRING_PROOF, codec.to_members(proof))
    return PairingRequest(ticket.code, signed, secrets.escrow)


def _require_own_entry(hello: Hello, answer: PairingAnswer, keys: Keys) -> None:
    """Hold what the hub vouches for against the key that was made here."""
    verify(answer.entry, PublicKey(hello.identity_key), Purpose.DIRECTORY)
    entry = codec.from_signed(answer.entry.body, DeviceEntry)
    if (entry.hub, entry.device, entry.public_key) != (hello.hub, answer.device, keys.signing.public.raw):
        raise HubProtocolError("The hub vouches for another laptop than this one.", safe=_SAFE)


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


def _escrow_name(person: str) -> str:
    return f"sealing key of {person}"
