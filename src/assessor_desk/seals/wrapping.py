"""Secrets kept under other secrets: under a random key, a passphrase or the recovery sheet."""

import os
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from assessor_desk.errors import SealError, TamperedError

KEY_SIZE = 32
SALT_SIZE = 16
RECOVERY_SIZE = 20

_NONCE = 12
_LABEL = b"assessor-desk wrap 1\x00"
_RECOVERY = b"assessor-desk recovery 1"
_MOST_MEMORY_KIB = 2 * 1024 * 1024
_MOST_PASSES = 64
_MOST_LANES = 16


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What a guess at the passphrase costs; stored beside the salt, so that it can grow."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        enough = self.lanes >= 1 and self.passes >= 1 and self.memory_kib >= 8 * self.lanes
        bounded = self.memory_kib <= _MOST_MEMORY_KIB and self.passes <= _MOST_PASSES and self.lanes <= _MOST_LANES
        if not (enough and bounded):
            raise SealError("The cost of the passphrase's key is out of bounds.")


class WrappingKey:
    """A key that keeps other secrets, each under its own name."""

    __slots__ = ("_aead",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_SIZE:
            raise SealError("A wrapping key has 32 bytes.")
        self._aead = AESGCM(raw)

    def wrap(self, name: str, secret: bytes) -> bytes:
        """Return the secret encrypted and bound to its name."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, secret, _LABEL + name.encode())

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Return the secret that was wrapped under this name."""
        try:
            return self._aead.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _LABEL + name.encode())
        except (InvalidTag, ValueError) as fault:
            raise TamperedError(f"The wrapped secret {name} does not open with this key.") from fault


def new_key() -> bytes:
    """Return a new random key, for a store's data or a portfolio's blobs."""
    return os.urandom(KEY_SIZE)


def new_salt() -> bytes:
    """Return a new random salt."""
    return os.urandom(SALT_SIZE)


def new_recovery_secret() -> bytes:
    """Return a new random secret for the recovery sheet."""
    return os.urandom(RECOVERY_SIZE)


def passphrase_key(passphrase: str, salt: bytes, cost: Argon2Cost) -> WrappingKey:
    """Return the key that the passphrase stands for (Argon2id); slow by intent."""
    # The same letters typed on another keyboard may come in another composition.
    typed = unicodedata.normalize("NFC", passphrase).encode()
    argon = Argon2id(salt=salt, length=KEY_SIZE, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return WrappingKey(argon.derive(typed))


def recovery_key(secret: bytes) -> WrappingKey:
    """Return the key that the recovery sheet's secret stands for (HKDF: it is random, guessing is hopeless)."""
    if len(secret) != RECOVERY_SIZE:
        raise SealError(f"A recovery secret has {RECOVERY_SIZE} bytes.")
    return WrappingKey(HKDF(SHA256(), KEY_SIZE, salt=None, info=_RECOVERY).derive(secret))
