"""What holds for every test: a home of its own, no key store, no proxy, and nothing left behind."""

import contextlib
import itertools
import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import guards

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("deep", max_examples=2_000, deadline=None)
settings.load_profile("ci")

FOLDERS = {
    "HOME": ".",
    "USERPROFILE": ".",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}
UNWANTED = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture(scope="session", autouse=True)
def _no_process_outlives_the_suite() -> Iterator[None]:
    token = os.environ[guards.MARK] = uuid.uuid4().hex
    yield
    assert guards.lingering_family(token) == []


@pytest.fixture(autouse=True)
def _nothing_is_left_running(_no_process_outlives_the_suite: None) -> Iterator[None]:
    threads, children = set(threading.enumerate()), guards.children()
    yield
    assert guards.lingering_threads(threads) == []
    assert guards.lingering_children(children) == []


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    base = tmp_path_factory.mktemp("homes")
    return (base / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the test, and every process it starts, an empty home folder and no way to the person's own things."""
    folder = next(_homes)
    folder.mkdir()
    for variable, place in FOLDERS.items():
        monkeypatch.setenv(variable, str(folder / place))
    for variable in UNWANTED:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    yield folder
    with contextlib.suppress(OSError):  # a home that was used stays, to be looked at
        folder.rmdir()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran, and what some of them have to tell."""
    outcomes = ("passed", "failed", "xfailed", "xpassed")
    reports = [report for outcome in outcomes for report in terminalreporter.getreports(outcome)]
    terminalreporter.write_line(f"{len(reports)} tests ran.")
    told = (words for report in reports for name, words in report.user_properties if name == "told")
    for words in told:
        terminalreporter.write_line(str(words))
