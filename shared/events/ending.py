"""What the two events have in common that end a drain: which drain, and why."""

from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from shared.api.bodies import HostName
from shared.api.derived import Body, fault_text
from shared.core.events.heard import EventKey
from shared.engine.events.hearing import EndDrain, Intent, Malformed
from shared.events.envelope import LONGEST, Envelope
from shared.events.jsontext import repeated

Text = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class EndData(Body):
    """``drain``: the drain's id; or ``request``: the id of the event that asked for it, whose subject
    is the same as this event's."""

    drain: Text | None = None
    request: Text | None = None
    hosts: list[HostName] | None = Field(default=None, min_length=1, max_length=5000)
    reason: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _one_of_two(self) -> "EndData":
        if (self.drain is None) == (self.request is None):
            raise ValueError("either 'drain', or 'request', the id of the event that asked for it")
        return self


def end(event: Envelope, requested: str, *, cancel: bool) -> Intent:
    """``requested`` is the type of the events that ask for drains."""
    if twice := repeated(event.data):
        return Malformed(twice)
    try:
        data = EndData.model_validate(dict(event.data))
    except ValidationError as error:
        return Malformed(tuple(fault_text(told) for told in error.errors(include_url=False)))
    if cancel and data.hosts is not None:
        return Malformed(("hosts: a drain is canceled as a whole",))
    request = EventKey(requested, data.request, event.subject) if data.request else None
    hosts = tuple(data.hosts) if data.hosts is not None else None
    return EndDrain(data.drain or "", request, cancel, hosts, data.reason)
