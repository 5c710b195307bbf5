"""Maintenance windows: the days and hours, in a time zone, in which hosts may be out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from shared.core.values.described import described
from shared.core.values.localtime import DAY, local_date, moment

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
"""Hours and minutes only. Other forms of ISO 8601 may hold a time zone, which the rules here do not
handle."""


class Day(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class AtWindowEnd(StrEnum):
    """What happens to a drain when its window ends."""

    FINISH = "finish"
    RESTORE = "restore"
    CARRY_OVER = "carryOver"


@dataclass(frozen=True, slots=True)
class Window:
    """Hosts are taken out in these hours only. One that begins in the evening and ends in the morning
    belongs to the day on which it begins."""

    days: tuple[Day, ...] = described(
        (), "on which it begins; none: every day", example=["saturday", "sunday"], most=7
    )
    starts: str = described("22:00", "when it begins, local time", least=5, most=5)
    ends: str = described(
        "05:00", "when it ends; the next day, if that is not later", least=5, most=5
    )
    time_zone: str = described(
        "", "the IANA time zone of these; empty: as the policy's", example="Europe/Berlin", most=64
    )
    at_end: AtWindowEnd = described(
        AtWindowEnd.FINISH,
        "hosts whose maintenance has begun are always finished. `finish`: so are those that are out "
        "and wait for their users; what has not begun is left alone. `restore`: hosts that wait for "
        "their users are put back. `carryOver`: they are put back, and they and all that have not "
        "begun go on in the next window",
    )
    host_takes: timedelta = described(
        timedelta(hours=1),
        "how long a host takes from going out to being back, as long as nothing is known of its "
        "pool. Then the longest of what its hosts took last holds: no host is taken out that "
        "could not be back before the end",
    )
    carry_for: timedelta = described(
        timedelta(days=7),
        "with `carryOver`: what has not begun so long after it was asked for is left",
    )


@dataclass(frozen=True, slots=True)
class Span:
    """One opening of a window, in UTC. ``ends`` is not part of it."""

    starts: datetime
    ends: datetime


def faults(window: Window) -> Iterator[tuple[str, str]]:
    """What is wrong with the window's times: pairs of the field and a text."""
    for name, text in (("starts", window.starts), ("ends", window.ends)):
        if _CLOCK.fullmatch(text) is None:
            yield name, f"'{name}' is a time such as 22:00, from 00:00 to 23:59"


def lasts(window: Window) -> timedelta:
    """The window's length by the wall clock. Its times must be valid (see ``faults``)."""
    day = datetime(2000, 1, 1)  # noqa: DTZ001 - any day does
    starts = datetime.combine(day, time.fromisoformat(window.starts))
    ends = datetime.combine(day, time.fromisoformat(window.ends))
    return (ends if ends > starts else ends + timedelta(days=1)) - starts


def current(window: Window, now: datetime, zone: str) -> Span | None:
    """The opening that contains ``now``; None if the window is closed. ``zone``: the policy's IANA
    time zone, which holds if the window has none of its own."""
    spans = _spans(window, now, zone, range(-2, 2))
    return next((span for span in spans if span.starts <= now < span.ends), None)


def following(window: Window, now: datetime, zone: str) -> Span:
    """The next opening that begins after ``now``."""
    return next(span for span in _spans(window, now, zone, range(-1, 9)) if span.starts > now)


def last_before(window: Window, by: datetime, zone: str, needed: timedelta) -> Span | None:
    """The latest opening that ends by then; if there is none, the latest that begins at least
    ``needed`` before then. None if there is neither in the week before."""
    spans = _spans(window, by, zone, range(-8, 2))
    ended = [span for span in spans if span.ends <= by]
    begun = [span for span in spans if span.starts + needed <= by]
    return max(ended or begun, key=lambda span: span.starts, default=None)


def passed_since(window: Window, since: datetime, now: datetime, zone: str) -> bool:
    """Whether the window is closed now and has been open at some moment after ``since``."""
    if current(window, now, zone) is not None:
        return False
    days = int((now - since) / DAY) + 2
    return any(since < s.ends <= now for s in _spans(window, now, zone, range(-min(days, 400), 2)))


def _spans(window: Window, now: datetime, zone: str, days: range) -> list[Span]:
    starts, ends = time.fromisoformat(window.starts), time.fromisoformat(window.ends)
    zone = window.time_zone or zone
    today = local_date(now, zone)
    names = list(Day)
    found = []
    for back in days:
        day = today + back * DAY
        if window.days and names[day.weekday()] not in window.days:
            continue
        end_day = day if ends > starts else day + DAY
        found.append(Span(moment(day, starts, zone), moment(end_day, ends, zone)))
    return found
