"""What the timers cost when there is nothing to do, and when a hundred drains go on."""

import random
import string
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

from azure.data.tables.aio import TableClient, TableServiceClient

from bench.harness.estate import PoolOf
from bench.harness.hand import Hand, hand
from bench.harness.stage import GOING_OUT, Set, Stage, stage
from bench.size import Group, Size
from bench.table import Row, at_most

TICKS = 20
_SUFFIX = 10


async def run(size: Size) -> AsyncIterator[Row]:
    async for row in _ticks(size.pick(300, 1_000, 100_000), size.pick(3, 5, 10)):
        yield row
    async for row in _watchdog(size.pick(10, 100)):
        yield row


async def _ticks(finished: int, rounds: int) -> AsyncIterator[Row]:
    """Ticks without and with finished drains, in turns: on two stores, so that both are there at once."""
    pool = PoolOf("hp-idle", 3)
    how = Set(metered=True, apps=0)
    async with stage([pool], how) as empty, stage([pool], how) as full:
        without, with_ = await hand(empty), await hand(full)
        await _finish(full, with_, pool, finished)
        for each in (without, with_):
            await each.tick()
        before, calls = await empty.counts(), await empty.calls()
        before_full = await full.counts()
        walls, processors = [], []
        for _ in range(rounds):
            one = [await without.tick() for _ in range(TICKS)]
            other = [await with_.tick() for _ in range(TICKS)]
            walls.append(sum(t.wall for t in other) / sum(t.wall for t in one))
            processors.append(sum(t.processor for t in other) / sum(t.processor for t in one))
        ticks = rounds * TICKS
        counts = (await empty.counts()).since(before)
        counts_full = (await full.counts()).since(before_full)
        asked = sum((await empty.calls()).values()) - sum(calls.values())
        for each in (without, with_):
            await each.close()
    yield Row(
        "idle.queries", "an idle tick: table queries", (counts.requests / ticks,), "", at_most(1)
    )
    yield Row("idle.plane", "... control plane calls", (asked / ticks,), "", at_most(0))
    text = f"... table queries with {finished:,} finished drains"
    yield Row("idle.queries-finished", text, (counts_full.requests / ticks,), "", at_most(1))
    text = f"... bytes read with {finished:,} finished drains, against none"
    yield Row("idle.bytes", text, (counts_full.came / counts.came,), "", at_most(1.05))
    text = f"... processor time with {finished:,} finished drains, against none"
    note = "" if finished >= 100_000 else "with --full: 100,000"
    yield Row("idle.ratio", text, tuple(processors), "", at_most(1.05), note)
    note = "the emulator looks through the whole table for a partition; the service does not"
    yield Row("idle.wall", "... wall time against none, on the emulator", tuple(walls), note=note)


async def _finish(st: Stage, by: Hand, pool: PoolOf, count: int) -> None:
    """One drain that has ended, and then its rows again under other ids: as many finished drains."""
    drain = str((await by.post(pool.id, GOING_OUT)).body["id"])
    await by.order(drain, "cancel")
    for _ in range(3):
        await by.step(drain)
    if (told := await by.operation(drain))["status"] != "Canceled":
        raise RuntimeError(f"the drain that is to have ended is {told['status']}")
    async with TableServiceClient.from_connection_string(st.parts.storage) as service:
        async for table in service.list_tables():
            async with service.get_table_client(table.name) as client:
                await _multiply(client, drain, count)


async def _multiply(client: TableClient, drain: str, count: int) -> None:
    rows = [dict(row) async for row in client.list_entities()]
    rows = [row for row in rows if drain in str(row["PartitionKey"]) + str(row["RowKey"])]
    chance = random.Random(1)  # noqa: S311
    batches: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _ in range(count):
        fresh = "".join(chance.choices(string.hexdigits.lower()[:16], k=_SUFFIX))
        other = drain[:-_SUFFIX] + fresh
        for row in rows:
            copy = {k: v.replace(drain, other) if isinstance(v, str) else v for k, v in row.items()}
            batch = batches[copy["PartitionKey"]]
            batch.append(copy)
            if len(batch) == 100:
                await _put(client, batch)
                batch.clear()
    for batch in batches.values():
        await _put(client, batch)


async def _put(client: TableClient, batch: list[dict[str, Any]]) -> None:
    if batch:
        await client.submit_transaction([("upsert", row) for row in batch])


async def _watchdog(drains: int) -> AsyncIterator[Row]:
    pools = [PoolOf(f"hp-watched-{n}", 1) for n in range(drains)]
    async with stage(pools, Set(metered=True, buckets=False, apps=0)) as st:
        by = await hand(st)
        for pool in pools:
            took = await by.post(pool.id, GOING_OUT)
            await by.step(str(took.body["id"]))
        await by.watch()
        before = await st.counts()
        took = await by.watch()
        counts = (await st.counts()).since(before)
        await by.close()
    goal = at_most(drains)
    text = f"watchdog over {drains} active drains: table requests"
    yield Row("watchdog.requests", text, (counts.requests,), "", goal)
    yield Row("watchdog.wall", "... its wall time", (took.wall,), "s")


GROUP = Group("idle", "an idle tick, and the watchdog", run)
