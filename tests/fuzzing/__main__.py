"""``python dev.py fuzz``: all that can be made from the API's description, some thousands of requests."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from secrets import randbelow

from local.parts import FAST, Parts, running
from tests.fuzzing import WHOLE, fuzz


async def main() -> int:
    asked = argparse.ArgumentParser(prog="dev.py fuzz", description=__doc__)
    asked.add_argument("--seed", type=int, default=randbelow(10**9))
    asked.add_argument("--examples", type=int, default=15, help="of each operation")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with running(Parts(Path(folder), settings=FAST)) as parts:
            await parts.start_azurite()
            came = await fuzz(parts, Path(folder), WHOLE, told.examples, told.seed)
    print(came.text)
    print(
        f"from seed {told.seed}: {came.made} requests, {'faults' if came.faults else 'no faults'}"
    )
    return 1 if came.faults else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
