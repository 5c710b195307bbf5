"""Subscribers are told, whatever happens to the app meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.storage.store import TableStore
from shared.core.access.allowed import Allowed
from shared.core.drain.subscriptions import Events, Subscription, SubscriptionState
from shared.core.host.orders import Order
from shared.core.host.status import Status
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Policy
from shared.engine.callbacks.delivery import tell
from shared.engine.drains import subscribing
from shared.errors import AnswerLostError, NotFoundError, PassingError, RequestRefusedError
from shared.ports import TellSubscriber
from tests.support.night.night import Crash, Killer, Night

URL = "https://hooks.example/workflows/1?sig=topsecret"
QUICK = Policy(maintenance=NoMaintenance())


async def subscribed(
    night: Night, drain: str, events: Events = Events.END, *, cancel: bool = False
) -> Subscription:
    order = Order("a workflow", night.clock.now())
    found, _ = await subscribing.subscribe(night.process.outside, drain, URL, events, cancel, order)
    return found


async def until_told(night: Night, subscription: Subscription) -> Subscription:
    """Let time pass until the subscriber waits no more."""
    for _ in range(2000):
        found = await TableStore(*night.tables).subscription(subscription.drain, subscription.id)
        assert found is not None
        if not found[0].waiting:
            return found[0]
        await night.pass_time()
    raise AssertionError("the subscriber waits for ever")


def calls(night: Night) -> list[dict[str, Any]]:
    return night.happened("told")


async def test_a_subscriber_is_told_once_of_the_end() -> None:
    night = Night(hosts=2)
    drain = await night.start(QUICK)
    found = await until_told(night, await subscribed(night, drain.id))
    assert found.state is SubscriptionState.DELIVERED
    assert [(c["status"], c["over"]) for c in calls(night)] == [("Succeeded", True)]


async def test_who_subscribes_to_a_drain_that_is_over_is_told_at_once() -> None:
    night = Night(hosts=1)
    drain = await night.start(QUICK)
    await night.until_over(drain.id)
    await until_told(night, await subscribed(night, drain.id))
    assert len(calls(night)) == 1


async def test_who_asks_for_phases_is_told_of_each() -> None:
    night = Night(hosts=1)
    drain = await night.start(Policy(maintenance=Restart()))
    await until_told(night, await subscribed(night, drain.id, Events.PHASES))
    told = calls(night)
    assert sum(call["changes"] for call in told) == 6  # queued to done
    assert len(told) > 2
    assert [call["over"] for call in told] == [False] * (len(told) - 1) + [True]


@pytest.mark.parametrize("error", [PassingError("busy"), AnswerLostError("cut")])
async def test_a_call_that_is_not_acknowledged_is_repeated_until_it_is(error: Exception) -> None:
    night = Night(hosts=1)
    drain = await night.start(QUICK)
    night.faults = [("post", error)] * 5  # type: ignore[list-item]
    found = await until_told(night, await subscribed(night, drain.id))
    assert found.state is SubscriptionState.DELIVERED
    assert night.faults == []
    assert calls(night)[-1]["over"]


async def test_a_receiver_that_is_gone_is_not_called_again() -> None:
    night = Night(hosts=1)
    drain = await night.start(QUICK)
    night.faults = [("post", NotFoundError("it answered 404"))]
    found = await until_told(night, await subscribed(night, drain.id))
    assert found.state is SubscriptionState.REFUSED
    assert calls(night) == []


@pytest.mark.parametrize("after_effect", [False, True], ids=["before", "after"])
async def test_wherever_the_app_is_killed_the_end_is_told(after_effect: bool) -> None:
    calm = Night(hosts=1)
    calm.start_process(killer := Killer())
    drain = await calm.start(QUICK)
    await until_told(calm, await subscribed(calm, drain.id))
    for at_call in range(1, killer.calls + 1):
        night = Night(hosts=1)
        night.start_process(Killer(at_call, after_effect))
        found = await _asked_until_it_is_there(night)
        found = await until_told(night, found)
        assert found.state is SubscriptionState.DELIVERED, at_call
        assert calls(night)[-1]["over"]
        assert len(calls(night)) <= 2


async def _asked_until_it_is_there(night: Night) -> Subscription:
    """As a Logic App does: the same request again, after a process that died over it."""
    while True:
        try:
            drain = await night.start(QUICK)
            return await subscribed(night, drain.id)
        except Crash:
            night.start_process()


async def test_the_same_address_subscribes_once() -> None:
    night = Night(hosts=1)
    drain = await night.start(QUICK)
    first, again = await subscribed(night, drain.id), await subscribed(night, drain.id)
    assert first == again
    await until_told(night, first)
    assert len(calls(night)) == 1


async def test_who_unsubscribes_is_told_nothing_and_the_drain_is_canceled_if_that_was_asked() -> (
    None
):
    for cancel, status in ((True, Status.CANCELED), (False, Status.SUCCEEDED)):
        night = Night(hosts=2)
        drain = await night.start(Policy(maintenance=Restart()))
        found = await subscribed(night, drain.id, cancel=cancel)
        order = Order("a workflow", night.clock.now())
        id_ = await subscribing.id_of(night.process.outside, URL)
        ended = await subscribing.unsubscribe(night.process.outside, id_, order)
        assert (ended.id, ended.state) == (found.id, SubscriptionState.ENDED)
        again = await subscribing.unsubscribe(night.process.outside, found.id, order)
        assert again.state is SubscriptionState.ENDED
        over = await night.until_over(drain.id)
        assert over.progress.status is status
        assert calls(night) == []
        await tell(night.process.outside, TellSubscriber(drain.id, found.id))
        assert calls(night) == []


async def test_an_address_that_is_not_allowed_is_refused_before_anything_is_started() -> None:
    night = Night(hosts=1)
    assert isinstance(night.process.outside.options.allowed, Allowed)
    with pytest.raises(RequestRefusedError, match="WEBHOOK_HOSTS"):
        subscribing.check_url(night.process.outside, "https://evil.example/")
    night.clock.at += timedelta(minutes=1)
    assert night.queue == []
