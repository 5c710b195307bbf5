"""Events that the app received: their outcome, and the signals that wait to be handled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.core.events.asking import Ask
from shared.core.events.records import EventKey, EventRecord
from shared.core.events.signals import Signal
from shared.ports.documents import Page


class Inbox(Protocol):
    """Events and signals. A signal is what an event says, in the app's own form. A matter
    (``about``) is what several events are about: a maintenance run, an alert, a VM's health;
    letter case does not matter. Each call raises StorageError, and repeating a write does no
    harm. Reading one record that this version cannot read raises UnreadableError; lists leave it
    out, or say so."""

    async def event(self, key: EventKey) -> EventRecord | None:
        """The record of an event with its outcome; None if the event has not been received."""
        ...

    async def first(self, event: EventRecord) -> EventRecord:
        """Record an event that has not been received before. Returns the stored record: ``event``
        itself if it is new, else the earlier one."""
        ...

    async def note_event(self, event: EventRecord) -> None:
        """Replace the record of an event, or insert it."""
        ...

    async def events(self, most: int, token: str | None) -> Page[EventRecord]:
        """All events, newest first. ``token`` is None, or comes from an earlier page. A record that
        cannot be read is listed with a text that says so."""
        ...

    async def put(self, signal: Signal) -> None:
        """Let a signal wait to be handled now. A signal that waits already is left as it is."""
        ...

    async def keep(self, signal: Signal) -> None:
        """Let a signal wait to be handled now, in place of one with its key that waits already."""
        ...

    async def waiting(self, most: int) -> tuple[Signal, ...]:
        """At most ``most`` of the signals that are to be handled now. One that this version cannot
        read is left out, and stays stored."""
        ...

    async def postpone(self, signal: Signal) -> None:
        """Let a signal wait until its ``not_before``; it costs nothing until then. Its event's
        record must name the same time, else the signal is not handled. The signal stays where it
        was stored before."""
        ...

    async def lies_elsewhere(self, signal: Signal) -> None:
        """Remove a postponed signal from those that are to be handled now."""
        ...

    async def come(self, now: datetime, most: int) -> tuple[Signal, ...]:
        """At most ``most`` postponed signals whose ``not_before`` is past. They stay postponed."""
        ...

    async def next_at(self) -> datetime | None:
        """The earliest ``not_before`` of all postponed signals; None if there are none."""
        ...

    async def recall(self, about: str) -> bool:
        """Let all postponed signals of this matter be handled now. Returns whether there were any."""
        ...

    async def stands_aside(self, signal: Signal) -> None:
        """Remove a signal from those that are postponed to its ``not_before``."""
        ...

    async def settled(self, signal: Signal) -> None:
        """Remove a signal that has been handled, wherever it waits."""
        ...

    async def due(self, at: datetime | None) -> None:
        """Have the timer send for the waiting signals at this time if nobody has handled them by
        then; None: no signal waits."""
        ...

    async def note_over(self, about: str, at: datetime) -> None:
        """Record that a matter was over at this time, by the clock of its source."""
        ...

    async def over(self, about: str) -> datetime | None:
        """When a matter was over; None if that is not known."""
        ...

    async def note_asks(self, drain: str, asks: Sequence[Ask]) -> None:
        """Record what asks for hosts of a drain. What is recorded already is replaced."""
        ...

    async def asks(self, drain: str) -> tuple[Ask, ...]:
        """What was recorded by ``note_asks`` for a drain."""
        ...

    async def note_cause(self, about: str, drain: str) -> None:
        """Record that a drain was started for this matter."""
        ...

    async def causes(self, about: str) -> tuple[str, ...]:
        """The ids of the drains that were started for this matter."""
        ...
