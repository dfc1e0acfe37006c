"""What the desk and its render worker say to each other, and how it crosses the pipes."""

import os
import struct
from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import msgspec

from assessor_desk.artifacts.kinds import Kind
from assessor_desk.artifacts.text import ArtifactText, Word

_LENGTH = struct.Struct("<I")


class Attempt(StrEnum):
    """One thing that the render worker must not be able to do."""

    WRITE_FILE = "write a file"
    READ_FILE = "read a file"
    CONNECT = "connect"
    FORK = "fork"
    EXECUTE = "execute"
    LOOP = "loop without end"
    TAKE_MEMORY = "take 4 GB"


class _Message(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """One message; the tag in front tells which."""


class ReadText(_Message, frozen=True):
    """Asks for the text of an artifact of so many bytes."""

    kind: Kind
    size: int
    password: str | None


class ReadWords(_Message, frozen=True):
    """Asks for the words of one page with their places."""

    kind: Kind
    size: int
    page: int
    password: str | None


class Try(_Message, frozen=True):
    """Asks the worker to try what it must not be able to do."""

    attempt: Attempt


class Ready(_Message, frozen=True):
    """Says that the worker is confined, and by which means."""

    enforced: tuple[str, ...]


class Need(_Message, frozen=True):
    """Asks for bytes of the artifact; they come back as one bare frame."""

    offset: int
    size: int


class TextRead(_Message, frozen=True):
    """Answers with the text."""

    text: ArtifactText
    cpu_seconds: float


class WordsRead(_Message, frozen=True):
    """Answers with words and their places."""

    words: tuple[Word, ...]
    cpu_seconds: float


class Tried(_Message, frozen=True):
    """Answers how an attempt ended."""

    outcome: str
    cpu_seconds: float


class Refused(_Message, frozen=True):
    """Answers that the artifact cannot be shown, in sentences for people."""

    detail: str
    next: str
    cpu_seconds: float


class Failed(_Message, frozen=True):
    """Answers that reading broke down; `where` names the line of ours and the kind of error, never its text."""

    where: str
    out_of_memory: bool
    cpu_seconds: float


Request: TypeAlias = ReadText | ReadWords | Try
Answer: TypeAlias = TextRead | WordsRead | Tried | Refused | Failed
FromWorker: TypeAlias = Ready | Need | TextRead | WordsRead | Tried | Refused | Failed

_encoder = msgspec.msgpack.Encoder()
encode: Callable[[Request | FromWorker], bytes] = _encoder.encode
decode_request = msgspec.msgpack.Decoder[Request](Request).decode
decode_from_worker = msgspec.msgpack.Decoder[FromWorker](FromWorker).decode


class FrameError(Exception):
    """The other side went away or said something that is no message."""


def send_frame(descriptor: int, payload: bytes) -> None:
    """Write one frame: its length, then its bytes."""
    rest = memoryview(_LENGTH.pack(len(payload)) + payload)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def receive_frame(descriptor: int, longest: int) -> bytes:
    """Return the next frame; a longer one than is allowed is never read."""
    (length,) = _LENGTH.unpack(_exactly(descriptor, _LENGTH.size))
    if length > longest:
        raise FrameError
    return _exactly(descriptor, length)


def _exactly(descriptor: int, size: int) -> bytes:
    parts, left = [], size
    while left:
        part = os.read(descriptor, min(left, 1 << 20))
        if not part:
            raise FrameError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
