"""Drain mode on for many hosts under the control plane's documented token buckets, against the time that
the buckets alone take: (writes - 200) / 10 a second."""

import time
from collections.abc import AsyncIterator
from datetime import datetime

from bench.harness.estate import PoolOf
from bench.harness.stage import GOING_OUT, ON, Set, Stage, stage
from bench.size import Group, Size
from bench.table import Row, at_most

BUCKET, RATE = 200.0, 10.0
TAG = "excluded-by-the-drain"
_WHOLE = {"ARM_SHARE": "1"}
_TOLD = {"maxUnavailable": "100%", "failureBudget": "100%", "maintenance": {"kind": "hold"}}
"""With the one message that a policy has by default."""


def floor(writes: int, share: float = 1.0) -> float:
    return max(0.0, writes - BUCKET * share) / (RATE * share)


async def run(size: Size) -> AsyncIterator[Row]:
    most = size.pick(260, 1000)
    few = size.pick(230, 300)
    one = [PoolOf("hp-one", most)]
    async with stage(one, Set(warm=True, settings=_WHOLE)) as st:
        yield await _ratio(st, one, f"one-{most}", 1.05)
        calls = await st.calls()
        text = f"listings of a {most:,}-host pool while it goes out, the request's own with them"
        yield Row(f"buckets.listings-{most}", text, (calls["sessionHosts.list"],), "", at_most(2))
        yield Row("buckets.throttled", "... requests refused with 429", (await st.throttled(),),
                  "", at_most(0))  # fmt: skip
    five = [PoolOf(f"hp-{n}", most // 5) for n in range(5)]
    async with stage(five, Set(warm=True, settings=_WHOLE)) as st:
        yield await _ratio(st, five, f"five-{most}", 1.05)
    pool = [PoolOf("hp-few", few)]
    async with stage(pool, Set(warm=True, settings=_WHOLE)) as st:
        yield await _ratio(st, pool, f"one-{few}", 1.10)
    async with stage(pool, Set(warm=True, settings={"ARM_SHARE": "0.8"})) as st:
        yield await _ratio(st, pool, f"share-{few}", 1.05, share=0.8)
    tagged = [PoolOf("hp-tagged", few, tag=TAG)]
    async with stage(tagged, Set(warm=True, settings=_WHOLE)) as st:
        yield await _ratio(st, tagged, f"tagged-{few}", 1.05, writes=2)
    async for row in _with_messages(few):
        yield row


async def _ratio(
    st: Stage, pools: list[PoolOf], key: str, goal: float, *, share: float = 1.0, writes: int = 1
) -> Row:
    """From the request to the last write, against the floor."""
    hosts = sum(pool.hosts for pool in pools)
    least = floor(hosts * writes, share)
    began = time.time()
    for pool in pools:
        await st.start(pool, GOING_OUT)
    within = 4 * least + 60
    times = await st.until(ON, hosts, within)
    if writes > 1:
        tags = await st.until("tags", hosts, within)
        times = sorted([*times, *tags]) if len(tags) == hosts else []
    shape = f"{len(pools)} of {pools[0].hosts}" if len(pools) > 1 else f"{hosts:,} hosts"
    more = " with a scaling plan's tag" if writes > 1 else ""
    more += f", a share of {share:g}" if share < 1 else ""
    measure = f"drain mode on, {shape}{more}: time against the floor of {least:.3g} s"
    if len(times) < hosts:
        return Row(f"buckets.{key}", measure, (), note=f"not over in {within:.0f} s")
    return Row(f"buckets.{key}", measure, ((times[-1] - began) / least,), "", at_most(goal))


async def _with_messages(hosts: int) -> AsyncIterator[Row]:
    """What is urgent comes before what is kind; and nobody is recorded out who still takes sessions."""
    pool, least = PoolOf("hp-told", hosts, sessions=3), floor(hosts)
    async with stage([pool], Set(warm=True, settings=_WHOLE)) as st:
        began = time.time()
        drain = await st.start(pool, _TOLD)
        times = await st.until(ON, hosts, 4 * least + 150)
        measure = f"{hosts} hosts of 3 sessions, one message each, until the last is in drain mode"
        if len(times) < hosts:
            yield Row("messages.ratio", measure, (), note="not over in time")
            return
        text = f"{measure}: against the floor of {least:.3g} s"
        yield Row("messages.ratio", text, ((times[-1] - began) / least,), "", at_most(1.10))
        on = {e.host.lower(): e.at for e in await st.log() if e.what == ON}
        told = await _out_since(st, drain)
        waits = [on[host] - at for host, at in told.items() if host in on]
        text = "... longest from being recorded out to drain mode on"
        if not waits:
            yield Row(
                "messages.open", text, (), note="the app tells of no host since when it is out"
            )
            return
        yield Row("messages.open", text, (max(0.0, *waits),), "s", at_most(10))


async def _out_since(st: Stage, drain: str) -> dict[str, float]:
    """Since when each host is out by the record."""
    return {
        host["name"].rsplit("/", 1)[-1].lower(): datetime.fromisoformat(at).timestamp()
        for host in await st.hosts_of(drain)
        if (at := host.get("outSince"))
    }


GROUP = Group("buckets", "drain mode and messages under the token buckets", run)
