"""What people use instead, each in an environment of its own below ``.local``, made from PyPI."""

import asyncio
import hashlib
import json
import os
import time
import venv
from collections.abc import Sequence
from pathlib import Path

from bench.harness.estate import GROUP, PoolOf

ROOT = Path(__file__).resolve().parents[2]
SDK = ("azure-mgmt-desktopvirtualization==2.0.0", "aiohttp==3.13.2")
CLI = ("azure-cli",)
LOOP = Path(__file__).with_name("sdkloop.py")
VERSION = "2024-04-03"


class NotHadError(Exception):
    """A tool that cannot be installed; the text says why."""


async def environment(name: str, packages: Sequence[str]) -> Path:
    """The Python of ``.local/{name}``, made where it is not there. Raises NotHadError."""
    folder = ROOT / ".local" / name
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    stamp = folder / ".installed"
    wanted = hashlib.sha256(" ".join(packages).encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"  installing {' '.join(packages)} into .local/{name} …", flush=True)
    await asyncio.to_thread(
        venv.create, folder, clear=True, with_pip=True, symlinks=os.name != "nt"
    )
    words = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    code, said = await _run([*words, *packages])
    if code != 0:
        raise NotHadError(f"pip install {' '.join(packages)} failed: {said.strip()[-300:]}")
    stamp.write_text(wanted, encoding="utf-8")
    return python


async def sdk_seconds(python: Path, sim_url: str, pool: PoolOf, hosts: int, at_once: int) -> float:
    """Drain mode on for the first ``hosts`` of a pool by the official SDK: one after another, or
    ``at_once``. Its imports are not counted."""
    about = {"url": sim_url, "subscription": pool.subscription, "group": GROUP, "pool": pool.name}
    about["hosts"] = [f"{pool.host(n)}.contoso.example" for n in range(hosts)]  # type: ignore[assignment]
    code, said = await _run([str(python), str(LOOP), json.dumps(about | {"atOnce": at_once})])
    if code != 0:
        raise RuntimeError(f"the SDK's loop failed: {said[-500:]}")
    return float(said)


async def az_seconds(python: Path, sim_url: str, pool: PoolOf, hosts: int) -> float:
    """The same by ``az rest``, a process a host, as a script's loop runs it."""
    az = python.with_name("az")
    environ = {**os.environ, "AZURE_CONFIG_DIR": str(python.parents[1] / "config")}
    environ |= {"AZURE_CORE_COLLECT_TELEMETRY": "false"}
    began = time.perf_counter()
    for n in range(hosts):
        address = f"{sim_url}{pool.id}/sessionHosts/{pool.host(n)}.contoso.example"
        words = [str(az), "rest", "--method", "patch", "--skip-authorization-header"]
        words += ["--headers", "Authorization=Bearer x", "Content-Type=application/json"]
        words += ["--body", '{"properties": {"allowNewSession": false}}', "--output", "none"]
        code, said = await _run([*words, "--url", f"{address}?api-version={VERSION}"], environ)
        if code != 0:
            raise NotHadError(f"az rest failed: {said.strip()[-300:]}")
    return time.perf_counter() - began


async def _run(words: list[str], environ: dict[str, str] | None = None) -> tuple[int, str]:
    """The code, and what was said: of a failure on standard error, else on standard output."""
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environ,
    )
    out, error = await process.communicate()
    code = process.returncode if process.returncode is not None else 1
    return code, (error if code else out).decode(errors="replace")


async def ceiling(python: Path, sim_url: str, pool_id: str) -> float:
    """Writes a second that the simulator takes from a plain HTTP client."""
    client = Path(__file__).with_name("plainclient.py")
    code, said = await _run([str(python), str(client), sim_url, pool_id])
    if code != 0:
        raise RuntimeError(f"the plain client failed: {said[-500:]}")
    return float(said)


if __name__ == "__main__":  # the tests of scripts/ need it, too
    asyncio.run(environment("bench-az", CLI))
