"""A line of a drain's history."""

from typing import TypedDict

from pydantic import with_config

from shared.core.drain.model import Entry, Ordered
from shared.core.values.durations import format_duration
from shared.wire.views.words import CLOSED, Duration, Time, time


@with_config(CLOSED)
class OrderedView(TypedDict):
    """What an order asked for: `hosts` by key, empty for all; `until` is the latest deadline that
    came of it."""

    what: str
    """The order's name."""
    hosts: list[str]
    """Keys of the hosts it was for; empty for all."""
    more: Duration | None
    """How much more time was given."""
    until: Time | None
    """The latest deadline that came of it."""
    stopClocks: bool | None
    """Of a pause: whether deadlines wait too."""


@with_config(CLOSED)
class EntryView(TypedDict):
    """A line of a drain's history."""

    at: Time | None
    """When."""
    what: str
    """What was done."""
    host: str | None
    """The session host that it was done to; null for the drain as a whole."""
    by: str
    """At whose request."""
    why: str
    """The reason that was given; may be empty."""
    order: OrderedView | None
    """What was asked for, if it is an order."""


def entry_resource(entry: Entry) -> EntryView:
    return {
        "at": time(entry.at),
        "what": entry.what,
        "host": entry.host or None,
        "by": entry.by,
        "why": entry.why,
        "order": _ordered(entry.ordered),
    }


def _ordered(ordered: Ordered | None) -> OrderedView | None:
    if ordered is None:
        return None
    return {
        "what": ordered.what,
        "hosts": list(ordered.hosts),
        "more": format_duration(ordered.more) if ordered.more is not None else None,
        "until": time(ordered.until),
        "stopClocks": ordered.stop_clocks,
    }
