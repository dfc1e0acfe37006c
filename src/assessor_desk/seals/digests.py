"""SHA-256 of bytes, files and pieces of files, and the salted digests of a decision's parts."""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assessor_desk.errors import SealError, TamperedError
from assessor_desk.seals.canonical import Json, canonical

PIECE_SIZE = 1 << 20
SALT_SIZE = 16


def sha256(data: bytes) -> str:
    """Return the SHA-256 of the bytes in lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file's content, read in steps."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a file must hash to, as a whole and piece by piece, so that a cut download goes on where it was good."""

    sha256: str
    size: int
    pieces: tuple[str, ...]


def pieces(stream: BinaryIO) -> Pieces:
    """Return the digests of a stream and of each mebibyte of it, reading it once from where it stands."""
    whole = hashlib.sha256()
    size = 0
    hashes: list[str] = []
    while piece := _full_piece(stream):
        whole.update(piece)
        size += len(piece)
        hashes.append(sha256(piece))
    return Pieces(whole.hexdigest(), size, tuple(hashes))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a decision: its name, its content, and the salt that keeps its digest from being guessed."""

    name: str
    salt: bytes
    value: Json

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_SIZE:
            raise SealError(f"The salt of part {self.name} must have {SALT_SIZE} bytes.")


def part_digest(part: Part) -> str:
    """Return the digest that stands for the part in the decision's manifest."""
    return sha256(canonical({"name": part.name, "salt": part.salt.hex(), "value": part.value}))


def verify_part(part: Part, digest: str) -> None:
    """Refuse a part that is not the one the manifest names."""
    if not hmac.compare_digest(part_digest(part).encode(), digest.encode()):
        raise TamperedError(f"The part {part.name} is not the one that was signed.")


def _full_piece(stream: BinaryIO) -> bytes:
    piece = stream.read(PIECE_SIZE)
    while piece and len(piece) < PIECE_SIZE and (more := stream.read(PIECE_SIZE - len(piece))):
        piece += more
    return piece
