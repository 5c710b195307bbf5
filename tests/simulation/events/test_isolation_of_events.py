"""One pool, one drain or one signal that cannot be read spoils its own events, and no others."""

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.storage import records
from shared.adapters.storage.tables.table import Op
from shared.core.events.records import EventKey, EventOutcome
from shared.core.events.signals import machine_key
from shared.core.values.hostpool import HostPoolId
from shared.engine.world.directory import Directory
from shared.engine.world.outside import Outside
from shared.errors import DeniedError, NotFoundError, PassingError, UnreadableError
from tests.support.alarms import LOSS, Alarmed

HOUR = timedelta(hours=1)
OTHER = HostPoolId("11111111-2222-3333-4444-555555555555", "rg", "hp-other")


class TwoPools:
    """The night's plane, and a second pool, whose hosts cannot be read."""

    def __init__(self, inner: Any, error: Exception | None) -> None:
        self._inner = inner
        self.error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def pools(self, scope: str) -> tuple[HostPoolId, ...]:
        return (OTHER, *await self._inner.pools(scope))

    async def hosts(self, pool: HostPoolId) -> Any:
        if pool != OTHER:
            return await self._inner.hosts(pool)
        if self.error is not None:
            raise self.error
        return ()


def beside_a_bad_pool(error: Exception) -> tuple[Alarmed, TwoPools]:
    night = Alarmed(3)
    plane = TwoPools(night.process.outside.plane, error)
    night.process.outside = replace(night.process.outside, plane=plane)
    return night, plane


BAD = [DeniedError("no right"), NotFoundError("gone"), PassingError("503"), TypeError("odd answer")]


@pytest.mark.parametrize("error", BAD, ids=lambda error: type(error).__name__)
async def test_a_pool_that_cannot_be_read_holds_up_no_events_of_another(error: Exception) -> None:
    night, _ = beside_a_bad_pool(error)
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    [heard] = await night.settled()
    assert heard.outcome is EventOutcome.ACTED
    night.emit("availability", host="host-0")
    await night.deliver_all()
    await night.live_on(HOUR)
    assert night.as_it_was()


@pytest.mark.parametrize("error", BAD, ids=lambda error: type(error).__name__)
async def test_an_event_whose_machine_may_be_in_a_pool_that_cannot_be_read_says_so(
    error: Exception,
) -> None:
    night, plane = beside_a_bad_pool(error)
    night.emit("annotation", host="host-0", name=LOSS)
    [event] = night.published
    night.published.clear()
    event["data"]["resourceInfo"]["properties"]["targetResourceId"] += "9"
    await night.hear(event)
    await night.live_on(2 * HOUR)
    [heard] = await night.all_heard()
    assert "hp-other cannot be read" in heard.text
    final = isinstance(error, DeniedError | NotFoundError)
    assert heard.outcome is (EventOutcome.IGNORED if final else EventOutcome.WAITING)
    plane.error = None
    await night.live_on(HOUR)
    [heard] = await night.all_heard()
    assert heard.outcome is EventOutcome.IGNORED


async def test_what_was_known_of_a_pool_holds_while_it_cannot_be_read() -> None:
    night = Alarmed(3)
    outside: Outside = night.process.outside
    directory, vm = Directory(), night.host("host-0").vm.id
    assert machine_key(vm) in await directory.find(outside.plane, outside.clock, [vm])
    night.clock.at += HOUR
    night.faults = [("hosts", PassingError("not now"))]
    assert machine_key(vm) in await directory.find(outside.plane, outside.clock, [vm])
    assert night.faults == []


async def test_a_drain_that_cannot_be_read_holds_up_its_own_hosts_only() -> None:
    night = Alarmed(3)
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    await night.settled()
    drain = await night.only_drain()
    pools, key = night.tables[0], f"drain|{drain.id}|control"
    pool = drain.control.pool.key
    [row] = pools.peek(pool, key, f"{key}~")
    pools.put(pool, Op("upsert", key, {**row.values, "schema": records.SCHEMA + 1}))
    night.emit("annotation", host="host-1", name=LOSS)
    night.emit("availability", host="host-0")
    await night.deliver_all()
    for _ in range(60):
        with contextlib.suppress(UnreadableError):  # the steps of that drain fail
            await night.pass_time()
    _, second, end = await night.all_heard()
    assert (second.outcome, second.drain != drain.id) == (EventOutcome.ACTED, True)
    assert end.outcome is EventOutcome.WAITING


async def test_a_notice_that_cannot_be_read_stays_and_holds_up_no_other() -> None:
    night = Alarmed(3)
    index = night.tables[1]
    odd = {"schema": records.SCHEMA + 1, "data": "{}", "type": "T", "outcome": "waiting"}
    await index.transact("inbox", [Op("upsert", "0", odd)])
    await index.transact("heard", [Op("upsert", f"{10**14 - 10**12:015d}|0", odd)])
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    await night.live_on(HOUR / 6)
    heard = await night.all_heard()
    acted = [h for h in heard if h.outcome is EventOutcome.ACTED]
    assert len(acted) == 1
    [unread] = [h for h in heard if h not in acted]
    assert (unread.key, unread.outcome) == (EventKey("T", "", ""), EventOutcome.WAITING)
    assert "cannot be read by this version" in unread.text
    assert await index.get("inbox", "0") is not None
