"""What an event asks for, once it has been read."""

from dataclasses import dataclass

from shared.core.events.records import EventKey
from shared.core.events.signals import Reading
from shared.core.start.request import Start


@dataclass(frozen=True, slots=True)
class StartDrain:
    """Start a drain."""

    asked: Start


@dataclass(frozen=True, slots=True)
class EndDrain:
    """Release hosts of a drain (``hosts`` None: all), or cancel the drain. The drain is named by
    its id, or by the event that asked for it (``request``)."""

    drain: str
    request: EventKey | None
    cancel: bool
    hosts: tuple[str, ...] | None = None
    why: str = ""


EventIntent = StartDrain | EndDrain | Reading
