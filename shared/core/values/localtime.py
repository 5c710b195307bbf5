"""Local times as moments. Where a clock is put forward, a time that does not exist stands for the
moment at which the clock would have shown it; where it is put back, a time that comes twice means
its first coming."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def moment(day: date, at: time, zone: str) -> datetime:
    """In UTC."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def local_date(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def shown(at: datetime, zone: str) -> str:
    """``2026-11-25 04:00 CET``."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"
