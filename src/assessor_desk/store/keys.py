"""The store's keys: written at first run, unlocked by the passphrase, brought back by the recovery sheet."""

import hmac

from assessor_desk.environment.files import atomic_write, disk_failures
from assessor_desk.environment.paths import StorePaths
from assessor_desk.errors import StoreMissingError
from assessor_desk.seals.keyfile import KeyRing, Keys
from assessor_desk.seals.signatures import SigningKey
from assessor_desk.seals.wrapping import Argon2Cost, WrappingKey

_PORTFOLIOS = b"assessor-desk portfolio keys 1"


def read_ring(paths: StorePaths) -> KeyRing:
    """Return the wrapped keys as they lie on disk."""
    if not paths.exists:
        raise StoreMissingError("There is no store here: the file with its keys is missing.")
    with disk_failures():
        return KeyRing.from_bytes(paths.keys.read_bytes())


def write_ring(paths: StorePaths, ring: KeyRing) -> None:
    """Put the wrapped keys in the place of the earlier ones, durably."""
    atomic_write(paths.keys, ring.to_bytes())


def unlock(paths: StorePaths, passphrase: str) -> Keys:
    """Return the keys that the passphrase opens: for the data, for sealing and for signing."""
    return read_ring(paths).unlock(passphrase)


def change_passphrase(paths: StorePaths, old: str, new: str, cost: Argon2Cost) -> None:
    """Put the keys under a new passphrase; the recovery sheet stays good."""
    ring = read_ring(paths)
    write_ring(paths, ring.with_passphrase(ring.unlock(old), new, cost))


def recover(paths: StorePaths, secret: bytes, passphrase: str, signing: SigningKey, cost: Argon2Cost) -> Keys:
    """Open the store by its recovery sheet and put it under a new passphrase.

    The signing key lay under the forgotten passphrase alone; `signing` is a new one, which the hub must come to know.
    """
    ring = read_ring(paths)
    found = ring.recover(secret)
    keys = Keys(found.data, found.sealing, signing)
    write_ring(paths, ring.with_passphrase(keys, passphrase, cost))
    return keys


def portfolio_wrapping(data_key: bytes) -> WrappingKey:
    """Return the key that wraps the portfolios' keys; the database's own key is used for nothing else."""
    return WrappingKey(hmac.digest(data_key, _PORTFOLIOS, "sha256"))
