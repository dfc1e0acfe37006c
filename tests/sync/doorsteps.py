"""A hub's doorstep at which things go wrong, and what a pairing leaves on the disk."""

from collections.abc import Callable
from dataclasses import dataclass, field

from assessor_desk.environment.paths import Home
from assessor_desk.store import membership
from assessor_desk.store.store import Store
from assessor_desk.sync import begun
from assessor_desk.sync.hub import Doorstep
from assessor_desk.sync.pairing import Paired
from assessor_desk.wire.pairing import Hello, InvitationFound, PairingAnswer, PairingRequest
from tests.store.world import PASSPHRASE


class Dying(BaseException):
    """The process ends here."""


@dataclass
class Door:
    """The hub's doorstep, at which the answer to a pairing can get lost or the desk can die."""

    inside: Doorstep
    asked: list[object] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None

    def hello(self) -> Hello:
        return self.inside.hello()

    def look(self, code: str) -> InvitationFound:
        self.asked.append(code)
        return self.inside.look(code)

    def pair(self, request: PairingRequest) -> PairingAnswer:
        self.asked.append(request)
        self.before()
        answer = self.inside.pair(request)
        self.after()
        return answer


def raising(error: BaseException) -> Callable[[], None]:
    def go_wrong() -> None:
        raise error

    return go_wrong


def left(home: Home) -> list[str]:
    """Return what lies in the folder of stores."""
    return sorted(path.name for path in home.stores_folder.iterdir()) if home.stores_folder.is_dir() else []


def is_paired(home: Home, found: Paired) -> bool:
    """Return whether there is this store and no other, and whether it opens and knows its hub."""
    store, _ = Store.unlock(home.only_store(), PASSPHRASE)
    with store, store.reading() as tx:
        known = membership.known(tx.meta)
    assert not (found.paths.folder / begun.NAME).exists()
    return (known, left(home)) == (found.membership, [found.paths.id])
