"""Whom the end of a matter sets free: only drains that events have started. What a person asked for is a
person's to end."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from shared.core.drain.model import Drain
from shared.core.events.signals import Signal
from shared.core.events.triage import Group, kin
from shared.core.host.host import HostRecord
from shared.core.host.phases import Phase
from shared.core.values.hostnames import host_key

Place = tuple[str, str]
"""A host pool's key, and a host's."""
_BEFORE = (Phase.QUEUED, Phase.DRAINING, Phase.EMPTY)


@dataclass(frozen=True, slots=True)
class Freed:
    """Hosts of a drain whose cause is over, by key: those in maintenance are released, those before it
    are left alone."""

    release: tuple[str, ...]
    skip: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.release or self.skip)


def is_ended_by(drain: Drain, signal: Signal) -> bool:
    return drain.control.cause is not None and drain.control.cause.source in signal.ends


def meant(drain: Drain, wanted: Collection[Place] | None) -> tuple[HostRecord, ...]:
    """The drain's hosts that an end is about. ``wanted`` None: it is about all of them."""
    pool = drain.control.pool.key
    return tuple(
        host
        for host in drain.hosts
        if not host.ended and (wanted is None or (pool, host.key) in wanted)
    )


def freed(drain: Drain, hosts: Iterable[HostRecord], stay: Mapping[str, str]) -> Freed:
    """What is done about these hosts, but for those for which something else asks (host key, what)."""
    held = drain.control.policy.maintenance.held
    going = [host for host in hosts if host.key not in stay]
    return Freed(
        tuple(h.key for h in going if h.phase is Phase.MAINTAINING and held),
        tuple(h.key for h in going if h.phase in _BEFORE),
    )


def asked_for_now(drain: Drain, asking: Iterable[Group]) -> dict[str, str]:
    """Hosts of the drain for which something asks at the same moment, and what."""
    stay: dict[str, str] = {}
    cause, pool = drain.control.cause, drain.control.pool.key
    for group in asking:
        if cause is not None and group.pool.key == pool and kin(group.cause) == kin(cause):
            stay |= dict.fromkeys(map(host_key, group.hosts), group.signals[0].about)
    return stay
