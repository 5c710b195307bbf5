"""What a receiver is sent: one kind of thing, once or several times, with an id that a repetition keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.drain.announcements import ENDED, NEEDS_ATTENTION, STARTED, Announcement
from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.host.outcome import Accepted, Gone, NotTried, Outcome, Refused, Unknown
from shared.core.values.texts import count

REPORT = "AvdDrain.Schedule.Report"
TEST = "AvdDrain.Test"
VERSION = 1
"""Of the body that an https receiver is sent."""


@dataclass(frozen=True, slots=True)
class Item:
    """``times``: how often it came; then ``happening`` is the latest, and ``first_at`` when the first came."""

    happening: Happening
    times: int
    first_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    kind: Kind
    items: tuple[Item, ...]

    @property
    def level(self) -> Level:
        """The worst of them."""
        return max((item.happening.level for item in self.items), key=lambda level: level.rank)

    @property
    def address(self) -> str:
        """Where the app is called, if that is known."""
        return next((i.happening.address for i in self.items if i.happening.address), "")


def type_of(kind: Kind) -> str:
    """In the words of the app's own events."""
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
    """What it is about, in a few words that are the app's own."""
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
    """As JSON values, for programs."""
    return {
        "version": VERSION,
        "id": message.id,
        "type": type_of(message.kind),
        "timestamp": _time(max(item.happening.at for item in message.items)),
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
        "at": _time(it.at),
        "level": str(it.level),
        "text": it.text,
        "times": item.times,
        "firstAt": _time(item.first_at),
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
    """For the topic: one of each thing."""
    for item in message.items:
        it = item.happening
        yield Announcement(
            type_of(it.kind), it.id, it.schedule or it.drain or it.id, it.at, _item(item)
        )


def words(outcome: Outcome) -> str:
    """What came of a try, as operators read it."""
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


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
