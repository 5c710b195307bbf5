"""The days on which a repeating event begins, by RFC 5545. Rules that repeat more often than daily
are refused.

Days are tried one by one within a range, so the work is known beforehand. A rule with a COUNT is
followed from its first day; other rules only within the range.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_FINER = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_LISTS = {
    "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53), "BYSETPOS": (-366, 366),
}  # fmt: skip
MOST_INTERVAL = 1000
MOST_COUNT = 10_000
_DAY_LONG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A parsed RRULE. ``weekdays``: pairs of which one in the month or year (0: each; negative:
    from the end) and the weekday (0 is Monday)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


def read(text: str) -> Recurrence:
    """Parse an RRULE. Raises ValueError that names the part at fault."""
    parts: dict[str, str] = {}
    for part in text.strip().rstrip(";").upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals or name in parts:
            raise ValueError(f"RRULE: '{part[:50]}'")
        parts[name] = value
    frequency = parts.pop("FREQ", "")
    if frequency in ("SECONDLY", "MINUTELY", "HOURLY") or _FINER & parts.keys():
        raise ValueError("RRULE: rules finer than a day are not taken")
    if frequency not in FREQUENCIES:
        raise ValueError(f"RRULE: FREQ '{frequency[:20]}'")
    until = parts.pop("UNTIL", None)
    if until is not None and "COUNT" in parts:
        raise ValueError("RRULE: either UNTIL or COUNT")
    count = _number("COUNT", parts.pop("COUNT"), 1, MOST_COUNT) if "COUNT" in parts else None
    interval = _number("INTERVAL", parts.pop("INTERVAL", "1"), 1, MOST_INTERVAL)
    start = parts.pop("WKST", "MO")
    if start not in _DAYS:
        raise ValueError(f"RRULE: WKST '{start[:20]}'")
    weekdays = tuple(_weekday(each, frequency) for each in _split(parts.pop("BYDAY", "")))
    lists = {name: _numbers(name, parts.pop(name, "")) for name in _LISTS}
    if parts:
        raise ValueError(f"RRULE: '{next(iter(parts))[:30]}' is not known")
    if lists["BYWEEKNO"] and frequency != "YEARLY":
        raise ValueError("RRULE: BYWEEKNO is for YEARLY only")
    return Recurrence(
        frequency, interval, count, day_of(until) if until is not None else None,
        lists["BYMONTH"], lists["BYMONTHDAY"], lists["BYYEARDAY"], lists["BYWEEKNO"], weekdays,
        lists["BYSETPOS"], _DAYS.index(start),
    )  # fmt: skip


def day_of(text: str) -> date:
    """The day of a DATE or a DATE-TIME, as written. Raises ValueError."""
    if not re.fullmatch(r"\d{8}(T\d{6}Z?)?", text, re.ASCII):
        raise ValueError(f"'{text[:40]}' is no date")
    try:
        found = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise ValueError(f"'{text}' is no day of the calendar") from None
    if not 1900 <= found.year < 2200:
        raise ValueError(f"'{text[:40]}': years from 1900 to 2199 are taken")
    return found


def work(rule: Recurrence, start: date, first: date, last: date) -> int:
    """At most this many days are tried for the days from ``first`` to ``last``."""
    begin = start if rule.count is not None else max(start, first)
    return max(0, (last - begin).days) + 800


def days(rule: Recurrence, start: date, first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last`` on which the event begins. ``start``, its first day, is
    always one of its days."""
    rule = _completed(rule, start)
    if first <= start <= last:
        yield start
    end = last if rule.until is None else min(last, rule.until)
    found = 1
    for period in _periods(rule, start, start if rule.count is not None else first, end):
        chosen = [day for day in period if _fits(rule, day)]
        if rule.positions:
            chosen = _placed(chosen, rule.positions)
        for day in chosen:
            if day <= start:
                continue
            found += 1
            if day > end or (rule.count is not None and found > rule.count):
                return
            if day >= first:
                yield day


def _completed(rule: Recurrence, start: date) -> Recurrence:
    """The rule, with the parts that it leaves open taken from the first day."""
    if rule.month_days or rule.year_days or rule.weeks or rule.weekdays:
        return rule
    match rule.frequency:
        case "YEARLY":
            return replace(rule, months=rule.months or (start.month,), month_days=(start.day,))
        case "MONTHLY":
            return replace(rule, month_days=(start.day,))
        case "WEEKLY":
            return replace(rule, weekdays=((0, start.weekday()),))
    return rule


