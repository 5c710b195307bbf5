"""The messages to receivers of notifications: one or more happenings of one kind, under an id that
stays the same when the message is repeated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.drain.announcements import ENDED, NEEDS_ATTENTION, STARTED, Announcement
from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.host.outcome import Accepted, Gone, NotTried, Outcome, Refused, Unknown
from shared.core.values.localtime import iso
from shared.core.values.texts import count

REPORT = "AvdDrain.Schedule.Report"
TEST = "AvdDrain.Test"
VERSION = 1
"""The version of the body for https receivers."""


@dataclass(frozen=True, slots=True)
class Item:
    """``times``: how often it happened. ``happening`` is the latest of these, ``first_at`` the time
    of the first."""

    happening: Happening
    times: int
    first_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """Items of one kind, sent together."""

    id: str
    kind: Kind
    items: tuple[Item, ...]

    @property
    def level(self) -> Level:
        """The worst level of its items."""
        return max((item.happening.level for item in self.items), key=lambda level: level.rank)

    @property
    def address(self) -> str:
        """The address of the app; empty if it is not known."""
        return next((i.happening.address for i in self.items if i.happening.address), "")


def type_of(kind: Kind) -> str:
    """The kind as the type of one of the app's own events."""
    match kind:
        case Kind.DRAIN_STARTED:
            return STARTED
        case Kind.HOST_ATTENTION:
            return NEEDS_ATTENTION
        case Kind.DRAIN_ENDED:
            return ENDED
        case Kind.SCHEDULE_REPORT:
            return REPORT
        case Kind.TEST:
            return TEST


def headline(message: Message) -> str:
    """A short title in words of the app, without text from elsewhere."""
    number = len(message.items)
    match message.kind:
        case Kind.DRAIN_STARTED:
            return "A drain has begun" if number == 1 else f"{number} drains have begun"
        case Kind.HOST_ATTENTION:
            return f"{count(number, 'host')} need{'s' if number == 1 else ''} attention"
        case Kind.DRAIN_ENDED:
            return "A drain has ended" if number == 1 else f"{number} drains have ended"
        case Kind.SCHEDULE_REPORT:
            return "Morning report" if number == 1 else f"{number} morning reports"
        case Kind.TEST:
            return "A test message"


def body(message: Message) -> dict[str, Any]:
    """The message as JSON values, for programs."""
    return {
        "version": VERSION,
        "id": message.id,
        "type": type_of(message.kind),
        "timestamp": iso(max(item.happening.at for item in message.items)),
        "data": {
            "kind": str(message.kind),
            "level": str(message.level),
            "text": headline(message),
            "items": [_item(item) for item in message.items],
        },
    }


def _item(item: Item) -> dict[str, Any]:
    it = item.happening
    return {
        "id": it.id,
        "at": iso(it.at),
        "level": str(it.level),
        "text": it.text,
        "times": item.times,
        "firstAt": iso(item.first_at),
        "hostPools": list(it.pools),
        "drain": it.drain or None,
        "host": it.host or None,
        "schedule": it.schedule or None,
        "reason": it.reason or None,
        "askedBy": it.asked_by or None,
        "counts": dict(it.counts),
        "details": list(it.details),
    }


def announcements(message: Message) -> Iterator[Announcement]:
    """An event for the topic for each item."""
    for item in message.items:
        it = item.happening
        yield Announcement(
            type_of(it.kind), it.id, it.schedule or it.drain or it.id, it.at, _item(item)
        )


def words(outcome: Outcome) -> str:
    """The outcome of a try, for operators."""
    match outcome:
        case Accepted():
            return "taken"
        case Gone():
            return "it says that it is not there (404 or 410)"
        case Refused(text, final):
            return f"refused{' for good' if final else ''}: {text}"
        case Unknown():
            return "it did not answer in time, or said that it failed"
        case NotTried(text):
            return f"not tried: {text}" if text else "not tried"
