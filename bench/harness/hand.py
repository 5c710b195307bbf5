"""The app, driven by hand: a process of its own that runs one trigger at a time, and tells for each what
it took. ``Hand`` is its face in the bench."""

import asyncio
import json
import sys
from dataclasses import dataclass, field
from typing import Any

from bench.harness.stage import Stage


@dataclass(frozen=True, slots=True)
class Took:
    """What one trigger took: seconds on the wall, seconds of the processor, and the most memory that
    the process has held so far, in megabytes. ``status`` and ``body`` are those of a request's response,
    ``size`` its bytes."""

    wall: float
    processor: float
    peak: float
    status: int = 0
    size: int = 0
    body: Any = None


@dataclass(slots=True)
class Hand:
    process: asyncio.subprocess.Process
    drains: list[str] = field(default_factory=list)

    async def post(self, pool_id: str, policy: dict[str, Any], hosts: Any = "all") -> Took:
        """Start a drain, and take no step. Raises RuntimeError if it is refused."""
        body = {"hostPool": pool_id, "hosts": hosts, "reason": "bench", "policy": policy}
        took = await self._do(do="request", route="start_drain", body=body)
        if took.status != 202:
            raise RuntimeError(f"the app answered {took.status}: {took.body}")
        self.drains.append(str(took.body["id"]))
        return took

    async def order(self, drain: str, order: str) -> Took:
        return await self._do(do="request", route="order_drain", path={"id": drain, "order": order})

    async def operation(self, drain: str) -> dict[str, Any]:
        """How far a drain is."""
        took = await self._do(do="request", route="drain_operation", path={"id": drain})
        return dict(took.body)

    async def step(self, drain: str, profile: str = "") -> Took:
        """One look at a drain, and what follows from it. ``profile``: the file for its profile."""
        more = {"profile": profile} if profile else {}
        return await self._do(do="step", drain=drain, **more)

    async def tick(self) -> Took:
        return await self._do(do="tick")

    async def watch(self) -> Took:
        return await self._do(do="watch")

    async def close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        await self.process.wait()

    async def _do(self, **command: Any) -> Took:
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the app's process has no pipes")
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        await self.process.stdin.drain()
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the app's process ended at {command['do']}")
        told = json.loads(line)
        if "error" in told:
            raise RuntimeError(f"{command['do']} failed: {told['error']}")
        return Took(**told)


async def hand(stage: Stage) -> Hand:
    """A fresh process, which has imported and connected nothing yet but the app."""
    environ = {**stage.parts.values(), "PYTHONPATH": ".", "PYTHONUNBUFFERED": "1"}
    said = stage.parts.folder / "hand.log"
    with said.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bench.harness.byhand",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=out,
            env=environ,
            limit=1 << 26,
        )
    return Hand(process)
