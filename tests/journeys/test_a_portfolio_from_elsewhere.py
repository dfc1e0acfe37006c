import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessor_desk.artifacts.docx import read_docx
from assessor_desk.artifacts.pdf import read_pdf
from assessor_desk.seals.digests import sha256
from tests.journeys.material import MICRO_CREDENTIAL
from tests.journeys.world import CORPUS, World

PACE = 0.002  # seconds between two looks at what a process has done
PEOPLE = (("ana", "assessor:lead-ed"), ("ben", "assessor:lead-ed"), ("cleo", "approver:lead-ed"))
QUOTED = ("pdf/ela-lesson-planning-questions.pdf", "docx/syllabus-intro-cs.docx")
LEAST_KILLS = 6


@pytest.mark.slow
def test_portfolios_from_elsewhere_go_their_whole_way_though_the_desk_is_killed(world: World, tmp_path: Path) -> None:
    sources = _portfolios(tmp_path)
    if not sources:
        return
    world.opens(["lead-ed"], PEOPLE)
    received = world.hub("import", *map(str, sources), "--micro-credential", MICRO_CREDENTIAL)
    codes = [each["code"] for each in received]
    for code in codes:
        world.hub("assign", code, "ana")
        world.hub("assign", code, "ben", "--part", "second assessor")
    many = sum(len(each["artifacts"]) for each in received)
    desk = Killed(world, "ana")

    for count in (1, many // 3, many // 2):
        desk.killed("sync", when=desk.fetched(count))
    assert world.process("ana", "sync")["equal"]
    world.desk("ben", "sync")
    documents = [_document(world.desk("ben", "show", code), tmp_path / f"{code}.yaml") for code in codes]
    for code, document in zip(codes, documents, strict=True):
        desk.killed("assess", code, "--from", str(document), when=desk.renders)
        desk.killed("assess", code, "--from", str(document), when=desk.writes())
        world.process("ana", "assess", code, "--from", str(document))
        world.desk("ben", "assess", code, "--from", str(document))
    assert world.process("ana", "verify")["holds"]
    for code, document in zip(codes, documents, strict=True):
        assert _state(world.desk("ana", "show", code)) == _state(world.desk("ben", "show", code))
        assert world.desk("ana", "assess", code, "--from", str(document))["edits"] == 0

    for number, code in enumerate(codes):
        desk.killed("decide", code, when=desk.writes())
        if world.desk("ana", "status")["waiting"].get("decision", 0) == number:
            world.process("ana", "decide", code)
        world.desk("ben", "decide", code)
    desk.killed("sync", when=desk.writes())
    desk.killed("sync", when=desk.writes())
    for who in ("ana", "ben", "cleo"):
        report = world.process(who, "sync")
        assert report["equal"]
        assert report["not_accepted"] == []
    for code in codes:
        world.desk("cleo", "sign-off", code, "--approve")
    world.desk("cleo", "sync")

    assert desk.kills >= LEAST_KILLS
    held = world.hub("verify")
    assert (held["holds"], held["decisions"], held["sign_offs"]) == (True, 2 * len(codes), len(codes))
    for code in codes:
        assert len(world.hub("letter", code, "--to", str(tmp_path / "letters"))["files"]) == 2
    world.stage.stop_hub()
    for table, column in (("decision", "body"), ("decision", "signature"), ("decision_part", "body")):
        _one_flipped_byte_is_named(world, table, column)
    assert world.hub("verify")["holds"]


class Killed:
    """A desk whose commands are killed halfway; `kills` counts those that were still at work."""

    def __init__(self, world: World, laptop: str) -> None:
        self.kills = 0
        self._world, self._laptop = world, laptop
        (self._store,) = (world.people[laptop].home / "stores").iterdir()
        self._pause = threading.Event()

    def killed(self, verb: str, *words: str, when: Callable[[int], bool]) -> None:
        """Start a command and kill it when a look at its process and its files says so, unless it ends before."""
        process = self._world.start(self._laptop, verb, *words)
        while process.poll() is None and not when(process.pid):
            self._pause.wait(PACE)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.kills += process.returncode == -signal.SIGKILL

    def fetched(self, count: int) -> Callable[[int], bool]:
        """Return a look that says whether so many artifacts have begun to arrive."""
        return lambda _: sum(path.is_file() for path in (self._store / "blobs").rglob("*")) >= count

    def writes(self) -> Callable[[int], bool]:
        """Return a look that says whether something was written to the database since now."""
        before = self._log()
        return lambda _: self._log() not in (before, None)

    @staticmethod
    def renders(pid: int) -> bool:
        """Return whether a process has started its render worker."""
        return any(path.read_text().strip() for path in Path(f"/proc/{pid}/task").glob("*/children"))

    def _log(self) -> tuple[int, int] | None:
        log = self._store / "store.db-wal"
        if not log.exists() or log.stat().st_size == 0:
            return None
        return log.stat().st_size, log.stat().st_mtime_ns


def _portfolios(folder: Path) -> list[Path]:
    """Return the corpus's archives, and a folder each made of its PDF and of its Word files; nothing without it."""
    archives = sorted((CORPUS / "portfolio").glob("*.zip"))
    for kind in ("pdf", "docx") if archives else ():
        shutil.copytree(CORPUS / kind, folder / kind)
        (folder / kind).chmod(0o700)
    return [*archives, *(folder / kind for kind in ("pdf", "docx") if archives)]


def _document(shown: Any, place: Path) -> Path:
    """Write an assessment that deals with every artifact, and quotes one where the corpus has its text."""
    artifacts = {each["sha256"]: each["id"] for each in shown["artifacts"]}
    quotes = {sha256((CORPUS / name).read_bytes()): _quote(CORPUS / name) for name in QUOTED}
    cited = next(({"artifact": artifacts[at], "quote": quotes[at]} for at in quotes if at in artifacts), None)
    whole = {"artifact": shown["artifacts"][0]["id"]}
    scores = {
        each["id"]: {
            "level": each["required"],
            "rationale": f"{each['name']} can be seen at the place that is cited, and nothing speaks against it.",
            "evidence": [dict(cited or whole)],
            "feedback": {"strength": f"{each['name']}: well shown."},
        }
        for each in shown["criteria"]
    }
    checks = ("files-open", "legible", "clear-sound", "all-there", "names-removed", "first-handed-in")
    content = {
        "scores": scores,
        "letter": {"opening": "Thank you for this portfolio.", "closing": "Goodbye."},
        "artifacts": dict.fromkeys(artifacts.values(), "opened"),
        "checks": dict.fromkeys(checks, True),
    }
    place.write_text(yaml.safe_dump(content), encoding="utf-8")
    return place


def _quote(path: Path) -> str:
    """Return the first words of a document that stand in it only once."""
    with path.open("rb") as source:
        text = read_docx(source) if path.suffix == ".docx" else read_pdf(source, path.stat().st_size, None)
    words = text.whole.split()
    phrases = (" ".join(words[at : at + 8]) for at in range(len(words)))
    return next(phrase for phrase in phrases if " ".join(words).count(phrase) == 1)


def _state(shown: Any) -> Any:
    """Return what an assessment amounts to, whoever made it."""
    criteria = [{name: each[name] for name in ("id", "level", "rationale", "feedback")} for each in shown["criteria"]]
    cited = [len(each["evidence"]) for each in shown["criteria"]]
    here = [each["state"] for each in shown["artifacts"]]
    return criteria, cited, here, shown["letter"], shown["outcome_so_far"], shown["open"], shown["conflicts"]


def _one_flipped_byte_is_named(world: World, table: str, column: str) -> None:
    with closing(sqlite3.connect(world.stage.hub_data / "hub.db", isolation_level=None)) as database:
        name = "id" if table == "decision" else "decision"
        row, decision, content = database.execute(f"SELECT rowid, {name}, {column} FROM {table} LIMIT 1").fetchone()  # noqa: S608
        changed = bytearray(content)
        changed[len(changed) // 2] ^= 1
        _put(database, table, column, (bytes(changed), row))
        report = world.stage.run("hub", "--data", str(world.stage.hub_data), "verify")
        _put(database, table, column, (content, row))

    assert report.code == 1
    assert not report.answer["holds"]
    assert report.answer["faults"]
    assert all(decision in fault for fault in report.answer["faults"])


def _put(database: sqlite3.Connection, table: str, column: str, values: Sequence[object]) -> None:
    database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", values)  # noqa: S608
