"""Faults planted in the app, to show that the nights would find them: ``python dev.py mutants``.

Each is a small change to one file, of a kind that somebody might make. It counts as found when a
night breaks a promise; the number of nights that took is shown. A fault that survives shows a
missing check.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.nights.planted import MUTANTS
from tests.nights.planted.mutant import Mutant

ROOT = Path(__file__).resolve().parents[2]
NIGHTS = 4000
"""The most nights for each fault."""


@contextmanager
def planted(mutant: Mutant) -> Iterator[Path]:
    """A copy of the code with the fault in it."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        root = Path(folder)
        for part in ("shared", "local", "tests"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, root / part, ignore=ignored)
        for file, old, new in mutant.changes:
            path = root / "shared" / file
            text = path.read_text(encoding="utf-8")
            if text.count(old) != 1:
                raise ValueError(f"{mutant.name}: not once in {file}")
            path.write_text(text.replace(old, new), encoding="utf-8")
        yield root


_HUNT = """
import gc, sys
from tests.nights.night import night
gc.disable()
for seed in range(int(sys.argv[1]), int(sys.argv[2])):
    broken = night(seed).broken
    if broken is not None:
        print(f"{seed + 1}|{broken}")
        break
    if seed % 50 == 49:
        gc.collect()
"""


def hunt(mutant: Mutant, nights: int) -> tuple[int, str]:
    """The number of the night that found the fault, and the promise it broke; 0 if it survived. A
    night that also fails without the fault has found something else: it is shown and does not
    count."""
    first = 0
    with planted(mutant) as root:
        while first < nights:
            number, text = _run(root, first, nights)
            if not number or not _run(ROOT, number - 1, number)[0]:
                return number, text
            print(
                f"seed {number - 1} breaks a promise without any planted fault: {text}", flush=True
            )
            first = number
    return 0, ""


def _run(root: Path, first: int, end: int) -> tuple[int, str]:
    told = subprocess.run(
        [sys.executable, "-c", _HUNT, str(first), str(end)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    number, _, text = told.strip().partition("|")
    return (int(number), text) if number else (0, "")


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py mutants", description=__doc__)
    parser.add_argument("--nights", type=int, default=NIGHTS, help="at most, for each")
    parser.add_argument(
        "--only", default=[""], nargs="+", help="those whose name holds one of these"
    )
    told = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if any(word in mutant.name for word in told.only)]
    survivors = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        hunts = [pool.submit(hunt, mutant, told.nights) for mutant in chosen]
        for mutant, hunted in zip(chosen, hunts, strict=True):
            nights, how = hunted.result()
            survivors += nights == 0
            found = f"{nights:5d} nights  {how[:90]}" if nights else "SURVIVED"
            print(f"{mutant.name:<62} {found}", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} planted faults were found")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
