"""What an event asks for, once it is understood."""

from dataclasses import dataclass

from shared.core.events.records import EventKey
from shared.core.events.signals import Reading
from shared.core.start.request import Start


@dataclass(frozen=True, slots=True)
class StartDrain:
    asked: Start


@dataclass(frozen=True, slots=True)
class EndDrain:
    """Release hosts of a drain (None: all), or cancel it. The drain is named by its id, or by the
    event that asked for it."""

    drain: str
    request: EventKey | None
    cancel: bool
    hosts: tuple[str, ...] | None = None
    why: str = ""


EventIntent = StartDrain | EndDrain | Reading
