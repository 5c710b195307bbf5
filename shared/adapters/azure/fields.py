"""Reads the fields of the service's JSON, which newer versions may write otherwise: each by itself, and what has an
unknown shape as the value that assumes the least."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

log = logging.getLogger(__name__)

_YEARS = range(1970, 9000)
"""The years that the service's times can be in. It writes ``0001-01-01`` for "none"."""
_MOST_TEXT = 1000
_MOST_DIGITS = 15


def each[T](items: Iterable[Any], read: Callable[[Mapping[str, Any]], T], what: str) -> list[T]:
    """The items of a list that can be read. ``what`` names an item in the log."""
    found = []
    for item in items:
        try:
            found.append(read(item))
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            log.warning("%s that cannot be read is left out: %s", what, type(error).__name__)
    return found


def properties(item: Any, *, needed: bool = False) -> Mapping[str, Any]:
    """The item's properties, empty if it has none. Raises ValueError if it is not an object, or has none and they are
    ``needed``."""
    if not isinstance(item, dict):
        raise ValueError("not an object")
    raw = item.get("properties")
    if needed and not isinstance(raw, dict):
        raise ValueError("no properties")
    return raw if isinstance(raw, dict) else {}


def text(value: object) -> str:
    """A text, cut to ``_MOST_TEXT`` characters; empty if it is none."""
    return value[:_MOST_TEXT] if isinstance(value, str) else ""


def word(value: object, known: Iterable[str]) -> str:
    """One of the known words, whose letter case never matters; another text as it is; empty if it is no text."""
    said = text(value).strip()
    return next((each for each in known if each.lower() == said.lower()), said)


def number(value: object) -> int | None:
    """A whole number, also one in a string, or written with a fraction of zero. None: it is none."""
    if isinstance(value, str):
        said = value.strip()
        return (
            int(said) if said.isascii() and said.isdigit() and len(said) <= _MOST_DIGITS else None
        )
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def time(value: object) -> datetime | None:
    """A time in UTC; without a zone it is read as UTC. None: it is no time, or not in a possible
    year."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        if at.year not in _YEARS:
            return None
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
