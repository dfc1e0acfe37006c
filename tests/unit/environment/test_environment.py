"""Packaged files, the clock, versions, and what a process asks of the system."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessor_desk.environment.clock import Clock, SystemClock
from assessor_desk.environment.packaged import located, packaged
from assessor_desk.environment.versions import program_version, versions

CHECKOUT = Path(__file__).resolve().parents[3]

HARDENED = """
import os, resource, stat, sys
from assessor_desk.environment.process import harden
os.umask(0)
harden()
descriptor = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY, 0o666)
print(resource.getrlimit(resource.RLIMIT_CORE), oct(stat.S_IMODE(os.fstat(descriptor).st_mode)))
"""


def test_a_checkout_keeps_its_files_beside_src() -> None:
    assert packaged("rubrics") == CHECKOUT / "rubrics"


def test_an_installed_program_carries_its_files_inside(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "assessor_desk"
    (package / "packaged" / "rubrics").mkdir(parents=True)
    (tmp_path / "rubrics").mkdir()

    assert located("rubrics", package) == package / "packaged" / "rubrics"


def test_an_installation_without_its_files_is_loud(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="not whole"):
        located("rubrics", tmp_path / "a" / "b")


def test_the_clock_tells_the_zone() -> None:
    clock: Clock = SystemClock()

    assert clock.now().tzinfo is UTC
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(minutes=1)


def test_the_versions_name_program_python_and_platform() -> None:
    found = versions()

    assert found.program == program_version()
    assert found.program[0].isdigit()
    assert found.python == ".".join(map(str, sys.version_info[:3]))
    assert found.platform


def test_a_hardened_process_dumps_no_memory_and_makes_private_files(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HARDENED, str(tmp_path / "file")],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(CHECKOUT / "src")},
    )

    assert done.stdout.strip() == "(0, 0) 0o600"


def test_the_key_store_is_not_loaded_before_it_is_asked_for() -> None:
    script = "import sys, assessor_desk.environment.secrets; print('keyring' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(CHECKOUT / "src")},
    )

    assert done.stdout.strip() == "False"
