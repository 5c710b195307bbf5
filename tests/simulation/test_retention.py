"""Old records go, in bounded steps, and never those of a drain that is not over."""

import contextlib
from dataclasses import replace
from datetime import timedelta

from shared.adapters.storage.tables import Op
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Policy
from shared.engine.timers.retaining import remove_old
from tests.support.night import Crash, Killer, Night

RESTART = Policy(maintenance=Restart())


def rows_of(night: Night, drain: str) -> list[str]:
    pools, index = night.tables
    here = [
        row.key
        for table in (pools, index)
        for rows in table._rows.values()
        for row in rows.values()
    ]
    return [key for key in here if drain in key and not key.startswith(("attempt|", "maintained|"))]


async def ended(night: Night) -> str:
    drain = await night.start(RESTART)
    return (await night.until_over(drain.id)).id


async def test_a_drain_that_ended_long_ago_goes_with_all_that_is_of_it() -> None:
    night = Night(hosts=2)
    id_ = await ended(night)
    assert await remove_old(night.process.outside) == 0
    night.clock.at += timedelta(days=91)
    assert await remove_old(night.process.outside) > 0
    assert rows_of(night, id_) == []
    assert await night.process.outside.store.maintained(night.pool_id.key)
    assert await remove_old(night.process.outside) == 0


async def test_a_drain_that_goes_on_is_kept_however_old_it_is() -> None:
    night = Night(hosts=1)
    drain = await night.start(RESTART)
    await night.pass_time()
    night.clock.at += timedelta(days=400)
    assert await remove_old(night.process.outside) == 0
    assert await night.drain(drain.id)


async def test_a_drain_that_a_claim_still_names_is_kept() -> None:
    night = Night(hosts=1)
    id_ = await ended(night)
    pool = night.pool_id.key
    night.tables[0].put(pool, Op("insert", "claim|host-0", {"schema": 99, "drain": id_}))
    night.clock.at += timedelta(days=400)
    assert await remove_old(night.process.outside) == 0
    assert await night.drain(id_)


async def test_a_removal_that_dies_on_the_way_is_taken_up_again() -> None:
    for at_call in range(1, 12):
        night = Night(hosts=1)
        id_ = await ended(night)
        night.clock.at += timedelta(days=91)
        night.start_process(Killer(at_call, after_effect=at_call % 2 == 0))
        with contextlib.suppress(Crash):
            await remove_old(night.process.outside)
        night.start_process()
        await remove_old(night.process.outside)
        assert rows_of(night, id_) == [], at_call


async def test_how_long_is_a_setting() -> None:
    night = Night(hosts=1)
    id_ = await ended(night)
    night.clock.at += timedelta(days=3)
    outside = night.process.outside
    options = replace(outside.options, retain_drains=timedelta(days=2))
    await remove_old(replace(outside, options=options))
    assert rows_of(night, id_) == []
