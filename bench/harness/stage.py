"""All parts of one measurement, started afresh: storage, control plane, instances of the app."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.harness import estate
from bench.harness.counting import Counts, Meter
from bench.harness.estate import PoolOf
from local.client import Client
from local.parts import Part, Parts, free_port, running

GOING_OUT: dict[str, Any] = {
    "maxUnavailable": "100%",
    "failureBudget": "100%",
    "messages": [],
    "maintenance": {"kind": "hold"},
}
"""All hosts at once, nobody told, held until someone says release."""
WARM = PoolOf("hp-warm", 2, subscription=estate.subscription(9999))
"""Of a subscription, and so of token buckets, of its own."""
ENDED = ("Succeeded", "Failed", "Canceled")
ON, OFF = "drain mode on", "drain mode off"
_PLAIN = {"EVENT_TOPIC_ENDPOINT": "", "EVENT_TOPIC_KEY": ""}
"""The app as it is without options: nobody is told of its events."""
_POLL = 0.25
_ASK = 2.0
_PATIENCE = 230.0
"""Seconds: the platform ends a request after so long."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What truly happened, as the control plane logs it. ``at``: seconds since 1970."""

    at: float
    what: str
    host: str


@dataclass(slots=True)
class Stage:
    """``meter`` and ``queue`` count the app's requests to tables and queues, where the stage is metered."""

    parts: Parts
    client: Client
    apps: list[Part] = field(default_factory=list)
    meter: Meter | None = None
    queue: Meter | None = None
    _log: list[Happened] = field(default_factory=list)
    _before: int = 0
    """Lines of the log that are of the estate's making."""
    _more_ports: list[int] = field(default_factory=list)
    _calls: Counter[str] = field(default_factory=Counter)
    _counts: Counts | None = None
    """What was counted by then."""

    async def start(
        self, pool: PoolOf, policy: dict[str, Any], hosts: Any = "all", app: int = 0
    ) -> str:
        """Start a drain; its id. Raises RuntimeError if it is refused."""
        body = {"hostPool": pool.id, "hosts": hosts, "reason": "bench", "policy": policy}
        url = f"http://127.0.0.1:{self.port(app)}/api/drains"
        status, drain, _ = await self.client.call("POST", url, body)
        if status != 202:
            raise RuntimeError(f"the app answered {status}: {drain}")
        return str(drain["id"])

    def port(self, app: int) -> int:
        return self.parts.ports.app if app == 0 else self._more_ports[app - 1]

    async def add_app(self) -> None:
        """One more instance on the same storage."""
        number = len(self.apps)
        if number:
            self._more_ports.append(free_port())
        self.apps.append(await self.parts.start_app(f"app-{number}", self.port(number)))

    async def log(self) -> list[Happened]:
        """All that has happened since the start, without the estate's making."""
        told = await self.client.sim("GET", f"log?after={self._before + len(self._log)}")
        for each in told["value"]:
            at = datetime.fromisoformat(each["at"]).timestamp()
            self._log.append(Happened(at, each["what"], each.get("host", "")))
        return self._log

    async def until(self, what: str, count: int, within: float, of: str = "") -> list[float]:
        """When it happened ``count`` times, on hosts whose names begin with ``of``: each time, in
        order. Fewer, if it did not within so many seconds."""
        end = time.monotonic() + within
        while True:
            log = await self.log()
            found = [e.at for e in log if e.what == what and e.host.startswith(of)]
            if len(found) >= count or time.monotonic() >= end:
                return sorted(found)[:count]
            await asyncio.sleep(_POLL)

    async def ended(self, drains: Sequence[str], within: float) -> list[float]:
        """When each of the drains had ended, seconds since 1970 in their order; fewer, if they had not
        within so many seconds. Asking costs the app something: wait first for what the control plane
        tells."""
        end = time.monotonic() + within
        found: dict[str, float] = {}
        while len(found) < len(drains) and time.monotonic() < end:
            for drain in [each for each in drains if each not in found]:
                status, told, _ = await self.client.call("GET", f"operations/{drain}")
                if status == 200 and told["status"] in ENDED:
                    found[drain] = time.time()
            await asyncio.sleep(_ASK)
        return [found[drain] for drain in drains if drain in found]

    async def hosts_of(self, drain: str, phase: str = "") -> list[dict[str, Any]]:
        """The drain's hosts as the app tells them: in pages, and those of a phase alone where it can; else
        all in one answer."""
        found: list[dict[str, Any]] = []
        only = f"&$filter=phase eq '{phase}'" if phase else ""
        path: str | None = f"drains/{drain}/hosts?$top=200{only}"
        while path is not None:
            status, body, _ = await self.client.call("GET", path)
            if status in (404, 405) and path.startswith(f"drains/{drain}/hosts"):
                path = f"drains/{drain}"
                continue
            if status != 200:
                raise RuntimeError(f"the app answered {status}: {body}")
            found += body["hosts"] if "hosts" in body else body["value"]
            path = body.get("nextLink")
        return found

    async def calls(self) -> dict[str, int]:
        """How often each operation of the control plane was called."""
        return dict(Counter(await self.client.sim("GET", "calls")) - self._calls)

    async def warm(self) -> None:
        """Take a pool of its own out and back, so that what is measured next pays for no imports. What was
        counted so far does not count."""
        drain = await self.start(WARM, GOING_OUT)
        await self.until(ON, WARM.hosts, 60, of=f"{WARM.name}-")
        path, anyhow = f"drains/{drain}/cancel", {"If-Match": "*"}
        status, told, _ = await self.client.call("POST", path, {"reason": "it is warm"}, anyhow)
        if status >= 300:
            raise RuntimeError(f"the app answered {status}: {told}")
        if not await self.ended([drain], 120):
            raise RuntimeError("the drain that warms the app up does not end")
        self._before, self._log = self._before + len(self._log), []
        self._calls = Counter(await self.client.sim("GET", "calls"))
        self._counts = await self.meter.counts() if self.meter is not None else None

    async def throttled(self) -> int:
        return int((await self.client.sim("GET", "limits"))["throttled"])

    async def counts(self) -> Counts:
        if self.meter is None:
            raise RuntimeError("this stage is not metered")
        counts = await self.meter.counts()
        return counts if self._counts is None else counts.since(self._counts)

    async def queued(self) -> Counts:
        """The requests to queues. A step's message is deleted when the step is over."""
        if self.queue is None:
            raise RuntimeError("this stage is not metered")
        return await self.queue.counts()


