"""Reads the days of an iCalendar file (RFC 5545), for schedules that do not run on them.

There is no library here on purpose: a file comes from a stranger, so its cost must be known before
anything of it is expanded. Only whole days matter. So a day is taken as it is written, in whatever
zone, and the file's own definitions of time zones are ignored.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from shared.core.schedules import recurrence
from shared.wire.calendarevents import Event, Property, event_of

LONGEST = 200_000
MOST_EVENTS = 2000
MOST_RULES = 500
MOST_DATES = 5000
"""The most dates in RDATE and EXDATE of the whole file."""
MOST_WORK = 2_000_000
"""How many days may be tried to expand the file once. It is a few seconds of work, in a thread."""
MOST_FAULTS = 20
"""The most faults of one file that are told."""
LONGEST_RANGE = 1000
DEEPEST = 5
_NAME = re.compile(r"[A-Za-z0-9-]+")


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
    found: list[Event] = []
    wrong: list[str] = []
    for number, properties in enumerate(_components(text), 1):
        event, faults = event_of(properties)
        wrong += [f"event {number}: {fault}" for fault in faults]
        found.append(event)
    wrong += _sizes(found)
    if wrong:
        more = [f"and {len(wrong) - MOST_FAULTS} more faults"] if len(wrong) > MOST_FAULTS else []
        raise ValueError("; ".join([*wrong[:MOST_FAULTS], *more]))
    return tuple(found)


def _components(text: str) -> Iterator[list[Property]]:
    """The properties of each event. Raises ValueError for what is no iCalendar file."""
    lines = re.sub(r"\r?\n[ \t]", "", text.lstrip("\ufeff")).splitlines()
    open_: list[str] = []
    properties: list[Property] = []
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
                yield properties
            open_.pop()
        elif open_ == ["VCALENDAR", "VEVENT"]:
            properties.append((name, parameters, value))
        elif not open_:
            raise ValueError("not an iCalendar file: it does not begin with BEGIN:VCALENDAR")
    if open_ or not seen:
        raise ValueError("not an iCalendar file: it does not end with END:VCALENDAR")


def _sizes(found: list[Event]) -> Iterator[str]:
    for what, number, most in (
        ("events", len(found), MOST_EVENTS),
        ("rules", sum(len(event.rules) for event in found), MOST_RULES),
        ("dates", sum(len(event.more) + len(event.less) for event in found), MOST_DATES),
    ):
        if number > most:
            yield f"{number} {what}: {most} at most are taken"


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
