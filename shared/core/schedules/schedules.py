"""Schedules: the times at which they run, and what happens to runs that were missed.

The times come from a cron expression in a time zone. If a clock change repeats an hour, a run in it
happens once, at the first; if a clock change skips it, the run happens when the clock has moved
(cronsim does what Debian's cron does).
"""

import json
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

MOST = 1000
"""At most this many times are considered at once."""


class Missed(StrEnum):
    """What happens to a run whose time passed while the app did not look."""

    RUN_LATE = "runLate"
    SKIP = "skip"


class What(StrEnum):
    DRAIN = "drain"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Schedule:
    """``request``: the body of the drain or campaign, as JSON. ``zone``: an IANA time zone."""

    name: str
    cron: str
    zone: str
    what: What
    request: str
    except_dates: tuple[date, ...] = ()
    calendar: str = field(default="", repr=False)
    """The address of an iCalendar file. On the days of its events nothing runs."""
    missed: Missed = Missed.RUN_LATE
    late_within: timedelta = timedelta(hours=1)
    enabled: bool = True
    report_to: str = field(default="", repr=False)
    by: str = ""
    changed_at: datetime | None = None
    from_file: bool = False
    warnings: tuple[str, ...] = ()
    """Warnings about its request from when it was made."""
    caller: str = ""
    """Identifies the caller who made it; empty if that is not known."""

    def __post_init__(self) -> None:
        """Whoever has a schedule reckons with its times, and reads its request. Raises ValueError where that cannot
        be."""
        if fault := fault_of(self.cron) or _fault_of_zone(self.zone):
            raise ValueError(fault)
        if not isinstance(json.loads(self.request), dict):
            raise ValueError("a request that is no object")


class RunState(StrEnum):
    """STARTING: to be begun, now or at a later try. RUNNING: its drains run. ENDED: they have
    ended. SKIPPED: it was left out. REFUSED: it could not begin."""

    STARTING = "starting"
    RUNNING = "running"
    ENDED = "ended"
    SKIPPED = "skipped"
    REFUSED = "refused"


FINAL = frozenset({RunState.ENDED, RunState.SKIPPED, RunState.REFUSED})


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a schedule and its result."""

    schedule: str
    at: datetime
    state: RunState
    text: str = ""
    drains: tuple[str, ...] = ()
    campaign: str = ""
    begun_at: datetime | None = None
    report: Mapping[str, Any] | None = None
    report_to: str = field(default="", repr=False)
    report_taken: str = ""
    """How the delivery of the report ended; empty until it has."""
    tries: int = 0
    try_at: datetime | None = None
    failing_since: datetime | None = None
    """Since when posting its report fails."""
    asked_by: str = ""
    """Who asked for the run; empty if its planned time began it."""
    untold: bool = False
    """Whether receivers of notifications must still be notified of it."""
    pools: tuple[str, ...] = ()
    """Resource ids of the host pools that its schedule had then; none: that is not known."""


@dataclass(frozen=True, slots=True)
class Considered:
    """Up to when a schedule's planned times have been handled."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """Warnings from the last time when the app checked a schedule's request, by itself or in a dry
    run."""

    at: datetime
    of: str
    """Identifies the request that was checked."""
    warnings: tuple[str, ...] = ()


@lru_cache
def _fault_of_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        return "a time zone that is not known here"
    return ""


@lru_cache
def fault_of(cron: str) -> str:
    """What is wrong with a cron expression; empty if nothing is."""
    if len(cron.split()) != 5:
        return "five fields: minute, hour, day of the month, month, day of the week"
    try:
        next(CronSim(cron, datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, ValueError) as error:
        return str(error) or "not a cron expression"
    except StopIteration:
        return "it never comes"
    return ""


def occurrences(cron: str, zone: str, after: datetime, until: datetime) -> tuple[datetime, ...]:
    """The times in (after, until], in UTC, oldest first; at most the last ``MOST`` of them."""
    found = deque[datetime](maxlen=MOST)
    for at in CronSim(cron, after.astimezone(ZoneInfo(zone))):
        moment = at.astimezone(UTC)
        if moment > until:
            break
        if moment > after and (not found or moment > found[-1]):
            found.append(moment)
    return tuple(found)


def following(schedule: Schedule, now: datetime, most: int) -> tuple[datetime, ...]:
    """The next ``most`` times, in UTC, for readers. Excluded days are not considered."""
    times = CronSim(schedule.cron, now.astimezone(ZoneInfo(schedule.zone)))
    return tuple(at.astimezone(UTC) for at in islice(times, most))


def verdicts(
    schedule: Schedule, moments: Iterable[datetime], now: datetime, free: Mapping[date, str]
) -> tuple[Run, ...]:
    """A run for each time that has passed: the last one begins if it is not too late, all others
    are skipped, each with the reason. ``free``: days of the calendar on which nothing runs, with
    the reason."""
    due = sorted(moments)
    found: list[Run] = []
    for number, at in enumerate(due):
        run = Run(schedule.name, at, RunState.STARTING, begun_at=now, report_to=schedule.report_to)
        why = _why_not(schedule, at, now, free)
        if not why and number < len(due) - 1:
            why = "missed: a later one came before it was seen to"
        found.append(replace(run, state=RunState.SKIPPED, text=why) if why else run)
    return tuple(found)


PUNCTUAL = timedelta(minutes=5)
"""A timer that is late by no more than this has missed nothing."""


def _why_not(schedule: Schedule, at: datetime, now: datetime, free: Mapping[date, str]) -> str:
    day = at.astimezone(ZoneInfo(schedule.zone)).date()
    if not schedule.enabled:
        return "the schedule is not enabled"
    if day in schedule.except_dates:
        return f"{day} is left out"
    if day in free:
        return f"{day} is left out: {free[day]}"
    late = now - at
    if schedule.missed is Missed.SKIP and late > PUNCTUAL:
        return "missed: missed runs are skipped"
    if late > max(schedule.late_within, PUNCTUAL):
        return f"missed by {late - late % timedelta(minutes=1)}: too late to run"
    return ""
