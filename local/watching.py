"""Shows drains while they move, by running the command line as its users do, on the same terminal.

The command line is a process of its own and is not imported: two programs speak HTTP to the app,
and neither knows the other.
"""

import asyncio
import os
import subprocess
import sys

from rich.console import Console

from local.parts import ROOT, Parts

_LOOK_EVERY = "0.5"
_SAID = {2: "it was called wrongly", 3: "the app refused it", 4: "the app is not reachable"}
"""Exit codes of the command line that mean that nothing was watched (docs/cli.md)."""


async def watch(parts: Parts, console: Console, *words: str, at_most: float) -> bool:
    """Show the drains that ``words`` name until they have ended, for at most ``at_most`` seconds.
    False: it did not see them end."""
    console.print(f"\n$ avd-drain watch {' '.join(words)}", markup=False, soft_wrap=True)
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    environ |= {"AVD_DRAIN_URL": parts.app_url, "AVD_DRAIN_KEY": parts.key}
    environ.pop("AVD_DRAIN_SCOPE", None)
    sys.stdout.flush()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli.main", "watch", *words, "--every", _LOOK_EVERY),
        stdin=subprocess.DEVNULL,
        env=environ,
        cwd=ROOT,
    )
    try:
        code = await asyncio.wait_for(process.wait(), at_most)
    except TimeoutError:
        console.print(f"not all had ended after {at_most:.0f} s")
        return False
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if code in _SAID:
        console.print(f"it could not be watched: {_SAID[code]}")
    return code not in _SAID
