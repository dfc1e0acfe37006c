"""The render worker: the one process that parses what strangers sent, confined before it sees a byte of it."""

import codecs
import importlib
import os
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import PurePath
from types import TracebackType

import msgspec

from assessor_desk.artifacts import messages, plain_text
from assessor_desk.artifacts.docx import read_docx
from assessor_desk.artifacts.kinds import TEXT_KINDS, Kind, in_words
from assessor_desk.artifacts.limits import RenderLimits
from assessor_desk.artifacts.pdf import read_pdf, read_words
from assessor_desk.artifacts.probe import attempt
from assessor_desk.artifacts.sandbox import confine, end_with
from assessor_desk.artifacts.text import ArtifactText, Word
from assessor_desk.errors import ArtifactError

_BLOCK = 256 * 1024
_LARGEST_PIECE = 4 * 1024 * 1024
_LONGEST_REQUEST = 64 * 1024
# Python brings these in only when a file asks for them, and then it is too late: nothing can be opened any more.
_LATE_MODULES = ("encodings.idna", "traceback", "unicodedata", "stringprep", "bisect", "zlib", "pyexpat")
_LATE_CODECS = (
    *("ascii", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *(f"cp{page}" for page in (437, 850, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)),
    *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)),
    *("koi8-r", "koi8-u", "mac-roman", "shift_jis", "euc_jp", "gb18030", "gbk", "big5", "euc_kr"),
)


@dataclass(frozen=True, slots=True)
class Charge:
    """What the desk hands to a worker on its command line; `lifeline` is a pipe that never speaks."""

    limits: RenderLimits
    lifeline: int


class PipedSource:
    """The artifact's bytes, asked for by position: the worker opens no file, and the desk decrypts what is read."""

    def __init__(self, requests: int, answers: int, size: int) -> None:
        self._requests, self._answers = requests, answers
        self._size = size
        self._at = 0
        self._block_at, self._block = 0, b""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to a position and return it."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        left = max(self._size - self._at, 0)
        wanted = left if size < 0 else min(size, left)
        data = self._fetch(wanted) if wanted >= _BLOCK else self._from_block(wanted)
        self._at += len(data)
        return data

    def _from_block(self, wanted: int) -> bytes:
        start = self._at - self._block_at
        if not 0 <= start <= start + wanted <= len(self._block):
            self._block_at = self._at
            self._block = self._fetch(_BLOCK)
            start = 0
        return self._block[start : start + wanted]

    def _fetch(self, wanted: int) -> bytes:
        size = min(wanted, self._size - self._at, _LARGEST_PIECE)
        if size <= 0:
            return b""
        messages.send_frame(self._answers, messages.encode(messages.Need(self._at, size)))
        return messages.receive_frame(self._requests, size)


def main() -> None:
    """Serve the desk that started this process until it hangs up."""
    charge = msgspec.json.decode(sys.argv[-1], type=Charge)
    requests, answers = _own_pipes()
    _bring_in_what_comes_late()
    end_with(charge.lifeline)
    enforced = confine(charge.limits)
    messages.send_frame(answers, messages.encode(messages.Ready(enforced)))
    try:
        while True:
            request = messages.decode_request(messages.receive_frame(requests, _LONGEST_REQUEST))
            messages.send_frame(answers, messages.encode(_answer(request, requests, answers)))
    except (messages.FrameError, BrokenPipeError):
        return


def _own_pipes() -> tuple[int, int]:
    """Take the two pipes for the messages alone: what a library prints must not get between them."""
    requests, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return requests, answers


def _bring_in_what_comes_late() -> None:
    warnings.simplefilter("ignore")
    for name in _LATE_MODULES:
        importlib.import_module(name)
    for name in _LATE_CODECS:
        codecs.lookup(name)
        "a".encode(name)


def _answer(request: messages.Request, requests: int, answers: int) -> messages.Answer:
    started = time.process_time()
    try:
        match request:
            case messages.Try(what):
                return messages.Tried(attempt(what), time.process_time() - started)
            case messages.ReadText(kind, size, password):
                text = _text(PipedSource(requests, answers, size), kind, size, password)
                return messages.TextRead(text, time.process_time() - started)
            case messages.ReadWords(kind, size, page, password):
                words = _words(PipedSource(requests, answers, size), kind, size, page, password)
                return messages.WordsRead(words, time.process_time() - started)
    except ArtifactError as told:
        return messages.Refused(told.detail, told.next, time.process_time() - started)
    except messages.FrameError:
        raise
    except MemoryError:
        return messages.Failed("", True, time.process_time() - started)
    except Exception as fault:  # noqa: BLE001 the last handler: no file may take the worker's answer away
        return messages.Failed(_where(fault), False, time.process_time() - started)


def _text(source: PipedSource, kind: Kind, size: int, password: str | None) -> ArtifactText:
    if kind is Kind.PDF:
        return read_pdf(source, size, password)
    if kind is Kind.DOCX:
        return read_docx(source)
    if kind in TEXT_KINDS:
        return plain_text.read_plain(source, size, kind)
    raise ArtifactError(f"This is {in_words(kind)}, which this desk does not show yet.")


def _words(source: PipedSource, kind: Kind, size: int, page: int, password: str | None) -> tuple[Word, ...]:
    if kind is Kind.PDF:
        return read_words(source, size, page, password)
    raise ArtifactError(f"This is {in_words(kind)}, and its words have no places on a page.")


def _where(fault: Exception) -> str:
    """Name the last line of ours and the kind of error; the text of an error may quote the artifact."""
    trace: TracebackType | None = fault.__traceback__
    place = ""
    while trace is not None:
        place = f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{place} {type(fault).__name__}"


if __name__ == "__main__":
    main()
