"""``python dev.py kills``: so many real kills, with a seed that is printed; then the verdict."""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.kills.chaos import chaos
from tests.kills.fleet import fleet
from tests.kills.verdict import judge


async def run(seed: int, kills: int, folder: Path) -> int:
    began = time.monotonic()
    async with fleet(folder, random.Random(seed)) as made:
        before = await made.client.sim("GET", "world")
        await made.begin()
        done = await chaos(made, kills)
        broken = await judge(made, before)
    for promise in broken:
        print(f"BROKEN  {promise}")
    told = ", ".join(f"{number} {what}" for what, number in sorted(done.items()))
    seconds = time.monotonic() - began
    print(f"seed {seed}: {told} in {seconds:.0f} s: {len(broken)} promises broken")
    return 1 if broken else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, help="without it, one by chance")
    told = parser.parse_args()
    seed = told.seed if told.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}: {told.kills} kills", flush=True)
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        return asyncio.run(run(seed, told.kills, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
