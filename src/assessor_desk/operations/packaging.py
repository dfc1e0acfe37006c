"""Working where there is no network at all: packages out to the hub, and in from it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assessor_desk.domain.ids import DeviceId
from assessor_desk.errors import PackageError, RuleError
from assessor_desk.operations.vouching import signer
from assessor_desk.operations.workplace import Workplace
from assessor_desk.seals.sealing import SealingPublic
from assessor_desk.store.activity import Happening
from assessor_desk.store.deeds import Waiting
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import Deed, Deeds
from assessor_desk.wire.packages import ForDesk, Outside, Package, PackageKind, Packer, open_package

STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Packed:
    """What a package for the hub holds; what it carries still waits here until a receipt comes back."""

    deeds: int
    bytes: int


def export_to_hub(workplace: Workplace, target: Path) -> Packed:
    """Write all that waits as a package for the hub, signed by this desk; it may be sent over the network as well."""
    member = workplace.member
    with workplace.store.reading() as tx:
        waiting = tx.outbox.unsent()
        recipient = SealingPublic(signer(tx, DeviceId(member.hub)).sealing_key)
    if not waiting:
        raise RuleError("Nothing waits to be sent, so there is nothing to pack.")
    if target.exists():
        raise RuleError(f"There is a file at {target} already.", next="Name another one for the package.")
    outside = Outside(workplace.new_id(), PackageKind.TO_HUB, member.hub, member.person, member.device, workplace.now())
    content = codec.encoded(Deeds(tuple(map(_deed, waiting))))
    with _scratch(workplace) as scratch:
        Packer(outside, scratch).finish(target, content, [recipient], workplace.keys.signing)
    with workplace.store.transaction() as tx:
        tx.outbox.sending(each.deed.key for each in waiting)  # from here on nobody knows whether the hub has it
        words = f"{len(waiting)} things that wait were packed for the hub."
        tx.activity.say(Happening(workplace.now(), "package", words))
    return Packed(len(waiting), target.stat().st_size)


@contextmanager
def opened_from_hub(workplace: Workplace, path: Path) -> Iterator[tuple[Package, ForDesk]]:
    """Yield a package that the hub made for this person; its sealed files are removed afterwards."""
    member = workplace.member
    with _scratch(workplace) as scratch:
        package = open_package(path, scratch, workplace.keys.sealing, lambda _: member.identity, PackageKind.TO_DESK)
        if (package.envelope.hub, package.envelope.person) != (member.hub, member.person):
            raise PackageError("The package is for another person or from another hub.")
        yield package, codec.from_bytes(package.content, ForDesk)


@contextmanager
def _scratch(workplace: Workplace) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=workplace.store.paths.scratch) as name:
        yield Path(name)


def _deed(waiting: Waiting) -> Deed:
    deed = waiting.deed
    return Deed(deed.key, deed.kind, deed.version, deed.sha256, msgspec.Raw(deed.body))
