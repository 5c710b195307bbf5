"""The progress of a drain and its hosts after a decision, and the entries of history for it."""

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.drain.history.facts import Moved, StatusChanged
from shared.core.drain.history.history import APP, Entry
from shared.core.drain.model import Drain, Progress
from shared.core.host.actions import Action, named
from shared.core.host.host import HostRecord, Intent
from shared.core.host.phases import OUT, Phase
from shared.core.host.status import ENDED, status_of


def progressed(
    was: Progress,
    hosts: Iterable[HostRecord],
    now: datetime,
    entries: list[Entry],
    looks: Iterable[datetime] = (),
) -> Progress:
    """The progress that follows from the hosts. A change of status is appended to ``entries``.
    ``looks``: further times at which to look, besides those of the hosts' waits."""
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
    """The entry for a host that went from one phase to another."""
    code = end.ending.code if end.ending is not None else ""
    return Entry(now, Moved(start.phase, end.phase, code), start.key, by or APP, why)


def intending(host: HostRecord, actions: tuple[Action, ...], now: datetime) -> HostRecord:
    """The host with these actions as its intents. An intent does not contain the text of a message,
    because a record's size is limited."""
    if not actions and not host.intents:
        return host
    return replace(host, intents=tuple(Intent(named(action), now) for action in actions))


def with_intent(host: HostRecord, action: Action, now: datetime) -> HostRecord:
    """The host with one more intent."""
    return replace(host, intents=(*host.intents, Intent(named(action), now)))


def acting_for(drain: Drain, alone: Container[str], now: datetime, lease: timedelta) -> timedelta:
    """How long the actions of one decision may take: as long as a lease, which is renewed
    meanwhile; less if a host without actions now (in ``alone``) may soon be ready to be
    restored."""
    looks = [
        host.wait.look_at
        for host in drain.hosts
        if host.wait is not None
        and host.phase in OUT
        and host.phase is not Phase.DRAINING
        and host.key in alone
    ]
    soonest = min(looks, default=now + lease) - now
    return min(max(soonest, lease / 6), lease)


def cut_short(was: Progress, hosts: Iterable[HostRecord], look_at: datetime) -> Progress:
    """The progress of a drain if some actions were not begun: they are decided again at
    ``look_at``."""
    return replace(was, status=status_of(host.phase for host in hosts), look_at=look_at)


def goes_back(drain: Drain, now: datetime) -> bool:
    """Whether a host of the drain is being restored, or may be ready for it now."""
    return any(
        host.phase in (Phase.VERIFYING, Phase.RESTORING)
        or (host.phase is Phase.MAINTAINING and (host.wait is None or host.wait.look_at <= now))
        for host in drain.hosts
    )
