"""Reads when a service may be asked again."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from azure.core.rest import AsyncHttpResponse

LONGEST_CLOSED = timedelta(hours=1)
"""The longest ``Retry-After`` that is believed."""


def retry_after(response: AsyncHttpResponse) -> timedelta:
    """The time in ``Retry-After``, given in seconds or as a date (RFC 9110, 10.2.3); at most an
    hour. Without a readable value: 30 seconds."""
    raw = response.headers.get("Retry-After", "").strip()
    if raw.isascii() and raw.isdigit() and len(raw) < 10:
        return min(timedelta(seconds=int(raw)), LONGEST_CLOSED)
    try:
        at = parsedate_to_datetime(raw)
        delay = (at if at.tzinfo is not None else at.replace(tzinfo=UTC)) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return timedelta(seconds=30)
    return min(max(delay, timedelta(seconds=1)), LONGEST_CLOSED)
