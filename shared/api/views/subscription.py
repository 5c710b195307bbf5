"""Webhooks and subscribers."""

from typing import Literal

from shared.core.drain.subscriptions import Subscription
from shared.wire.views.words import Time, View, time


class Answered(View):
    """What a webhook said was taken."""

    drain: str
    """The id of the drain."""
    status: Literal["Succeeded", "Failed"]
    """What was said of the host."""


class SubscriptionView(View):
    """Somebody who is told. The callback address is never shown."""

    id: str
    """What the subscription is asked for by."""
    drain: str
    """The id of the drain that it is told of."""
    events: Literal["end", "phases"]
    """Whether it is told of the end only, or of each phase."""
    cancelOnUnsubscribe: bool
    """Whether its end cancels the drain."""
    state: Literal["waiting", "delivered", "refused", "ended"]
    """How far the calls are."""
    tries: int
    """How often the last call was tried."""
    lastResult: str | None
    """What came of the last try."""
    nextTryAt: Time | None
    """When it is tried again."""


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