@dataclass(frozen=True, slots=True)
class Set:
    """How the parts are set. ``latency`` in seconds; ``metered``: requests to storage are counted;
    ``speed``: how many times as fast as the wall's clock the estate lives; ``warm``: the instances have taken a
    step already."""

    latency: float = 0.0
    largest_page: int = 1000
    buckets: bool = True
    apps: int = 1
    metered: bool = False
    speed: float = 1.0
    warm: bool = False
    settings: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def stage(pools: Sequence[PoolOf], how: Set = Set()) -> AsyncIterator[Stage]:
    """The parts, started; stopped at the end. The first instance has answered once, so that no
    measurement pays for its imports unless it means to."""
    with tempfile.TemporaryDirectory(prefix="avd-bench-") as made:
        folder = Path(made)
        all_ = [*pools, WARM] if how.warm else pools
        parts = Parts(folder, settings={**_PLAIN, **how.settings})
        async with running(parts):
            await parts.start_azurite()
            meters: list[Meter] = []
            if how.metered:
                meters = [await Meter.start(parts, parts.ports.table)]
                meters.append(await Meter.start(parts, parts.ports.queue))
                storage = meters[1].through(meters[0].through(parts.storage))
                parts.settings = {**parts.settings, "AzureWebJobsStorage": storage}
            await parts.start_sim(estate.write(folder / "estate.toml", all_, how.speed), None)
            async with Client(parts.app_url, parts.sim_url, parts.key, _PATIENCE) as client:
                limits = {"latency": how.latency, "largestPage": how.largest_page}
                await client.sim("POST", "limits", {**limits, "buckets": how.buckets})
                before = len((await client.sim("GET", "log"))["value"])
                made_ = Stage(parts, client, _before=before)
                made_.meter, made_.queue = meters or (None, None)
                for _ in range(how.apps):
                    await made_.add_app()
                if how.warm:
                    await made_.warm()
                yield made_
