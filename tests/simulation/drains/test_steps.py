"""One step: repeats do nothing, and an instance that was held up does nothing more."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from local.sim.estate.people import Manner, Person
from shared.adapters.storage.tables.table import Op
from shared.core.drain.history.facts import Moved
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.policy.policy import Amount, Policy
from shared.core.values.drainid import drain_id
from shared.core.values.hostpool import HostPoolId
from shared.engine.drains import orders
from shared.engine.step.poolwork import MOST_TRIES, work_on
from shared.engine.step.readings import FRESH, Readings
from shared.engine.step.step import step
from shared.engine.timers.watchdog import watch
from shared.errors import UnreadableError
from shared.ports import TakeStep
from tests.support.night.night import EVENING, Night


async def one_host(night: Night, number: int) -> str:
    drain = await night.start(Policy(), hosts=(f"host-{number}",), unique=str(number))
    return drain.id


async def test_a_message_that_comes_twice_makes_one_step() -> None:
    night = Night(hosts=1)
    drain = await night.start(Policy())
    await step(night.process.outside, TakeStep(drain.id))
    after = await night.drain(drain.id)
    work = TakeStep(drain.id, after.progress.step_number)
    await step(night.process.outside, work)
    once = await night.drain(drain.id)
    await step(night.process.outside, work)
    assert await night.drain(drain.id) == once
    assert once.progress.step_number == after.progress.step_number + 1


async def test_while_another_instance_works_on_the_pool_only_who_asked_just_now_comes_back() -> (
    None
):
    night = Night(hosts=1)
    drain = await night.start(Policy())
    store, now = night.process.outside.store, night.clock.now()
    await store.acquire(night.pool_id.key, "another", now, timedelta(minutes=1))
    night.queue.clear()
    await work_on(night.process.outside, TakeStep(drain.id, 7))
    assert night.queue == []
    await work_on(night.process.outside, TakeStep(drain.id))
    assert [message.work for message in night.queue] == [TakeStep(drain.id, tries=1)]
    await work_on(night.process.outside, TakeStep(drain.id, tries=MOST_TRIES))
    assert len(night.queue) == 1
    assert night.happened("drain mode on") == []


async def test_a_step_is_followed_by_those_that_are_due_in_its_pool() -> None:
    """Their own messages found the lease held, and are gone."""
    night = Night(hosts=30)
    drains = [await one_host(night, n) for n in range(30)]
    night.queue.clear()
    await work_on(night.process.outside, TakeStep(drains[0]))
    turns = [(await night.drain(id_)).progress.step_number for id_ in drains]
    assert turns == [1] * 30
    assert len(night.queue) == 30


async def test_drains_of_a_pool_share_what_was_read_of_it_a_moment_ago() -> None:
    night = Night(hosts=30)
    drains = [await one_host(night, n) for n in range(30)]
    night.queue.clear()
    asked = {"hosts": 0, "sessions": 0}
    outside = night.process.outside
    plane = Counting(outside.plane, asked)
    await work_on(replace(outside, plane=plane), TakeStep(drains[0]))
    assert [(await night.drain(id_)).progress.step_number for id_ in drains] == [1] * 30
    assert asked["hosts"] <= 2


async def test_a_reading_serves_for_seconds_and_sessions_are_those_of_after_the_hosts() -> None:
    night = Night(hosts=1)
    readings, pool = Readings(night.process.outside), night.pool_id
    hosts = await readings.hosts(pool)
    sessions = await readings.sessions(pool, hosts)
    assert await readings.hosts(pool) is hosts
    assert await readings.sessions(pool, hosts) is sessions
    night.clock.at += FRESH
    later = await readings.hosts(pool)
    assert later.began_at >= hosts.began_at + FRESH
    assert (await readings.sessions(pool, later)).began_at >= later.ended_at
    night.clock.at -= timedelta(minutes=1)
    assert await readings.hosts(pool) is not later


class Counting:
    """A control plane of which some calls are counted."""

    def __init__(self, inner: Any, counted: dict[str, int]) -> None:
        self._inner, self._counted = inner, counted

    def __getattr__(self, name: str) -> Any:
        if name in self._counted:
            self._counted[name] += 1
        return getattr(self._inner, name)


async def test_a_drain_whose_step_fails_keeps_no_other_of_its_pool_from_its_own() -> None:
    night = Night(hosts=3)
    first, bad, last = [await one_host(night, n) for n in range(3)]
    night.refuse("scan", UnreadableError("of a newer schema"), f"drain|{bad}")
    night.queue.clear()
    await work_on(night.process.outside, TakeStep(first))
    night.refusals.clear()
    assert [(await night.drain(id_)).progress.step_number for id_ in (first, bad, last)] == [
        1,
        0,
        1,
    ]


async def test_the_watchdog_sends_for_what_came_due_while_it_held_the_pool() -> None:
    night = Night(hosts=2)
    drain = await night.start(Policy(max_unavailable=Amount(2)))
    await night.until(lambda: not any(h.allow_new_session for h in night.pool.hosts.values()))
    night.queue.clear()
    night.clock.at += timedelta(minutes=1)
    ended = drain_id(night.pool_id.key, "one that has ended")
    values = {"hostPool": night.pool_id.resource_id}
    night.tables[1].put("out", Op("upsert", ended, values))  # so it has to take the lease
    await watch(night.process.outside)
    assert TakeStep(drain.id) in [message.work for message in night.queue]


async def test_an_instance_that_was_held_up_begins_nothing_more() -> None:
    night = Night(hosts=1)
    drain = await night.start(Policy())
    outside = replace(night.process.outside, store=slow_to_save(night))
    await work_on(outside, TakeStep(drain.id))
    assert night.happened("drain mode on") == []
    after = await night.drain(drain.id)
    assert [host.intents for host in after.hosts] == [()]
    await work_on(night.process.outside, TakeStep(drain.id))
    assert len(night.happened("drain mode on")) == 1


class Saving:
    """The store of a night, where something happens after each save."""

    def __init__(self, night: Night, then: Callable[[], Awaitable[object]]) -> None:
        self._store, self._then = night.process.outside.store, then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def save(self, *args: Any, **more: Any) -> None:
        await self._store.save(*args, **more)
        await self._then()


def slow_to_save(night: Night) -> Saving:
    """A save takes longer than a lease lasts."""

    async def wait() -> None:
        night.clock.at += night.process.outside.options.lease

    return Saving(night, wait)


async def test_an_order_that_comes_while_a_large_drain_acts_is_obeyed_before_the_next_chunk() -> (
    None
):
    night = Night(hosts=100)
    chunk = night.process.outside.options.chunk
    drain = await night.start(Policy(max_unavailable=Amount(100, percent=True)))
    calm = night.process.outside

    async def ordered() -> None:
        if (found := await night.drain(drain.id)).control.cancel is None:
            await orders.cancel(calm, drain.id, found.version, Order("anna", EVENING, "no"))

    await work_on(replace(calm, store=Saving(night, ordered)), TakeStep(drain.id))
    assert len(night.happened("drain mode on")) == chunk
    await night.until_over(drain.id)
    assert all(host.allow_new_session for host in night.pool.hosts.values())


async def test_a_host_of_which_no_action_was_begun_stays_as_it_was() -> None:
    night = Night(hosts=100)
    chunk = night.process.outside.options.chunk
    drain = await night.start(Policy(max_unavailable=Amount(100, percent=True)))
    outside = replace(night.process.outside, store=slow_to_save(night))
    await work_on(outside, TakeStep(drain.id))
    phases = Counter(host.phase for host in (await night.drain(drain.id)).hosts)
    assert phases == {Phase.DRAINING: chunk, Phase.QUEUED: 100 - chunk}
    page = await outside.store.history(drain.id, 1000, None)
    assert sum(isinstance(entry.fact, Moved) for entry in page.items) == chunk


class Slow:
    """A control plane with room for so many writes, that answers none before so many were asked."""

    def __init__(self, plane: Any, room: int, at_once: int) -> None:
        self._plane, self._room, self._at_once = plane, room, at_once
        self._begun, self._all = 0, asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plane, name)

    def room(self, pool: HostPoolId) -> int:
        return self._room - self._begun

    async def set_allow_new_session(self, pool: HostPoolId, host: str, allow: bool) -> None:
        self._begun += 1
        if self._begun >= self._at_once:
            self._all.set()
        await asyncio.wait_for(self._all.wait(), 30)
        await self._plane.set_allow_new_session(pool, host, allow)


async def test_as_long_as_the_control_plane_has_room_no_chunk_waits_for_the_one_before() -> None:
    night = Night(hosts=200)
    drain = await night.start(Policy(max_unavailable=Amount(100, percent=True)))
    plane = Slow(night.process.outside.plane, room=200, at_once=200)
    await work_on(replace(night.process.outside, plane=plane), TakeStep(drain.id))
    assert len(night.happened("drain mode on")) == 200


async def test_a_host_is_out_since_its_record_says_so_and_not_since_the_decision() -> None:
    night = Night(hosts=100)
    drain = await night.start(Policy(max_unavailable=Amount(100, percent=True)))

    async def wait() -> None:
        night.clock.at += timedelta(seconds=1)

    outside = replace(night.process.outside, store=Saving(night, wait))
    await work_on(outside, TakeStep(drain.id))
    chunk = outside.options.chunk
    out = Counter(host.out_at for host in (await night.drain(drain.id)).hosts)
    assert len(out) == -(-100 // chunk)
    page = await outside.store.history(drain.id, 1000, None)
    moved = Counter(entry.at for entry in page.items if isinstance(entry.fact, Moved))
    assert moved == out


async def test_over_a_night_in_which_users_stay_a_drain_looks_less_often_than_once_in_two_minutes() -> (
    None
):
    """It is looked often for who may leave any moment, and seldom for who stays."""
    night = Night(hosts=3)
    for n in range(3):
        person = Person(f"user{n}@contoso.example", Manner.WORKS, 1e9)
        night.world.sign_in(night.pool, night.host(f"host-{n}"), person)
    drain = await night.start(Policy(max_unavailable=Amount(3), deadline=timedelta(hours=10)))
    while night.clock.at < EVENING + timedelta(minutes=10):
        await night.pass_time()
    before = (await night.drain(drain.id)).progress.step_number
    while night.clock.at < EVENING + timedelta(hours=8):
        await night.pass_time()
    looks = (await night.drain(drain.id)).progress.step_number - before
    assert 470 / 10 < looks < 470 / 2
