"""One step: repeats do nothing, and an instance that was held up does nothing more."""

from dataclasses import replace
from datetime import timedelta

from shared.core.actions import SetDrainMode
from shared.core.outcome import Accepted, NotTried
from shared.core.policy import Policy
from shared.engine.perform import perform
from shared.engine.step import step
from shared.ports import Work
from tests.support.night import Night


async def test_a_message_that_comes_twice_makes_one_step() -> None:
    night = Night(hosts=1)
    drain = await night.start(Policy())
    await step(night.process.outside, Work(drain.id))
    after = await night.drain(drain.id)
    work = Work(drain.id, after.progress.turn)
    await step(night.process.outside, work)
    once = await night.drain(drain.id)
    await step(night.process.outside, work)
    assert await night.drain(drain.id) == once
    assert once.progress.turn == after.progress.turn + 1


async def test_while_another_instance_works_on_the_pool_the_message_comes_back_later() -> None:
    night = Night(hosts=1)
    drain = await night.start(Policy())
    store, now = night.process.outside.store, night.clock.now()
    await store.acquire(night.pool_id.key, "another", now, timedelta(minutes=1))
    night.queue.clear()
    await step(night.process.outside, Work(drain.id, 7))
    assert [message.work for message in night.queue] == [Work(drain.id, 7)]
    assert night.happened("drain mode on") == []


async def test_an_instance_that_was_held_up_begins_nothing_more() -> None:
    night = Night(hosts=1)
    drain = await night.start(Policy())
    outside = night.process.outside
    action = SetDrainMode(drain.hosts[0].key, False, "test")
    lease = await outside.store.acquire(
        night.pool_id.key, "me", night.clock.now(), outside.options.lease
    )
    night.clock.at += outside.options.lease
    assert await perform(outside, drain, (action,), lease) == [(action, NotTried())]
    assert night.happened("drain mode on") == []
    lease = replace(lease, until=night.clock.at + outside.options.lease)
    assert await perform(outside, drain, (action,), lease) == [(action, Accepted(None))]
