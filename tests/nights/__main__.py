"""``python dev.py soak``: as many simulated nights as you like, on all cores.

The last line has the number of nights, steps, crashes and faults, and of broken promises. A night
that fails prints its seed, and the story of the shortest night that still fails; ``--seed N
--nights 1`` replays it.
"""

import argparse
import gc
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.nights.draw import draw
from tests.nights.night import night
from tests.nights.script import load, save
from tests.nights.story import shortest, story

_CHUNK = 25


def some(first: int, number: int) -> tuple[Counter[str], list[int]]:
    """Run ``number`` nights from the seed ``first`` on. Returns their counts, and the seeds that
    failed."""
    gc.disable()
    count: Counter[str] = Counter()
    failed = []
    for seed in range(first, first + number):
        came = night(seed)
        count.update(nights=1, steps=came.steps, crashes=came.crashes, faults=came.faults)
        if came.broken is not None:
            failed.append(seed)
    gc.enable()
    gc.collect()
    return count, failed


def soak(first: int, number: int, most_failed: int) -> tuple[Counter[str], list[int]]:
    """Run all nights, and stop early after ``most_failed`` failures."""
    count: Counter[str] = Counter()
    failed: list[int] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        starts = range(first, first + number, _CHUNK)
        sizes = [min(_CHUNK, first + number - start) for start in starts]
        for part, wrong in pool.map(some, starts, sizes):
            count += part
            failed += wrong
            if sys.stderr.isatty():
                print(f"\r{count['nights']} nights", end="", file=sys.stderr, flush=True)
            if len(failed) >= most_failed:
                pool.shutdown(cancel_futures=True)
                break
    return count, failed


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py soak", description=__doc__)
    parser.add_argument("--nights", type=int, default=int(os.environ.get("NIGHTS") or 5000))
    parser.add_argument("--seed", type=int, help="the first night's; without it, one by chance")
    parser.add_argument("--most-failed", type=int, default=3, help="stop after so many")
    parser.add_argument("--keep", type=Path, help="a folder for the scripts of nights that fail")
    parser.add_argument("--script", type=Path, help="tell the night of a kept script instead")
    told = parser.parse_args()
    if told.script is not None:
        print(story(load(told.script)))
        return 0
    first = told.seed if told.seed is not None else random.SystemRandom().randrange(10**9)
    print(f"from seed {first}: {told.nights} nights", flush=True)
    began = time.perf_counter()
    count, failed = soak(first, told.nights, told.most_failed)
    seconds = time.perf_counter() - began
    for seed in failed:
        small = shortest(draw(seed))
        print(f"\n{story(small)}\n")
        if told.keep is not None:
            told.keep.mkdir(parents=True, exist_ok=True)
            save(small, told.keep / f"{seed}.json")
    print(
        f"from seed {first}: {count['nights']} nights, {count['steps']} steps, "
        f"{count['crashes']} crashes, {count['faults']} faults in {seconds:.0f} s "
        f"({count['nights'] / seconds:.0f} nights a second): "
        f"{len(failed)} nights broke a promise"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
