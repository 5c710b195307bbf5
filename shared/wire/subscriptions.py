"""The bodies for subscribing to a drain, or to one that the same request starts, and for
unsubscribing."""

from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, model_validator

from shared.core.access.allowed import Allowed
from shared.errors import invalid
from shared.wire.bodies import read
from shared.wire.derived import Body
from shared.wire.orders import OrderBody
from shared.wire.start import StartBody, faults_at

Address = Annotated[str, Field(min_length=1, max_length=4000)]


class SubscribeBody(Body):
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

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.drain is None) == (self.start is None):
            raise ValueError("either 'drain', the id of one that is there, or 'start'")
        return self


class UnsubscribeBody(OrderBody):
    """Ends a subscription."""

    callback_url: Address
    """The address that is called."""


def read_subscribe(body: bytes, allowed: Allowed) -> SubscribeBody:
    """The body of a subscription, with the policy of a drain that it starts checked as a whole.
    Raises RequestRefusedError."""
    made = read(SubscribeBody, body)
    if made.start is not None and (faults := faults_at([("start.", made.start)], allowed)):
        raise invalid(tuple(faults))
    return made
