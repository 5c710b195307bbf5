"""Schedules: at which moments, and what is to be done about those that were missed.

The moments are a cron expression's in a time zone. On the night on which an hour comes twice a run in
it happens once, at its first coming; where it does not come, the run happens when the clock has moved
(cronsim keeps to what Debian's cron does).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

MOST = 1000
"""Occurrences that are considered at once."""


class Missed(StrEnum):
    """What becomes of a run whose time has passed while nobody looked."""

    RUN_LATE = "runLate"
    SKIP = "skip"


class What(StrEnum):
    DRAIN = "drain"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Schedule:
    """``request`` is the body of the drain or the campaign, as JSON."""

    name: str
    cron: str
    zone: str
    what: What
    request: str
    except_dates: tuple[date, ...] = ()
    calendar: str = field(default="", repr=False)
    """An iCalendar file: on the days of its events nothing is run."""
    missed: Missed = Missed.RUN_LATE
    late_within: timedelta = timedelta(hours=1)
    enabled: bool = True
    report_to: str = field(default="", repr=False)
    by: str = ""
    changed_at: datetime | None = None
    from_file: bool = False
    warnings: tuple[str, ...] = ()
    """What was amiss when it was made."""
    caller: str = ""
    """Tells who made it from others; empty: that is not known."""


class RunState(StrEnum):
    STARTING = "starting"
    RUNNING = "running"
    ENDED = "ended"
    SKIPPED = "skipped"
    REFUSED = "refused"


FINAL = frozenset({RunState.ENDED, RunState.SKIPPED, RunState.REFUSED})


@dataclass(frozen=True, slots=True)
class Run:
    """One occurrence of a schedule, and what came of it."""

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
    """How the report was taken: empty until it was."""
    tries: int = 0
    try_at: datetime | None = None
    failing_since: datetime | None = None
    """When its report was refused first, or not answered, since it was last taken."""
    asked_by: str = ""
    """Who asked for it, if it is no moment of the schedule's own."""
    untold: bool = False
    """Receivers of notifications are still to be told of it."""
    pools: tuple[str, ...] = ()
    """Resource ids of the host pools that its schedule had then; none: that is not known."""


@dataclass(frozen=True, slots=True)
class Considered:
    """Up to when a schedule's moments have been seen to."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """What was amiss when a schedule's request was last looked at by itself, or run dry."""

    at: datetime
    of: str
    """Tells which request that was."""
    warnings: tuple[str, ...] = ()


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
    """The moments in (after, until], in UTC, oldest first; the last ``MOST`` of them at most."""
    found: list[datetime] = []
    start = after.astimezone(ZoneInfo(zone))
    try:
        for at in CronSim(cron, start):
            moment = at.astimezone(UTC)
            if moment > until:
                break
            if moment > after and (not found or moment > found[-1]):
                found.append(moment)
            if len(found) > MOST:
                found.pop(0)
    except StopIteration:
        pass
    return tuple(found)


def following(schedule: Schedule, now: datetime, most: int) -> tuple[datetime, ...]:
    """The next moments, as a reader wants to see them; days that are left out are not looked at."""
    found: list[datetime] = []
    for at in CronSim(schedule.cron, now.astimezone(ZoneInfo(schedule.zone))):
        found.append(at.astimezone(UTC))
        if len(found) == most:
            break
    return tuple(found)


def verdicts(
    schedule: Schedule, moments: Iterable[datetime], now: datetime, free: Mapping[date, str]
) -> tuple[Run, ...]:
    """What is to come of each moment that has passed: the last one in time is run; all others are
    skipped, each with why. ``free`` tells the days of the calendar on which nothing is run."""
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
