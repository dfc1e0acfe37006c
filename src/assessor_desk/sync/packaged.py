"""A package from the hub, seen as the hub itself: one sync takes it in as it would over the network."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256 as new_digest

from assessor_desk.domain.ids import DeviceId, Digest
from assessor_desk.errors import HubRefusedError
from assessor_desk.seals.streams import EncryptedReader
from assessor_desk.sync.hub import Incoming
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import Deed, Receipts
from assessor_desk.wire.packages import ForDesk, PackedArtifact
from assessor_desk.wire.records import Counts, FeedItem, FeedPage, KindCount, RecordKind, SealedEdit

PART_BYTES = 1 << 20

OpenArtifact = Callable[[PackedArtifact], AbstractContextManager[EncryptedReader]]


class PackagedHub:
    """Answers from a package; it fits `Hub`. What the package has no receipt for goes on waiting."""

    def __init__(self, content: ForDesk, device: DeviceId, open_artifact: OpenArtifact) -> None:
        page = content.page
        items = tuple(each for each in page.items if not _is_own(each, device))
        self._page = FeedPage(page.epoch, page.time, page.cursor, False, items)
        self._receipts = {each.key: each for each in content.receipts}
        self._artifacts = {each.sha256: each for each in content.artifacts}
        self._open = open_artifact

    def changes_since(self, cursor: str) -> FeedPage:
        """Return the whole feed, whatever the cursor: taking it in again changes nothing."""
        del cursor
        return self._page

    def counts(self) -> Counts:
        """Return what the package itself holds."""
        lines: dict[str, list[str]] = {}
        for each in self._page.items:
            digest = new_digest(bytes(each.body)).hexdigest()
            lines.setdefault(each.kind, []).append(f"{each.id} {digest}\n")
        kinds = {kind: _count(found) for kind, found in lines.items()}
        return Counts(self._page.epoch, self._page.cursor, kinds)

    def tell(self, deeds: tuple[Deed, ...]) -> Receipts:
        """Return the receipts that came along for deeds that an earlier package carried."""
        found = tuple(self._receipts[each.key] for each in deeds if each.key in self._receipts)
        return Receipts(self._page.epoch, self._page.time, found)

    @contextmanager
    def artifact(self, sha256: Digest, start: int) -> Iterator[Incoming]:
        """Open an artifact that came along, from a position."""
        packed = self._artifacts.get(sha256)
        if packed is None:
            raise HubRefusedError("This file did not come with the package.", next="Sync, or ask for a new package.")
        with self._open(packed) as source:
            size = source.seek(0, 2)
            source.seek(start)
            yield Incoming(start, size, iter(lambda: source.read(PART_BYTES), b""))


def _is_own(item: FeedItem, device: DeviceId) -> bool:
    """Return whether this desk made the edit itself; the hub leaves those out where it knows who reads."""
    return item.kind == RecordKind.SEALED_EDIT and codec.from_bytes(item.body, SealedEdit).device == device


def _count(lines: list[str]) -> KindCount:
    return KindCount(len(lines), Digest(new_digest("".join(sorted(lines)).encode()).hexdigest()))
