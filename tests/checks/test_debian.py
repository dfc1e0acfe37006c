"""What Debian leaves out is installed where that is allowed, and else named in one command."""

import os
from pathlib import Path

import pytest

import commands
import debian
from assessor_desk.environment import selftest
from talk import SetupError

RECORDER = """#!/bin/sh
echo "$*" >>"$APT_LOG"
case "$*" in *"${APT_FAILS:-nothing}"*) exit 100 ;; esac
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a recorder in the place of apt-get and give its calls; the user is root on a Debian without package lists."""
    recorder = tmp_path / "bin" / "apt-get"
    recorder.parent.mkdir()
    recorder.write_text(RECORDER)
    recorder.chmod(0o755)
    log = tmp_path / "calls"
    log.touch()
    monkeypatch.setenv("PATH", f"{recorder.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("APT_LOG", str(log))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(debian, "LISTS", tmp_path / "lists")
    return log


def test_nothing_missing_asks_nothing_of_the_system(calls: Path) -> None:
    debian.provide({})

    assert calls.read_text() == ""


def test_root_gets_what_is_missing_after_waiting_for_the_package_lock(calls: Path) -> None:
    debian.provide({"strace": "The program strace is missing."})

    update, install = calls.read_text().splitlines()
    assert update.endswith("update")
    assert install.endswith("install --yes --no-install-recommends strace")
    assert "DPkg::Lock::Timeout=300" in install


def test_lists_that_are_there_are_not_fetched_again(calls: Path) -> None:
    debian.LISTS.mkdir()
    (debian.LISTS / "mirror_dists_stable_main_binary-amd64_Packages").touch()

    debian.provide({"strace": "The program strace is missing."})

    [install] = calls.read_text().splitlines()
    assert install.endswith("strace")


def test_an_install_that_fails_is_tried_once_more_with_fresh_lists(
    calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APT_FAILS", "install")

    with pytest.raises(SetupError, match="strace could not be installed"):
        debian.provide({"strace": "The program strace is missing."})

    assert [line.split()[5] for line in calls.read_text().splitlines()] == ["update", "install", "update", "install"]


def test_postgresql_comes_without_a_cluster_and_the_system_keeps_its_setting(
    calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = tmp_path / "createcluster.conf"
    setting.write_text("#create_main_cluster = true\n")
    monkeypatch.setattr(debian, "CLUSTERS", setting)
    seen: list[str] = []
    install = debian._install

    def watched(package: str) -> None:
        install(package)
        seen.append(f"{package}: {setting.read_text()}")

    monkeypatch.setattr(debian, "_install", watched)

    debian.provide({"postgresql": "PostgreSQL is missing."})

    assert "create_main_cluster = false" in seen[1]
    assert [each.partition(":")[0] for each in seen] == ["postgresql-common", "postgresql"]
    assert setting.read_text() == "#create_main_cluster = true\n"


def test_others_are_given_the_one_command(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(SetupError, match="sudo apt-get install --no-install-recommends postgresql strace"):
        debian.provide({"strace": "The program strace is missing.", "postgresql": "PostgreSQL is missing."})

    assert calls.read_text() == ""


def test_every_system_library_that_the_self_test_asks_for_has_its_debian_package() -> None:
    asked = {probe.need for purpose in ("demo", "test") for probe in selftest.probes(purpose, "linux", screen=True)}

    assert asked - commands.DEBIAN.keys() == {"sqlcipher3", "cryptography", "pymupdf", "pyside6"}
    assert commands.DEBIAN.keys() <= asked


def test_what_debian_has_is_provided_even_where_something_else_is_missing_too(
    calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([{"libEGL.so.1": "EGL is missing.", "pyside6": "PySide6 does not start."}, {}])
    monkeypatch.setattr(commands, "_missing", lambda python, purpose: next(answers))

    commands._self_test(Path("python"), "demo")

    assert calls.read_text().splitlines()[-1].endswith("libegl1")
