"""A night, for what it costs: all hosts of a pool are restarted, half of them at once, three users on each,
who leave five minutes after they are told. The estate and the app's pace are both five times as fast, so
that the looks are as many as at the usual pace."""

import time
from collections.abc import AsyncIterator

from bench.harness.estate import PoolOf
from bench.harness.kept import kept
from bench.harness.processes import processor_seconds
from bench.harness.stage import OFF, Set, Stage, stage
from bench.size import Group, Size
from bench.table import Row

SPEED = 5.0
_PACE = {
    "LOOK_SOON": "PT1S",
    "LOOK_USUAL": "PT6S",
    "LOOK_IDLE": "PT1M",
    "LATE_WRITES": "PT36S",
    "ARM_SHARE": "1",
}
_POLICY = {
    "maxUnavailable": "50%",
    "failureBudget": "100%",
    "maintenance": {"kind": "restart"},
}
READS = (".get", ".list", ".listByHostPool", ".instanceView")


async def run(size: Size) -> AsyncIterator[Row]:
    for hosts in size.pick((10,), (100,), (100, 1000)):
        pool = PoolOf("hp-night", hosts, sessions=3, manner="leaves", after=300.0)
        async with stage([pool], Set(metered=True, speed=SPEED, settings=_PACE)) as st:
            async for row in _night(st, pool):
                yield row


async def _night(st: Stage, pool: PoolOf) -> AsyncIterator[Row]:
    pid = st.apps[0].process.pid
    before, queued, used = await st.counts(), await st.queued(), processor_seconds(pid)
    began = time.time()
    drain = await st.start(pool, _POLICY)
    await st.until(OFF, pool.hosts, 900 + pool.hosts)
    ends = await st.ended([drain], 120)
    counts = (await st.counts()).since(before)
    steps = (await st.queued()).since(queued).deletes
    calls = await st.calls()
    if not ends:
        yield Row(f"night.hours-{pool.hosts}", f"a night of {pool.hosts:,} hosts", (),
                  note="not over in time")  # fmt: skip
        return
    key, hours = pool.hosts, (ends[0] - began) * SPEED / 3600
    reads = sum(n for name, n in calls.items() if name.endswith(READS))
    yield Row(f"night.hours-{key}", f"a night of {key:,} hosts, at the usual pace", (hours,), "h")
    yield Row(f"night.steps-{key}", "... executions of the queue's trigger", (steps,))
    yield Row(f"night.tables-{key}", "... transactions of Table Storage", (counts.requests,))
    yield Row(f"night.rows-{key}", "... rows written", (counts.rows,))
    yield Row(f"night.sent-{key}", "... bytes written", (counts.sent / 1e6,), "MB")
    yield Row(f"night.came-{key}", "... bytes read", (counts.came / 1e6,), "MB")
    rows, size = await kept(st)
    yield Row(f"night.kept-{key}", "... rows that stay", (rows,))
    yield Row(f"night.keeps-{key}", "... bytes that stay", (size / 1e6,), "MB")
    yield Row(f"night.reads-{key}", "... reads of the control plane", (reads,))
    yield Row(f"night.plane-{key}", "... its writes", (sum(calls.values()) - reads,))
    now = processor_seconds(pid)
    if used is not None and now is not None:
        text = "... processor time of the instance, with the runtime"
        yield Row(f"night.processor-{key}", text, (now - used,), "s")


GROUP = Group("night", "a night's work, for what it costs", run, extra=True)
