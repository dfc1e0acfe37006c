"""How a desk and the hub come to know each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from assessor_desk.domain.ids import DeviceId, Digest, HubId, PersonId
from assessor_desk.errors import InputError
from assessor_desk.seals import base32
from assessor_desk.seals.codes import parse_invitation
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.signatures import Signed, fingerprint


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a person is handed: the one-time code, and the fingerprint of the hub that it is for."""

    code: str
    fingerprint: str

    @classmethod
    def read(cls, typed: str) -> Self:
        """Read a ticket however it was typed; the code alone would open its secret to whoever answers first."""
        code, point, rest = typed.strip().partition(".")
        if not point or not rest:
            raise InputError(
                "The invitation is not complete: the hub's fingerprint, the part after the point, is missing.",
                next="Copy the whole invitation.",
            )
        letters = "".join(base32.ALPHABET[value] for value in base32.digits(rest))
        return cls(parse_invitation(code), base32.grouped(letters))

    def written(self) -> str:
        """Return the ticket as it is handed out."""
        return f"{self.code}.{self.fingerprint}"

    def names(self, identity_key: bytes) -> bool:
        """Return whether the ticket is for the hub with that public key."""
        return self.fingerprint == fingerprint(identity_key)


def code_sha256(code: str) -> Digest:
    """Return the digest by which a pairing proof names the code, however it was typed."""
    return Digest(sha256(parse_invitation(code).encode()))


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
    """What the new device signs (purpose `pairing-proof`) to show that it holds its key.

    `code_sha256` is what the function of that name returns; `sealing_key` is the person's X25519 public key: a new
    one with the first device, the known one with a later device.
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
