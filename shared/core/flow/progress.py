"""Where a drain and its hosts stand after a decision, and what the history says of that."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.core.drain.history.facts import Moved, StatusChanged
from shared.core.drain.history.history import APP, Entry
from shared.core.drain.model import Progress
from shared.core.host.actions import Action, named
from shared.core.host.host import HostRecord, Intent
from shared.core.host.status import ENDED, status_of


def progressed(
    was: Progress,
    hosts: Iterable[HostRecord],
    now: datetime,
    entries: list[Entry],
    looks: Iterable[datetime] = (),
) -> Progress:
    """The drain's progress with its hosts as they are now; ``entries`` gets a change of its status.
    ``looks``: when it is to be looked at besides when its hosts wait for something."""
    hosts = tuple(hosts)
    status = status_of(host.phase for host in hosts)
    if status is not was.status:
        entries.append(Entry(now, StatusChanged(was.status, status)))
    times = [h.wait.look_at if h.wait is not None else now for h in hosts if not h.ended]
    ended = status in ENDED
    return replace(
        was,
        status=status,
        started_at=was.started_at or now,
        ended_at=now if ended else None,
        look_at=None if ended else min([*times, *looks], default=now),
    )


def moved(start: HostRecord, end: HostRecord, now: datetime, why: str, by: str = "") -> Entry:
    """The entry of a host that went from one phase to another."""
    code = end.ending.code if end.ending is not None else ""
    return Entry(now, Moved(start.phase, end.phase, code), start.key, by or APP, why)


def intending(host: HostRecord, actions: tuple[Action, ...], now: datetime) -> HostRecord:
    """An intent names its message, and does not carry it: a record has its bounds."""
    if not actions and not host.intents:
        return host
    return replace(host, intents=tuple(Intent(named(action), now) for action in actions))
