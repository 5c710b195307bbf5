"""Somebody who is to be told how a drain goes: at its end, or at each host's next phase.

A callback is repeated until it is acknowledged, with longer and longer pauses, or until its receiver
says that it is gone. So each is told at least once.
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
"""In place of a callback address: the topic for the app's own events. It is never given up."""
LOOKED_AFTER = timedelta(minutes=5)
"""So often the timer sends for a subscription of which nothing was heard."""


class Events(StrEnum):
    END = "end"
    PHASES = "phases"


class SubscriptionState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Subscription:
    """``cursor``: up to where in the drain's history it has been told."""

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
        """It has no address: the app's own events go to the topic."""
        return self.url == TOPIC

    @property
    def waiting(self) -> bool:
        return self.state is SubscriptionState.WAITING


def subscription_id(drain: str, url: str) -> str:
    """The same address subscribes to a drain once. The drain's id leads to the record."""
    return f"{drain}.{digest_of(url)}"


def digest_of(url: str) -> str:
    """Names a callback address without telling it."""
    return hashlib.sha256(url.encode()).hexdigest()[:20]


def drain_of(subscription: str) -> str:
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
    """The subscription after a try. ``over``: the drain's end was part of what was told."""
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
