"""The guide through an assessor's first hour is true: each of its lines is run, in its order, and does what it says."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assessor_desk.environment.paths import Home
from tests.cli.place import ROOT, Ended, process, run, unlocks_quickly
from tests.operations.office import PASSPHRASE

GUIDE = (ROOT / "docs" / "guide" / "first-hour.md").read_text(encoding="utf-8")
PART = re.compile(r"^```(\w*)\n(.*?)^```$\n*|^([^`\n].*?)(?=\n\n|\Z)\n*", re.MULTILINE | re.DOTALL)
INVITATION = "KVTE-FMVY-EQQS.PNZA-BKFK-8R9H-09KT-PGQH-Q3Q3"
WRITTEN = "trial/first.yaml"


@dataclass
class Reader:
    """Someone who does what the guide says: `own` is what they type in place of the guide's examples."""

    folder: Path
    own: dict[str, str] = field(default_factory=dict)
    done: list[tuple[str, Ended]] = field(default_factory=list)
    server: subprocess.Popen[bytes] | None = None

    def types(self, line: str) -> None:
        words = [self._own(word) for word in shlex.split(line)]
        assert words.pop(0) == "assessor-desk"
        if "serve" in words:
            self.server = process(*words)
            assert self.server.stdout is not None
            listens = self.server.stdout.readline().decode()
            self.own["8421"] = listens.strip().rpartition(":")[2]
            return
        at_desk = () if words[0] == "hub" else ("--passphrase-file", str(self.folder / "passphrase"))
        ended = run(*words, *at_desk)
        self.done.append((line, ended))
        self._learns(words, ended)

    def _own(self, word: str) -> str:
        for example, mine in self.own.items():
            word = word.replace(example, mine)
        return word

    def _learns(self, words: list[str], ended: Ended) -> None:
        if words[0] == "pair":
            unlocks_quickly(Home.at())
        if "import" in words:
            self.own["P-7F3K"] = ended.out.split()[0]
        if "invite" in words:
            self.own[INVITATION] = ended.out.split()[0]

    def stops_the_hub(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.communicate()
            self.server = None


@contextmanager
def reader(folder: Path) -> Iterator[Reader]:
    (folder / "trial").mkdir()
    (folder / "passphrase").write_text(PASSPHRASE)
    with ExitStack() as leaving:
        person = Reader(folder, {"trial/": f"{folder}/trial/", "resources/": f"{ROOT}/resources/", "8421": "0"})
        leaving.callback(person.stops_the_hub)
        yield person


def test_the_first_hour_goes_as_the_guide_says(tmp_path: Path) -> None:
    with reader(tmp_path) as ana:
        for kind, content, words in PART.findall(GUIDE):
            if kind == "sh":
                for line in content.splitlines():
                    ana.types(line)
            elif kind == "yaml":
                (tmp_path / WRITTEN).write_text(content, encoding="utf-8")
            elif words.startswith("It says no"):
                line, ended = ana.done[-1]
                assert ended.code == 1, line
                ana.done[-1] = (line, Ended(0, ended.err, ""))
            elif "Ctrl-C" in words:
                ana.stops_the_hub()

    assert [(line, ended) for line, ended in ana.done if ended.code != 0] == []
    said = {line.replace("assessor-desk ", ""): ended.out for line, ended in ana.done}
    assert "to do" in dict(ana.done[:9])["assessor-desk queue"].out
    assert "Waiting to be sent" in said["status"]
    assert "received" in said["queue"]
    assert "not yet earned" in said["decide P-7F3K"]
    assert "second scoring" in said["hub --data trial/hub status"]
    assert len(list((tmp_path / "trial" / "files").iterdir())) == 6
    assert "RECOVERY SHEET" in (tmp_path / "trial" / "recovery-sheet.txt").read_text()
