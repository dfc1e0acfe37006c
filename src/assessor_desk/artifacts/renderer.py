"""The door to the render worker: the one way to what a stranger's file says."""

import threading
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from assessor_desk.artifacts import messages
from assessor_desk.artifacts.kinds import Kind
from assessor_desk.artifacts.limits import RenderLimits
from assessor_desk.artifacts.source import Source, opened, size_of
from assessor_desk.artifacts.text import ArtifactText, Word
from assessor_desk.artifacts.worker_process import WorkerProcess
from assessor_desk.errors import ArtifactError

_ASK_FOR_ANOTHER = "Flag it as unreadable, or ask for a new copy."


class Renderer:
    """Owns the render worker: starts it at the first request, keeps it warm, replaces it when it is spent.

    Safe to share between threads; one request runs at a time. Leaves no process behind once closed.
    """

    def __init__(self, limits: RenderLimits | None = None) -> None:
        self._limits = limits or RenderLimits()
        self._worker: WorkerProcess | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def text(self, source: Source | Path, kind: Kind, password: str | None = None) -> ArtifactText:
        """Return an artifact's text, or raise `ArtifactError` with the sentence that says why not."""
        with opened(source) as file:
            answer = self._ask(messages.ReadText(kind, size_of(file), password), file)
        return answer.text if isinstance(answer, messages.TextRead) else _senseless()

    def words(self, source: Source | Path, kind: Kind, page: int, password: str | None = None) -> tuple[Word, ...]:
        """Return the words of one page with their places in the page's text and on the page."""
        with opened(source) as file:
            answer = self._ask(messages.ReadWords(kind, size_of(file), page, password), file)
        return answer.words if isinstance(answer, messages.WordsRead) else _senseless()

    def probe(self, attempt: messages.Attempt) -> str:
        """Have the worker try what it must not be able to do, and return how that ended."""
        answer = self._ask(messages.Try(attempt), None)
        return answer.outcome if isinstance(answer, messages.Tried) else _senseless()

    def enforced(self) -> tuple[str, ...]:
        """Return by which means the worker is confined on this computer."""
        with self._turn:
            return self._warm().enforced

    @property
    def process_id(self) -> int | None:
        """Return the worker's process while there is one."""
        worker = self._worker
        return None if worker is None else worker.process_id

    def close(self) -> None:
        """End the worker; the next request would start another."""
        with self._turn:
            self._drop()

    def _ask(self, request: messages.Request, source: Source | None) -> messages.Answer:
        with self._turn:
            worker = self._warm()
            answered = False
            try:
                answer = worker.ask(request, source)
                answered = not worker.spent and not isinstance(answer, messages.Failed)
            finally:
                # A worker that broke off, or still waits for bytes of a source that failed, is of no more use.
                if not answered:
                    self._drop()
        return _checked(answer)

    def _warm(self) -> WorkerProcess:
        if self._worker is not None and not self._worker.alive:
            self._drop()
        if self._worker is None:
            self._worker = WorkerProcess(self._limits)
        return self._worker

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


def _checked(answer: messages.Answer) -> messages.Answer:
    if isinstance(answer, messages.Refused):
        raise ArtifactError(answer.detail, next=answer.next)
    if isinstance(answer, messages.Failed) and answer.out_of_memory:
        raise ArtifactError("Reading it needs more memory than a file is given.", next=_ASK_FOR_ANOTHER)
    if isinstance(answer, messages.Failed):
        raise ArtifactError(f"It holds something that cannot be read ({answer.where}).", next=_ASK_FOR_ANOTHER)
    return answer


def _senseless() -> NoReturn:
    raise ArtifactError("The reading program gave an answer that makes no sense.", next=_ASK_FOR_ANOTHER)
