"""Orders for a drain: POST drains/{id}/{order}."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from shared.api.handlers.drains.waiting import shown
from shared.api.handlers.reaching import reached
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


async def order(outside: Outside, request: Request, by: str) -> Response:
    """200 with the drain: the order is recorded, and the drain's next step is sent for. Needs
    ``If-Match``: the ETag that was read, or ``*``."""
    what = request.path["order"]
    kind = ORDERS.get(what)
    if kind is None:
        raise unknown_order(what, ORDERS)
    on = required_version(request, "drain")
    _can_matter(await reached(outside, request), what)
    body = read(kind.body, request.body, optional=kind.bare)
    asked = Order(by, outside.clock.now(), body.reason)
    drain = await kind.give(outside, request.path["id"], on, body, asked)
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


@dataclass(frozen=True, slots=True)
class Kind[B: OrderBody]:
    """An order: the body that it takes, and what gives it. ``give`` takes the drain's id, the version that the order is
    given on, the body, and who asks. ``bare``: its body may be left out."""

    body: type[B]
    give: Callable[[Outside, str, str, B, Order], Awaitable[Overview]]
    bare: bool = True


ORDERS: dict[str, Kind[Any]] = {
    "release": Kind(
        ReleaseBody, lambda to, id_, on, body, by: orders.release(to, id_, on, body.named, by)
    ),
    "extend": Kind(
        ExtendBody,
        lambda to, id_, on, body, by: orders.extend(to, id_, on, body.by, body.named, by),
        bare=False,
    ),
    "skip": Kind(
        HostsBody,
        lambda to, id_, on, body, by: orders.skip(to, id_, on, tuple(body.hosts), by),
        bare=False,
    ),
    "add": Kind(
        HostsBody,
        lambda to, id_, on, body, by: orders.add(to, id_, on, tuple(body.hosts), by),
        bare=False,
    ),
    "pause": Kind(
        PauseBody, lambda to, id_, on, body, by: orders.pause(to, id_, on, body.stop_clocks, by)
    ),
    "resume": Kind(OrderBody, lambda to, id_, on, _, by: orders.resume(to, id_, on, by)),
    "cancel": Kind(OrderBody, lambda to, id_, on, _, by: orders.cancel(to, id_, on, by)),
}


def unknown_order(what: str, known: Iterable[str]) -> RequestRefusedError:
    text = f"there is no order '{what}'; there are {', '.join(known)}"
    return RequestRefusedError(RefusalKind.NOT_FOUND, "UnknownOrder", text)
