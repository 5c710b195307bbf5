"""Events act once, in whatever order and however often they come."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.core.events.records import EventOutcome, EventRecord
from shared.core.host.status import Status
from shared.engine.events.reception import hear
from shared.errors import PassingError, RequestRefusedError
from shared.events.envelope import Context
from shared.events.translators import translate
from tests.support.events import REQUEST, cloud_event, event_grid
from tests.support.night.night import Crash, Killer, Night

REQUESTED, RELEASED = "AvdDrain.Drain.Requested", "AvdDrain.Drain.Released"
CANCELED = "AvdDrain.Drain.Canceled"


async def delivered(night: Night, text: str) -> EventRecord:
    outside = night.process.outside
    context = Context(night.clock.now(), "", outside.options.allowed)
    envelope, intent = translate(text, context)
    return await hear(outside, envelope.key, intent)


def requested(night: Night, **more: Any) -> str:
    return event_grid(REQUESTED, REQUEST | {"hostPool": night.pool.id} | more)


async def drains(night: Night) -> int:
    return len((await night.process.outside.store.drains(None, None, 100, None)).items)


async def test_a_drain_that_an_event_asks_for_is_started_once_however_often_it_comes() -> None:
    night = Night(hosts=1)
    first = await delivered(night, requested(night))
    assert (first.outcome, await drains(night)) == (EventOutcome.ACTED, 1)
    night.clock.at += timedelta(days=3)
    again = [await delivered(night, requested(night)) for _ in range(3)]
    assert all(heard == first for heard in again)
    assert await drains(night) == 1


async def test_two_deliveries_at_once_start_one_drain() -> None:
    night = Night(hosts=2)
    text = requested(night)
    heard = await asyncio.gather(*(delivered(night, text) for _ in range(5)))
    assert {h.drain for h in heard} == {heard[0].drain}
    assert await drains(night) == 1


async def test_a_release_by_event_ends_the_hold() -> None:
    night = Night(hosts=1)
    started = await delivered(night, requested(night))
    await delivered(night, event_grid(RELEASED, {"request": "1", "reason": "patched"}, "2"))
    over = await night.until_over(started.drain)
    assert over.progress.status is Status.SUCCEEDED


async def test_a_cancel_by_the_drains_id_is_understood_too() -> None:
    night = Night(hosts=1)
    started = await delivered(night, requested(night))
    heard = await delivered(night, cloud_event(CANCELED, {"drain": started.drain}, "2"))
    assert heard.outcome is EventOutcome.ACTED
    assert (await night.until_over(started.drain)).progress.status is Status.CANCELED


async def test_an_end_that_overtakes_its_request_is_understood_and_nothing_is_begun() -> None:
    night = Night(hosts=1)
    early = await delivered(night, event_grid(CANCELED, {"request": "1"}, "2"))
    assert early.outcome is EventOutcome.EARLY
    late = await delivered(night, requested(night))
    assert (late.outcome, await drains(night)) == (EventOutcome.IGNORED, 0)
    assert "canceled before it came" in late.text
    assert (await delivered(night, requested(night))) == late


async def test_what_cannot_be_done_is_remembered_and_not_tried_again() -> None:
    night = Night(hosts=1)
    heard = await delivered(night, requested(night, hosts=["nobody"]))
    assert heard.outcome is EventOutcome.REFUSED
    assert "no host 'nobody'" in heard.text
    assert (await delivered(night, requested(night))) == heard  # the same id: the same event
    unknown = await delivered(night, event_grid(RELEASED, {"drain": "x"}, "9"))
    assert unknown.outcome is EventOutcome.REFUSED


async def test_what_fails_for_a_passing_reason_is_for_the_sender_to_repeat() -> None:
    night = Night(hosts=1)
    night.faults = [("pool", PassingError("not now"))]
    with pytest.raises(RequestRefusedError):
        await delivered(night, requested(night))
    assert (await delivered(night, requested(night))).outcome is EventOutcome.ACTED


async def test_wherever_the_app_is_killed_an_event_that_is_sent_again_acts_once() -> None:
    calm = Night(hosts=1)
    calm.start_process(killer := Killer())
    await delivered(calm, requested(calm))
    for at_call in range(1, killer.calls + 1):
        for after_effect in (False, True):
            night = Night(hosts=1)
            night.start_process(Killer(at_call, after_effect))
            with pytest.raises(Crash):
                await delivered(night, requested(night))
            night.start_process()
            heard = await delivered(night, requested(night))
            assert heard.outcome is EventOutcome.ACTED
            for _ in range(5):  # the first step lists a drain that was not listed yet
                await night.pass_time()
            assert await drains(night) == 1


async def test_events_are_listed_newest_first_with_what_came_of_them() -> None:
    night = Night(hosts=1)
    for n in range(3):
        night.clock.at += timedelta(seconds=1)
        await delivered(night, event_grid("Other.Event", {}, str(n)))
    page = await night.process.outside.inbox.events(2, None)
    assert [heard.key.id for heard in page.items] == ["2", "1"]
    rest = await night.process.outside.inbox.events(2, page.next)
    assert [heard.key.id for heard in rest.items] == ["0"]
