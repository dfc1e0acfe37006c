"""The system's own key store, which may keep a store's data key so that opening needs no typing."""

import base64
import contextlib
from collections.abc import Iterator
from typing import Protocol

from assessor_desk.errors import StoreError

SERVICE = "Assessor Desk"

# Only stores that the system itself encrypts. Others write plain files, or keep nothing and say nothing.
TRUSTED = frozenset(
    {
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
        "keyring.backends.macOS",
        "keyring.backends.Windows",
    }
)
_CHAIN = "keyring.backends.chainer"


class Secrets(Protocol):
    """A place that keeps one secret a store."""

    def get(self, store_id: str) -> bytes | None:
        """Return the store's secret, or None where none is kept."""

    def keep(self, store_id: str, secret: bytes) -> None:
        """Keep the store's secret, in place of an earlier one."""

    def forget(self, store_id: str) -> None:
        """Keep nothing for the store any more; harmless where nothing was kept."""


class Backend(Protocol):
    """What we use of a key store of the `keyring` library."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove it."""


class SystemSecrets:
    """Keeps secrets in the system's key store, under the store's id."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def get(self, store_id: str) -> bytes | None:
        """Return the store's secret, or None where none is kept."""
        with _failures():
            text = self._backend.get_password(SERVICE, store_id)
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except ValueError as fault:
            raise _unusable("What this computer's key store keeps for this store cannot be read.") from fault

    def keep(self, store_id: str, secret: bytes) -> None:
        """Keep the store's secret, in place of an earlier one."""
        with _failures():
            self._backend.set_password(SERVICE, store_id, base64.b64encode(secret).decode())

    def forget(self, store_id: str) -> None:
        """Keep nothing for the store any more; harmless where nothing was kept."""
        with _failures():
            if self._backend.get_password(SERVICE, store_id) is not None:
                self._backend.delete_password(SERVICE, store_id)


def system_secrets() -> SystemSecrets:
    """Return this computer's key store, or say that it has none that can be trusted."""
    # Finding the backend takes a tenth of a second; a start that needs no key store must not pay for it.
    import keyring

    with _failures():
        backend = keyring.get_keyring()
        return SystemSecrets(trusted(backend))


def trusted(backend: Backend) -> Backend:
    """Return the backend if the system encrypts what it keeps, else refuse it in words."""
    kind = type(backend).__module__
    members = getattr(backend, "backends", ()) if kind == _CHAIN else (backend,)
    kinds = {type(member).__module__ for member in members}
    if not kinds or kinds - TRUSTED:
        raise _unusable("This computer has no key store that keeps secrets encrypted.")
    return backend


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    from keyring.errors import KeyringError

    try:
        yield
    except KeyringError as fault:
        raise _unusable("This computer's key store did not answer as it should.") from fault


def _unusable(detail: str) -> StoreError:
    return StoreError(detail, safe="The work on this laptop is untouched.", next="Type your passphrase instead.")
