"""What the timer sends for, and what it reads for that."""

from datetime import timedelta

from shared.core.maintenance.hold import Hold
from shared.core.policy.policy import Policy
from shared.engine.step.poolwork import work_on
from shared.engine.timers.overdue import resend_overdue
from shared.ports import TakeStep
from tests.support.night.night import Night

HELD = Policy(maintenance=Hold(hold_for=timedelta(hours=2)))


async def late_night() -> tuple[Night, str]:
    """A night whose drain is late, and has no message any more."""
    night = Night(hosts=2)
    drain = await night.start(HELD)
    await night.until(lambda: bool(night.happened("drain mode on")))
    night.queue.clear()
    night.clock.at += timedelta(minutes=10)
    return night, drain.id


async def test_a_drain_whose_message_was_lost_is_sent_for() -> None:
    night, drain = await late_night()
    assert await resend_overdue(night.process.outside) == 1
    assert [message.work for message in night.queue] == [TakeStep(drain)]


async def test_a_drain_whose_step_is_slow_is_not_sent_for_each_minute() -> None:
    """The step renews its lease as it goes on, and its drain is late all the while."""
    night, _ = await late_night()
    outside = night.process.outside
    lease = await outside.store.acquire(
        night.pool_id.key, "somebody", night.clock.at, timedelta(minutes=7, seconds=30)
    )
    for _ in range(7):
        night.clock.at += timedelta(minutes=1)
        assert await resend_overdue(outside) == 0
    assert night.queue == []
    await outside.store.release(lease)
    assert await resend_overdue(outside) == 1


async def test_a_drain_whose_worker_died_is_sent_for_by_the_tick_at_which_its_lease_ends() -> None:
    night, drain = await late_night()
    outside = night.process.outside
    await outside.store.acquire(
        night.pool_id.key, "somebody who dies", night.clock.at, timedelta(minutes=2)
    )
    sent = []
    for _ in range(3):
        sent.append(await resend_overdue(outside))
        night.clock.at += timedelta(minutes=1)
    assert sent == [0, 0, 1]
    turn = (await night.drain(drain)).progress.step_number
    await work_on(outside, TakeStep(drain))
    assert (await night.drain(drain)).progress.step_number == turn + 1
