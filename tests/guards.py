"""What every test is held to: it leaves no thread and no process behind. (Processes are seen on Linux only.)"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

GRACE = 5.0  # seconds that something may take to end after the test has asked it to
PACE = 0.05  # seconds between two looks
MARK = "ASSESSOR_DESK_SUITE"  # the variable that every process started by this suite inherits
PYTHONS_OWN = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")  # these end with the interpreter


def lingering_threads(before: set[threading.Thread]) -> list[str]:
    """Return the names of new threads that do not end and would keep Python from ending."""
    new = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in new:
        thread.join(GRACE)
    return [thread.name for thread in new if thread.is_alive()]


def children() -> set[int]:
    """Return the ids of this process's own children."""
    return {int(pid) for task in Path("/proc/self/task").glob("*/children") for pid in _read(task).split()}


def lingering_children(before: set[int]) -> list[str]:
    """Return the commands of new child processes that do not end."""
    return _after_grace(lambda: children() - before)


def lingering_family(token: str) -> list[str]:
    """Return the commands of all processes, orphans too, that inherited the suite's mark and do not end."""
    return _after_grace(lambda: {pid for pid in _processes() if _variable(pid, MARK) == token})


def _after_grace(look: Callable[[], set[int]]) -> list[str]:
    pause = threading.Event()
    for _ in range(int(GRACE / PACE)):
        if not _described(look()):
            return []
        pause.wait(PACE)
    return _described(look())


def _described(pids: set[int]) -> list[str]:
    commands = {pid: _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ").strip() for pid in pids if _runs(pid)}
    left = {pid: command for pid, command in commands.items() if not _is_pythons_own(command)}
    return [f"{command} ({_variable(pid, 'PYTEST_CURRENT_TEST') or 'no test'})" for pid, command in left.items()]


def _runs(pid: int) -> bool:
    """Return whether a process still runs; one that only waits to be asked for its exit code does not."""
    state = _read(Path(f"/proc/{pid}/stat")).rpartition(") ")[2][:1]
    return state not in ("", "Z", "X")


def _is_pythons_own(command: str) -> bool:
    return any(module in command for module in PYTHONS_OWN)


def _processes() -> set[int]:
    return {int(each.name) for each in Path("/proc").glob("[0-9]*")} - {os.getpid()}


def _variable(pid: int, name: str) -> str:
    variables = dict(line.partition("=")[::2] for line in _read(Path(f"/proc/{pid}/environ")).split("\0"))
    return variables.get(name, "")


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it ended meanwhile, or belongs to somebody else
        return ""
