"""Pools of ten thousand hosts: how soon the first are out, what that reads and writes, and whether it goes
on where there are more sessions than a short look can list."""

import time
from collections.abc import AsyncIterator

from bench.harness.estate import PoolOf
from bench.harness.processes import peak_megabytes
from bench.harness.stage import GOING_OUT, ON, Set, stage
from bench.rows.buckets import BUCKET, RATE, floor
from bench.size import Group, Size
from bench.table import Row, at_least, at_most

READS = ("sessionHosts.list", "userSessions.listByHostPool")
_MORE = "userSessions.list"


async def run(size: Size) -> AsyncIterator[Row]:
    hosts, first = size.pick((1000, 250), (10_000, 1000))
    within = size.pick(60.0, 150.0, 500.0)
    pool = PoolOf("hp-large", hosts, sessions=3)
    how = Set(metered=True, warm=True, settings={"ARM_SHARE": "1"})
    async with stage([pool], how) as st:
        began = time.time()
        await st.start(pool, GOING_OUT)
        posted = time.time() - began
        times = await st.until(ON, first, within)
        counts, calls = await st.counts(), await st.calls()
        peak = peak_megabytes(st.apps[0].process.pid)
    yield Row("large.post", f"POST for {hosts:,} hosts of 3 sessions each", (posted,), "s")
    if times:
        yield Row("large.first", "... first host out", (times[0] - began,), "s", at_most(5))
    else:
        yield Row("large.first", "... first host out", (), note=f"none in {within:.0f} s")
    least = floor(first)
    text = f"... first {first:,} out, against the buckets' own {least:.3g} s"
    came = f"{len(times):,} of {first:,} were out after {within:.0f} s"
    if len(times) == first:
        ratio = (times[-1] - began) / least
        yield Row("large.many", text, (ratio,), "", at_most(1.05))
    else:
        yield Row("large.many", text, (), note=came)
    note = "" if len(times) == first else came
    pages = sum(calls.get(name, 0) for name in (*READS, _MORE))
    yield Row("large.pages", "... pages read for that", (pages,), "", at_most(499), note)
    goal = at_most(20)
    yield Row("large.sent", "... Table Storage, in", (counts.sent / 1e6,), "MB", goal, note)
    yield Row("large.came", "... Table Storage, out", (counts.came / 1e6,), "MB", goal, note)
    yield Row("large.requests", "... requests to it", (counts.requests,), note=note)
    if peak is not None:
        yield Row("large.memory", "... memory of the instance, with the runtime", (peak,), "MB")
    yield await _goes_on(hosts, size.pick(30.0, 60.0, 300.0))


async def _goes_on(hosts: int, seconds: float) -> Row:
    pool = PoolOf("hp-larger", hosts, sessions=5)
    async with stage([pool], Set(warm=True, settings={"ARM_SHARE": "1"})) as st:
        began = time.time()
        await st.start(pool, GOING_OUT)
        await st.until(ON, hosts, seconds)
        out = [e.at for e in await st.log() if e.what == ON and e.at - began <= seconds]
    due = min(hosts, BUCKET + RATE * seconds)
    text = f"{hosts:,} hosts of 5 sessions: out after {seconds:.0f} s, of what the buckets let out"
    note = f"{len(out):,} of {due:,.0f}"
    return Row("large.goes-on", text, (len(out) / due,), "", at_least(1 / 1.1), note)


GROUP = Group("large", "pools of ten thousand hosts", run)
