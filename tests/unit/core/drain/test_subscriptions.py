"""When a subscriber is told again, and when no more."""

from dataclasses import replace
from datetime import timedelta

from shared.core.drain.retry import pause_after
from shared.core.drain.subscriptions import (
    Events,
    Subscription,
    SubscriptionState,
    after_try,
    subscription_id,
)
from shared.core.host.orders import Order
from shared.core.host.outcome import Accepted, Gone, Outcome, Refused, Unknown
from tests.support.builders import NOON, PACE, minutes

URL = "https://prod-1.logic.azure.com/workflows/1?sig=topsecret"


def a_subscription() -> Subscription:
    order = Order("anna", NOON)
    return Subscription(subscription_id("d", URL), "d", URL, Events.END, True, order)


def after(outcome: Outcome, *, over: bool = True, at: timedelta = timedelta(0)) -> Subscription:
    return after_try(a_subscription(), outcome, "cursor", over=over, now=NOON + at, pace=PACE)


def test_an_acknowledged_end_is_told_no_more() -> None:
    assert after(Accepted()).state is SubscriptionState.DELIVERED


def test_an_acknowledged_phase_is_not_told_again_and_the_next_one_is_waited_for() -> None:
    found = after(Accepted(), over=False)
    assert (found.state, found.cursor) == (SubscriptionState.WAITING, "cursor")


def test_what_is_not_acknowledged_is_told_again_from_where_it_was() -> None:
    for outcome in (Unknown(), Refused("busy")):
        found = after(outcome)
        assert (found.state, found.cursor, found.tries) == (SubscriptionState.WAITING, "", 1)
        assert found.next_try_at == NOON + PACE.soon


def test_a_receiver_that_is_gone_or_refuses_for_good_is_left_alone() -> None:
    for outcome in (Gone(), Refused("no", final=True)):
        assert after(outcome).state is SubscriptionState.REFUSED


def test_the_pauses_grow_up_to_an_hour() -> None:
    pauses = [pause_after(tries, PACE) for tries in range(1, 12)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[3], pauses[-1]) == (PACE.soon, 8 * PACE.soon, minutes(60))
    assert pause_after(10**6, PACE) == minutes(60)


def test_after_three_days_it_is_given_up() -> None:
    failing = replace(a_subscription(), failing_since=NOON, tries=40)
    found = after_try(failing, Unknown(), "", over=True, now=NOON + timedelta(days=3), pace=PACE)
    assert found.state is SubscriptionState.REFUSED
    assert "given up after 41 tries" in found.last_result


def test_neither_the_id_nor_the_words_of_a_subscription_tell_the_address() -> None:
    found = a_subscription()
    assert "topsecret" not in found.id
    assert "topsecret" not in repr(found)
