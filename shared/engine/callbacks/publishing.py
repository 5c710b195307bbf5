"""Publishes what happens to drains to the app's own topic, if there is one. The topic is a
subscriber of every drain: it needs no request, its deliveries are retried like others, and they are
never given up."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from shared.core.drain.announcements import announcements
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.drain.subscriptions import LOOKED_AFTER, TOPIC, Events, Subscription
from shared.core.host.orders import Order
from shared.engine.world.outside import Outside
from shared.errors import STORE_ERRORS, ChangedError

log = logging.getLogger(__name__)


async def followed(outside: Outside, drain: Drain) -> Drain:
    """The drain with the topic among its subscribers, if there is a topic and it can be subscribed.
    Raises what the store raises."""
    try:
        return await _follow(outside, drain)
    except STORE_ERRORS:
        raise
    except Exception:
        log.exception("drain %s: the topic cannot follow it", drain.id)
        return drain


async def _follow(outside: Outside, drain: Drain) -> Drain:
    if outside.topic is None or any(s.to_topic for s in drain.subscriptions):
        return drain
    order = Order("avd-drain", outside.clock.now(), "events go to the topic")
    made = Subscription(f"{drain.id}.topic", drain.id, TOPIC, Events.PHASES, False, order)
    await outside.store.note_subscription(made, outside.clock.now() + LOOKED_AFTER)
    try:
        await outside.store.subscribe(made)
    except ChangedError:
        return drain
    return replace(drain, subscriptions=(*drain.subscriptions, made))


async def publish(
    outside: Outside, drain: Drain, entries: Sequence[Entry], *, first: bool, over: bool
) -> None:
    """Publish the entries to the topic. Does nothing if the topic was removed from the settings.
    Raises OutsideError."""
    if outside.topic is None:
        return
    if announced := announcements(drain, entries, first=first, over=over):
        await outside.topic.publish(announced)
