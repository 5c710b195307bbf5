"""The bodies for subscribing to a drain, or to one that the same request starts, and for
unsubscribing."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool

from shared.wire.bodies import Whole
from shared.wire.orders import OrderBody
from shared.wire.start import StartBody

Address = Annotated[str, Field(min_length=1, max_length=4000)]


class SubscribeBody(Whole):
    """Either `drain`, the id of an existing drain, or `start`, a request for a new one."""

    callback_url: Address
    """The address to call."""
    drain: str | None = Field(default=None, max_length=100)
    """The id of an existing drain."""
    start: StartBody | None = None
    """A request for a new drain."""
    events: Literal["end", "phases"] = "end"
    """Whether to call at the drain's end only, or at each change of a host's phase."""
    cancel_on_unsubscribe: StrictBool = False
    """Whether unsubscribing cancels the drain."""

    @classmethod
    def amiss(cls, read: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
        if len({"drain", "start"} & told.keys()) != 1:
            yield "either 'drain', the id of one that is there, or 'start'"


class UnsubscribeBody(OrderBody):
    """Ends a subscription."""

    callback_url: Address
    """The address that is called."""
