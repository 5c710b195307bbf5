"""What the ports of a night need of their estate: the simulated world, and what listings show of
it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from local.sim.estate.things import Host, Pool
from local.sim.estate.world import World
from shared.core.observation.seen import (
    HostSeen,
    SessionSeen,
)
from shared.core.values.hostnames import host_key
from shared.ports import Work


class TimeOfDay(Protocol):
    """The true time of the estate."""

    @property
    def at(self) -> datetime: ...


class Estate(Protocol):
    """What the ports work on: a world with one pool, and the tests' hooks."""

    pool: Pool
    operations: dict[str, list[str]]
    answers: "list[NightAnswer]"
    answer_after: timedelta | None

    @property
    def world(self) -> World: ...

    @property
    def clock(self) -> TimeOfDay: ...

    def host(self, name: str) -> Host:
        """A host by name. Raises NotFoundError."""
        ...

    def host_of(self, vm_id: str) -> Host:
        """The host on a VM. Raises NotFoundError."""
        ...

    def record(self, name: str, *, before: bool = True) -> None:
        """Called before and after each call, with its name. May raise what the call is to raise."""
        ...

    def listed(self) -> None:
        """Called after each listing of hosts."""
        ...

    def deliver(self, work: Work, delay: timedelta) -> None: ...


@dataclass(slots=True)
class NightAnswer:
    at: datetime
    drain: str
    token: str
    given: bool = False


def hosts_of(night: Estate) -> tuple[HostSeen, ...]:
    """All hosts as a listing shows them now."""
    return tuple(_seen(night.world, host) for host in night.pool.hosts.values())


def sessions_of(night: Estate) -> tuple[SessionSeen, ...]:
    return tuple(
        SessionSeen(host_key(h.name), s.id, s.person.upn, s.state, s.created_at)
        for h in night.pool.hosts.values()
        for s in h.sessions.values()
    )


def _seen(world: World, host: Host) -> HostSeen:
    return HostSeen(
        key=host_key(host.name),
        name=host.name,
        allow_new_session=host.allow_new_session,
        status=world.status(host),
        sessions=world.session_count(host),
        last_heartbeat=world.heartbeat(host),
        object_id=host.object_id,
        vm_id=host.vm.id,
        update_state="Started" if world.status(host) == "Upgrading" else "Succeeded",
    )
