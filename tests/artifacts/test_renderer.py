"""The render worker: useful to the desk, harmless to everything else, and gone when it should be."""

import io
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import assessor_desk
from assessor_desk.artifacts import messages
from assessor_desk.artifacts.kinds import Kind
from assessor_desk.artifacts.limits import RenderLimits
from assessor_desk.artifacts.messages import Attempt
from assessor_desk.artifacts.probe import DONE
from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.errors import ArtifactError, StoreDamagedError
from tests.artifacts.documents import docx_of, paragraph, pdf_of

SOURCE_ROOT = str(Path(assessor_desk.__file__).parent.parent)
LINUX = sys.platform == "linux"


def plain_python(script: str) -> str:
    """Return what a script prints in a process of its own."""
    command = [sys.executable, "-c", f"import sys; sys.path.append({SOURCE_ROOT!r})\n{script}"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def gone(process_id: int) -> bool:
    """Wait until a process that is not a child of ours has ended."""
    try:
        handle = os.pidfd_open(process_id)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 20)[0])
    finally:
        os.close(handle)


class Dropping(io.BytesIO):
    """A source that does something when its first byte is asked for."""

    def __init__(self, data: bytes, when_read: object) -> None:
        super().__init__(data)
        self._when_read = when_read

    def read(self, size: int | None = -1, /) -> bytes:
        assert callable(self._when_read)
        self._when_read()
        return super().read(size)


def test_a_pdf_a_word_document_and_a_text_are_read_by_one_warm_worker(renderer: Renderer) -> None:
    read = [
        renderer.text(io.BytesIO(pdf_of("Page one", "Page two")), Kind.PDF),
        renderer.text(io.BytesIO(docx_of(paragraph("A plan"))), Kind.DOCX),
        renderer.text(io.BytesIO("Notizen\n".encode("utf-16")), Kind.TEXT),
    ]
    first = renderer.process_id

    assert [text.whole for text in read] == ["Page one\fPage two", "A plan", "Notizen\n"]
    assert [text.kind for text in read] == [Kind.PDF, Kind.DOCX, Kind.TEXT]
    assert [word.start for word in renderer.words(io.BytesIO(pdf_of("Page one")), Kind.PDF, 1)] == [0, 5]
    assert renderer.process_id == first


def test_a_large_artifact_crosses_by_position(renderer: Renderer) -> None:
    words = "observation " * 900_000

    assert renderer.text(io.BytesIO(words.encode()), Kind.TEXT).whole == words


def test_a_kind_that_is_not_shown_yet_is_told(renderer: Renderer) -> None:
    with pytest.raises(ArtifactError, match="This is a PowerPoint deck, which this desk does not show yet"):
        renderer.text(io.BytesIO(b"x"), Kind.PPTX)


REFUSED = [Attempt.WRITE_FILE, Attempt.READ_FILE, Attempt.CONNECT, Attempt.FORK, Attempt.EXECUTE, Attempt.TAKE_MEMORY]
POSSIBLE = [Attempt.WRITE_FILE, Attempt.READ_FILE, Attempt.CONNECT, Attempt.FORK]


@pytest.mark.parametrize("attempt", REFUSED if LINUX else [])
def test_the_system_refuses_the_worker_what_a_hostile_file_would_do(attempt: Attempt) -> None:
    with Renderer() as confined:
        outcome = confined.probe(attempt)

    assert outcome in ("PermissionError", "OSError", "MemoryError")


@pytest.mark.parametrize("attempt", POSSIBLE if LINUX else [])
def test_the_same_attempt_succeeds_in_a_process_that_is_not_confined(attempt: Attempt, tmp_path: Path) -> None:
    script = f"import os; os.chdir({str(tmp_path)!r})\n"
    script += "from assessor_desk.artifacts.probe import attempt, Attempt\n"

    assert plain_python(script + f"print(attempt(Attempt({attempt.value!r})))") == DONE


@pytest.mark.parametrize("attempt", [Attempt.WRITE_FILE, Attempt.READ_FILE, Attempt.CONNECT] if LINUX else [])
def test_without_a_system_call_filter_the_limits_alone_refuse_files_and_network(attempt: Attempt) -> None:
    script = (
        "from assessor_desk.artifacts import sandbox\n"
        "from assessor_desk.artifacts.limits import RenderLimits\n"
        "from assessor_desk.artifacts.probe import attempt, Attempt\n"
        "sandbox.seccomp = None\n"
        "assert 'system call filter' not in sandbox.confine(RenderLimits())\n"
        f"print(attempt(Attempt({attempt.value!r})))"
    )

    assert plain_python(script) == "OSError"


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (RenderLimits(cpu_seconds=1, cpu_seconds_in_life=1), "used up all the time or memory"),
        (RenderLimits(wall_seconds=0.3), "longer than 0.3 seconds"),
    ],
)
def test_a_loop_without_end_is_ended_and_the_next_file_is_read(limits: RenderLimits, told: str) -> None:
    with Renderer(limits) as limited:
        with pytest.raises(ArtifactError, match=told):
            limited.probe(Attempt.LOOP)

        assert limited.text(io.BytesIO(b"words"), Kind.TEXT).whole == "words"


