"""Local times as moments, and moments as texts. A local time that a clock change skips means the moment at which the
clock, had it not been changed, would show it. A local time that comes twice means the first."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def moment(day: date, at: time, zone: str) -> datetime:
    """The moment, in UTC, at which clocks in the IANA time zone ``zone`` show this date and time."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def local_date(now: datetime, zone: str) -> date:
    """The date in the time zone at that moment."""
    return now.astimezone(ZoneInfo(zone)).date()


def rounded_up(at: datetime, step: timedelta) -> datetime:
    """The moment, or the next one at which a whole number of steps has passed in UTC."""
    return at + (datetime.min.replace(tzinfo=UTC) - at) % step


def iso(at: datetime) -> str:
    """A moment for programs: ``2026-11-25T03:00:00Z``."""
    return at.isoformat().replace("+00:00", "Z")


def shown(at: datetime, zone: str) -> str:
    """A moment for readers: ``2026-11-25 04:00 CET``."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"
