"""How late an emptied host is noticed at the default pace, and how often is looked for that."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from datetime import datetime

from bench.harness.estate import PoolOf
from bench.harness.stage import GOING_OUT, ON, Set, stage
from bench.size import Group, Size
from bench.table import Row, at_most

_LEFT = "signed out by themselves"


async def run(size: Size) -> AsyncIterator[Row]:
    """One host after another is left by its user. It was noticed when the app says that it is empty."""
    pool, seconds = (
        PoolOf("hp-emptied", size.pick(6, 20), sessions=1),
        size.pick(40.0, 120.0, 300.0),
    )
    async with stage([pool], Set()) as st:
        drain = await st.start(pool, GOING_OUT)
        await st.until(ON, pool.hosts, 60)
        before = (await st.calls())["sessionHosts.list"]
        began = time.time()
        for n in range(pool.hosts):
            body = {"do": "signOut", "pool": pool.name, "host": pool.host(n)}
            await st.client.sim("POST", "change", body)
            await asyncio.sleep(seconds / pool.hosts)
        looks = (await st.calls())["sessionHosts.list"] - before
        minutes = (time.time() - began) / 60
        left = {e.host.lower(): e.at for e in await st.log() if e.what == _LEFT}
        await asyncio.sleep(size.pick(20, 45))
        hosts = await st.hosts_of(drain)
    begun = {
        host["name"].rsplit("/", 1)[-1].lower(): datetime.fromisoformat(at).timestamp()
        for host in hosts
        if (at := (host.get("maintenance") or {}).get("begunAt"))
    }
    late = [begun[host] - at for host, at in left.items() if host in begun]
    text = "how late an emptied host is noticed at the default pace"
    if not late:
        yield Row("noticing.late", text, (), note="no host was noticed in time")
    else:
        note = (
            f"median of {min(late):.0f} to {max(late):.0f} s, of {len(late)} of {len(left)} hosts"
        )
        yield Row("noticing.late", text, (statistics.median(late),), "s", at_most(15), note)
    note = "over a night in which users stay it is one in four minutes (tests/simulation/drains/test_steps.py counts)"
    yield Row(
        "noticing.looks", "... looks a minute while users leave", (looks / minutes,), note=note
    )


GROUP = Group("noticing", "how soon an emptied host is noticed", run, waits=True)
