"""Reads the days of an iCalendar file (RFC 5545), for schedules that do not run on them.

There is no library here on purpose: a file comes from a stranger, so its cost must be known before
anything of it is expanded. Only whole days matter. So a day is taken as it is written, in whatever
zone, and the file's own definitions of time zones are ignored.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.core.schedules import recurrence
from shared.core.schedules.recurrence import Recurrence, day_of

LONGEST = 200_000
MOST_EVENTS = 2000
MOST_RULES = 500
MOST_DATES = 5000
"""The most dates in RDATE and EXDATE of the whole file."""
LONGEST_EVENT = 400
"""The longest event, in days."""
MOST_WORK = 2_000_000
"""How many days may be tried to expand the file once. It is a few seconds of work, in a thread."""
LONGEST_RANGE = 1000
DEEPEST = 5
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W|(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?)"
)
_NAME = re.compile(r"[A-Za-z0-9-]+")


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


def fault_of(text: str) -> str:
    """What is wrong with the file. Empty: nothing."""
    try:
        events = _events(text)
        today = datetime.now(UTC).date()
        if _work(events, today, today + timedelta(days=LONGEST_RANGE)) > MOST_WORK // 2:
            return "its rules take too long to follow: fewer rules, or UNTIL in place of COUNT"
    except ValueError as error:
        return str(error)
    return "" if events else "an iCalendar file without an event"


def days(text: str, first: date, last: date) -> dict[date, str]:
    """The days of the file's events from ``first`` to ``last``, each with the event's summary. An
    event with hours counts for every day it touches. Raises ValueError for a file that ``fault_of``
    finds fault with."""
    return dict(_days(text, first, last))


@lru_cache(maxsize=64)
def _days(text: str, first: date, last: date) -> tuple[tuple[date, str], ...]:
    if (last - first).days > LONGEST_RANGE:
        raise ValueError(f"more than {LONGEST_RANGE} days at once")
    events = _events(text)
    if _work(events, first, last) > MOST_WORK:
        raise ValueError(
            "its rules take too long to follow: fewer rules, or UNTIL in place of COUNT"
        )
    moved: dict[str, set[date]] = {}
    for event in events:
        if event.instead is not None:
            moved.setdefault(event.uid, set()).add(event.instead)
    found: dict[date, str] = {}
    for event in events:
        less = event.less | (moved.get(event.uid, set()) if event.instead is None else set())
        for begin in _begins(event, first - timedelta(days=event.lasts), last) - less:
            for number in range(event.lasts + 1):
                day = begin + timedelta(days=number)
                if first <= day <= last:
                    found.setdefault(day, event.summary)
    return tuple(sorted(found.items()))


def _begins(event: Event, first: date, last: date) -> set[date]:
    found = {day for day in (event.start, *event.more) if first <= day <= last}
    for rule in event.rules:
        found |= set(recurrence.days(rule, event.start, first, last))
    return found


def _work(events: tuple[Event, ...], first: date, last: date) -> int:
    return sum(
        recurrence.work(rule, event.start, first - timedelta(days=event.lasts), last)
        for event in events
        for rule in event.rules
    )


@lru_cache(maxsize=32)
def _events(text: str) -> tuple[Event, ...]:
    """The events of the file. Raises ValueError that says what is wrong."""
    if len(text) > LONGEST:
        raise ValueError(f"an iCalendar file of more than {LONGEST} characters")
    lines = re.sub(r"\r?\n[ \t]", "", text.lstrip("\ufeff")).splitlines()
    open_: list[str] = []
    properties: list[Property] = []
    found: list[Event] = []
    seen = False
    for name, parameters, value in (_line(line) for line in lines if line.strip()):
        if name == "BEGIN":
            open_.append(value.strip().upper())
            seen = True
            if open_[0] != "VCALENDAR" or len(open_) > DEEPEST:
                raise ValueError("not an iCalendar file: components that do not belong there")
            if open_ == ["VCALENDAR", "VEVENT"]:
                properties = []
        elif name == "END":
            if not open_ or open_[-1] != value.strip().upper():
                raise ValueError(f"not an iCalendar file: END:{value[:40]} without its BEGIN")
            if open_ == ["VCALENDAR", "VEVENT"]:
                found.append(_event(properties))
            open_.pop()
        elif open_ == ["VCALENDAR", "VEVENT"]:
            properties.append((name, parameters, value))
        elif not open_:
            raise ValueError("not an iCalendar file: it does not begin with BEGIN:VCALENDAR")
    if open_ or not seen:
        raise ValueError("not an iCalendar file: it does not end with END:VCALENDAR")
    _check_sizes(found)
    return tuple(found)


def _check_sizes(found: list[Event]) -> None:
    for what, number, most in (
        ("events", len(found), MOST_EVENTS),
        ("rules", sum(len(event.rules) for event in found), MOST_RULES),
        ("dates", sum(len(event.more) + len(event.less) for event in found), MOST_DATES),
    ):
        if number > most:
            raise ValueError(f"{number} {what}: {most} at most are taken")


def _line(line: str) -> Property:
    quoted, parts, begin = False, list[str](), 0
    for at, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif not quoted and char in ";:":
            parts.append(line[begin:at])
            begin = at + 1
            if char == ":":
                break
    else:
        raise ValueError(f"not an iCalendar file: '{line[:40]}'")
    if not parts or not _NAME.fullmatch(parts[0]):
        raise ValueError(f"not an iCalendar file: '{line[:40]}'")
    pairs = (part.partition("=") for part in parts[1:])
    parameters = {key.upper(): value.strip('"') for key, _, value in pairs}
    return parts[0].upper(), parameters, line[begin:]


def _event(properties: list[Property]) -> Event:
    """An event made of its properties. Raises ValueError that names what is wrong."""
    starts = [
        (value.strip(), p.get("TZID", "")) for name, p, value in properties if name == "DTSTART"
    ]
    if len(starts) != 1:
        raise ValueError("an event without DTSTART" if not starts else "an event with two DTSTART")
    [(start, zone)] = starts
    event = Event(day_of(start))
    for name, parameters, value in properties:
        _take(event, start, zone, (name, parameters, value.strip()))
    if not 0 <= event.lasts <= LONGEST_EVENT:
        raise ValueError(f"an event that ends before it begins, or lasts over {LONGEST_EVENT} days")
    return event


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
