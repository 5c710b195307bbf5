"""``make run``: a scene on a simulated estate, from start to end, shown as it goes.

The real parts do the work: the storage emulator, the function app under the public Functions
runtime, the official SDKs over HTTP. Only the control plane is simulated. The exit code is 0 only
if the control plane says at the end that every host is as it was.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

from rich.console import Console

from local import printing
from local.parts import FAST, Part, PartError, Parts, running
from local.scenes import SCENES, Scene


async def _main(scene: Scene) -> int:
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="avd-drain-") as folder:
        parts = Parts(Path(folder), settings={**FAST, **scene.settings})
        try:
            async with running(parts):
                await _started(parts, console)
                good = await scene.job(parts, console)
        except PartError as error:
            console.print(str(error), markup=False, soft_wrap=True)
            return 2
        if not good:
            app = parts.running.get("app")
            words = app.last_words(40) if app else ""
            console.print(f"\nthe app's last words:\n{words}", markup=False, soft_wrap=True)
    console.print("\nevery host is as it was" if good else "\nNOT everything is as it should be")
    return 0 if good else 1


async def _started(parts: Parts, console: Console) -> None:
    """Start the parts, and print a line for each when it responds."""

    async def told(what: str, start: Awaitable[Part], where: str = "") -> None:
        began = time.monotonic()
        await start
        console.print(f"{what:<28} {time.monotonic() - began:3.0f} s  {where}".rstrip())

    await asyncio.gather(
        told("the storage emulator", parts.start_azurite()),
        told("the simulated estate", parts.start_sim(None, None), f"{parts.sim_url}/"),
    )
    await told("the function app", parts.start_app(), f"{parts.app_url}/api/board")
    console.print(f"{'a function key, for the board':<35} {parts.key}\n", markup=False)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--scenario",
        default=os.environ.get("SCENARIO") or "drain",
        choices=SCENES,
        help="what to show (drain); SCENARIO in the environment says it too",
    )
    printing.anywhere()
    scene = SCENES[parser.parse_args().scenario]
    try:
        return asyncio.run(_main(scene))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