def _periods(rule: Recurrence, start: date, first: date, end: date) -> Iterator[list[date]]:
    """The periods, from the one of ``first`` on, each as its days."""
    place = _place(rule, start)
    place += max(0, _place(rule, first) - place) // rule.interval * rule.interval
    while (begin := _begin(rule, place)) <= end:
        until = _begin(rule, place + 1)
        yield [begin + timedelta(days=n) for n in range((until - begin).days)]
        place += rule.interval


def _place(rule: Recurrence, day: date) -> int:
    """Which day, week, month or year it is, counted from the first of the calendar."""
    match rule.frequency:
        case "DAILY":
            return day.toordinal()
        case "WEEKLY":
            return (day.toordinal() - 1 - rule.week_start) // 7
        case "MONTHLY":
            return day.year * 12 + day.month - 1
    return day.year


def _begin(rule: Recurrence, place: int) -> date:
    """The first day of the period with this place."""
    match rule.frequency:
        case "DAILY":
            return date.fromordinal(place)
        case "WEEKLY":
            return date.fromordinal(place * 7 + 1 + rule.week_start)
        case "MONTHLY":
            return _month(place)
    return date(place, 1, 1)


def _month(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _fits(rule: Recurrence, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    length = (_month(day.year * 12 + day.month) - _DAY_LONG).day
    if rule.month_days and not {day.day, day.day - length - 1} & set(rule.month_days):
        return False
    of_year, year = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    if rule.year_days and not {of_year, of_year - year - 1} & set(rule.year_days):
        return False
    if rule.weeks and not _in_weeks(rule, day):
        return False
    return not rule.weekdays or _on_weekday(rule, day, length, of_year, year)


def _on_weekday(rule: Recurrence, day: date, length: int, of_year: int, year: int) -> bool:
    """Which of its weekday the day is counts within the month, or within the year if the rule names
    no months."""
    in_month = rule.frequency == "MONTHLY" or bool(rule.months)
    place, size = (day.day, length) if in_month else (of_year, year)
    nth, from_end = (place - 1) // 7 + 1, -((size - place) // 7 + 1)
    return any(
        day.weekday() == weekday and which in (0, nth, from_end) for which, weekday in rule.weekdays
    )


def _in_weeks(rule: Recurrence, day: date) -> bool:
    """The first week of a year is the first one with at least four days in it."""

    def first_week(year: int) -> date:
        begin = date(year, 1, 1)
        offset = (begin.weekday() - rule.week_start) % 7
        week = begin - timedelta(days=offset)
        return week if offset <= 3 else week + timedelta(weeks=1)

    year = day.year  # a week may begin in the year before, or end in the one after
    if day < first_week(year):
        year -= 1
    elif day >= first_week(year + 1):
        year += 1
    begin, after = first_week(year), first_week(year + 1)
    number, weeks = (day - begin).days // 7 + 1, (after - begin).days // 7
    return bool({number, number - weeks - 1} & set(rule.weeks))


def _placed(chosen: list[date], positions: tuple[int, ...]) -> list[date]:
    places = {p - 1 if p > 0 else len(chosen) + p for p in positions}
    return [day for place, day in enumerate(chosen) if place in places]


def _weekday(text: str, frequency: str) -> tuple[int, int]:
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(f"RRULE: BYDAY '{text[:20]}'")
    which = _number("BYDAY", found[1], -53, 53) if found[1] else 0
    if found[1] and (which == 0 or frequency not in ("YEARLY", "MONTHLY")):
        raise ValueError(f"RRULE: BYDAY '{text[:20]}' with {frequency}")
    return which, _DAYS.index(found[2])


def _numbers(name: str, text: str) -> tuple[int, ...]:
    least, most = _LISTS[name]
    found = tuple(_number(name, each, least, most) for each in _split(text))
    if 0 in found:
        raise ValueError(f"RRULE: {name} of 0")
    return found


def _split(text: str) -> list[str]:
    found = text.split(",") if text else []
    if len(found) > 400:
        raise ValueError("RRULE: a list of more than 400")
    return found


def _number(name: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?\d{1,6}", text, re.ASCII) or not least <= int(text) <= most:
        raise ValueError(f"RRULE: {name} '{text[:20]}' is not from {least} to {most}")
    return int(text)
