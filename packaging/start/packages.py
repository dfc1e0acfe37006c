"""The locked packages, fetched and installed by uv where it is present, else by pip."""

import importlib.util
import shutil
import subprocess
import sys
from collections import deque
from pathlib import Path

import debian
from talk import SetupError, say, tick


def install(lock: Path, venv: Path, python: Path) -> None:
    """Make an environment and put exactly the locked packages into it, each checked by its hash."""
    uv = shutil.which("uv")
    if uv is None or not _by_uv(uv, lock, venv, python):
        _by_pip(lock, venv, python)


def _by_uv(uv: str, lock: Path, venv: Path, python: Path) -> bool:
    make = [uv, "venv", "--quiet", "--no-project", "--no-python-downloads", "--python", sys.executable, str(venv)]
    fill = [uv, "pip", "install", "--python", str(python), "--require-hashes", "--no-deps", "--requirement", str(lock)]
    if all(subprocess.call(command, stdout=sys.stderr) == 0 for command in (make, fill)):
        return True
    say("uv did not manage (see above); trying with pip.")
    shutil.rmtree(venv, ignore_errors=True)
    return False


def _by_pip(lock: Path, venv: Path, python: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        debian.provide({f"python{version}-venv": "Python's own way to make environments (venv) is missing."})
    if subprocess.call([sys.executable, "-I", "-m", "venv", str(venv)], stdout=sys.stderr) != 0:
        raise SetupError("Python could not make an environment (see above); nothing was changed.")
    pip = [str(python), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    _counted([*pip, "--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(lock)], lock)


def _counted(command: list[str], lock: Path) -> None:
    """Run pip and count the packages that it has dealt with, as it says nothing short itself."""
    total = sum("==" in line for line in lock.read_text().splitlines())
    last: deque[str] = deque(maxlen=20)
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            last.append(line)
            if line.startswith(("Collecting ", "Processing ", "Ignoring ")):
                done += 1
                _show(done, total, Path(line.split()[1]).name)
            elif line.startswith("Installing "):
                tick("")
                say("  All packages are here and checked; installing them.")
    if pip.returncode != 0:
        say("".join(last).rstrip())
        raise SetupError("The packages could not be fetched (see above); nothing was changed; a new start tries again.")


def _show(done: int, total: int, package: str) -> None:
    if sys.stderr.isatty():
        tick(f"{done} of {total}: {package}")
    elif done % 10 == 0:
        say(f"  {done} of {total}")
