"""Old records go, in bounded steps, and never those of a drain that is not over."""

import contextlib
from dataclasses import replace
from datetime import timedelta

from shared.adapters.storage.inbox import later_than
from shared.adapters.storage.tables.table import Op
from shared.core.events.signals import Source
from shared.core.host.status import ENDED
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Policy
from shared.engine.events.handling import KEY
from shared.engine.timers.retaining import remove_old
from shared.engine.timers.watchdog import watch
from tests.support.alarms import Alarmed, rule
from tests.support.night.night import Crash, Killer, Night

RESTART = Policy(maintenance=Restart())


def rows_of(night: Night, drain: str) -> list[str]:
    pools, index = night.tables
    here = [
        row.key
        for table in (pools, index)
        for rows in table._rows.values()
        for row in rows.values()
    ]
    return [key for key in here if drain in key]


async def ended(night: Night) -> str:
    """A drain that is over, which the watchdog has seen."""
    drain = await night.start(RESTART)
    over = await night.until_over(drain.id)
    await watch(night.process.outside)
    return over.id


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


async def test_what_events_asked_of_an_old_drain_goes_with_it() -> None:
    night = Alarmed(1, (rule(Source.UPDATE_MANAGER),))
    night.patch("host-0", lasts=600)
    await night.deliver_all()
    for _ in range(8):
        await night.live_on(timedelta(minutes=15))
        await night.deliver_all()
    drain = await night.only_drain()
    assert drain.progress.status in ENDED
    assert {"asks", "causes"} <= partitions_with(night, drain.id)
    await watch(night.process.outside)
    night.clock.at += timedelta(days=91)
    await remove_old(night.process.outside)
    assert rows_of(night, drain.id) == []
    assert partitions_with(night, "") <= {night.pool_id.key, "active", "out", KEY}


async def test_the_failed_attempts_of_an_old_drain_go_with_it() -> None:
    night = Night(hosts=1)
    night.host("host-0").quirks.never_comes_back = True
    id_ = await ended(night)
    assert [key for key in rows_of(night, id_) if key.startswith("attempt|")]
    night.clock.at += timedelta(days=91)
    await remove_old(night.process.outside)
    assert rows_of(night, id_) == []


async def test_what_led_to_an_event_that_waited_goes_when_that_is_seen_to() -> None:
    night = Night(hosts=1)
    index = night.tables[1]
    at = night.clock.at
    for days, waits in ((-100, False), (-100, True), (-1, False)):
        key = f"{later_than(at + timedelta(days=days))}|{waits}"
        index.put("tied", Op("insert", f"matter|{key}", {"later": key}))
        if waits:
            index.put("later", Op("insert", key, {}))
    await remove_old(night.process.outside)
    assert len(index.peek("tied", "", "~")) == 2


def partitions_with(night: Night, part: str) -> set[str]:
    return {
        partition
        for table in night.tables
        for partition, rows in table._rows.items()
        if any(part in key for key in rows)
    }
