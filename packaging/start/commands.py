"""The commands of `./desk`, one function each."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import debian
import ground
from talk import SetupError, say

# What the self-test may miss, and the Debian package that brings it.
DEBIAN = {
    "postgresql": "postgresql",
    "strace": "strace",
    "xvfb": "xvfb",
    "libseccomp": "libseccomp2",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libpulse.so.0": "libpulse0",
    "libXrandr.so.2": "libxrandr2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
LINTED = ("src", "tests", "benchmarks", "packaging", "resources")
TYPED = ("src", "tests", "benchmarks", "packaging/start")


def demo(arguments: list[str]) -> int:
    """Play the whole job with made-up portfolios."""
    python = ground.prepare()
    _self_test(python, "demo")
    if "--headless" not in arguments:
        say("There is no window yet: the demo plays headless.")
    return _become(python, "assessor_desk.story", [each for each in arguments if each != "--headless"])


def run(arguments: list[str]) -> int:
    """Run the assessor-desk command."""
    fresh = not ground.ready(ground.VENV)
    python = ground.prepare()
    if fresh:  # later starts spare the second that the self-test takes
        _self_test(python, "demo")
    return _become(python, "assessor_desk", arguments)


def check(arguments: list[str]) -> int:
    """Run the linters, the type checker, the import contracts and the tests over the repository itself."""
    if arguments:
        raise SetupError("./desk check takes no arguments.")
    python = ground.prepare()
    _self_test(python, "demo")  # the test runner itself loads Qt
    return _checks(python) | _pytest(python, ["-q", "tests/checks"])


def test(arguments: list[str]) -> int:
    """Run every check and every test; with arguments, only the tests they name."""
    python = ground.prepare()
    _self_test(python, "test")
    checked = 0 if arguments else _checks(python)
    return _pytest(python, ["-n", "2", "--dist", "worksteal", *arguments]) | checked


TABLE: Mapping[str, Callable[[list[str]], int]] = {"demo": demo, "run": run, "test": test, "check": check}


def _become(python: Path, module: str, arguments: list[str]) -> int:
    """Hand this process over to a module of the environment."""
    command = [str(python), "-I", "-m", module, *arguments]
    if sys.platform != "win32":
        os.execv(command[0], command)
    return subprocess.call(command)


def _self_test(python: Path, purpose: str) -> None:
    """Ask the environment what is missing, provide what Debian has of it, and ask again."""
    missing = _missing(python, purpose)
    if provided := {DEBIAN[need]: why for need, why in missing.items() if need in DEBIAN}:
        debian.provide(provided)  # what else is missing may only have lacked one of these
        missing = _missing(python, purpose)
    if missing:
        raise SetupError("\n".join(missing.values()))


def _missing(python: Path, purpose: str) -> dict[str, str]:
    command = [str(python), "-I", "-m", "assessor_desk.environment.selftest", purpose, "--json"]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode not in (0, 1) or not answer.stdout:
        raise SetupError("The self-test itself broke down (see above).")
    found: dict[str, str] = json.loads(answer.stdout)
    return found


def _checks(python: Path) -> int:
    linted = [folder for folder in LINTED if any((ground.ROOT / folder).rglob("*.py"))]
    typed = [folder for folder in TYPED if any((ground.ROOT / folder).rglob("*.py"))]
    failed = [
        _checked("lint", [str(python), "-I", "-m", "ruff", "check", *linted]),
        _checked("format", [str(python), "-I", "-m", "ruff", "format", "--check", *linted]),
        _checked("import contracts", [str(python.with_name("lint-imports"))]),
        _checked("types", [str(python), "-I", "-m", "mypy", *typed]),
    ]
    return int(any(failed))


def _checked(name: str, command: list[str]) -> bool:
    """Run one check; print its output only if it fails."""
    started = time.monotonic()
    result = subprocess.run(command, cwd=ground.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if result.returncode != 0:
        sys.stdout.write(result.stdout.decode(errors="replace"))
    print(f"{name}: {'failed' if result.returncode else 'ok'} ({time.monotonic() - started:.1f} s)", flush=True)
    return result.returncode != 0


def _pytest(python: Path, arguments: list[str]) -> int:
    return subprocess.call([str(python), "-I", "-m", "pytest", *arguments], cwd=ground.ROOT)
