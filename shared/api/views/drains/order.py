"""Who asked for something, and a pause that somebody asked for."""

from typing import TypedDict

from pydantic import with_config

from shared.core.host.orders import Order
from shared.wire.views.words import CLOSED, Time, time


@with_config(CLOSED)
class OrderView(TypedDict):
    """Who asked, when and why."""

    by: str
    """Who asked."""
    at: Time | None
    """When."""
    why: str
    """The reason that was given; may be empty."""


@with_config(CLOSED)
class PauseView(TypedDict):
    """A pause that lasts: who asked for it, when and why."""

    by: str
    """Who asked."""
    at: Time | None
    """Since when."""
    why: str
    """The reason that was given; may be empty."""
    stopClocks: bool
    """Whether deadlines wait too."""


def order_view(order: Order) -> OrderView:
    return {"by": order.by, "at": time(order.at), "why": order.why}


def pause_view(asked: Order | None, *, stop_clocks: bool) -> PauseView | None:
    """None where nothing is paused."""
    return None if asked is None else {**order_view(asked), "stopClocks": stop_clocks}
