"""What the timers cost while all is well, counted at the storage emulator: requests that leave the app."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest_asyncio
from azure.core.pipeline.transport import AioHttpTransport
from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage.beats import TableBeats
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.azuretable import AzureTable
from shared.adapters.storage.tables.table import Op
from shared.core.drain.model import Drain
from shared.core.host.phases import Phase
from shared.engine.timers.overdue import resend_overdue
from shared.engine.timers.watchdog import watch
from shared.engine.world.outside import Outside
from shared.triggers import beats
from tests.integration.storage.test_store import new_drain
from tests.support.builders import POOL, minutes
from tests.support.night.night import Night

ACTIVE = 100
FINISHED = 2_000


class Counting(AioHttpTransport):  # type: ignore[misc]  # the package tells no types of it
    """Notes each request of the tables' clients; a transaction is one."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    async def send(self, request: Any, **kwargs: Any) -> Any:
        self.sent.append(f"{request.method} {request.url}")
        return await super().send(request, **kwargs)


class Plane:
    """A control plane of which nothing is to be asked."""

    def __init__(self, sent: list[str]) -> None:
        self._sent = sent

    def __getattr__(self, name: str) -> Any:
        self._sent.append(f"control plane: {name}")
        raise AttributeError(name)


@dataclass
class Counted:
    """An app whose tables are in the emulator, and an estate that nothing is asked of."""

    night: Night
    outside: Outside
    counter: Counting
    tables: tuple[AzureTable, AzureTable]

    async def requests_of(self, run: Any) -> int:
        """By one run of a timer. Whatever it asks of the control plane counts as well."""
        self.counter.sent.clear()
        await run(self.outside)
        return len(self.counter.sent)

    async def out(self, number: int, due_at: datetime) -> Drain:
        """A drain in a pool of its own, with a host out; its next look is due then."""
        pool = replace(POOL, name=f"hp-{number}")
        drain = new_drain("a", pool=pool)
        store = self.outside.store
        await store.create(drain, [])
        lease = await store.acquire(pool.key, "one", self.night.clock.at, minutes(2))
        [host] = drain.hosts
        draining = replace(host.moved(Phase.DRAINING, self.night.clock.at), before=True)
        after = replace(drain, hosts=(draining,))
        await store.save(lease, drain, after, [], last=True)
        await store.note_due(after, due_at)
        return after


@pytest_asyncio.fixture(loop_scope="session")
async def app(storage: str) -> AsyncIterator[Counted]:
    counter, night = Counting(), Night(hosts=1)
    async with TableServiceClient.from_connection_string(storage, transport=counter) as service:
        unique = uuid.uuid4().hex
        tables = AzureTable(service, f"p{unique}"), AzureTable(service, f"i{unique}")
        for table in tables:  # the first call makes it
            await table.get("-", "-")
        plane: Any = Plane(counter.sent)
        outside = replace(night.process.outside, store=TableStore(*tables), plane=plane)
        yield Counted(night, outside, counter, tables)


async def test_an_idle_tick_is_one_query_whatever_has_ended(app: Counted) -> None:
    assert await app.requests_of(resend_overdue) == 1
    for first in range(0, FINISHED, 100):
        rows = [
            Op("upsert", f"{n:012d}|d", {"status": "Succeeded"}) for n in range(first, first + 100)
        ]
        await app.tables[1].transact("drains", rows)
    assert await app.requests_of(resend_overdue) == 1


async def test_a_watchdog_with_no_host_out_is_one_query(app: Counted) -> None:
    assert await app.requests_of(watch) == 1


async def test_drains_that_are_at_work_cost_the_watchdog_two_queries_however_many_they_are(
    app: Counted,
) -> None:
    soon = app.night.clock.at + minutes(1)
    await asyncio.gather(*(app.out(number, soon) for number in range(ACTIVE)))
    assert await app.requests_of(watch) == 2
    app.night.clock.at = soon - minutes(0.5)
    assert await app.requests_of(resend_overdue) == 1


async def test_of_drains_that_are_late_each_costs_the_watchdog_one_query_more(
    app: Counted,
) -> None:
    now = app.night.clock.at
    for number in range(5):
        await app.out(number, now + minutes(1))
    for number in (5, 6):
        await app.out(number, now - minutes(10))
    assert await app.requests_of(watch) == 2 + 2


async def test_a_late_drain_costs_a_tick_the_reading_of_its_pools_lease(app: Counted) -> None:
    now = app.night.clock.at
    for number in range(3):
        await app.out(number, now - minutes(10))
    assert await app.requests_of(resend_overdue) == 1 + 3


async def test_that_a_timer_ran_is_noted_by_one_write_an_hour(app: Counted) -> None:
    noted: dict[str, datetime] = {}
    outside = replace(app.outside, beats=TableBeats(app.tables[1]))

    async def tick_and_note(_: Outside) -> None:
        await resend_overdue(outside)
        await beats.note(outside, "TICK_SCHEDULE", noted)

    assert [await app.requests_of(tick_and_note) for _ in range(3)] == [2, 1, 1]
    app.night.clock.at += minutes(61)
    assert [await app.requests_of(tick_and_note) for _ in range(3)] == [2, 1, 1]
