"""Several instances of the app: on one subscription they share its token buckets, and over many they are
to do more together. The simulator waits there, so that two cores are enough for four instances."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bench.harness.estate import PoolOf, subscription
from bench.harness.processes import peak_megabytes, processor_seconds
from bench.harness.stage import GOING_OUT, OFF, Set, Stage, stage
from bench.size import Group, Size
from bench.table import Goal, Row, at_least, at_most

_THERE_AND_BACK = {**GOING_OUT, "maintenance": {"kind": "none"}}
_SOON = {"LOOK_SOON": "PT1S", "LOOK_USUAL": "PT2S", "LATE_WRITES": "PT5S"}
_SPEED = 10.0
"""The hosts say ten times as often that they are well: nobody is to wait for that."""
SLOW = 0.5
"""Seconds an answer takes where the simulator waits."""
_FEW_AT_ONCE = {
    "AzureFunctionsJobHost__extensions__queues__batchSize": "4",
    "AzureFunctionsJobHost__extensions__queues__newBatchThreshold": "2",
}
"""An instance takes six drains at once: so it is full long before the machine is."""


@dataclass(frozen=True, slots=True)
class Went:
    a_minute: float
    throttled: int
    processor: float | None
    """Seconds a drain, of all instances."""
    peak: float | None


async def run(size: Size) -> AsyncIterator[Row]:
    drains = size.pick(4, 12, 24)
    went = {apps: await _one_subscription(drains, apps) for apps in (1, 2)}
    text = f"requests refused with 429, {drains} drains of 20 hosts on one subscription"
    yield Row(
        "instances.throttled-1", f"{text}: one instance", (went[1].throttled,), "", at_most(0)
    )
    yield Row("instances.throttled-2", "... two instances", (went[2].throttled,), "", at_most(4))
    ratio = went[2].a_minute / went[1].a_minute
    text = "... drains a minute with two, against one"
    note = f"one: {went[1].a_minute:.3g} a minute"
    yield Row("instances.shared", text, (ratio,), "", at_least(1.0), note)
    if (seconds := went[1].processor) is not None:
        yield Row("instances.processor", "processor time a drain of 20 hosts, out and back", (seconds,),
                  "s")  # fmt: skip
    if (peak := went[1].peak) is not None:
        yield Row("instances.memory", "... memory of the instance, with the runtime", (peak,), "MB")
    pools = size.pick(12, 96)  # many times the places: else the last ones are compared
    most = size.pick(2, 4)
    one = await _many_subscriptions(pools, 1)
    text = (
        f"{pools} drains over as many subscriptions, {SLOW:g} s an answer: a minute, one instance"
    )
    yield Row("instances.many-1", text, (one.a_minute,), "/min")
    for apps, goal in ((2, 1.9), (4, 3.6)):
        if apps <= most:
            several = await _many_subscriptions(pools, apps)
            yield _against(apps, several, one, at_least(goal))


def _against(apps: int, several: Went, one: Went, goal: Goal) -> Row:
    ratio = several.a_minute / one.a_minute
    word = {2: "two", 4: "four"}[apps]
    return Row(f"instances.many-{apps}", f"... {word} instances, against one", (ratio,), "", goal)


async def _one_subscription(drains: int, apps: int) -> Went:
    pools = [PoolOf(f"hp-{n}", 20) for n in range(drains)]
    async with stage(pools, Set(apps=apps, settings=_SOON, speed=_SPEED)) as st:
        return await _went(st, pools, apps)


async def _many_subscriptions(count: int, apps: int) -> Went:
    pools = [PoolOf(f"hp-{n}", 2, subscription=subscription(n)) for n in range(count)]
    async with stage(
        pools, Set(latency=SLOW, apps=apps, settings={**_SOON, **_FEW_AT_ONCE}, speed=_SPEED)
    ) as st:
        return await _went(st, pools, apps)


async def _went(st: Stage, pools: list[PoolOf], apps: int) -> Went:
    used = [processor_seconds(app.process.pid) for app in st.apps]
    began = time.time()
    asked = (st.start(pool, _THERE_AND_BACK, app=n % apps) for n, pool in enumerate(pools))
    drains = await asyncio.gather(*asked)
    hosts = sum(pool.hosts for pool in pools)
    back = await st.until(OFF, hosts, 600)
    if len(back) < hosts:
        raise RuntimeError(f"only {len(back)} of {hosts} hosts were back in ten minutes")
    now = [processor_seconds(app.process.pid) for app in st.apps]
    both = [(a, b) for a, b in zip(used, now, strict=True) if a is not None and b is not None]
    processor = sum(b - a for a, b in both) / len(drains) if both else None
    minutes = (back[-1] - began) / 60
    throttled = await st.throttled()
    return Went(len(drains) / minutes, throttled, processor, peak_megabytes(st.apps[0].process.pid))


GROUP = Group("instances", "several instances", run)
