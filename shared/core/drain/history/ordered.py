"""Which hosts an order comes too late for, and the order's entry in the history."""

from collections.abc import Collection
from dataclasses import replace

from shared.core.drain.additions import with_added
from shared.core.drain.history.facts import Ordered
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.host.host import HostRecord
from shared.core.host.orders import Order

_NAMED = 10
"""At most this many hosts are named in the sentence; ``Ordered.hosts`` has all."""


def ended(drain: Drain, what: str, keys: Collection[str]) -> tuple[HostRecord, ...]:
    """The hosts among these that have ended, so that the order comes too late for them. A host that
    was given the same order before it ended is not among them: what is asked for holds already."""
    meant = [host for host in drain.hosts if host.key in keys and host.ended]
    return tuple(host for host in meant if not _holds(drain, what, host.key))


def _holds(drain: Drain, what: str, key: str) -> bool:
    if what == "release":
        return drain.control.released(key) is not None
    return what == "skip" and key in drain.control.skips


def too_late(host: HostRecord, what: str) -> str:
    """Why an order has no effect on a host that has ended, for its caller."""
    how = host.ending.text if host.ending is not None else ""
    because = f": {how}" if how else ""
    return f"'{host.name}' has ended ({host.phase}{because}), so '{what}' can have no effect on it"


def entry_for(drain: Drain, ordered: Ordered, order: Order) -> Entry:
    """The order's entry in the history. An order for a single host is an entry of that host."""
    alone = ordered.hosts[0] if len(ordered.hosts) == 1 else ""
    names = {host.key: host.name for host in with_added(drain)}
    named = tuple(names.get(key, key) for key in ordered.hosts[:_NAMED])
    return Entry(order.at, replace(ordered, names=named), alone, order.by, order.why)
