"""A receiver that is away, or refuses: what waits for it is sent later, or given up and said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.storage.tables.table import Op
from shared.core.drain.happenings import Kind
from shared.core.drain.retry import GIVEN_UP_AFTER
from shared.core.notifications.rules import (
    NotificationRule,
    Notifications,
)
from shared.engine.notifications.trying import try_receiver
from shared.errors import (
    AnswerLostError,
    DeniedError,
    NotFoundError,
    OutsideError,
    PassingError,
    RequestRefusedError,
)
from shared.ports import TellReceiver
from tests.support.night.receivers import (
    DESK,
    QUICK,
    kinds,
    lane,
    telling,
    told,
    until_over,
    until_told,
)


async def test_nothing_is_lost_while_the_receiver_is_away() -> None:
    night = telling()
    refusal = night.refuse("notify", PassingError("it answered 503"))
    drain = await night.start(QUICK)
    over = await until_over(night, drain.id)
    assert over.progress.ended_at is not None
    assert over.progress.ended_at - night.world.began < timedelta(minutes=30)  # nobody waited
    stands = await lane(night)
    assert [each.happening.kind for each in stands.waiting] == [
        Kind.DRAIN_STARTED,
        Kind.DRAIN_ENDED,
    ]
    assert "503" in stands.last_result
    night.refusals.remove(refusal)
    await until_told(night)
    assert sorted(kinds(night)) == ["drainEnded", "drainStarted"]
    assert (await lane(night)).failing_since is None


@pytest.mark.parametrize(
    "error", [DeniedError("401"), NotFoundError("410"), AnswerLostError("500")]
)
async def test_a_receiver_that_refuses_everything_may_be_mended(error: OutsideError) -> None:
    night = telling(1)
    refusal = night.refuse("notify", error)
    drain = await night.start(QUICK)
    await until_over(night, drain.id)
    end = night.clock.at + timedelta(days=1)
    await night.until(lambda: night.clock.at > end)
    night.refusals.remove(refusal)
    await until_told(night)
    assert sorted(kinds(night)) == ["drainEnded", "drainStarted"]


async def test_what_is_not_taken_for_days_is_given_up_and_said() -> None:
    night = telling(1)
    night.refuse("notify", NotFoundError("it answered 410"))
    drain = await night.start(QUICK)
    await until_over(night, drain.id)
    end = night.clock.at + GIVEN_UP_AFTER + timedelta(hours=2)
    await night.until(lambda: night.clock.at > end, steps=20_000)
    stands = await lane(night)
    assert stands.waiting == ()
    assert [each.happening.kind for each in stands.given_up] == [
        Kind.DRAIN_STARTED,
        Kind.DRAIN_ENDED,
    ]
    assert all("3 days" in each.why for each in stands.given_up)
    await night.until(lambda: night.tables[1].peek("active", "", "~") == [])


async def test_what_the_receiver_alone_refuses_is_given_up_and_holds_up_nothing_else() -> None:
    night = telling(1)
    night.faults = [("notify", DeniedError("it answered 400"))]
    await night.start(QUICK)
    await until_told(night, Kind.DRAIN_STARTED)
    await until_told(night)
    night.faults = [("notify", DeniedError("it answered 400"))] * 2
    await night.start(QUICK, unique="b")
    await night.until(lambda: kinds(night).count("drainEnded") == 2)
    await night.until(lambda: not night.queue)
    stands = await lane(night)
    assert stands.waiting == ()
    assert kinds(night).count("drainStarted") + stands.given_up_count == 2


async def test_a_receiver_that_is_away_delays_itself_alone() -> None:
    both = Notifications(
        (DESK, replace(DESK, name="other")), (NotificationRule("all", ("desk", "other")),)
    )
    night = telling(1, both)
    night.refuse("notify", PassingError("away"), "other")
    await night.start(QUICK)
    await until_told(night)
    assert kinds(night) == ["drainStarted", "drainEnded"]
    assert kinds(night, "other") == []
    assert len((await lane(night, "other")).waiting) == 2


async def test_much_that_waits_for_a_receiver_that_is_away_is_one_message_in_the_queue() -> None:
    night = telling(1)
    night.refuse("notify", PassingError("away"))
    for unique in "abcdef":
        drain = await night.start(QUICK, unique=unique)
        await until_over(night, drain.id)
    end = night.clock.at + timedelta(hours=6)
    await night.until(lambda: night.clock.at > end)
    assert len((await lane(night)).waiting) == 12
    assert [each.work for each in night.queue] == [TellReceiver("desk")]


async def test_if_the_queue_loses_its_message_the_timer_sends_for_the_receiver() -> None:
    night = telling(1)
    refusal = night.refuse("notify", PassingError("away"))
    drain = await night.start(QUICK)
    await until_over(night, drain.id)
    night.refusals.remove(refusal)
    night.queue.clear()
    await until_told(night)


async def test_a_test_that_is_taken_sends_what_waits() -> None:
    night = telling(1)
    refusal = night.refuse("notify", DeniedError("it answered 401"))
    drain = await night.start(QUICK)
    await until_over(night, drain.id)
    outside = night.process.outside
    tried = await try_receiver(outside, "desk", "anna")
    assert (tried.taken, "401" in tried.text) == (False, True)
    night.refusals.remove(refusal)
    night.queue.clear()
    night.clock.at += timedelta(days=1)
    tried = await try_receiver(outside, "desk", "anna")
    assert (tried.taken, tried.text) == (True, "taken")
    [message] = night.queue  # at once, and not after the pause
    assert message.work == TellReceiver("desk")
    assert message.visible_at <= night.clock.at
    await until_told(night)
    with pytest.raises(RequestRefusedError, match="no receiver 'nobody'"):
        await try_receiver(outside, "nobody", "anna")


async def test_a_message_whose_answer_was_lost_comes_again_with_the_same_id_and_content() -> None:
    night = telling(1)
    night.faults = [("notify", AnswerLostError("?"))]
    await night.start(QUICK)
    await until_told(night)
    first, again = told(night)[:2]
    assert (first["id"], first["items"]) == (again["id"], again["items"])


async def test_a_receiver_that_the_setting_does_not_name_any_more_is_forgotten() -> None:
    night = telling(1)
    night.refuse("notify", PassingError("away"))
    drain = await night.start(QUICK)
    await until_over(night, drain.id)
    night.notifications = Notifications()
    night.start_process()
    night.deliver(TellReceiver("desk"), timedelta(0))
    await night.until(lambda: night.tables[1].peek("active", "", "~") == [])
    assert await night.process.outside.lanes.get("desk") is None


async def test_a_lane_that_this_version_cannot_read_holds_up_no_drain() -> None:
    night = telling(1)
    drain = await night.start(QUICK)
    await until_told(night)
    [row] = night.tables[1].peek("lanes", "desk", "~")
    night.tables[1].put("lanes", Op("upsert", "desk", {**row.values, "schema": 99}))
    drain = await night.start(QUICK, unique="b")
    over = await until_over(night, drain.id)
    assert over.untold  # they stay
    night.tables[1].put("lanes", Op("upsert", "desk", row.values))
    await night.until(lambda: kinds(night).count("drainEnded") == 2)
    assert (await night.drain(drain.id)).untold == ()
