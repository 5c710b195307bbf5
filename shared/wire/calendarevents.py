"""Reads one event of an iCalendar file (RFC 5545): the days on which it is."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.core.schedules import recurrence
from shared.core.schedules.recurrence import Recurrence, day_of

LONGEST_EVENT = 400
"""The longest event, in days."""
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W|(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?)"
)

Property = tuple[str, dict[str, str], str]
"""The name of a property, its parameters, and its value."""


@dataclass(slots=True)
class Event:
    """An event of the file. ``lasts``: how many days it lasts beyond its first day."""

    start: date
    lasts: int = 0
    summary: str = "a day of the calendar"
    uid: str = ""
    rules: list[Recurrence] = field(default_factory=list)
    more: list[date] = field(default_factory=list)
    less: set[date] = field(default_factory=set)
    instead: date | None = None
    """The day of the occurrence that this event replaces, of the event with the same ``uid``. None:
    it replaces none."""


def event_of(properties: list[Property]) -> tuple[Event, list[str]]:
    """An event made of its properties, and what is wrong with it."""
    starts = [
        (value.strip(), p.get("TZID", "")) for name, p, value in properties if name == "DTSTART"
    ]
    wrong: list[str] = []
    if len(starts) != 1:
        wrong.append("an event without DTSTART" if not starts else "an event with two DTSTART")
    start, zone = starts[0] if starts else ("", "")
    event = Event(date.min)
    try:
        event.start = day_of(start) if starts else date.min
    except ValueError as error:
        wrong.append(f"DTSTART: {error}")
    begins = event.start != date.min
    for name, parameters, value in properties:
        if not begins and name in ("DTEND", "DURATION"):
            continue  # how long it lasts is not known without its beginning
        try:
            _take(event, start, zone, (name, parameters, value.strip()))
        except ValueError as error:
            text = str(error)
            wrong.append(text if text.startswith(name) else f"{name}: {text}")
    if not 0 <= event.lasts <= LONGEST_EVENT:
        wrong.append(f"an event that ends before it begins, or lasts over {LONGEST_EVENT} days")
    return event, wrong


def _take(event: Event, start: str, zone: str, raw: Property) -> None:
    """Take one property into the event. Properties that say nothing of its days are ignored."""
    name, parameters, value = raw
    match name:
        case "DTEND":
            event.lasts = (_last_day(event.start, value) - event.start).days
        case "DURATION":
            event.lasts = _lasts(start, value)
        case "SUMMARY":
            event.summary = re.sub(r"\\([,;\\])", r"\1", value).replace("\\n", " ")[:200]
        case "UID":
            event.uid = value
        case "RRULE":
            event.rules.append(recurrence.read(value))
        case "RDATE":
            event.more += [day_of(each.split("/")[0].strip()) for each in value.split(",")]
        case "EXDATE":
            event.less |= {_local(each.strip(), zone) for each in value.split(",")}
        case "RECURRENCE-ID" if "RANGE" not in parameters:
            event.instead = _local(value, zone)
        case "RECURRENCE-ID" | "EXRULE":
            raise ValueError(f"{name} with RANGE, and EXRULE, are not taken: use EXDATE and RDATE")


def _last_day(start: date, text: str) -> date:
    """The last day of an event that ends at ``text``. The end is exclusive: a day without hours,
    and midnight, no longer belong to the event."""
    end = day_of(text)
    before = "T" not in text or text[9:15] == "000000"
    return end - timedelta(days=1) if before and end > start else end


def _lasts(start: str, text: str) -> int:
    found = _DURATION.fullmatch(text)
    if found is None or text in ("P", "PT", "+P"):
        raise ValueError(f"DURATION '{text[:20]}'")
    weeks, whole, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(days=7 * weeks + whole, hours=hours, minutes=minutes, seconds=seconds)
    at = (
        timedelta(hours=int(start[9:11]), minutes=int(start[11:13]))
        if "T" in start
        else timedelta(0)
    )
    end = at + length
    return max(0, end.days - (1 if end % timedelta(days=1) == timedelta(0) else 0))


def _local(text: str, zone: str) -> date:
    """The day, in the event's zone, of a date that may be written in UTC."""
    day = day_of(text)
    if not text.endswith("Z") or not zone:
        return day
    try:
        at = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return at.astimezone(ZoneInfo(zone)).date()
    except (ValueError, OSError):  # not an IANA name: the file defines its own zone
        return day
