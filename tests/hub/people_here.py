"""People and desks for the hub's tests: real keys, real pairing, raw HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import msgspec

from assessor_desk.domain.ids import DeviceId, Digest, PersonId, ProgramId
from assessor_desk.hub import invitations, pairing, people
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.hub.people import Person, Standing
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.seals.signatures import Purpose, SigningKey
from assessor_desk.wire import codec, headers
from assessor_desk.wire.deeds import Deed
from assessor_desk.wire.pairing import PairingAnswer, PairingProof, PairingRequest, code_sha256

ELN = ProgramId("eln")
LEADED = ProgramId("leaded")


@dataclass(frozen=True)
class Keys:
    """What a new desk makes for itself."""

    device: DeviceId = field(default_factory=lambda: DeviceId(str(uuid4())))
    signing: SigningKey = field(default_factory=SigningKey.generate)
    sealing: SealingKey = field(default_factory=SealingKey.generate)


@dataclass(frozen=True)
class PairedDesk:
    """A desk that is paired."""

    hub: Hub
    keys: Keys
    answer: PairingAnswer

    @property
    def person(self) -> PersonId:
        return self.answer.person

    @property
    def device(self) -> DeviceId:
        return self.keys.device

    @property
    def marks(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.answer.token}", headers.WIRE: str(codec.VERSION)}


def someone(hub: Hub, handle: str, *roles: Role, program: ProgramId = ELN) -> Person:
    return people.add(hub, handle, handle.title(), [Standing(program, role) for role in roles])


def request(hub: Hub, code: str, keys: Keys, escrow: bytes | None = None, /, **changed: Any) -> PairingRequest:
    proof = {
        "hub": hub.id,
        "code_sha256": code_sha256(code),
        "device": keys.device,
        "device_name": "laptop",
        "public_key": keys.signing.public.raw,
        "sealing_key": keys.sealing.public.raw,
    }
    members = codec.to_members(PairingProof(**{**proof, **changed}))
    return PairingRequest(code, keys.signing.sign(Purpose.PAIRING_PROOF, members), escrow)


def paired(hub: Hub, handle: str, keys: Keys | None = None, escrow: bytes | None = None) -> PairedDesk:
    keys = keys or Keys()
    code = invitations.invite(hub, handle).ticket.code
    return PairedDesk(hub, keys, pairing.pair(hub, request(hub, code, keys, escrow)))


def desk_of(hub: Hub, handle: str, *roles: Role, program: ProgramId = ELN) -> PairedDesk:
    someone(hub, handle, *roles, program=program)
    return paired(hub, handle)


def deed(kind: str, body: object, key: str | None = None) -> Deed:
    written = codec.to_bytes(body)
    return Deed(key or str(uuid4()), kind, 1, Digest(sha256(written)), msgspec.Raw(written))


@contextmanager
def client(url: str, marks: Mapping[str, str] | None = None) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers=dict(marks or {}), timeout=20, verify=False) as opened:  # noqa: S501 - no TLS on loopback
        yield opened
