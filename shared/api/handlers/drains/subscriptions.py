"""Subscriptions, as the webhook action of a Logic App makes and ends them."""

from dataclasses import replace

from shared.api.handlers.reaching import hiding, reached_control
from shared.api.http.web import Request, Response
from shared.api.views.subscription import subscription_view
from shared.core.drain.subscriptions import Events, Subscription, digest_of
from shared.core.host.orders import Order
from shared.core.values import uniques
from shared.engine.drains import subscribing
from shared.engine.world.outside import Outside
from shared.wire.bodies import read
from shared.wire.commands import read_asked, start_of
from shared.wire.subscriptions import SubscribeBody, UnsubscribeBody


async def subscribe(outside: Outside, request: Request, by: str) -> Response:
    """POST subscriptions: 201 with a new subscription, 200 with a known one."""
    body = read_asked(SubscribeBody, request.body, outside.options.allowed)
    order, events = Order(by, outside.clock.now(), "subscribed"), Events(body.events)
    if body.start is not None:
        request.caller.must_reach(body.start.pool())
        unique = uniques.of_subscription(digest_of(body.callback_url))
        asked = start_of(body.start, order.at, unique, request.base)
        asked = replace(asked, caller=request.caller.id)
        found, new = await subscribing.start_and_subscribe(
            outside, asked, body.callback_url, events, body.cancel_on_unsubscribe, order
        )
    else:
        drain = await reached_control(outside, request, body.drain or "")
        found, new = await subscribing.subscribe(
            outside, drain.id, body.callback_url, events, body.cancel_on_unsubscribe, order
        )
    headers = {"Location": request.address(f"subscriptions/{found.id}")} if new else {}
    return Response(201 if new else 200, subscription_view(found), headers)


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET subscriptions/{id}."""
    id_ = request.path["id"]
    return Response(200, subscription_view(await _reached(outside, request, id_, f"'{id_[:100]}'")))


async def unsubscribe(outside: Outside, request: Request, by: str) -> Response:
    """DELETE subscriptions/{id}."""
    order = Order(by, outside.clock.now())
    id_ = request.path["id"]
    await _reached(outside, request, id_, f"'{id_[:100]}'")
    ended = await subscribing.unsubscribe(outside, id_, order)
    return Response(200, subscription_view(ended))


async def unsubscribe_url(outside: Outside, request: Request, by: str) -> Response:
    """POST subscriptions/end: end a subscription by its callback address, which is all that a
    webhook action knows."""
    body = read(UnsubscribeBody, request.body)
    order = Order(by, outside.clock.now(), body.reason)
    id_ = await subscribing.id_of(outside, body.callback_url)
    await _reached(outside, request, id_, subscribing.BY_ADDRESS)
    ended = await subscribing.unsubscribe(outside, id_, order)
    return Response(200, subscription_view(ended))


async def _reached(outside: Outside, request: Request, id_: str, named: str) -> Subscription:
    """Raises RequestRefusedError if there is none, or the pool of its drain lies beyond the caller's reach. ``named``:
    how the caller named it."""
    hidden = subscribing.unknown(named)
    with hiding(request.caller, hidden):
        found = await subscribing.show(outside, id_)
        if not request.caller.reach.whole:
            drain = await outside.store.control(found.drain)
            if drain is None:
                raise hidden
            request.caller.must_reach(drain.pool, hidden)
    return found
