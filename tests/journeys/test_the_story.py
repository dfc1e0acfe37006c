import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from assessor_desk.letters.engine import pymupdf
from assessor_desk.story.script import CASES, FAMILY_AGAIN, REASONS, STEPS, Case
from tests.journeys.world import DEMO, ROOT

RESULTS = {"earned": "Earned", "not yet earned": "Not yet earned"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_demo_plays_the_whole_job_and_leaves_a_summary_and_the_letters(tmp_path: Path) -> None:
    out = tmp_path / "out"

    ended = subprocess.run([ROOT / "desk", "demo", "--headless", "--out", out], capture_output=True, text=True)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["done"]
    assert [step["what"] for step in summary["steps"]] == [step.what for step in STEPS]
    assert all(step["done"] and step["seconds"] > 0 and not step["problem"] for step in summary["steps"])
    _tells_the_story({step["what"]: step["facts"] for step in summary["steps"]})
    letters = [file for step in summary["steps"] for file in step["files"]]
    assert sorted(letters) == sorted(f"letters/{path.name}" for path in (out / "letters").iterdir())
    codes = summary["steps"][1]["facts"]["codes"]
    for case, name in zip(CASES, (f"{code} round 1" for code in codes), strict=True):
        _tells_the_participant(case, out / "letters" / name)
    _tells_the_participant(FAMILY_AGAIN, out / "letters" / f"{codes[0]} round 2")


@pytest.mark.slow
def test_a_story_that_breaks_off_names_the_step_and_why(tmp_path: Path) -> None:
    material, out = tmp_path / "material", tmp_path / "out"
    shutil.copytree(DEMO / "portfolios", material / "portfolios")
    (material / "portfolios" / CASES[-1].folder / "portfolio.yaml").write_text("micro_credential: eln.nowhere\n")

    ended = subprocess.run(_story("--material", material, "--out", out), capture_output=True, text=True, env=_found())

    assert ended.returncode == 1
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert not summary["done"]
    assert [step["done"] for step in summary["steps"]] == [True, False]
    assert summary["steps"][-1]["what"] == STEPS[1].what
    assert "eln.nowhere" in summary["steps"][-1]["problem"]
    assert "eln.nowhere" in ended.stderr
    assert f"1 of {len(STEPS)} steps" in ended.stdout


@pytest.mark.slow
def test_a_story_that_is_asked_to_stop_leaves_a_summary_and_no_hub(tmp_path: Path) -> None:
    with subprocess.Popen(_story("--out", tmp_path), stdout=subprocess.PIPE, text=True, env=_found()) as playing:
        told = [playing.stdout.readline() for _ in range(2)] if playing.stdout else []
        playing.send_signal(signal.SIGTERM)

    assert STEPS[1].what in told[-1]
    assert playing.returncode == 128 + signal.SIGTERM
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert not summary["done"]
    assert [step["done"] for step in summary["steps"]] == [True, False]


def _tells_the_story(facts: dict[str, Any]) -> None:
    (opened, arrived, paired, given, away, assessed, signed, back, read, walked, corrected, _, again, held, cleared) = (
        facts.values()
    )
    assert opened["micro_credentials"] == 27
    assert len(set(arrived["codes"])) == paired["desks"] == 3
    assert given["ana"]["fetched"] == given["ben"]["fetched"] == arrived["artifacts"]
    assert given["cleo"]["fetched"] == 0
    assert "does not answer" in away["sentence"]
    assert all(edits > 30 for who in ("ana", "ben") for edits in assessed[who].values())
    assert signed["waiting"]["decision"] == 3
    assert back["seen_by_approver_before_both_were_in"] == 0
    assert [each["outcome"] for each in read["waiting"]].count("earned") == 2
    assert walked["places"] == walked["found"] > 20
    assert [each["about"] for each in corrected["returned"][0]["reasons"]] == ["everyone-has-next-step", "letter"]
    assert corrected["edits"] == 1
    assert "has not been released" in corrected["letter_before"]
    assert again["round"] == 2
    assert held["hub"]["holds"]
    assert all(held["desks"].values())
    assert (held["hub"]["decisions"], held["hub"]["sign_offs"]) == (9, 5)
    assert cleared["erased"]
    assert cleared["artifacts"] == 8


def _tells_the_participant(case: Case, letter: Path) -> None:
    """Hold both forms of a letter to the first assessor's feedback, and to nothing that is for staff only."""
    first = _assessment(f"{case.folder}.yaml")
    second = _assessment(f"{case.folder}-second.yaml")
    outcome = "not yet earned" if "revise" in str(first["scores"]) else "earned"
    told = [RESULTS[outcome], *first["letter"].values(), *_feedback(first)]
    hidden = [*_rationales(first), *_rationales(second), *_feedback(second), *second["letter"].values()]
    hidden += [reason.partition(": ")[2] for reason in REASONS]
    hidden += ["Ana Reyes", "Ben Okafor", "Cleo Park", "Looks good"]

    for text in (_pdf(letter.with_name(f"{letter.name}.pdf")), _docx(letter.with_name(f"{letter.name}.docx"))):
        assert [each for each in told if _pressed(each) not in text] == []
        assert [each for each in hidden if _pressed(each) in text] == []


def _assessment(name: str) -> Any:
    return yaml.safe_load((DEMO / "assessments" / name).read_text(encoding="utf-8"))


def _feedback(assessment: Any) -> list[str]:
    texts = (text for score in assessment["scores"].values() for text in score["feedback"].values())
    return [line for text in texts for line in text.replace("- ", "").splitlines() if line.strip()]


def _rationales(assessment: Any) -> list[str]:
    return [score["rationale"] for score in assessment["scores"].values()]


def _pdf(path: Path) -> str:
    with pymupdf().open(path) as document:
        return _pressed("".join(page.get_text(clip=_above_the_footer(page.rect)) for page in document))


def _above_the_footer(page: Any) -> tuple[float, float, float, float]:
    return (page.x0, page.y0, page.x1, page.y1 - 50)


def _docx(path: Path) -> str:
    with zipfile.ZipFile(path) as parts:
        document = ElementTree.fromstring(parts.read("word/document.xml"))  # noqa: S314 - our own file
    return _pressed("".join(node.text or "" for node in document.iter() if node.tag.endswith("}t")))


def _pressed(text: str) -> str:
    """Return the text without what setting it in lines may change."""
    return "".join(text.split()).replace("-", "").replace("\u2011", "")


def _story(*words: object) -> list[str]:
    return [sys.executable, "-m", "assessor_desk.story", *map(str, words)]


def _found() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "src")}
