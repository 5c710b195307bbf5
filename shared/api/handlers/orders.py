"""Orders for a drain: POST drains/{id}/{order}."""

from collections.abc import Awaitable, Callable, Iterable

from shared.api.handlers.reaching import reached
from shared.api.handlers.waiting import shown
from shared.api.http.versions import required_version
from shared.api.http.web import Request, Response
from shared.core.drain.summary.overview import Overview
from shared.core.host.orders import Order
from shared.core.host.status import ENDED
from shared.engine.drains import orders
from shared.engine.world.outside import Outside
from shared.errors import RefusalKind, RequestRefusedError
from shared.wire.bodies import read
from shared.wire.orders import ExtendBody, HostsBody, OrderBody, PauseBody, ReleaseBody

MOST_ORDERS = 200
"""The most extensions, and the most pauses, of one drain."""

Give = Callable[[Outside, Request, str, str], Awaitable[Overview]]
"""Gives an order. The third argument is the version that it is given on, the fourth the caller's
name."""


async def order(outside: Outside, request: Request, by: str) -> Response:
    """200 with the drain: the order is recorded, and the drain's next step is sent for. Needs
    ``If-Match``: the ETag that was read, or ``*``."""
    what = request.path["order"]
    give = ORDERS.get(what)
    if give is None:
        raise unknown_order(what, ORDERS)
    on = required_version(request, "drain")
    _can_matter(await reached(outside, request), what)
    drain = await give(outside, request, on, by)
    return shown(request, drain, outside.clock.now())


def _can_matter(drain: Overview, what: str) -> None:
    """Raises RequestRefusedError for an order that can have no effect, and for one that exceeds the
    room in a drain's record. Orders that bring hosts back are never limited."""
    if drain.progress.status in ENDED:
        text = f"the drain has ended ({drain.progress.status}): nothing can be asked of it any more"
        raise RequestRefusedError(RefusalKind.CONFLICT, "DrainEnded", text)
    if what == "pause" and drain.paused is not None:
        raise RequestRefusedError(RefusalKind.CONFLICT, "AlreadyPaused", "the drain is paused")
    if what == "resume" and drain.paused is None:
        raise RequestRefusedError(RefusalKind.CONFLICT, "NotPaused", "the drain is not paused")
    given = {"extend": drain.extensions_given, "pause": drain.pauses_given}.get(what, 0)
    if given >= MOST_ORDERS:
        text = f"the drain was given '{what}' {given} times, which is all that it can be"
        raise RequestRefusedError(RefusalKind.CONFLICT, "TooManyOrders", text)


def _asked(outside: Outside, body: OrderBody, by: str) -> Order:
    return Order(by, outside.clock.now(), body.reason)


async def _cancel(outside: Outside, request: Request, on: str, by: str) -> Overview:
    body = read(OrderBody, request.body, optional=True)
    return await orders.cancel(outside, request.path["id"], on, _asked(outside, body, by))


async def _release(outside: Outside, request: Request, on: str, by: str) -> Overview:
    body = read(ReleaseBody, request.body, optional=True)
    return await orders.release(
        outside, request.path["id"], on, body.named, _asked(outside, body, by)
    )


async def _skip(outside: Outside, request: Request, on: str, by: str) -> Overview:
    body = read(HostsBody, request.body)
    return await orders.skip(
        outside, request.path["id"], on, tuple(body.hosts), _asked(outside, body, by)
    )


async def _add(outside: Outside, request: Request, on: str, by: str) -> Overview:
    body = read(HostsBody, request.body)
    return await orders.add(
        outside, request.path["id"], on, tuple(body.hosts), _asked(outside, body, by)
    )


async def _extend(outside: Outside, request: Request, on: str, by: str) -> Overview:
    body = read(ExtendBody, request.body)
    return await orders.extend(
        outside, request.path["id"], on, body.by, body.named, _asked(outside, body, by)
    )


async def _pause(outside: Outside, request: Request, on: str, by: str) -> Overview:
    body = read(PauseBody, request.body, optional=True)
    return await orders.pause(
        outside, request.path["id"], on, body.stop_clocks, _asked(outside, body, by)
    )


async def _resume(outside: Outside, request: Request, on: str, by: str) -> Overview:
    body = read(OrderBody, request.body, optional=True)
    return await orders.resume(outside, request.path["id"], on, _asked(outside, body, by))


ORDERS: dict[str, Give] = {
    "release": _release,
    "extend": _extend,
    "skip": _skip,
    "add": _add,
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
}


def unknown_order(what: str, known: Iterable[str]) -> RequestRefusedError:
    text = f"there is no order '{what}'; there are {', '.join(known)}"
    return RequestRefusedError(RefusalKind.NOT_FOUND, "UnknownOrder", text)
