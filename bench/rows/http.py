"""What a caller waits for: starting a drain, and reading one. Over HTTP, through the Functions runtime."""

import time
from collections.abc import AsyncIterator

import aiohttp

from bench.harness.estate import PoolOf
from bench.harness.stage import GOING_OUT, ON, Set, Stage, stage
from bench.size import Group, Size
from bench.table import Goal, Row, at_least, at_most

LATENCY = 0.12
_SMALL = 20
_SOME = {**GOING_OUT, "maxUnavailable": _SMALL}
"""Then it waits, so that nothing else goes on while the next one is measured."""


async def run(size: Size) -> AsyncIterator[Row]:
    posts, large = size.pick(5, 15), size.pick(200, 1000)
    for latency in (0.0, LATENCY):
        at = f"at {latency * 1000:.0f} ms" if latency else "at no latency"
        key = "slow" if latency else "fast"
        small = [PoolOf(f"hp-{n}", _SMALL) for n in range(posts)]
        pools = [PoolOf(f"hp-large-{n}", large) for n in range(size.pick(1, 3))]
        how = Set(latency=latency, buckets=False)
        async with stage([*small, *pools, PoolOf("hp-warm", 2)], how) as st:
            await st.start(PoolOf("hp-warm", 2), GOING_OUT)
            posted, first = await _small(st, small)
            goal = at_most(0.1 if not latency else 4 * LATENCY)
            yield Row(f"http.post-{key}", f"POST for {_SMALL} hosts, {at}", posted, "s", goal)
            goal = at_most(0.5 if not latency else 4 * LATENCY + 1)
            text = f"... first host in drain mode after it, {at}"
            yield Row(f"http.first-{key}", text, first, "s", goal)
            took = []
            for pool in pools:
                began = time.perf_counter()
                drain = await st.start(pool, _SOME)
                took.append(time.perf_counter() - began)
            goal = at_most(1 if not latency else 4 * LATENCY + 1)
            text = f"POST for {large:,} hosts, {at}"
            yield Row(f"http.post-large-{key}", text, tuple(took), "s", goal)
            if not latency:
                async for row in _gets(st, drain, pool.name, large, size.pick(5, 15)):
                    yield row


async def _small(st: Stage, pools: list[PoolOf]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Of each: seconds until the response, and from then to the first host in drain mode."""
    posted, first = [], []
    for pool in pools:
        began = time.perf_counter()
        await st.start(pool, GOING_OUT)
        posted.append(time.perf_counter() - began)
        answered = time.time()
        times = await st.until(ON, _SMALL, 60, of=f"{pool.name}-")
        if not times:
            raise RuntimeError("no host went out in a minute")
        first.append(max(0.0, times[0] - answered))
    return tuple(posted), tuple(first)


async def _gets(st: Stage, drain: str, pool: str, hosts: int, times: int) -> AsyncIterator[Row]:
    await st.until(ON, _SMALL, 60, of=f"{pool}-")
    url = f"{st.parts.app_url}/api/drains/{drain}"
    headers = {"x-functions-key": st.parts.key, "Accept-Encoding": "identity"}
    timeout = aiohttp.ClientTimeout(60)
    async with aiohttp.ClientSession(auto_decompress=False, timeout=timeout) as session:

        async def get(query: str, **more: str) -> tuple[float, int, int, str]:
            began = time.perf_counter()
            async with session.get(url + query, headers={**headers, **more}) as response:
                raw = await response.read()
                etag = response.headers.get("ETag", "")
                return time.perf_counter() - began, response.status, len(raw), etag

        async def several(query: str, key: str, text: str, goal: Goal | None) -> AsyncIterator[Row]:
            got = [await get(query) for _ in range(times)]
            if got[0][1] != 200:
                yield Row(f"http.{key}", text, (), note=f"the app answered {got[0][1]}")
                return
            yield Row(f"http.{key}", text, tuple(each[0] for each in got), "s", goal)
            yield Row(f"http.{key}-bytes", "... its size", (got[0][2] / 1000,), "kB")

        text = f"GET of a drain of {hosts:,} hosts"
        async for row in several("", "get", text, at_most(0.02)):
            yield row
        page = "/hosts?$top=100"
        async for row in several(page, "get-page", "... a page of 100 hosts", None):
            yield row
        _, status, packed, _ = await get(page, **{"Accept-Encoding": "gzip"})
        if status == 200:
            yield Row("http.get-gzip", "... gzip asked for", (packed / 1000,), "kB")
        _, _, _, etag = await get("")
        _, status, _, _ = await get("", **{"If-None-Match": etag or '"x"'})
        text = "... 304 where the version is known (1: yes)"
        yield Row("http.get-known", text, (float(status == 304),), "", at_least(1))


GROUP = Group("http", "starting a drain, and reading one", run)
