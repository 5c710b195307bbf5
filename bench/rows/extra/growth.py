"""How the cost grows with the pool, for the plots: the time until the last host is in drain mode, ours and
the SDK's loop, at 120 ms under the token buckets; and the processor time of a look."""

import time
from collections.abc import AsyncIterator

from bench.harness import others
from bench.harness.estate import PoolOf
from bench.harness.stage import GOING_OUT, ON, Set, stage
from bench.rows.latency import LATENCY
from bench.rows.steps import looked
from bench.size import Group, Size
from bench.table import Row

_LOOP_MOST = 100
"""More than that by the SDK's loop are counted up: one after another, each costs the same."""


async def run(size: Size) -> AsyncIterator[Row]:
    sizes = size.pick((10, 50), (10, 100, 300), (10, 100, 300, 1000, 10_000))
    pools = {
        (name, hosts): PoolOf(f"hp-{name}-{hosts}", hosts)
        for name in ("app", "sdk")
        for hosts in sizes
    }
    python = await others.environment("bench-sdk", others.SDK)
    for hosts in sizes:
        pool, loop = pools["app", hosts], pools["sdk", hosts]
        how = Set(latency=LATENCY, settings={"ARM_SHARE": "1"})
        async with stage([pool, loop, PoolOf("hp-warm", 1)], how) as st:
            await st.start(PoolOf("hp-warm", 1), GOING_OUT)
            await st.until(ON, 1, 30)
            began = time.time()
            await st.start(pool, GOING_OUT)
            times = await st.until(ON, hosts, 60 + hosts, of=f"{pool.name}-")
            text = f"{hosts:,} hosts at {LATENCY * 1000:.0f} ms under the buckets: the last in drain mode"
            if len(times) < hosts:
                yield Row(f"growth.app-{hosts}", text, (), note=f"{len(times)} of {hosts} in time")
            else:
                yield Row(f"growth.app-{hosts}", text, (times[-1] - began,), "s")
            await st.client.sim("POST", "limits", {"buckets": False})
            few = min(hosts, _LOOP_MOST)
            seconds = await others.sdk_seconds(python, st.parts.sim_url, loop, few, 1)
            note = "" if few == hosts else f"counted up from {few}"
            text = "... the official SDK in a loop, without buckets"
            yield Row(f"growth.sdk-{hosts}", text, (seconds * hosts / few,), "s", note=note)
    for hosts in size.pick((10,), (10, 100)):
        one = await looked(hosts)
        text = f"processor time of the first step at {hosts:,} hosts"
        yield Row(f"growth.first-{hosts}", text, (one.first.processor,), "s")
        values = tuple(took.processor for took in one.waiting)
        yield Row(f"growth.waiting-{hosts}", "... of one that waits", values, "s")


GROUP = Group("growth", "how cost grows with the pool, for the plots", run, extra=True)
