import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from assessor_desk.tables.sqlite import connect
from tests import guards
from tests.journeys.material import Planted, planted
from tests.journeys.traces import found_in, found_under
from tests.journeys.world import World

PAGE, SALT, IV, MAC = 4096, 16, 16, 64  # SQLCipher 4
WAL_HEADER, FRAME_HEADER = 32, 24
PACE = 0.01  # seconds between two looks
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - looked at, not used
OUTER = "import subprocess, sys; subprocess.run([sys.executable, '-c', *sys.argv[1:]])"
INNER = (
    "import os, sys; place, content = sys.argv[1:]; file = open(place, 'wb'); os.unlink(place);"
    " file.write(bytes.fromhex(content)); file.flush(); sys.stdin.readline()"
)
KEPT = ("text file", "UTF-16 file", "rationale", "letter", "feedback")


class Watch:
    """Looks again and again, while something runs, at files in some places and at files without a name."""

    def __init__(self, material: Planted, places: list[Path]) -> None:
        self.material = material
        self.found: list[str] = []
        self.looks = 0
        self.seen = threading.Event()
        self._places = places
        self._pause = threading.Event()

    def during(self, play: Callable[[], Any]) -> Any:
        """Run something and return what it answers; look until it is done, and once more after that."""
        with ThreadPoolExecutor(1) as pool:
            playing = pool.submit(play)
            while not playing.done():
                self._look()
                self._pause.wait(PACE)
        self._look()
        return playing.result()

    def _look(self) -> None:
        self.looks += 1
        looks = self.material.looks
        unnamed = (f"{name} in {link}" for link, content in _unnamed() for name in found_in(content, looks))
        self.found += [each for each in (*found_under(self._places, looks), *unnamed) if each not in self.found]
        if self.found:
            self.seen.set()


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    (tmp_path / "place").mkdir()
    return Watch(planted(tmp_path / "material"), [tmp_path / "place"])


@pytest.mark.slow
def test_planted_texts_are_nowhere_readable_and_gone_after_a_removal(
    world: World, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    material = planted(tmp_path / "material")
    world.opens(["lead-ed"], [("ana", "assessor:lead-ed")])
    (received,) = world.hub("import", str(material.folder))
    code = received["code"]
    world.hub("assign", code, "ana")
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    places = [world.people["ana"].home, home, temp, *(path for path in [SHARED_MEMORY] if path.exists())]
    watch = Watch(material, places)

    watch.during(lambda: world.process("ana", "sync"))
    watch.during(lambda: world.process("ana", "assess", code, "--from", str(material.assessment)))
    shown = watch.during(lambda: world.process("ana", "show", code))
    watch.during(lambda: world.process("ana", "decide", code))
    watch.during(lambda: world.process("ana", "sync"))
    watch.during(lambda: world.process("ana", "verify"))

    assert material.words["rationale"] in str(shown)
    assert watch.found == []
    assert watch.looks >= 30
    store = Store(world, "ana")
    with (
        closing(sqlite3.connect(store.database)) as stock,
        pytest.raises(sqlite3.DatabaseError, match="not a database"),
    ):
        stock.execute("SELECT count(*) FROM sqlite_master")
    wrapped, blobs = store.wrapped_keys(), store.blobs()
    before = store.pages()
    assert b"CREATE TABLE portfolio_key" in before
    assert found_in(before, material.looks) == list(KEPT)
    assert all(key in before for key in wrapped)
    assert len(blobs) == 4

    world.process("ana", "remove", code, "--unfinished")
    world.process("ana", "sync")

    after = store.pages()
    assert b"CREATE TABLE portfolio_key" in after
    assert found_in(after, material.looks) == []
    assert not any(key in after for key in wrapped)
    assert store.blobs() == []
    assert found_under(places, material.looks) == []


def test_the_watch_sees_a_file_that_lives_for_a_moment(watch: Watch, tmp_path: Path) -> None:
    passing = tmp_path / "place" / "passing"

    def play() -> None:
        passing.write_bytes(watch.material.looks["photo.jpg"][1])
        watch.seen.wait(guards.GRACE)
        passing.unlink()

    watch.during(play)

    assert watch.found == [f"photo.jpg in {passing}"]


def test_the_watch_sees_a_file_without_a_name_in_a_process_of_a_process(watch: Watch, tmp_path: Path) -> None:
    words = str(tmp_path / "outside"), watch.material.words["letter"].encode("utf-16").hex()

    def play() -> None:
        with subprocess.Popen([sys.executable, "-c", OUTER, INNER, *words], stdin=subprocess.PIPE) as outer:
            watch.seen.wait(guards.GRACE)
            outer.communicate(b"\n")

    watch.during(play)

    assert watch.found == [f"letter in {words[0]} (deleted)"]


class Store:
    """The raw files of somebody's store, read with the key in hand and without SQLite."""

    def __init__(self, world: World, laptop: str) -> None:
        (self.folder,) = (world.people[laptop].home / "stores").iterdir()
        self.database = self.folder / "store.db"
        with world.opened(laptop) as desk:
            self._key = desk.keys.data

    def blobs(self) -> list[Path]:
        return sorted(path for path in (self.folder / "blobs").rglob("*") if path.is_file())

    def wrapped_keys(self) -> list[bytes]:
        """Return the wrapped keys of portfolios and artifacts, as the store keeps them."""
        with closing(connect(self.database, self._key)) as bare:
            rows = bare.execute("SELECT wrapped FROM portfolio_key UNION SELECT blob_key FROM artifact")
            return [bytes(key) for (key,) in rows]

    def pages(self) -> bytes:
        """Return every page of the database and of its log, used or free, decrypted."""
        content = self.database.read_bytes()
        pages = [content[at : at + PAGE] for at in range(0, len(content), PAGE)]
        log = self.database.with_name(f"{self.database.name}-wal")
        frames = log.read_bytes()[WAL_HEADER:] if log.exists() else b""
        size = FRAME_HEADER + PAGE
        pages += [frames[at + FRAME_HEADER : at + size] for at in range(0, len(frames), size)]
        return b"".join(self._opened(page) for page in pages if len(page) == PAGE)

    def _opened(self, page: bytes) -> bytes:
        end = PAGE - IV - MAC
        opening = Cipher(AES(self._key), CBC(page[end : end + IV])).decryptor()
        # The first page begins with the salt instead of a header: its first two blocks turn to noise, no more.
        return opening.update(page[:end])


def _unnamed() -> Iterator[tuple[str, bytes]]:
    """Yield what stands in files that processes of this test hold open and that have no name (any more)."""
    for link in (link for pid in _descendants(os.getpid()) for link in Path(f"/proc/{pid}/fd").glob("*")):
        try:
            name = str(link.readlink())
            unnamed = name.endswith(" (deleted)") or name.startswith("/memfd:")
            if unnamed and stat.S_ISREG(link.stat().st_mode):
                yield name, link.read_bytes()
        except OSError:  # it was closed meanwhile
            continue


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in task.read_text().split()]
        except OSError:  # the process ended meanwhile
            continue
        for child in children:
            yield child
            yield from _descendants(child)
