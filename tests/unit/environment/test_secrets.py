"""The system's key store is used only where the system encrypts it."""

import importlib
import inspect
from collections.abc import Callable

import keyring.errors
import pytest

from assessor_desk.environment.secrets import SERVICE, Backend, SystemSecrets, trusted
from assessor_desk.errors import DeskError, StoreError


class MemoryBackend:
    """A key store in memory that can be told to fail."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.fault: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.fault:
            raise self.fault
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.fault:
            raise self.fault
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError("none")
        del self.kept[service, username]


def from_module(module: str, **members: object) -> MemoryBackend:
    kind = type("Keyring", (MemoryBackend,), {"__module__": module, **members})
    backend = kind()
    assert isinstance(backend, MemoryBackend)
    return backend


def test_a_secret_is_kept_under_the_stores_id_until_it_is_forgotten() -> None:
    backend = MemoryBackend()
    secrets = SystemSecrets(backend)

    secrets.keep("store-1", bytes(range(32)))
    assert list(backend.kept) == [(SERVICE, "store-1")]
    assert secrets.get("store-1") == bytes(range(32))
    assert secrets.get("store-2") is None

    secrets.forget("store-1")
    secrets.forget("store-1")
    assert secrets.get("store-1") is None


@pytest.mark.parametrize(
    "module",
    [
        "keyring.backends.null",
        "keyring.backends.fail",
        "keyrings.alt.file",
        "keyring.backends.chainer",
        "someone.elses",
    ],
)
def test_a_store_that_the_system_does_not_encrypt_is_refused(module: str) -> None:
    with pytest.raises(StoreError, match="no key store that keeps secrets encrypted") as caught:
        trusted(from_module(module))

    assert caught.value.next == "Type your passphrase instead."


@pytest.mark.parametrize("name", ["null", "fail"])
def test_the_librarys_own_empty_stores_are_refused(name: str) -> None:
    make: Callable[[], Backend] = importlib.import_module(f"keyring.backends.{name}").Keyring

    with pytest.raises(StoreError):
        trusted(make())


def test_a_chain_is_as_good_as_its_worst_member() -> None:
    good, bad = from_module("keyring.backends.SecretService"), from_module("keyrings.alt.file")

    assert trusted(good) is good
    chain = from_module("keyring.backends.chainer", backends=[good])
    assert trusted(chain) is chain
    with pytest.raises(StoreError):
        trusted(from_module("keyring.backends.chainer", backends=[good, bad]))


@pytest.mark.parametrize(
    "kind", [kind for _, kind in inspect.getmembers(keyring.errors, inspect.isclass) if issubclass(kind, Exception)]
)
def test_every_error_of_the_library_is_told_in_words(kind: type[Exception]) -> None:
    backend = MemoryBackend()
    backend.fault = kind("locked")

    secrets = SystemSecrets(backend)
    acts: tuple[Callable[[], object], ...] = (
        lambda: secrets.get("a"),
        lambda: secrets.keep("a", b""),
        lambda: secrets.forget("a"),
    )
    for act in acts:
        with pytest.raises(DeskError) as caught:
            act()
        assert caught.value.next == "Type your passphrase instead."


def test_a_foreign_entry_is_told_in_words() -> None:
    backend = MemoryBackend()
    backend.kept[SERVICE, "store-1"] = "not base64!"

    with pytest.raises(StoreError, match="cannot be read"):
        SystemSecrets(backend).get("store-1")
