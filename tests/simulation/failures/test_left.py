"""A host that a drain left in need of a person stays told when the drain has ended, until somebody sees to it."""

from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.storage.index.active import late
from shared.adapters.storage.tables.table import Op
from shared.core.drain.model import Drain
from shared.core.host.orders import Order
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, Policy
from shared.engine.drains import orders
from shared.engine.timers.overdue import resend_overdue
from shared.engine.timers.retaining import remove_old
from shared.errors import ANY
from shared.ports.measures import ATTENTION, HOSTS
from tests.support.night.night import Night
from tests.support.telemetry.noted import noting
from tests.support.telemetry.workspace import metric
from tests.unit.infra.test_alert_meaning import TICK, fired

POLICY = Policy(
    max_unavailable=Amount(3), maintenance=Restart(), healthy_within=timedelta(minutes=5)
)


async def needing(night: Night) -> float:
    """As the timer tells it, and as an instance that has just begun tells it."""
    found = noting(night)
    await resend_overdue(night.process.outside)
    [told] = found.of(ATTENTION).get((night.pool_id.key,), (0,))
    return told


async def failed(night: Night, *broken: str) -> Drain:
    for name in broken:
        night.host(name).quirks.never_comes_back = True
    drain = await night.until_over((await night.start(POLICY)).id)
    needing_ = {h.name.split(".")[0] for h in drain.hosts if h.attention}
    assert needing_ == {*broken}
    return drain


async def rows(night: Night) -> list[Any]:
    return [r for r in await night.tables[1].scan("active", "", "~") if r.key.startswith("left|")]


async def test_it_is_told_for_a_day_and_the_alert_fires() -> None:
    night = Night(hosts=3)
    await failed(night, "host-0", "host-2")
    told = await needing(night)
    assert told == 2
    assert fired("host-attention", metric(str(ATTENTION.name), told, pool="hp"), TICK) == {"hp": 2}
    night.clock.at += timedelta(hours=23)
    assert await needing(night) == 2
    await remove_old(night.process.outside)
    assert len(await rows(night)) == 1
    night.clock.at += timedelta(hours=2)
    assert await needing(night) == 0
    await remove_old(night.process.outside)
    assert await rows(night) == []


async def test_its_drain_is_open_no_more() -> None:
    night = Night(hosts=2)
    await failed(night, "host-0")
    found = noting(night)
    work, _ = await night.process.outside.store.active(night.clock.at + timedelta(days=9), 100)
    await resend_overdue(night.process.outside)
    assert work == ()
    assert found.of(HOSTS) == {}


async def test_a_later_drain_that_sees_to_the_host_ends_it() -> None:
    night = Night(hosts=3)
    await failed(night, "host-0", "host-2")
    night.host("host-0").quirks.never_comes_back = False
    name = night.host("host-0").name
    again = await night.start(POLICY, unique="b", hosts=(name,))
    assert await needing(night) >= 2
    await night.until_over(again.id)
    assert await needing(night) == 1
    await night.until_over((await night.start(POLICY, unique="c")).id)
    assert (
        await needing(night) == 1
    )  # it needs somebody again: counted once, for the last that left it so
    assert [row.key for row in await rows(night)] == [f"left|{(await last(night)).id}"]


async def last(night: Night) -> Any:
    page = await night.process.outside.store.drains(None, None, 1, None)
    return page.items[0]


async def test_a_later_drain_that_is_canceled_has_seen_to_nothing() -> None:
    night = Night(hosts=2)
    await failed(night, "host-0")
    name = night.host("host-0").name
    again = await night.start(POLICY, unique="b", hosts=(name,))
    await orders.cancel(
        night.process.outside, again.id, ANY, Order("kim", night.clock.at, "not tonight")
    )
    await night.until_over(again.id)
    assert await needing(night) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"until": "soon", "count": 1, "hosts": "[]"},
        {"count": 1},
        {"until": None, "count": "many", "hosts": "{"},
    ],
)
async def test_a_row_that_cannot_be_read_counts_for_nothing_and_stops_nobody(
    values: dict[str, Any],
) -> None:
    night = Night(hosts=2)
    drain = await failed(night, "host-0")
    [row] = await rows(night)
    night.tables[1].put("active", Op("upsert", row.key, values))
    assert await needing(night) == 0
    await night.until_over((await night.start(POLICY, unique="b")).id)
    assert await needing(night) == 1
    assert drain.id not in [r.key for r in await rows(night)]


async def test_a_version_that_does_not_know_these_rows_never_has_them_looked_at() -> None:
    night = Night(hosts=2)
    await failed(night, "host-0")
    assert late(await rows(night), night.clock.at + timedelta(days=3650), 100) == []