def test_a_file_that_needs_too_much_memory_is_told_and_the_next_is_read() -> None:
    with Renderer(RenderLimits(memory=400 * 1024 * 1024)) as limited:
        with pytest.raises(ArtifactError, match="needs more memory than a file is given"):
            limited.text(io.BytesIO(b"%PDF-1.7".ljust(180_000_000)), Kind.PDF)

        assert limited.text(io.BytesIO(b"words"), Kind.TEXT).whole == "words"


def test_a_worker_that_crashes_over_a_file_is_told_and_replaced() -> None:
    with Renderer() as crashing:
        crashing.enforced()
        crash = Dropping(b"words", lambda: os.kill(crashing.process_id or 0, signal.SIGSEGV))
        with pytest.raises(ArtifactError, match="ended the reading program"):
            crashing.text(crash, Kind.TEXT)

        assert crashing.text(io.BytesIO(b"words"), Kind.TEXT).whole == "words"


def test_a_worker_that_died_while_idle_costs_no_file() -> None:
    with Renderer() as idle:
        idle.enforced()
        process = idle.process_id or 0
        handle = os.pidfd_open(process)
        os.kill(process, signal.SIGKILL)
        select.select([handle], [], [], 20)
        os.close(handle)

        assert idle.text(io.BytesIO(b"words"), Kind.TEXT).whole == "words"


def test_a_source_that_fails_is_told_as_it_is_and_the_next_file_is_read() -> None:
    def fail() -> None:
        raise StoreDamagedError("A piece of the artifact does not hold.")

    with Renderer() as warm:
        with pytest.raises(StoreDamagedError):
            warm.text(Dropping(b"words", fail), Kind.TEXT)

        assert warm.text(io.BytesIO(b"other words"), Kind.TEXT).whole == "other words"


def test_a_spent_worker_is_replaced_before_the_system_ends_it() -> None:
    with Renderer(RenderLimits(requests=2)) as short_lived:
        processes = set()
        for _ in range(4):
            short_lived.text(io.BytesIO(b"words"), Kind.TEXT)
            processes.add(short_lived.process_id)

    assert len(processes - {None}) == 2


def test_threads_share_one_worker() -> None:
    read: list[str] = []
    with Renderer() as shared:
        threads = [
            threading.Thread(target=lambda n=n: read.append(shared.text(io.BytesIO(b"%d" % n), Kind.TEXT).whole))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(read) == sorted(str(n) for n in range(8))


def test_no_process_is_left_behind() -> None:
    with Renderer() as closed:
        closed.enforced()
        process = closed.process_id or 0

    assert closed.process_id is None
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize("busy_with", ["looping", "nothing"] if LINUX else [])
def test_a_worker_ends_with_the_desk_even_in_the_middle_of_a_page(busy_with: str) -> None:
    ask = "warm.probe(Attempt.LOOP)" if busy_with == "looping" else "sys.stdin.read()"
    script = (
        f"import sys; sys.path.append({SOURCE_ROOT!r})\n"
        "from assessor_desk.artifacts.messages import Attempt\n"
        "from assessor_desk.artifacts.renderer import Renderer\n"
        "warm = Renderer()\n"
        "warm.enforced()\n"
        "print(warm.process_id, flush=True)\n"
        f"{ask}"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as desk:
        assert desk.stdout is not None
        worker = int(desk.stdout.readline())
        desk.kill()
        desk.wait()

    assert gone(worker)


def test_a_worker_that_says_too_much_is_not_listened_to() -> None:
    ours, theirs = os.pipe()
    messages.send_frame(theirs, b"x" * 100)

    with pytest.raises(messages.FrameError):
        messages.receive_frame(ours, 99)

    os.close(ours)
    os.close(theirs)


def test_the_worker_knows_nothing_of_the_desks_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSESSOR_DESK_PLANTED", "planted secret")
    with Renderer() as warm:
        warm.enforced()
        place = Path(f"/proc/{warm.process_id}/environ")
        known = place.read_bytes() if LINUX and os.access(place, os.R_OK) else b""

    assert b"planted" not in known
