"""Who asked for something, and a pause that somebody asked for."""

from shared.core.host.orders import Order
from shared.wire.views.words import Time, View, time


class OrderView(View):
    """Who asked, when and why."""

    by: str
    """Who asked."""
    at: Time | None
    """When."""
    why: str
    """The reason that was given; may be empty."""


class PauseView(View):
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
