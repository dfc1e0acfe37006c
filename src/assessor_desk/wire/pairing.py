"""How a desk and the hub come to know each other."""

from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain.ids import DeviceId, Digest, HubId, PersonId
from assessor_desk.seals.signatures import Signed


@dataclass(frozen=True, slots=True)
class Hello:
    """Who the hub is; asking never spends or tests an invitation. `identity_key` is its Ed25519 public key."""

    hub: HubId
    name: str
    identity_key: bytes
    wire: tuple[int, ...]
    epoch: str
    time: datetime


@dataclass(frozen=True, slots=True)
class PairingProof:
    """What the new device signs (purpose `pairing`) to show that it holds its key.

    `code_sha256` is over the invitation's one-time code in its plain form; `sealing_key` is the person's X25519
    public key: a new one with the first device, the known one with a later device.
    """

    hub: HubId
    code_sha256: Digest
    device: DeviceId
    device_name: str
    public_key: bytes
    sealing_key: bytes


@dataclass(frozen=True, slots=True)
class InvitationLook:
    """A second desk asks, with the code, for what it needs to open the person's sealing key."""

    code: str


@dataclass(frozen=True, slots=True)
class InvitationFound:
    """Whose invitation it is; `escrow` is the sealing key wrapped by the recovery secret, if one is kept here."""

    person: PersonId
    person_name: str
    sealing_key: bytes | None = None
    escrow: bytes | None = None


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """The one-time code with the proof; `escrow` lets a later desk get the sealing key from the recovery sheet."""

    code: str
    proof: Signed
    escrow: bytes | None = None


@dataclass(frozen=True, slots=True)
class PairingAnswer:
    """What the new desk gets: its bearer token (kept hashed at the hub) and the directory entry of its key."""

    person: PersonId
    person_name: str
    device: DeviceId
    token: str
    roles: tuple[str, ...]
    entry: Signed
    time: datetime
    epoch: str
