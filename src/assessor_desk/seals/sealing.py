"""Content that only its recipient can open (HPKE, RFC 9180: X25519, HKDF-SHA256, AES-256-GCM)."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from assessor_desk.errors import SealError, TamperedError
from assessor_desk.seals.signatures import from_base64, key_id, to_base64

HEADER = b"ADseal\x00\x01"
INFO = b"assessor-desk seal 1\x00"
KEY_SIZE = 32
SMALLEST = 256
LARGEST_DOUBLING = 1 << 16

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_LENGTH = 4
_PROOF = 32
_OWN = b"assessor-desk own content 1"


@dataclass(frozen=True, slots=True)
class SealingPublic:
    """The half of a sealing key that others seal to."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_SIZE:
            raise SealError("A public sealing key has 32 bytes.")

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
        """The name of the key."""
        return key_id(self.raw)


class SealingKey:
    """A person's key for what only that person may read."""

    __slots__ = ("_private", "public")

    def __init__(self, private: X25519PrivateKey) -> None:
        self._private = private
        self.public = SealingPublic(private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Self:
        """Return a new key from the system's randomness."""
        return cls(X25519PrivateKey.generate())

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Return the key with these 32 bytes."""
        if len(raw) != KEY_SIZE:
            raise SealError("A sealing key has 32 bytes.")
        return cls(X25519PrivateKey.from_private_bytes(raw))

    def to_bytes(self) -> bytes:
        """Return the private bytes, to be wrapped at once."""
        return self._private.private_bytes_raw()

    def open(self, sealed: bytes, associated: bytes) -> bytes:
        """Return what was sealed to this key with the same associated data."""
        if not sealed.startswith(HEADER):
            raise SealError("This is no sealed content, or it comes from a newer desk.")
        try:
            padded = _SUITE.decrypt(memoryview(sealed)[len(HEADER) :], self._private, info=INFO + associated)
        except (InvalidTag, ValueError) as fault:
            raise TamperedError("The sealed content was changed, or it was sealed for someone else.") from fault
        return _unpadded(padded)

    def open_mine(self, copies: Mapping[str, bytes], associated: bytes) -> bytes:
        """Return what was sealed to several keys, this one among them."""
        if self.public.id not in copies:
            raise SealError("This was sealed for other people.")
        return self.open(copies[self.public.id], associated)

    def seal_own(self, plaintext: bytes, associated: bytes) -> bytes:
        """Seal to oneself with a proof of origin: who knows only the public half cannot make such content."""
        return seal(self.public, self._proof(plaintext, associated) + plaintext, associated)

    def open_own(self, sealed: bytes, associated: bytes) -> bytes:
        """Return what `seal_own` sealed; content that others sealed to this key is refused."""
        content = self.open(sealed, associated)
        proof, plaintext = content[:_PROOF], content[_PROOF:]
        if not hmac.compare_digest(proof, self._proof(plaintext, associated)):
            raise TamperedError("The sealed content does not come from its owner.")
        return plaintext

    def _proof(self, plaintext: bytes, associated: bytes) -> bytes:
        key = hmac.digest(self.to_bytes(), _OWN, "sha256")
        return hmac.digest(key, hashlib.sha256(associated).digest() + plaintext, "sha256")


def seal(recipient: SealingPublic, plaintext: bytes, associated: bytes) -> bytes:
    """Return content that only the recipient can open, and only together with the associated data."""
    try:
        public = X25519PublicKey.from_public_bytes(recipient.raw)
        return HEADER + _SUITE.encrypt(_padded(plaintext), public, info=INFO + associated)
    except ValueError as fault:
        raise SealError("The recipient's key cannot be sealed to.") from fault


def seal_to_all(recipients: Iterable[SealingPublic], plaintext: bytes, associated: bytes) -> dict[str, bytes]:
    """Return one sealed copy a recipient, by key id; for much content seal a key and use `streams`."""
    return {each.id: seal(each, plaintext, associated) for each in recipients}


def padded_size(size: int) -> int:
    """Return the size that content of this size is filled up to, so that the length tells little."""
    needed = max(size + _LENGTH, SMALLEST)
    if needed > LARGEST_DOUBLING:
        return -(-needed // LARGEST_DOUBLING) * LARGEST_DOUBLING
    return 1 << (needed - 1).bit_length()


def _padded(plaintext: bytes) -> bytes:
    content = len(plaintext).to_bytes(_LENGTH, "big") + plaintext
    return content.ljust(padded_size(len(plaintext)), b"\0")


def _unpadded(padded: bytes) -> bytes:
    size = int.from_bytes(padded[:_LENGTH], "big")
    content = padded[_LENGTH : _LENGTH + size]
    if len(content) != size or len(padded) != padded_size(size) or any(padded[_LENGTH + size :]):
        raise TamperedError("The sealed content is not filled up as it must be.")
    return content
