"""Twelve pools of a thousand hosts in drains on one subscription: how late a host goes back that is due.

In each pool some hosts are empty: they are held for a while, and are due when that is over. All others
have users who stay, so that every pool has to be looked at all the while.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from datetime import datetime

from bench.harness.estate import PoolOf
from bench.harness.stage import GOING_OUT, OFF, ON, Set, Stage, stage
from bench.size import Group, Size
from bench.table import Row, at_most

HELD = 30.0
_FREE = 5
_READ_EVERY = 10.0


async def run(size: Size) -> AsyncIterator[Row]:
    pools, hosts = size.pick((3, 200), (12, 1000))
    within = size.pick(60.0, 120.0, 300.0)
    for page in (1000, 50):
        if page == 50 and size is Size.QUICK:
            continue
        yield await _late(pools, hosts, page, within)


async def _late(count: int, hosts: int, page: int, within: float) -> Row:
    pools = [PoolOf(f"hp-{n}", hosts, sessions=3, free=_FREE) for n in range(count)]
    policy = {
        **GOING_OUT,
        "maxUnavailable": _FREE * 2,
        "maintenance": {"kind": "hold", "holdFor": f"PT{HELD:.0f}S"},
    }
    async with stage(pools, Set(largest_page=page)) as st:
        drains = await asyncio.gather(*(st.start(pool, policy) for pool in pools))
        due = await _due(st, list(drains), count * _FREE, HELD + within)
        await asyncio.sleep(max(0.0, max(due.values(), default=0.0) - time.time()))
        await st.until(OFF, len(due), within)
        off = {e.host.lower(): e.at for e in await st.log() if e.what == OFF}
        now = time.time()
    late = [max(0.0, off.get(host, now) - at) for host, at in due.items()]
    text = f"{count} pools of {hosts:,} hosts in drains: a restore that is due is late by, {page} a page"
    if not late:
        return Row(f"restores.late-{page}", text, (), note="no host came so far in time")
    missing = sum(host not in off for host in due)
    spread = f"{min(late):.0f} to {max(late):.0f} s, of {len(late)} of {count * _FREE} hosts"
    note = f"median of {spread}" + (f"; {missing} were not back at the end" if missing else "")
    median = (statistics.median(late),)
    return Row(f"restores.late-{page}", text, median, "s", at_most(15), note)


async def _due(st: Stage, drains: list[str], wanted: int, within: float) -> dict[str, float]:
    """When each of the held hosts is due to go back, by the drains' own records. They are read seldom:
    that costs the app something, too."""
    end = time.monotonic() + within
    found: dict[str, dict[str, float]] = {drain: {} for drain in drains}
    while time.monotonic() < end:
        await asyncio.sleep(_READ_EVERY)
        out = sum("-free-" in e.host for e in await st.log() if e.what == ON)
        lacking = [drain for drain in drains if len(found[drain]) < _FREE]
        if not lacking:
            break
        if out == wanted or time.monotonic() + _READ_EVERY >= end:
            for drain in lacking:
                found[drain] |= await _held(st, drain)
    return {host: at for hosts in found.values() for host, at in hosts.items()}


async def _held(st: Stage, drain: str) -> dict[str, float]:
    found = {}
    for host in await st.hosts_of(drain, "maintaining"):
        if begun := (host.get("maintenance") or {}).get("begunAt"):
            name = host["name"].rsplit("/", 1)[-1].lower()
            found[name] = datetime.fromisoformat(begun).timestamp() + HELD
    return found


GROUP = Group("restores", "restores that are due, while much is looked at", run)
