"""Which hosts are freed when the matter of an event is over: only hosts of drains that events
started. What a person asked for, a person ends."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from shared.core.drain.model import Drain
from shared.core.events.signals import Signal
from shared.core.events.triage import Group, kin
from shared.core.host.host import HostRecord
from shared.core.host.phases import Phase
from shared.core.values.hostnames import host_key

Place = tuple[str, str]
"""A host pool's key and a host's key."""
_BEFORE = (Phase.QUEUED, Phase.DRAINING, Phase.EMPTY)


@dataclass(frozen=True, slots=True)
class Freed:
    """Hosts of a drain whose cause is over, by key. ``release``: hosts in maintenance. ``skip``:
    hosts whose maintenance has not begun; it will not."""

    release: tuple[str, ...]
    skip: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.release or self.skip)


def is_ended_by(drain: Drain, signal: Signal) -> bool:
    """Whether the signal ends drains with this drain's cause."""
    return drain.control.cause is not None and drain.control.cause.source in signal.ends


def meant(drain: Drain, wanted: Collection[Place] | None) -> tuple[HostRecord, ...]:
    """The drain's hosts that have not ended and that an end concerns. ``wanted`` None: it concerns
    all of them."""
    pool = drain.control.pool.key
    return tuple(
        host
        for host in drain.hosts
        if not host.ended and (wanted is None or (pool, host.key) in wanted)
    )


def freed(drain: Drain, hosts: Iterable[HostRecord], stay: Mapping[str, str]) -> Freed:
    """What to do with these hosts. ``stay``: hosts for which something else still asks, by key, and
    what."""
    held = drain.control.policy.maintenance.held
    going = [host for host in hosts if host.key not in stay]
    return Freed(
        tuple(h.key for h in going if h.phase is Phase.MAINTAINING and held),
        tuple(h.key for h in going if h.phase in _BEFORE),
    )


def asked_for_now(drain: Drain, asking: Iterable[Group]) -> dict[str, str]:
    """The drain's hosts that groups handled at the same time ask for, and the matter of each."""
    stay: dict[str, str] = {}
    cause, pool = drain.control.cause, drain.control.pool.key
    for group in asking:
        if cause is not None and group.pool.key == pool and kin(group.cause) == kin(cause):
            stay |= dict.fromkeys(map(host_key, group.hosts), group.signals[0].about)
    return stay
