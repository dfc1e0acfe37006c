"""What a process does to the files below a folder, as the system's call tracer saw it."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.durability.disk import FOLDER, Event, Flush, FlushNames, Name, Resize, Said, Write

CALLS = (
    "openat,creat,close,lseek,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,fdatasync,"
    "rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,dup,dup2,dup3,sendfile,copy_file_range"
)
LONGEST_WRITE = 1 << 26
MEMORY_ONLY = "-shm"  # SQLite's index of the log: shared memory, made anew after a crash
STANDARD_OUTPUT = 1

_CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)")
_NUMBER = re.compile(r"-?\b\d+\b")


class RecordingError(Exception):
    """The process complained, or did something to a watched file that this reader does not understand."""


@dataclass(slots=True)
class _Opened:
    file: int
    folder: str
    offset: int = 0


class Recording:
    """The events below a folder over the lives of several processes, one after the other."""

    def __init__(self, root: Path, working_folder: Path) -> None:
        self.root = root
        self._working_folder = working_folder
        self.events: list[Event] = []
        self._names: dict[str, int] = {"": FOLDER}
        self._opened: dict[int, _Opened] = {}
        self._files = 0

    def live(self, command: Sequence[str]) -> int:
        """Run a process to its end, record what it does, and return its exit code; killed is negative."""
        trace = self.root.with_name(f"{self.root.name}.trace")
        strace = ("strace", "-f", "-qq", "-xx", "-s", str(LONGEST_WRITE), "-e", f"trace={CALLS}", "-o", str(trace))
        ended = subprocess.run(
            (*strace, *command), cwd=self._working_folder, check=False, stdin=subprocess.DEVNULL, capture_output=True
        )
        if ended.stderr:
            raise RecordingError(ended.stderr.decode(errors="replace"))
        self._opened = {}
        with trace.open(encoding="ascii") as lines:
            for call in _whole_calls(lines):
                self._read(call)
        trace.unlink()
        return ended.returncode

    def _read(self, line: str) -> None:
        head, *quoted = line.split('"')
        plain = head + "".join(quoted[1::2])  # nothing in the texts themselves looks like a call: they are in hex
        found = _CALL.match(plain)
        if found is None or (result := int(found[3])) < 0:
            return
        name, arguments = found[1], found[2]
        texts = [bytes.fromhex(each.replace("\\x", "")) for each in quoted[::2]]
        places = [self._below(each, text) for each, text in zip(_folders(name, arguments), texts, strict=False)]
        match name:
            case "openat" | "creat":
                self._open(places[0], arguments, result)
            case "mkdir" | "mkdirat":
                self._name((places[0], FOLDER))
            case "unlink" | "unlinkat" | "rmdir":
                self._name((places[0], None))
            case "rename" | "renameat" | "renameat2":
                old, new = places
                self._name((old, None), (new, None if old is None else self._names.get(old)))
            case "dup" | "dup2" | "dup3" | "link" | "linkat" | "truncate":
                raise RecordingError(plain)
            case _:
                self._use(name, [int(each) for each in _NUMBER.findall(arguments)], texts, result)

    def _use(self, name: str, numbers: list[int], texts: list[bytes], result: int) -> None:
        descriptor = numbers[0]
        if name == "write" and descriptor == STANDARD_OUTPUT:
            self.events.extend(Said(words) for words in texts[0].decode().splitlines())
        opened = self._opened.get(descriptor)
        if opened is None:
            return
        match name:
            case "close":
                del self._opened[descriptor]
            case "lseek":
                opened.offset = result
            case "write":
                self._write(opened, opened.offset, texts[0][:result])
                opened.offset += result
            case "pwrite64":
                self._write(opened, numbers[-1], texts[0][:result])
            case "ftruncate":
                self._add(Resize(opened.file, numbers[1]))
            case "fsync" | "fdatasync":
                self._add(FlushNames(opened.folder) if opened.file == FOLDER else Flush(opened.file))
            case _:
                raise RecordingError(name)

    def _write(self, opened: _Opened, offset: int, data: bytes) -> None:
        self._add(Write(opened.file, offset, data))

    def _open(self, path: str | None, arguments: str, descriptor: int) -> None:
        self._opened.pop(descriptor, None)
        if path is None or path.endswith(MEMORY_ONLY):
            return
        if path not in self._names:
            self._files += 1
            self._name((path, self._files))
        elif "O_TRUNC" in arguments:
            self._add(Resize(self._names[path], 0))
        self._opened[descriptor] = _Opened(self._names[path], path)

    def _name(self, *changes: tuple[str | None, int | None]) -> None:
        below = tuple((path, file) for path, file in changes if path is not None and not path.endswith(MEMORY_ONLY))
        if not below:
            return
        if len(below) != len(changes):
            raise RecordingError("a file moved out of the folder or into it")
        for path, file in below:
            if file is None:
                self._names.pop(path, None)
            else:
                self._names[path] = file
        self._add(Name(below))

    def _below(self, folder: str, path: bytes) -> str | None:
        """Return where a path leads below the root, nothing if elsewhere; it may be told from an opened folder on."""
        start = self._working_folder
        if folder.isdigit() and not path.startswith(b"/"):
            opened = self._opened.get(int(folder))
            if opened is None:
                return None
            start = self.root / opened.folder
        named = os.path.normpath(start / os.fsdecode(path))
        if named == str(self.root):
            return ""
        return named.removeprefix(f"{self.root}/") if named.startswith(f"{self.root}/") else None

    def _add(self, event: Event) -> None:
        self.events.append(event)


def _folders(name: str, arguments: str) -> list[str]:
    """Return the folder that each of a call's paths starts from, as the call names it."""
    if not name.endswith(("at", "at2")):
        return ["", ""]
    return arguments.split(", ")[::2]


def _whole_calls(lines: Iterator[str]) -> Iterator[str]:
    """Yield each call when it has ended; another thread's call may lie between its beginning and its end."""
    begun: dict[str, str] = {}
    for line in lines:
        process, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            begun[process] = call.removesuffix("<unfinished ...>").rstrip()
        elif call.startswith("<... "):
            yield begun.pop(process, "") + call.partition(" resumed>")[2]
        else:
            yield call
