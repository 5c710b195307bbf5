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
    hosts: list[str]
    more: Duration | None
    until: Time | None
    stopClocks: bool | None


@with_config(CLOSED)
class EntryView(TypedDict):
    """A line of a drain's history."""

    at: Time | None
    what: str
    host: str | None
    by: str
    why: str
    order: OrderedView | None


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
