"""Every benchmark runs, and none is far beyond its budget; exact counts have no allowance."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if path.stem not in ("__init__", "ground"))


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_runs_and_stays_within_three_times_its_budget(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--quick"]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_every_benchmark_has_its_place_in_the_document() -> None:
    document = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")

    assert [name for name in BENCHMARKS if f"benchmarks/{name}.py" not in document] == []
