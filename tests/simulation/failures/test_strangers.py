"""Receivers that take a call and never answer: they hold up each other, and nothing else."""

import asyncio
from datetime import timedelta

import pytest

from shared.adapters.storage.queue import StorageQueue, decode, encode
from shared.core.host.outcome import Unknown
from shared.core.values.drainid import drain_id
from shared.engine.callbacks import strangers
from shared.engine.timers.calling import NO_PLACE, call
from shared.ports import (
    PassOn,
    PostReport,
    SeeToEvents,
    StepCampaign,
    TakeStep,
    TellReceiver,
    TellSubscriber,
    Work,
)
from tests.support.night.night import Night


class Client:
    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send_message(self, text: str, visibility_timeout: int) -> None:
        self.sent.append(text)


DRAIN = drain_id("hp-one-0123456789", "x")


async def test_calls_to_strangers_go_to_a_queue_of_their_own() -> None:
    work, calls = Client(), Client()
    queue = StorageQueue(lambda: work, lambda: calls)  # type: ignore[arg-type,return-value]
    several: list[Work] = [TakeStep(DRAIN), StepCampaign("c"), SeeToEvents()]
    theirs: list[Work] = [
        TellSubscriber(DRAIN, "d.s"), PostReport("nightly|0"), TellReceiver("desk"), PassOn(DRAIN),
    ]  # fmt: skip
    for each in (*several, *theirs):
        await queue.send(each, timedelta(0))
        assert decode(encode(each)) == each
    assert [decode(text) for text in work.sent] == several
    assert [decode(text) for text in calls.sent] == theirs


async def test_a_call_that_finds_no_place_is_put_off_and_holds_nothing() -> None:
    night = Night(hosts=1)
    outside = night.process.outside
    while not outside.places.locked():
        await outside.places.acquire()
    work = TellSubscriber("d", "d.s")
    before = night.clock.at
    await call(outside, work)
    [message] = night.queue
    assert message.work == work
    assert message.visible_at >= before + NO_PLACE
    outside.places.release()
    await call(outside, work)
    assert not outside.places.locked()  # it was given back


async def test_a_receiver_that_never_answers_is_left_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(strangers, "WITHIN", timedelta(0))
    assert await strangers.answer_of(asyncio.sleep(3600)) == Unknown()


async def test_what_nobody_foresaw_is_of_unknown_outcome_and_is_tried_again() -> None:
    async def post() -> None:
        raise UnicodeError("label empty or too long")

    assert await strangers.answer_of(post()) == Unknown()


async def test_a_message_for_a_subscription_that_is_gone_takes_it_out_of_the_index() -> None:
    night = Night(hosts=1)
    outside = night.process.outside
    work = TellSubscriber("gone-0000000000-0000000000", "gone-0000000000-0000000000.s")
    await outside.store.note_work(work, night.clock.at)
    assert await outside.store.overdue(night.clock.at, 10) == (work,)
    await call(outside, work)
    assert await outside.store.overdue(night.clock.at, 10) == ()
