"""Subscriptions to a drain: a callback at its end, or at each change of a host's phase.

A callback is retried with growing pauses until it is acknowledged, refused for good, or given up.
So each subscriber is called at least once for each event.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.core.drain.retry import is_final, pause_after, refused_for_good
from shared.core.host.orders import Order
from shared.core.host.outcome import Accepted, Outcome, in_words
from shared.core.values.pace import Pace

TOPIC = "topic"
"""Stands for a callback address: the Event Grid topic of the app's own events. It is never given
up."""
LOOKED_AFTER = timedelta(minutes=5)
"""How often the timer sends a message for a waiting subscription that has shown no progress."""


class Events(StrEnum):
    """When the subscriber is called: at the drain's end, or at each change of a host's phase."""

    END = "end"
    PHASES = "phases"


class SubscriptionState(StrEnum):
    """WAITING: further calls will come. DELIVERED: the drain's end was acknowledged. REFUSED: the
    subscriber refused a call for good, or was given up. ENDED: it was unsubscribed."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Subscription:
    """``cursor``: how far in the drain's history the subscriber has been called. ``url``: the
    callback address. ``tries``: failed tries in a row."""

    id: str
    drain: str
    url: str = field(repr=False)
    events: Events
    cancel_on_unsubscribe: bool
    asked: Order
    state: SubscriptionState = SubscriptionState.WAITING
    cursor: str = ""
    tries: int = 0
    failing_since: datetime | None = None
    next_try_at: datetime | None = None
    last_result: str = ""

    @property
    def to_topic(self) -> bool:
        """Whether the app's own events go to the topic: this subscription has no address."""
        return self.url == TOPIC

    @property
    def waiting(self) -> bool:
        return self.state is SubscriptionState.WAITING


def subscription_id(drain: str, url: str) -> str:
    """The id of a subscription. An address has one to each drain. The drain's id can be read from
    it."""
    return f"{drain}.{digest_of(url)}"


def digest_of(url: str) -> str:
    """Identifies a callback address without revealing it."""
    return hashlib.sha256(url.encode()).hexdigest()[:20]


def drain_of(subscription: str) -> str:
    """The id of the drain to which this subscription id belongs."""
    return subscription.rsplit(".", 1)[0]


def after_try(
    subscription: Subscription,
    outcome: Outcome,
    cursor: str,
    *,
    over: bool,
    now: datetime,
    pace: Pace,
) -> Subscription:
    """The subscription after one try to call. ``cursor``: how far the call reported. ``over``: the
    call reported the drain's end."""
    words, tries = in_words(outcome), subscription.tries + 1
    since = subscription.failing_since or now
    if isinstance(outcome, Accepted):
        state = SubscriptionState.DELIVERED if over else SubscriptionState.WAITING
        return replace(
            subscription, state=state, cursor=cursor, tries=0, failing_since=None,
            next_try_at=None, last_result=words,
        )  # fmt: skip
    if not subscription.to_topic and is_final(outcome, since, now):
        if not refused_for_good(outcome):
            words = f"given up after {tries} tries; the last: {words}"
        return replace(
            subscription, state=SubscriptionState.REFUSED, tries=tries, next_try_at=None,
            last_result=words,
        )  # fmt: skip
    return replace(
        subscription, tries=tries, failing_since=since, last_result=words,
        next_try_at=now + pause_after(tries, pace),
    )  # fmt: skip
