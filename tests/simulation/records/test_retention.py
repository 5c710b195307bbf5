"""Old records go, in bounded steps, and never those of a drain that is not over."""

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.storage.inbox import later_than
from shared.adapters.storage.tables.table import Op, Row
from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.events.records import EventKey, EventOutcome, EventRecord
from shared.core.events.signals import Source
from shared.core.host.status import ENDED
from shared.core.maintenance.restart import Restart
from shared.core.notifications.lane import GivenUp, Lane, Waiting
from shared.core.policy.policy import Policy
from shared.core.schedules.runs import run_key
from shared.core.schedules.schedules import Considered, Run, RunState
from shared.engine.events.handling import KEY
from shared.engine.timers.retaining import remove_old
from shared.engine.timers.watchdog import watch
from shared.engine.world.records import every
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


async def test_drains_that_are_kept_keep_no_older_one_from_its_turn() -> None:
    night = Night(hosts=1)
    old = await ended(night)
    index = night.tables[1]
    [row] = index.peek("drains", "", "~")
    for number in range(300):  # newer ones that go on, so far as this version can tell
        values = {**row.values, "drain": f"hp-{number:010x}-{number:010x}", "status": "Running"}
        index.put("drains", Op("insert", f"{int(row.key[:12]) - number - 1:012d}|{number}", values))
    store, before = night.process.outside.store, night.clock.at + timedelta(days=1)
    for _ in range(20):
        await store.remove_old("drains", before, 5)
    assert rows_of(night, old) == []
    assert len(index.peek("drains", "", "~")) == 300


async def test_what_an_event_waits_for_is_kept_however_short_events_are() -> None:
    night = Night(hosts=1)
    inbox, at = night.process.outside.inbox, night.clock.at
    for name, outcome in (("a", EventOutcome.WAITING), ("b", EventOutcome.IGNORED)):
        await inbox.first(
            EventRecord(EventKey(name, "1", ""), at, outcome, "", until=at + timedelta(days=6))
        )
    outside = night.process.outside
    short = replace(outside, options=replace(outside.options, retain_events=timedelta(days=1)))
    night.clock.at += timedelta(days=5)
    await remove_old(short)
    assert [e.key.type for e in (await inbox.events(9, None)).items] == ["a"]
    night.clock.at += timedelta(days=40)
    await remove_old(short)
    assert (await inbox.events(9, None)).items == ()


async def test_runs_of_schedules_go_and_what_they_were_asked_for_by() -> None:
    night = Night(hosts=1)
    outside, at = night.process.outside, night.clock.at
    for name in ("a", "b", "gone"):
        for days in (0, 100):
            when = at - timedelta(days=days)
            run = Run(name, when, RunState.ENDED, report={"x": "y" * 1000})
            await outside.runs.insert(run_key(name, when), run)
            await outside.considered.insert(f"{name}!{days}", Considered(when))
        await outside.considered.insert(name, Considered(at - timedelta(days=200)))
    goes_on = Run("a", at - timedelta(days=120), RunState.RUNNING)
    await outside.runs.insert(run_key("a", goes_on.at), goes_on)
    await remove_old(outside)
    assert {(run.schedule, run.state) for run in await every(outside.runs) if run.at < at} == {
        ("a", RunState.RUNNING)
    }
    assert len(await every(outside.runs)) == 4
    index = night.tables[1]
    assert {row.key for row in index.peek("considered", "", "~")} == {
        "a",
        "b",
        "gone",
        "a!0",
        "b!0",
        "gone!0",
    }


async def test_a_run_goes_once_nobody_is_to_be_told_of_it_any_more() -> None:
    night = Night(hosts=1)
    outside, at = night.process.outside, night.clock.at - timedelta(days=100)
    ended = Run("a", at, RunState.ENDED, report={"x": "y"}, report_to="https://desk.example/")
    kept = {"posting": ended, "telling": replace(ended, report_to="", untold=True)}
    gone = {"posted": replace(ended, report_taken="taken"), "alone": replace(ended, report_to="")}
    for name, run in {**kept, **gone}.items():
        await outside.runs.insert(run_key(name, at), replace(run, schedule=name))
    await remove_old(outside)
    assert {run.schedule for run in await every(outside.runs)} == set(kept)


async def test_reports_that_are_not_old_are_not_read_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    night = Night(hosts=1)
    outside, at = night.process.outside, night.clock.at
    for number in range(50):
        when = at - timedelta(hours=number)
        await outside.runs.insert(run_key("a", when), Run("a", when, RunState.ENDED))
    index, read = night.tables[1], 0
    scan = index.peek

    def counting(partition: str, *args: Any) -> list[Row]:
        nonlocal read
        found = scan(partition, *args)
        read += len(found) if partition == "moments" else 0
        return found

    monkeypatch.setattr(index, "peek", counting)
    await remove_old(outside)
    assert read == 1


async def test_when_hosts_were_maintained_that_are_long_gone_is_forgotten_in_the_end() -> None:
    night = Night(hosts=1)
    await ended(night)
    pool, at = night.pool_id.key, night.clock.at
    for days in (100, 1000):
        values = {"host": f"gone-{days}", "at": at - timedelta(days=days), "schema": 3}
        night.tables[0].put(pool, Op("insert", f"maintained|gone-{days}", values))
    night.clock.at += timedelta(days=91)
    await remove_old(night.process.outside)
    known = await night.process.outside.store.maintained(pool)
    assert {host for host in known if host.startswith("gone")} == {"gone-100"}


async def test_what_receivers_were_not_told_goes_and_lanes_that_nobody_names() -> None:
    night = Night(hosts=1)
    outside, at = night.process.outside, night.clock.at
    happening = Happening("1", Kind.HOST_ATTENTION, Level.INFO, at, "x", "host-0 is not well")
    lost = GivenUp(at, happening, "no answer")
    await outside.lanes.insert("unnamed", Lane("unnamed", given_up=(lost,)))
    waits = Waiting(happening, at, at)
    await outside.lanes.insert("newer", Lane("newer", waiting=(waits,), given_up=(lost,)))
    await remove_old(outside)
    assert {lane.receiver for lane in await every(outside.lanes)} == {"unnamed", "newer"}
    night.clock.at += timedelta(days=31)
    await remove_old(outside)
    [kept] = await every(outside.lanes)
    assert (kept.receiver, kept.waiting, kept.given_up) == ("newer", (waits,), ())


def partitions_with(night: Night, part: str) -> set[str]:
    return {
        partition
        for table in night.tables
        for partition, rows in table._rows.items()
        if any(part in key for key in rows)
    }
