"""Commands as processes of their own: killed, two at once, stopped, cut off, on odd terminals; nothing is lost."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest

from tests.cli.place import ROOT, Person, Place, ended, process
from tests.operations.office import PASSPHRASE, READY

OTHER = """\
scores:
  using:
    level: met
    rationale: {words}
    evidence: [{{artifact: plan, quote: opens on June 2}}, {{artifact: notes, quote: Ms. Ade says yes}}]
"""
HEAVY = {"httpx", "sqlalchemy", "alembic", "yaml", "pymupdf", "docx", "starlette", "uvicorn", "keyring", "jsonschema"}
WHAT_IS_LOADED = "import sys; from assessor_desk.cli.main import main; main(sys.argv[1:]); print(*sys.modules)"


def judged(person: Person, code: str) -> dict[str, Any]:
    """Return what an assessment says, without what differs between two runs."""
    shown = person.does("show", code)
    return {part: shown[part] for part in ("criteria", "letter", "artifacts", "open", "outcome_so_far")}


def test_an_assessment_that_is_killed_again_and_again_ends_in_the_same_state(place: Place, ana: Person) -> None:
    killed, spared = place.portfolio(ana), place.portfolio(ana)
    ana.does("sync")
    path = ana.writes(READY)
    ana.does("assess", spared, "--from", path)

    kills = 0
    for tenths in (2, 4, 6, 8):
        started = process(*ana.line("assess", killed, "--from", path))
        with started:
            try:
                started.communicate(timeout=tenths / 10)
            except subprocess.TimeoutExpired:
                started.kill()
                started.communicate()
                kills += 1
        assert ana.does("verify")["holds"]
    assert kills > 0
    ended(process(*ana.line("assess", killed, "--from", path)))

    assert ana.does("assess", killed, "--from", path)["edits"] == 0
    one, other = judged(ana, killed), judged(ana, spared)
    for each in (one, other):
        for artifact in each["artifacts"]:
            del artifact["id"], artifact["sha256"]
    assert one == other
    assert ana.does("decide", killed)["outcome"] == "earned"


def test_two_processes_that_judge_at_once_both_count_and_only_one_signs(place: Place, ana: Person) -> None:
    code = place.portfolio(ana)
    ana.does("sync")
    ana.does("assess", code, "--from", ana.writes(READY))
    folder = ana.home.parent
    lines = []
    for number in range(3):
        path = folder / f"{number}.yaml"
        path.write_text(OTHER.format(words=f"Version {number}."))
        lines.append(ana.line("assess", code, "--from", path))

    started = [process(*line) for line in lines]
    assert [ended(each).code for each in started] == [0, 0, 0]

    assert ana.does("conflicts") == []
    using = ana.does("show", code)["criteria"][1]
    assert using["rationale"] in {"Version 0.", "Version 1.", "Version 2."}
    assert len(using["evidence"]) == 2
    signing = [process(*ana.line("decide", code)) for _ in range(2)]
    results = sorted((ended(each) for each in signing), key=lambda each: each.code)
    assert [each.code for each in results] == [0, 1]
    assert results[1].problem["detail"] == "You have signed a decision that waits to be sent."
    assert ana.does("status")["waiting"]["decision"] == 1


def test_a_command_that_a_person_stops_says_that_nothing_was_harmed(ana: Person) -> None:
    line = ("status", "--home", ana.home, "--passphrase-file", "-")
    with process(*line, stdin=subprocess.PIPE) as started:
        assert started.stdin is not None
        assert _waits_for_input(started)
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=20)

    assert (started.returncode, out) == (130, b"")
    assert err.decode() == "Stopped. What was saved before is untouched.\n"


def _waits_for_input(started: subprocess.Popen[bytes]) -> bool:
    """Return once the process reads its standard input: its system call is `read` (0) of descriptor 0."""
    while started.poll() is None:
        call = Path(f"/proc/{started.pid}/syscall").read_text().split()
        if call[:2] in (["0", "0x0"], ["63", "0x0"]):
            return True
    return False


def test_a_passphrase_is_asked_for_at_a_terminal_and_never_shown(ana: Person) -> None:
    terminal, its_end = pty.openpty()

    def take_the_terminal() -> None:
        fcntl.ioctl(its_end, termios.TIOCSCTTY, 0)

    settings = {"stdin": its_end, "start_new_session": True, "preexec_fn": take_the_terminal}
    with process("status", "--home", ana.home, stdout=its_end, **settings) as started:
        os.close(its_end)
        told = os.read(terminal, 100)
        os.write(terminal, f"{PASSPHRASE}\n".encode())
        while started.poll() is None:
            told += _read(terminal)
        assert started.stderr is not None
        assert started.stderr.read() == b""
    told += _read(terminal)
    os.close(terminal)

    assert started.returncode == 0
    assert told.startswith(b"Passphrase: ")
    assert PASSPHRASE.encode() not in told
    assert b"You can close the lid" in told


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # its other end was closed
        return b""


@pytest.mark.parametrize("command", ["status", "help"])
def test_a_reader_that_goes_away_ends_a_command_quietly(ana: Person, command: str) -> None:
    reading, writing = os.pipe()
    with process(*(ana.line("status") if command == "status" else ("help", "show")), stdout=writing) as started:
        os.close(writing)
        os.close(reading)
        _, err = started.communicate(timeout=20)

    assert (started.returncode, err) == (0, b"")


def test_an_answer_that_cannot_be_written_says_that_the_deed_was_done(place: Place, ana: Person) -> None:
    code = place.portfolio(ana)
    ana.does("sync")
    line = ana.line("assess", code, "--from", ana.writes(READY))

    with Path("/dev/full").open("wb") as full:
        told = ended(process(*line, stdout=full))

    assert (told.code, told.err.count("\n")) == (1, 1)
    assert "What was asked for was done" in told.err
    assert ana.does("show", code)["outcome_so_far"] == "earned"


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"PYTHONIOENCODING": "cp1252"},
    ],
    ids=lambda environment: " ".join(f"{name}={value}" for name, value in environment.items()),
)
def test_a_terminal_that_knows_few_signs_shows_what_it_can(ana: Person, environment: dict[str, str]) -> None:
    with process(*ana.line("decide", "P-9999"), env=environment) as started:
        out, err = started.communicate(timeout=30)
    assert started.returncode == 1
    assert json.loads(out)["problem"]["detail"] == "There is no portfolio P-9999 on this laptop."
    assert err.startswith(b"There is no portfolio P-9999 on this laptop.")

    with process("show", "“", "--home", ana.home, "--passphrase-file", ana.passphrase_file, env=environment) as started:
        _, err = started.communicate(timeout=30)
    assert b"is no portfolio code." in err
    assert b"Traceback" not in err


@pytest.mark.parametrize("command", ["status", "queue", "decide P-9999", "approvals", "remove P-9999"])
def test_a_command_loads_only_its_own_rooms(ana: Person, command: str) -> None:
    line = [*command.split(), "--home", str(ana.home), "--passphrase-file", str(ana.passphrase_file)]
    loaded = subprocess.run(
        [sys.executable, "-c", WHAT_IS_LOADED, *line],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    ).stdout.split()

    wanted_anyway = {"yaml"} if command.startswith("decide") else set()
    assert HEAVY.intersection(loaded) - wanted_anyway == set()
    assert not any(name.startswith(("assessor_desk.hub", "assessor_desk.sync")) for name in loaded)
