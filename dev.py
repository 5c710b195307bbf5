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

import io
import sys

from local.install import (
    DEV,
    ROOT,
    RUN,
    ProblemError,
    browser,
    call,
    command,
    npm_packages,
    python_packages,
    scripts,
    tool,
)

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


def setup(rest: list[str]) -> int:
    """Make the virtual environment and install the emulator, where they are not as they should: no more
    than running needs."""
    if rest:
        raise ProblemError("setup takes no options")
    _parts(RUN)
    return 0


def _parts(name: str = DEV) -> None:
    python_packages(name)
    npm_packages("azurite", "the storage emulator")


def run(rest: list[str]) -> int:
    setup([])
    return call("-m", "local.run", *rest)


def serve(rest: list[str]) -> int:
    setup([])
    return call("-m", "local.serve", *rest)


def cli(rest: list[str]) -> int:
    setup([])
    return call("-m", "cli.main", *rest)


def test(rest: list[str]) -> int:
    """Four files at a time, on two cores as well: most of them wait for something. The long ones come
    first."""
    _parts()
    browser()
    scripts()
    npm_packages("kusto", "the grammar of the query language")
    return call("-m", "pytest", "-n", "4", "--dist", "loadfile", "--no-loadscope-reorder", *rest)


def soak(rest: list[str]) -> int:
    """A hundred real kills first, unless a night is replayed; then the nights, whose count is the
    last line."""
    killed = 0
    if not {"--seed", "--script", "--help", "-h"} & {word.split("=")[0] for word in rest}:
        killed = kills(["--kills", "100"])
    else:
        python_packages()
    return call("-m", "tests.nights", *rest) or killed


def kills(rest: list[str]) -> int:
    _parts()
    return call("-m", "tests.kills", *rest)


def mutants(rest: list[str]) -> int:
    python_packages()
    return call("-m", "tests.nights.mutants", *rest)


def fuzz(rest: list[str]) -> int:
    _parts()
    return call("-m", "tests.fuzzing", *rest)


def check(rest: list[str]) -> int:
    """All of it, whatever fails first, so that one run tells everything."""
    python_packages()
    codes = [
        call("-m", "ruff", "format", "--check", "--quiet", "."),
        call("-m", "ruff", "check", "--quiet", "."),
        call("-m", "mypy", *[part for part in CHECKED if (ROOT / part).exists()]),
        command([tool("lint-imports"), "--no-logo"]),
        _lint_description(),
        _check_queries(),
    ]
    return max(codes)


def _lint_description() -> int:
    npm_packages("redocly", "the linter of the API's description")
    return call("-m", "local.redocly.check")


def _check_queries() -> int:
    """The queries of alerts and of the workbook, by the vendor's grammar: errors and warnings count."""
    npm_packages("kusto", "the grammar of the query language")
    return call("-m", "local.kusto.check")


def bench(rest: list[str]) -> int:
    _parts()
    return call("-m", "bench", *rest)


def audit(rest: list[str]) -> int:
    """Fails when something is found, and also when the database does not know a package: what was
    not looked up is not clean."""
    python_packages()
    return call("-m", "local.supply.audit", *rest)


def package(rest: list[str]) -> int:
    python_packages(RUN)
    return call("-m", "local.supply.package", *rest)


def format_(rest: list[str]) -> int:
    python_packages()
    return max(
        call("-m", "ruff", "check", "--fix", "--quiet", "."),
        call("-m", "ruff", "format", "--quiet", "."),
    )


def lock(rest: list[str]) -> int:
    python_packages()
    call("-m", "pip", "install", "--quiet", "uv")
    compile_ = ["-m", "uv", "pip", "compile", "--universal", "--python-version", "3.13"]
    plain = ["--generate-hashes", "--no-emit-index-url", "--quiet", "--upgrade", *rest]
    held: list[str] = []
    for name in ("requirements", RUN, DEV):  # each by what the one before it pins
        pins = [f"{name}.in", "-o", f"{name}.txt"]
        if code := call(*compile_, *plain, *pins, *held):
            return code
        held = ["-c", f"{name}.txt"]
    return 0


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
