"""The file that holds a store's keys, wrapped by the passphrase and by the recovery sheet."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Self

from assessor_desk.errors import SealError, StoreDamagedError, StoreTooNewError, TamperedError, WrongPassphraseError
from assessor_desk.seals.canonical import Json, canonical, parse_object
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.seals.signatures import SigningKey, from_base64, to_base64
from assessor_desk.seals.wrapping import (
    SALT_SIZE,
    Argon2Cost,
    WrappingKey,
    new_key,
    new_salt,
    passphrase_key,
    recovery_key,
)

FORMAT = "assessor-desk-keys"
VERSION = 1

_LASTING = ("data", "sealing")
_ALL = (*_LASTING, "signing")
_SAFE = "The work on this laptop is untouched."
_FROM_BACKUP = "Bring the file back from a backup, or pair this laptop anew with the recovery sheet."


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What an unlocked store works with."""

    data: bytes
    sealing: SealingKey
    signing: SigningKey

    @classmethod
    def generate(cls) -> Self:
        """Return the keys of a new person on a new device."""
        return cls(new_key(), SealingKey.generate(), SigningKey.generate())


@dataclass(frozen=True, slots=True, repr=False)
class RecoveredKeys:
    """What the recovery sheet gives back: everything but the device's signing key, which is made and paired anew."""

    data: bytes
    sealing: SealingKey


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """A store's keys as they lie on disk: each wrapped, none readable."""

    store: str
    salt: bytes
    cost: Argon2Cost
    by_passphrase: Mapping[str, bytes]
    by_recovery: Mapping[str, bytes]

    @classmethod
    def create(cls, store: str, keys: Keys, passphrase: str, recovery: bytes, cost: Argon2Cost) -> Self:
        """Return the ring that keeps these keys under a passphrase and a recovery secret."""
        salt = new_salt()
        return cls(
            store,
            salt,
            cost,
            _wrapped(passphrase_key(passphrase, salt, cost), store, "passphrase", _all(keys)),
            _wrapped(recovery_key(recovery), store, "recovery", _lasting(keys)),
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the file's content."""
        try:
            content = parse_object(data)
        except SealError as fault:
            raise _damaged() from fault
        _refuse_newer(content)
        try:
            return cls(
                _text(content["store"]),
                _salt(content["salt"]),
                _cost(content["argon2id"]),
                _entries(content["passphrase"], _ALL),
                _entries(content["recovery"], _LASTING),
            )
        except (SealError, KeyError, TypeError) as fault:
            raise _damaged() from fault

    def to_bytes(self) -> bytes:
        """Return the file's content."""
        return canonical(
            {
                "format": FORMAT,
                "version": VERSION,
                "store": self.store,
                "salt": to_base64(self.salt),
                "argon2id": asdict(self.cost),
                "passphrase": {name: to_base64(each) for name, each in self.by_passphrase.items()},
                "recovery": {name: to_base64(each) for name, each in self.by_recovery.items()},
            }
        )

    def unlock(self, passphrase: str) -> Keys:
        """Return the keys, or say that the passphrase is wrong."""
        key = passphrase_key(passphrase, self.salt, self.cost)
        try:
            found = _unwrapped(key, self.store, "passphrase", self.by_passphrase)
        except TamperedError as fault:
            raise WrongPassphraseError("The passphrase does not open this store.") from fault
        return Keys(found["data"], SealingKey.from_bytes(found["sealing"]), SigningKey.from_bytes(found["signing"]))

    def recover(self, recovery: bytes) -> RecoveredKeys:
        """Return what the recovery sheet's secret opens."""
        try:
            found = _unwrapped(recovery_key(recovery), self.store, "recovery", self.by_recovery)
        except TamperedError as fault:
            raise WrongPassphraseError(
                "The recovery sheet does not belong to this store.",
                next="Look for the sheet that names this store, or ask your lead to pair this laptop anew.",
            ) from fault
        return RecoveredKeys(found["data"], SealingKey.from_bytes(found["sealing"]))

    def with_passphrase(self, keys: Keys, passphrase: str, cost: Argon2Cost) -> Self:
        """Return the ring with its keys under a new passphrase; the recovery sheet stays good."""
        salt = new_salt()
        wrapped = _wrapped(passphrase_key(passphrase, salt, cost), self.store, "passphrase", _all(keys))
        return replace(self, salt=salt, cost=cost, by_passphrase=wrapped)

    def with_recovery(self, keys: Keys, recovery: bytes) -> Self:
        """Return the ring with a new recovery sheet; the old one opens nothing in the new file."""
        return replace(self, by_recovery=_wrapped(recovery_key(recovery), self.store, "recovery", _lasting(keys)))


def _lasting(keys: Keys) -> dict[str, bytes]:
    return {"data": keys.data, "sealing": keys.sealing.to_bytes()}


def _all(keys: Keys) -> dict[str, bytes]:
    return _lasting(keys) | {"signing": keys.signing.to_bytes()}


def _wrapped(key: WrappingKey, store: str, by: str, secrets: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: key.wrap(_place(store, by, name), secret) for name, secret in secrets.items()}


def _unwrapped(key: WrappingKey, store: str, by: str, wrapped: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: key.unwrap(_place(store, by, name), each) for name, each in wrapped.items()}


def _place(store: str, by: str, name: str) -> str:
    return f"{by}/{name}@{store}"


def _refuse_newer(content: Mapping[str, Json]) -> None:
    version = content.get("version")
    if content.get("format") != FORMAT or not isinstance(version, int):
        raise _damaged()
    if version > VERSION:
        raise StoreTooNewError(
            "A newer version of Assessor Desk wrote the file with this store's keys.",
            safe=_SAFE,
            next="Update Assessor Desk on this laptop.",
        )


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is missing")
    return value


def _salt(value: Json) -> bytes:
    salt = from_base64(_text(value))
    if len(salt) != SALT_SIZE:
        raise TypeError("the salt is cut")
    return salt


def _cost(value: Json) -> Argon2Cost:
    if not isinstance(value, dict) or not all(type(each) is int for each in value.values()):
        raise TypeError("the cost is not made of numbers")
    return Argon2Cost(**value)


def _entries(value: Json, names: tuple[str, ...]) -> dict[str, bytes]:
    if not isinstance(value, dict):
        raise TypeError("the wrapped keys are missing")
    return {name: from_base64(_text(value[name])) for name in names}


def _damaged() -> StoreDamagedError:
    return StoreDamagedError("The file with this store's keys is damaged.", safe=_SAFE, next=_FROM_BACKUP)
