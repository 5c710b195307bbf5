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
from pathlib import Path

from rich.console import Console

from local.parts import FAST, PartError, Parts, running
from local.scenes import SCENES, Scene


async def _main(scene: Scene) -> int:
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="avd-drain-") as folder:
        parts = Parts(Path(folder), settings={**FAST, **scene.settings})
        try:
            async with running(parts):
                text = "starting the storage emulator, the simulated estate and the function app …"
                console.print(text)
                await asyncio.gather(parts.start_azurite(), parts.start_sim(None, None))
                await parts.start_app()
                console.print(f"the estate, live: {parts.sim_url}/\n")
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
    scene = SCENES[parser.parse_args().scenario]
    try:
        return asyncio.run(_main(scene))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
