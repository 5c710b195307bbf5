"""What is asked of the control plane: writes for a host's way out and back, and reads for a look where the
service pages at 50."""

import asyncio
from collections.abc import AsyncIterator

from bench.harness.estate import PoolOf
from bench.harness.hand import hand
from bench.harness.stage import GOING_OUT, OFF, Set, stage
from bench.rows.buckets import TAG
from bench.size import Group, Size
from bench.table import Row, at_most

_THERE_AND_BACK = {**GOING_OUT, "maintenance": {"kind": "none"}}
_SOON = {"LOOK_SOON": "PT1S", "LOOK_USUAL": "PT2S"}


async def run(size: Size) -> AsyncIterator[Row]:
    hosts = size.pick(5, 20)
    for row in await asyncio.gather(_writes(hosts, "", 2), _writes(hosts, TAG, 4)):
        yield row
    yield await _small_pages(size.pick(200, 1000))


async def _writes(hosts: int, tag: str, goal: int) -> Row:
    pool = PoolOf("hp-back", hosts, tag=tag)
    async with stage([pool], Set(buckets=False, settings=_SOON)) as st:
        drain = await st.start(pool, _THERE_AND_BACK)
        back = await st.until(OFF, hosts, 120)
        await st.ended([drain], 120)
        calls = await st.calls()
    more = " with a tag" if tag else ""
    text = f"writes to the control plane per host for drain and restore{more}"
    key = f"looks.writes{'-tagged' if tag else ''}"
    if len(back) < hosts:
        return Row(key, text, (), note="not all hosts were back in two minutes")
    writes = calls["sessionHosts.update"] + calls.get("tags.updateAtScope", 0)
    return Row(key, text, (writes / hosts,), "", at_most(goal), _named(calls))


def _named(calls: dict[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(calls.items()))


async def _small_pages(hosts: int) -> Row:
    pool = PoolOf("hp-paged", hosts, sessions=3)
    async with stage([pool], Set(largest_page=50, buckets=False, apps=0)) as st:
        by = await hand(st)
        drain = str((await by.post(pool.id, {**GOING_OUT, "maxUnavailable": 100})).body["id"])
        for _ in range(2):
            await by.step(drain)
        before = await st.calls()
        await by.step(drain)
        after = await st.calls()
        await by.close()
    more = {name: n - before.get(name, 0) for name, n in after.items() if n > before.get(name, 0)}
    text = f"requests for one look at {hosts:,} hosts, {hosts * 3:,} sessions, 50 a page at most"
    goal = at_most(hosts / 50 + hosts * 3 / 50)
    return Row("looks.paged", text, (sum(more.values()),), "", goal, _named(more))


GROUP = Group("looks", "what is asked of the control plane", run)
