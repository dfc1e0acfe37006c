"""The one script prepares a checkout once, repairs what was interrupted, and says in one sentence what is missing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import ground
from tests.checks import repository

ECHO = "import sys; print(sys.argv[1:], sys.prefix)"
SELF_TEST = "import os; print(os.environ.get('MISSING', '{}'))"
ESSENTIAL = ("sh", "env", "id", "uname")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout that locks no packages, in a path with a space, after its first start."""
    checkout = tmp_path_factory.mktemp("a checkout")
    shutil.copy(repository.ROOT / "desk", checkout)
    shutil.copytree(
        repository.ROOT / "packaging" / "start",
        checkout / "packaging" / "start",
        ignore=lambda _, names: {"__pycache__"} & {*names},
    )
    (checkout / "requirements.lock").write_text("# nothing\n")
    package = checkout / "src" / "assessor_desk"
    (package / "environment").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "environment" / "selftest.py").write_text(SELF_TEST)
    (package / "__main__.py").write_text(ECHO)
    first = _desk(checkout, "run", "one", "two words")
    assert "Preparing .venv" in first.stderr
    assert first.stdout == f"['one', 'two words'] {checkout / '.venv'}\n"
    return checkout


def test_a_second_start_prepares_nothing_from_any_folder_and_leaves_the_output_alone(
    prepared: Path, tmp_path: Path
) -> None:
    again = _desk(prepared, "run", "--json", folder=tmp_path)

    assert again.stderr == ""
    assert again.stdout == f"['--json'] {prepared / '.venv'}\n"


def test_the_installed_command_works_by_itself(prepared: Path, tmp_path: Path) -> None:
    command = prepared / ".venv" / "bin" / "assessor-desk"

    done = subprocess.run([command, "status"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout.startswith("['status']")


def test_a_changed_lock_makes_the_environment_anew(prepared: Path) -> None:
    (prepared / ".venv" / "of the old one").touch()
    (prepared / "requirements.lock").write_text("# nothing still\n")

    assert "Preparing .venv" in _desk(prepared, "run").stderr

    assert not (prepared / ".venv" / "of the old one").exists()
    assert not (prepared / ".venv.old").exists()


def test_an_interrupted_set_up_is_made_anew_by_the_next_start(prepared: Path) -> None:
    (prepared / ".venv").rename(prepared / ".venv.new")
    (prepared / ".venv.new" / "desk-stamp").unlink()
    (prepared / ".venv.new" / "half an installation").touch()

    assert "Preparing .venv" in _desk(prepared, "run").stderr

    assert not (prepared / ".venv.new").exists()
    assert not (prepared / ".venv" / "half an installation").exists()


def test_a_set_up_interrupted_at_the_very_end_is_only_put_in_place(prepared: Path) -> None:
    (prepared / ".venv").rename(prepared / ".venv.new")

    done = _desk(prepared, "run")

    assert "Preparing" not in done.stderr
    assert done.stdout == f"[] {prepared / '.venv'}\n"


def test_a_prepared_checkout_still_starts_after_it_has_moved(prepared: Path, tmp_path: Path) -> None:
    moved = prepared.rename(tmp_path / "elsewhere")

    done = _desk(moved, "run")
    moved.rename(prepared)

    assert (done.stderr, done.stdout) == ("", f"[] {moved / '.venv'}\n")


def test_a_variable_that_misleads_python_does_no_harm(prepared: Path, tmp_path: Path) -> None:
    (tmp_path / "runpy.py").write_text("raise SystemExit('misled')")

    done = _desk(prepared, "run", folder=tmp_path, environment={"PYTHONPATH": str(tmp_path), "HOME": ""})

    assert done.returncode == 0, done.stderr


def test_what_the_self_test_misses_stops_the_demo_with_its_sentence(prepared: Path) -> None:
    done = _desk(prepared, "demo", environment={"MISSING": '{"pymupdf": "The PDF library does not load."}'})

    assert (done.returncode, done.stdout, done.stderr) == (1, "", "The PDF library does not load.\n")


def test_the_demo_says_that_it_plays_without_a_window_unless_that_was_asked_for(prepared: Path) -> None:
    (prepared / "src" / "assessor_desk" / "story.py").write_text(ECHO)

    by_itself, asked = _desk(prepared, "demo", "--out", "x"), _desk(prepared, "demo", "--headless", "--out", "x")

    assert by_itself.stderr == "There is no window yet: the demo plays headless.\n"
    assert asked.stderr == ""
    assert by_itself.stdout == asked.stdout == f"['--out', 'x'] {prepared / '.venv'}\n"


def test_without_python_one_sentence_says_so(prepared: Path, tmp_path: Path) -> None:
    (prepared / ".venv" / "desk-stamp").rename(prepared / "stamp")

    done = _desk(prepared, "run", environment={"PATH": str(_tools(tmp_path))})
    (prepared / "stamp").rename(prepared / ".venv" / "desk-stamp")

    assert done.returncode == 1
    assert done.stderr.startswith("Assessor Desk needs Python 3.11 or newer, and this system has none")
    assert done.stderr.count("\n") == 1


def test_with_too_old_a_python_one_sentence_names_it(prepared: Path, tmp_path: Path) -> None:
    old = _tools(tmp_path) / "python3"
    old.write_text('#!/bin/sh\ncase "$3" in *exit*) exit 1 ;; *) echo 3.9 ;; esac\n')
    old.chmod(0o755)
    (prepared / ".venv" / "desk-stamp").rename(prepared / "stamp")

    done = _desk(prepared, "run", environment={"PATH": str(old.parent)})
    (prepared / "stamp").rename(prepared / ".venv" / "desk-stamp")

    assert (done.returncode, done.stderr) == (
        1,
        "Assessor Desk needs Python 3.11 or newer, and this system has only Python 3.9.\n",
    )


def test_an_unknown_command_is_named_and_costs_nothing(prepared: Path) -> None:
    done = _desk(prepared, "dmeo")

    assert (done.returncode, done.stdout) == (2, "")
    assert "'dmeo'" in done.stderr


def test_help_names_every_command(prepared: Path) -> None:
    import commands

    said = _desk(prepared, "help").stdout

    assert [name for name in commands.TABLE if f"./desk {name} " not in said] == []


@pytest.mark.parametrize("script", ["desk", "packaging/lock", ".ci/run"])
def test_the_shell_scripts_parse(script: str) -> None:
    shell = "bash" if "bash" in (repository.ROOT / script).read_text().splitlines()[0] else "sh"

    assert subprocess.run([shell, "-n", repository.ROOT / script], check=False).returncode == 0
    assert os.access(repository.ROOT / script, os.X_OK)


def test_the_windows_script_hands_over_to_the_same_place() -> None:
    script = (repository.ROOT / "desk.cmd").read_bytes()

    assert b'py -%%v -I "%~dp0packaging\\start" %*\r\n' in script
    assert script.count(b"\n") == script.count(b"\r\n")


def test_the_environment_of_this_checkout_is_the_one_that_runs_the_tests() -> None:
    assert Path(sys.prefix).resolve() == ground.VENV.resolve()


def _desk(
    checkout: Path, *arguments: str, folder: Path | None = None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command: Sequence[str | Path] = [checkout / "desk", *arguments]
    variables = os.environ | (environment or {})
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)


def _tools(folder: Path) -> Path:
    """Return a search path with what every system has, and no Python."""
    tools = folder / "bin"
    tools.mkdir()
    for name in ESSENTIAL:
        (tools / name).symlink_to(shutil.which(name) or "")
    return tools
