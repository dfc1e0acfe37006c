"""A pairing that was begun: the new keys are safe on the disk before the hub hears of them.

If the answer is lost, or the laptop dies, the hub may know the keys already. Then the same pairing is asked for again
with the same keys, instead of leaving a person with an invitation that is spent and a sheet that nobody has seen.
"""

import shutil
from dataclasses import dataclass

from assessor_desk.domain.ids import DeviceId, Digest, HubId
from assessor_desk.environment.files import atomic_write, disk_failures
from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.errors import SealError, StoreError
from assessor_desk.seals.canonical import canonical, parse_object
from assessor_desk.seals.keyfile import KeyRing
from assessor_desk.seals.signatures import from_base64, to_base64
from assessor_desk.sync.new_keys import NewKeys

NAME = "pairing.json"
_SECRET = b"recovery secret of "


@dataclass(frozen=True, slots=True)
class Begun:
    """What lies on the disk: which pairing it is, and its keys, each wrapped or sealed to its owner.

    Attributes:
        sealing_key: the public half, as text
        recovery: what stands on the sheet, sealed
        escrow: what the hub gets with a first laptop
    """

    paths: StorePaths
    hub: HubId
    code_sha256: Digest
    device: DeviceId
    sealing_key: str
    ring: KeyRing
    recovery: bytes
    escrow: bytes

    def save(self) -> None:
        """Put it on the disk, durably."""
        self.paths.create()
        content = {
            "hub": self.hub,
            "code_sha256": self.code_sha256,
            "device": self.device,
            "sealing_key": self.sealing_key,
            "ring": self.ring.to_bytes().decode(),
            "recovery": to_base64(self.recovery),
            "escrow": to_base64(self.escrow),
        }
        atomic_write(self.paths.folder / NAME, canonical(content))

    def unlock(self, passphrase: str) -> NewKeys:
        """Return the keys, or say that the passphrase is another."""
        keys = self.ring.unlock(passphrase)
        return NewKeys(keys, keys.sealing.open_own(self.recovery, _place(self.paths)), self.escrow)

    def forget(self) -> None:
        """Take it off the disk; a store that came of it stays."""
        with disk_failures():
            if self.paths.exists:
                (self.paths.folder / NAME).unlink(missing_ok=True)
            else:
                shutil.rmtree(self.paths.folder)


def sealed_recovery(paths: StorePaths, new: NewKeys) -> bytes:
    """Return what stands on the recovery sheet as it may lie on the disk."""
    return new.keys.sealing.seal_own(new.recovery, _place(paths))


def all_begun(home: Home, hub: HubId) -> tuple[Begun, ...]:
    """Return the pairings with a hub that were begun here and did not become a store."""
    return tuple(each for each in _of_hub(home, hub) if not each.paths.exists)


def clear(home: Home, hub: HubId) -> None:
    """Take every begun pairing with a hub off the disk; the stores that came of them stay."""
    for each in _of_hub(home, hub):
        each.forget()


def _of_hub(home: Home, hub: HubId) -> list[Begun]:
    with disk_failures():
        files = sorted(home.stores_folder.glob(f"*/{NAME}")) if home.stores_folder.is_dir() else []
        read = [_read(home.store(file.parent.name), file.read_bytes()) for file in files]
    return [each for each in read if each is not None and each.hub == hub]


def _read(paths: StorePaths, data: bytes) -> Begun | None:
    """Return what a file says; it was written at once and whole, so one that cannot be read is not ours."""
    try:
        content = {name: str(value) for name, value in parse_object(data).items()}
        return Begun(
            paths=paths,
            hub=HubId(content["hub"]),
            code_sha256=Digest(content["code_sha256"]),
            device=DeviceId(content["device"]),
            sealing_key=content["sealing_key"],
            ring=KeyRing.from_bytes(content["ring"].encode()),
            recovery=from_base64(content["recovery"]),
            escrow=from_base64(content["escrow"]),
        )
    except (SealError, StoreError, KeyError):
        return None


def _place(paths: StorePaths) -> bytes:
    return _SECRET + paths.id.encode()
