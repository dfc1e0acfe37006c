"""Ed25519 signatures that name what they are for."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from assessor_desk.errors import SealError, SignatureError
from assessor_desk.seals import base32
from assessor_desk.seals.canonical import Json, canonical, parse_object

DOMAIN = b"assessor-desk"
KEY_SIZE = 32


class Purpose(StrEnum):
    """What a signature is for; one made for one purpose never holds for another."""

    PAIRING_PROOF = "pairing-proof"
    INVITATION = "invitation"
    DIRECTORY = "directory"
    DEVICE_CERTIFICATE = "device-certificate"
    DECISION = "decision"
    INCOMPLETE = "incomplete"
    SIGN_OFF = "sign-off"
    RETURN = "return"
    WITHDRAWAL = "withdrawal"
    RECALL = "recall"
    FLAG = "flag"
    ATTESTATION = "attestation"
    RECEIPT = "receipt"
    PURGE_RECEIPT = "purge-receipt"
    LEDGER_HEAD = "ledger-head"
    LETTER = "letter"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class Signed:
    """Signed content: the canonical bytes exactly as they were signed, by which key, and the signature."""

    body: bytes
    key: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The half of a signing key that everyone may know."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_SIZE:
            raise SealError("A public key has 32 bytes.")

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the key written as unpadded base64url."""
        return cls(from_base64(text))

    @property
    def text(self) -> str:
        """The key as unpadded base64url, for JSON."""
        return to_base64(self.raw)

    @property
    def id(self) -> str:
        """The name of the key in signatures and in the directory."""
        return key_id(self.raw)

    @property
    def fingerprint(self) -> str:
        """The key in groups that two people can compare."""
        return fingerprint(self.raw)


class SigningKey:
    """A device's or a hub's own key; it never leaves the machine unwrapped."""

    __slots__ = ("_private", "public")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = PublicKey(private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Self:
        """Return a new key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_bytes(cls, seed: bytes) -> Self:
        """Return the key with this 32-byte seed."""
        if len(seed) != KEY_SIZE:
            raise SealError("A signing key has 32 bytes.")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def to_bytes(self) -> bytes:
        """Return the seed, to be wrapped at once."""
        return self._private.private_bytes_raw()

    def sign(self, purpose: Purpose, body: Mapping[str, Json], schema: int = 1) -> Signed:
        """Sign the body together with its purpose and the version of its schema."""
        if taken := {"purpose", "schema"} & body.keys():
            raise SealError(f"The signature itself sets {' and '.join(sorted(taken))}.")
        written = canonical({**body, "purpose": purpose.value, "schema": schema})
        return Signed(written, self.public.id, self._private.sign(_message(purpose, written)))


def verify(signed: Signed, public: PublicKey, purpose: Purpose) -> dict[str, Json]:
    """Return the signed body, or say why the signature does not hold."""
    if signed.key != public.id:
        raise SignatureError(f"It was signed with the key {signed.key}, not with the key {public.id}.")
    _check(signed, public, purpose)
    try:
        body = parse_object(signed.body, require_canonical=True)
    except SealError as fault:
        raise SignatureError(f"The signature of this {purpose} is good, its content is not: {fault.detail}") from fault
    if body.get("purpose") != purpose.value:
        raise SignatureError(f"The content says that it is a {body.get('purpose')}, not a {purpose}.")
    return body


def key_id(public: bytes) -> str:
    """Return the first 128 bits of the key's SHA-256 in hexadecimal digits."""
    return hashlib.sha256(public).hexdigest()[:32]


def fingerprint(public: bytes) -> str:
    """Return 120 bits of the key's SHA-256 as six groups of four letters and digits."""
    return base32.grouped(base32.encode(hashlib.sha256(public).digest()[:15]))


def to_base64(data: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """Read base64url without padding; any other spelling of the same bytes is refused."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as fault:
        raise SealError("The text is not base64url.") from fault
    if to_base64(data) != text:
        raise SealError("The text is not the one spelling of its bytes.")
    return data


def _message(purpose: Purpose, body: bytes) -> bytes:
    return b"\0".join((DOMAIN, purpose.value.encode(), body))


def _check(signed: Signed, public: PublicKey, purpose: Purpose) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(public.raw)
        key.verify(signed.signature, _message(purpose, signed.body))
    except (InvalidSignature, ValueError) as fault:
        raise SignatureError(
            f"The signature of this {purpose} does not fit its content: something was changed after signing, "
            "or it was signed for another purpose."
        ) from fault
