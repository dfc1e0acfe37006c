"""Packages: deeds on their way to a hub, or a feed on its way to a desk, signed and sealed to their recipient."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from assessor_desk.domain.ids import DeviceId, Digest, HubId, PersonId
from assessor_desk.environment.files import disk_failures
from assessor_desk.errors import PackageError, SealError
from assessor_desk.seals.canonical import canonical
from assessor_desk.seals.sealing import SealingKey, SealingPublic, seal_to_all
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, SigningKey, verify
from assessor_desk.seals.streams import EncryptedReader, EncryptedWriter, new_blob_key
from assessor_desk.wire import bags, codec
from assessor_desk.wire.deeds import Receipt
from assessor_desk.wire.records import FeedPage

ENVELOPE, CONTENT = "envelope.json", "content"
LARGEST_ENVELOPE = 8 << 20
LARGEST_CONTENT = 512 << 20
SCHEMA = 1
_PAYLOAD = re.compile(r"content|artifacts/\d{5}")


class PackageKind(StrEnum):
    """Where a package goes."""

    TO_HUB = "to hub"
    TO_DESK = "to desk"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The signed outside of a package; `keys` hold the content's key, sealed once for each key of the recipient.

    `files` are the SHA-256 of the sealed payload files, so that the signature covers every byte.
    """

    id: str
    kind: PackageKind
    hub: HubId
    person: PersonId
    device: DeviceId | None
    made_at: datetime
    keys: Mapping[str, bytes]
    files: Mapping[str, Digest]


@dataclass(frozen=True, slots=True)
class PackedArtifact:
    """An artifact that travels along: its payload file, and the key that opens it."""

    sha256: Digest
    file: str
    key: bytes


@dataclass(frozen=True, slots=True)
class ForDesk:
    """What a hub sends: the whole feed of a person, receipts for what their desk sent before, and artifacts."""

    page: FeedPage
    receipts: tuple[Receipt, ...]
    artifacts: tuple[PackedArtifact, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known when a package is made, apart from its content."""

    id: str
    kind: PackageKind
    hub: HubId
    person: PersonId
    device: DeviceId | None
    made_at: datetime


class Packer:
    """Makes one package in a scratch folder: nothing readable is ever written."""

    def __init__(self, outside: Outside, scratch: Path) -> None:
        self._outside = outside
        self._scratch = scratch
        self._payload: dict[str, Path] = {}

    def artifact(self, sha256: Digest, source: BinaryIO) -> PackedArtifact:
        """Seal an artifact into the package."""
        key = new_blob_key()
        name = f"artifacts/{len(self._payload):05}"
        self._seal(name, key, lambda writer: writer.take(source))  # type: ignore[arg-type]
        return PackedArtifact(sha256, name, key)

    def finish(self, target: Path, content: bytes, recipients: Iterable[SealingPublic], signing: SigningKey) -> None:
        """Seal the content to its recipients, sign the whole, and write it as a bag."""
        key = new_blob_key()
        self._seal(CONTENT, key, lambda writer: writer.write(content))
        files = {name: Digest(bags.sum_of(path).sha256) for name, path in self._payload.items()}
        keys = seal_to_all(recipients, key, _bound(self._outside.id))
        out = self._outside
        envelope = Envelope(out.id, out.kind, out.hub, out.person, out.device, out.made_at, keys, files)
        signed = signing.sign(Purpose.PACKAGE, codec.to_members(envelope), SCHEMA)
        place = self._scratch / ENVELOPE
        place.write_bytes(codec.to_bytes(signed))
        bags.write_bag(target, {**self._payload, ENVELOPE: place})

    def _seal(self, name: str, key: bytes, fill: Callable[[EncryptedWriter], object]) -> None:
        path = self._scratch / f"{len(self._payload):05}.sealed"
        with disk_failures(), path.open("x+b") as file:
            writer = EncryptedWriter(file, key, f"{self._outside.id}/{name}")
            fill(writer)
            writer.finish()
        self._payload[name] = path


@dataclass(frozen=True, slots=True)
class Package:
    """A package whose signature holds, opened by its recipient."""

    envelope: Envelope
    content: bytes
    folder: Path

    @contextmanager
    def artifact(self, packed: PackedArtifact) -> Iterator[EncryptedReader]:
        """Yield an artifact's content."""
        place = self.folder / packed.file.replace("/", "-")
        if packed.file not in self.envelope.files:
            raise PackageError("The package lists an artifact that it does not hold.", next="Ask for it again.")
        with EncryptedReader(place.open("rb"), packed.key, f"{self.envelope.id}/{packed.file}") as reader:
            yield reader


def open_package(
    path: Path, scratch: Path, key: SealingKey, signer: Callable[[Envelope], PublicKey], kind: PackageKind
) -> Package:
    """Open a package, or raise that it is damaged, for someone else, or not from who it says.

    Args:
        path: the zip
        scratch: an empty folder for the sealed payload
        key: the recipient's
        signer: returns whose signature the envelope must carry
        kind: what kind of package is expected
    """
    with bags.opened(path) as bag:
        signed = codec.from_bytes(bag.read(ENVELOPE, LARGEST_ENVELOPE), Signed)
        envelope = _envelope(signed, signer, kind)
        if set(bag.names) != {*envelope.files, ENVELOPE}:
            raise PackageError("The package holds something that was not signed.", next="Ask for it to be sent again.")
        for name, digest in envelope.files.items():
            place = scratch / name.replace("/", "-")
            bag.copy(name, place)
            if bags.sum_of(place).sha256 != digest:
                raise PackageError("The package was changed after it was signed.", next="Ask for it to be sent again.")
    return Package(envelope, _content(envelope, scratch, key), scratch)


def _envelope(signed: Signed, signer: Callable[[Envelope], PublicKey], kind: PackageKind) -> Envelope:
    claimed = codec.from_signed(signed.body, Envelope)
    if not all(_PAYLOAD.fullmatch(name) for name in claimed.files) or CONTENT not in claimed.files:
        raise PackageError("The package holds files that no package has.", next="Ask for it to be sent again.")
    try:
        verify(signed, signer(claimed), Purpose.PACKAGE)
    except SealError as fault:
        raise PackageError(f"The package is not from who it says. {fault.detail}") from fault
    if claimed.kind is not kind:
        raise PackageError(f"This package goes {claimed.kind}, not {kind}.", next="Name the right file.")
    return claimed


def _content(envelope: Envelope, scratch: Path, key: SealingKey) -> bytes:
    try:
        content_key = key.open_mine(envelope.keys, _bound(envelope.id))
    except SealError as fault:
        raise PackageError("The package is for someone else.", next="Ask for one that is made for you.") from fault
    with EncryptedReader((scratch / CONTENT).open("rb"), content_key, f"{envelope.id}/{CONTENT}") as reader:
        if reader.size > LARGEST_CONTENT:
            raise PackageError("The package is larger than this desk takes.")
        return reader.readall()


def _bound(package: str) -> bytes:
    return canonical(["package", package])
