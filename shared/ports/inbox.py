"""What comes of events, and which of them wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.core.events.asking import Ask
from shared.core.events.records import EventKey, EventRecord
from shared.core.events.signals import Signal
from shared.ports.documents import Page


class Inbox(Protocol):
    """Events: what came of them, those that wait to be seen to, and what is known of their matters (the run,
    the alert, the machine's health that an event is about, in any letter case). Each call raises
    StorageError; each may be repeated without harm."""

    async def event(self, key: EventKey) -> EventRecord | None:
        """What came of an event; None if it has not come."""
        ...

    async def first(self, event: EventRecord) -> EventRecord:
        """Remember an event that has not come before; or what is known of it, if it has."""
        ...

    async def note_event(self, event: EventRecord) -> None:
        """Write what came of an event, in place of what was known of it."""
        ...

    async def events(self, most: int, token: str | None) -> Page[EventRecord]:
        """Newest first."""
        ...

    async def put(self, signal: Signal) -> None:
        """One that waits already, delivered again, is left as it is."""
        ...

    async def keep(self, signal: Signal) -> None:
        """In place of the one that waits."""
        ...

    async def waiting(self, most: int) -> tuple[Signal, ...]:
        """Those that are to be seen to now. One that this version cannot read is left out, and
        stays."""
        ...

    async def postpone(self, signal: Signal) -> None:
        """Have it wait until its ``not_before``; it costs nothing until then. What is noted of its
        event must say the same time: else it is not seen to. Where it lay before it still does."""
        ...

    async def lies_elsewhere(self, signal: Signal) -> None:
        """It was postponed, and does not lie among those that are to be seen to now any more."""
        ...

    async def come(self, now: datetime, most: int) -> tuple[Signal, ...]:
        """Postponed ones whose time has come."""
        ...

    async def next_at(self) -> datetime | None:
        """When the next postponed one is to be seen to; None: there is none."""
        ...

    async def recall(self, about: str) -> bool:
        """See to the postponed ones of this matter now; whether there are any."""
        ...

    async def stands_aside(self, signal: Signal) -> None:
        """Forget that it was postponed to its ``not_before``."""
        ...

    async def settled(self, signal: Signal) -> None:
        """It has been seen to, and waits nowhere any more."""
        ...

    async def due(self, at: datetime | None) -> None:
        """Have the timer send for what waits, if nobody has seen to it by then; None: nothing
        waits."""
        ...

    async def note_over(self, about: str, at: datetime) -> None:
        """A matter was over at this time, by its source's clock."""
        ...

    async def over(self, about: str) -> datetime | None:
        """When what events are about was over; None if that is not known."""
        ...

    async def note_asks(self, drain: str, asks: Sequence[Ask]) -> None:
        """What asks for hosts of a drain. The same again does no harm."""
        ...

    async def asks(self, drain: str) -> tuple[Ask, ...]:
        """What was noted to ask for hosts of a drain."""
        ...

    async def note_cause(self, about: str, drain: str) -> None:
        """A drain was started for that matter."""
        ...

    async def causes(self, about: str) -> tuple[str, ...]:
        """The drains that were started for it."""
        ...
