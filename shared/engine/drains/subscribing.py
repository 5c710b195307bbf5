"""Subscribes to a drain, or to one that the same request starts; and unsubscribes."""

from dataclasses import replace
from datetime import timedelta

from shared.core.access.allowed import fault_of
from shared.core.drain.subscriptions import (
    LOOKED_AFTER,
    Events,
    Subscription,
    SubscriptionState,
    drain_of,
    subscription_id,
)
from shared.core.host.orders import Order
from shared.core.host.status import ENDED
from shared.core.start.request import Start
from shared.engine.drains import intake, orders
from shared.engine.drains.reading import whole
from shared.engine.world.outside import Outside
from shared.errors import ANY, ChangedError, Fault, RefusalKind, RequestRefusedError, busy, invalid
from shared.ports import TellSubscriber

_TRIES = 5
_MOST = 100
"""The most subscriptions of one drain: each look reads them with the drain."""
BY_ADDRESS = "of this callbackUrl"
"""How an error names one of which only the address is known."""


def check_url(outside: Outside, url: str) -> None:
    """Raises RequestRefusedError if the address may not be called."""
    if text := fault_of(url, outside.options.allowed):
        raise invalid((Fault("InvalidValue", "callbackUrl", f"callbackUrl: {text}"),))


async def subscribe(
    outside: Outside,
    drain: str,
    url: str,
    events: Events,
    cancel_on_unsubscribe: bool,
    order: Order,
) -> tuple[Subscription, bool]:
    """Subscribe an address to a drain. Returns the subscription and whether it is new: an address
    subscribes once. Raises RequestRefusedError."""
    check_url(outside, url)
    found = await whole(outside, drain)
    made = Subscription(
        subscription_id(drain, url), drain, url, events, cancel_on_unsubscribe, order
    )
    there = {each.id for each in found.subscriptions}
    if len(there) >= _MOST and made.id not in there:
        text = f"the drain has {len(there)} subscriptions, which is all that it can have"
        raise RequestRefusedError(RefusalKind.CONFLICT, "TooManySubscriptions", text)
    now = outside.clock.now()
    await outside.store.note_subscription(made, now + LOOKED_AFTER)
    try:
        await outside.store.subscribe(made)
    except ChangedError:
        known, _ = await _find(outside, made.id)
        return known, False
    if found.progress.status in ENDED:
        await outside.queue.send(TellSubscriber(drain, made.id), timedelta(0))
    return made, True


async def start_and_subscribe(
    outside: Outside,
    asked: Start,
    url: str,
    events: Events,
    cancel_on_unsubscribe: bool,
    order: Order,
) -> tuple[Subscription, bool]:
    """Start a drain and subscribe to it. A repeated request starts, and subscribes, once. Raises
    RequestRefusedError."""
    check_url(outside, url)
    drain = await intake.start(outside, asked, order.by)
    return await subscribe(outside, drain.id, url, events, cancel_on_unsubscribe, order)


async def show(outside: Outside, id_: str) -> Subscription:
    """A subscription by id. Raises RequestRefusedError if there is none."""
    return (await _find(outside, id_))[0]


async def unsubscribe(outside: Outside, id_: str, order: Order) -> Subscription:
    """End a subscription, and cancel the drain if the subscription asked for that. One that has
    ended stays as it is. Raises RequestRefusedError."""
    for _ in range(_TRIES):
        found, version = await _find(outside, id_)
        if not found.waiting:
            return found
        ended = replace(found, state=SubscriptionState.ENDED, next_try_at=None)
        try:
            await outside.store.keep_subscription(ended, version)
        except ChangedError:
            continue
        await outside.store.note_subscription(ended, None)
        if ended.cancel_on_unsubscribe:
            why = order.why or "whoever waited for it has gone"
            await orders.cancel(outside, ended.drain, ANY, replace(order, why=why))
        return ended
    raise busy("SubscriptionBusy", "the subscription changes all the time: try again")


async def id_of(outside: Outside, url: str) -> str:
    """The id of the last subscription of an address, for callers who know only the address. Raises
    RequestRefusedError if there is none."""
    id_ = await outside.store.subscription_of(url)
    if id_ is None:
        raise unknown(BY_ADDRESS)
    return id_


async def _find(outside: Outside, id_: str) -> tuple[Subscription, str]:
    found = await outside.store.subscription(drain_of(id_), id_)
    if found is None:
        raise unknown(f"'{id_[:100]}'")
    return found


def unknown(what: str) -> RequestRefusedError:
    text = f"there is no subscription {what}"
    return RequestRefusedError(RefusalKind.NOT_FOUND, "SubscriptionNotFound", text)
