"""Webhooks and subscribers."""

from typing import Literal, TypedDict

from pydantic import with_config

from shared.core.drain.subscriptions import Subscription
from shared.wire.views.words import CLOSED, Time, time


@with_config(CLOSED)
class Answered(TypedDict):
    """What a webhook said was taken."""

    drain: str
    status: Literal["Succeeded", "Failed"]


@with_config(CLOSED)
class SubscriptionView(TypedDict):
    """Somebody who is told. The callback address is never shown."""

    id: str
    drain: str
    events: Literal["end", "phases"]
    cancelOnUnsubscribe: bool
    state: Literal["waiting", "delivered", "refused", "ended"]
    tries: int
    lastResult: str | None
    nextTryAt: Time | None


def subscription_view(subscription: Subscription) -> SubscriptionView:
    return {
        "id": subscription.id,
        "drain": subscription.drain,
        "events": subscription.events.value,
        "cancelOnUnsubscribe": subscription.cancel_on_unsubscribe,
        "state": subscription.state.value,
        "tries": subscription.tries,
        "lastResult": subscription.last_result or None,
        "nextTryAt": time(subscription.next_try_at),
    }
