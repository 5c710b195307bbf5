"""What one look costs: processor, wall, memory, requests to Table Storage. The app is driven by hand, a
step at a time, in a fresh process; 100 hosts go out in the first step, and their users stay."""

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bench.harness.counting import Counts
from bench.harness.estate import PoolOf
from bench.harness.hand import Took, hand
from bench.harness.stage import GOING_OUT, ON, Set, Stage, stage
from bench.size import Group, Size
from bench.table import Row, at_most

OUT = 100
WAITS = 3
_BEFORE = {1000: (2.3, 0.9), 10000: (18.7, 8.1)}
"""Seconds of the processor, first and waiting, when the table was first measured, on another machine."""


@dataclass(frozen=True, slots=True)
class Looked:
    posted: Took
    first: Took
    waiting: tuple[Took, ...]
    counts: Counts
    """Of the last of the waiting steps."""
    reads: int
    """Of the control plane, in the last of the waiting steps."""


async def run(size: Size) -> AsyncIterator[Row]:
    few, many = size.pick((300, 1000), (1000, 10_000))
    looks = {}
    for hosts in (few, many):
        looks[hosts] = await looked(hosts)
        async for row in _rows(hosts, looks[hosts]):
            yield row
    for name in ("first", "waiting"):
        costs = [_cost(looks[hosts], name) for hosts in (few, many)]
        exponent = math.log(costs[1] / costs[0]) / math.log(many / few)
        text = f"... exponent from {few:,} to {many:,} hosts, {name}"
        yield Row(f"steps.exponent-{name}", text, (exponent,), "", at_most(1.0))
    grown = looks[many].counts.came / max(1, looks[few].counts.came)
    text = f"bytes that a waiting step reads of Table Storage at {many:,} hosts, against {few:,}"
    yield Row("steps.reads-growth", text, (grown,), "", at_most(1.2))
    async for row in _changed(few):
        yield row


def _cost(looked: Looked, name: str) -> float:
    if name == "first":
        return looked.first.processor
    return sorted(took.processor for took in looked.waiting)[len(looked.waiting) // 2]


async def looked(hosts: int) -> Looked:
    """A first step and some that wait, of a pool of so many hosts."""
    pool = PoolOf("hp-steps", hosts, sessions=3)
    policy = {**GOING_OUT, "maxUnavailable": OUT}
    warm = PoolOf("hp-warm", 2)
    async with stage([pool, warm], Set(metered=True, buckets=False, apps=0)) as st:
        by = await hand(st)
        posted = await by.post(pool.id, policy)
        warmed = await by.post(warm.id, GOING_OUT)
        await by.close()
        by = await hand(st)
        await by.step(str(warmed.body["id"]))  # what a first step imports is not a step's
        drain = str(posted.body["id"])
        first = await by.step(drain)
        waiting, counts, reads = [], await st.counts(), 0
        for _ in range(WAITS):
            before, asked = await st.counts(), await _reads(st)
            waiting.append(await by.step(drain))
            counts, reads = (await st.counts()).since(before), await _reads(st) - asked
        await by.close()
    return Looked(posted, first, tuple(waiting), counts, reads)


async def _reads(st: Stage) -> int:
    calls = await st.calls()
    return sum(n for name, n in calls.items() if ".list" in name or name.endswith(".get"))


async def _rows(hosts: int, looked: Looked) -> AsyncIterator[Row]:
    first, waiting = _BEFORE.get(hosts, (0.0, 0.0))
    goal = at_most(first / 5) if first else None
    text = f"processor time of the first step at {hosts:,} hosts"
    yield Row(f"steps.first-{hosts}", text, (looked.first.processor,), "s", goal)
    goal = at_most(waiting / 5) if waiting else None
    text = f"processor time of a step that waits at {hosts:,} hosts"
    values = tuple(took.processor for took in looked.waiting)
    yield Row(f"steps.waiting-{hosts}", text, values, "s", goal)
    large = hosts == 10_000
    goal = at_most(5) if large else None
    yield Row(f"steps.first-wall-{hosts}", "... its wall time, the first", (looked.first.wall,), "s",
              goal)  # fmt: skip
    values = tuple(took.wall for took in looked.waiting)
    goal = at_most(2) if large else None
    yield Row(f"steps.waiting-wall-{hosts}", "... its wall time, waiting", values, "s", goal)
    goal = at_most(200) if large else None
    text = f"memory of a fresh process after steps at {hosts:,} hosts"
    yield Row(f"steps.memory-{hosts}", text, (looked.waiting[-1].peak,), "MB", goal)
    text = f"requests to Table Storage of a step that waits at {hosts:,} hosts"
    yield Row(f"steps.requests-{hosts}", text, (looked.counts.requests,))
    kilobytes = (looked.counts.sent / 1000, looked.counts.came / 1000)
    yield Row(f"steps.sent-{hosts}", "... kilobytes that it writes", kilobytes[:1], "kB")
    yield Row(f"steps.came-{hosts}", "... kilobytes that it reads", kilobytes[1:], "kB")
    text = f"reads of the control plane in a look at {hosts:,} hosts and {hosts * 3:,} sessions"
    yield Row(f"steps.plane-{hosts}", text, (looked.reads,), "",
              at_most(math.ceil(hosts / 1000) + math.ceil(3 * hosts / 1000)))  # fmt: skip


async def _changed(hosts: int) -> AsyncIterator[Row]:
    """A step in which the users of some hosts have left: against one in which nobody has."""
    pool = PoolOf("hp-changed", hosts, sessions=1)
    async with stage([pool], Set(metered=True, buckets=False, apps=0)) as st:
        by = await hand(st)
        posted = await by.post(pool.id, {**GOING_OUT, "maxUnavailable": OUT})
        drain = str(posted.body["id"])
        for _ in range(2):
            await by.step(drain)
        before = await st.counts()
        await by.step(drain)
        idle = (await st.counts()).since(before)
        out = [each.host for each in await st.log() if each.what == ON]
        for host in out[: OUT // 2]:
            body = {"do": "signOut", "pool": pool.name, "host": host}
            await st.client.sim("POST", "change", body)
        before = await st.counts()
        await by.step(drain)
        busy = (await st.counts()).since(before)
        await by.close()
    more = busy.writes - idle.writes
    text = f"a step in which {OUT // 2} of {hosts:,} hosts changed: more transactions than one that waits"
    yield Row("steps.changed", text, (more,), "", at_most(math.ceil(OUT / 2 / 100) + 1))
    text = f"... more rows written, for each of the {OUT // 2}"
    yield Row("steps.changed-rows", text, ((busy.rows - idle.rows) / (OUT / 2),))


GROUP = Group("steps", "processor, wall, memory and storage of a step", run)
