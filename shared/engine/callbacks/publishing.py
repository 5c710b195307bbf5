"""Publish what happens to drains, if a topic is there for it: as a subscriber of each drain that nobody
had to subscribe, with the same repetitions, and without an end to them."""

from collections.abc import Sequence
from dataclasses import replace

from shared.core.drain.announcements import announcements
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.drain.subscriptions import LOOKED_AFTER, TOPIC, Events, Subscription
from shared.core.host.orders import Order
from shared.engine.world.outside import Outside
from shared.errors import ChangedError


async def follow(outside: Outside, drain: Drain) -> Drain:
    """The drain with the topic among its subscribers, if there is one."""
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
    """Raises OutsideError. Without a topic any more, there is nothing to be told."""
    if outside.topic is None:
        return
    if announced := announcements(drain, entries, first=first, over=over):
        await outside.topic.publish(announced)
