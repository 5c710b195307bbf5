"""The outside as a night has it: the engine's ports, over the simulated world directly."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from local.sim.things import Host
from local.sim.world import World
from shared.core.actions import PowerAction
from shared.core.hostnames import host_key
from shared.core.hostpool import HostPoolId
from shared.core.seen import (
    HostSeen,
    MachineSeen,
    OperationSeen,
    OperationState,
    PlanSeen,
    PoolSeen,
    PoolType,
    SessionSeen,
)
from shared.errors import NotFoundError
from shared.ports import Work

if TYPE_CHECKING:
    from tests.support.night import Night


class NightQueue:
    def __init__(self, night: "Night") -> None:
        self._night = night

    async def send(self, work: Work, delay: timedelta) -> None:
        self._night.deliver(work, delay)


class NightPlane:
    """The control plane, over the world directly."""

    def __init__(self, night: "Night") -> None:
        self._night = night

    async def pool(self, pool: HostPoolId) -> PoolSeen:
        self._night.record("pool")
        return PoolSeen(pool.name, PoolType(self._night.pool.type), 10)

    async def plans(self, pool: HostPoolId) -> tuple[PlanSeen, ...]:
        self._night.record("plans")
        tag = self._night.pool.exclusion_tag
        return (PlanSeen("plan", True, tag, "Europe/Berlin"),) if tag else ()

    async def host_update(self, pool: HostPoolId) -> str:
        self._night.record("host_update")
        return self._night.pool.host_update

    async def hosts(self, pool: HostPoolId) -> tuple[HostSeen, ...]:
        night = self._night
        night.record("hosts")
        night.world.advance(night.clock.at)
        found = tuple(_seen(night.world, host) for host in night.pool.hosts.values())
        if night.on_listing:
            night.on_listing.pop(0)()
        return found

    async def sessions(self, pool: HostPoolId) -> tuple[SessionSeen, ...]:
        self._night.record("sessions")
        return tuple(
            SessionSeen(host_key(h.name), s.id, s.person.upn, s.state, s.created_at)
            for h in self._night.pool.hosts.values()
            for s in h.sessions.values()
        )

    async def set_allow_new_session(self, pool: HostPoolId, host: str, allow: bool) -> None:
        self._night.record("set_allow_new_session")
        self._night.world.set_drain(self._night.host(host), allow, "the app")
        self._night.record("set_allow_new_session", before=False)

    async def send_message(
        self, pool: HostPoolId, host: str, session_id: str, title: str, text: str
    ) -> None:
        self._night.record("send_message")
        found = self._night.host(host)
        session = found.sessions.get(session_id)
        if session is None:
            raise NotFoundError("no such session")
        self._night.world.tell(self._night.pool, found, session, title, text)
        self._night.record("send_message", before=False)

    async def sign_out(self, pool: HostPoolId, host: str, session_id: str, force: bool) -> None:
        found = self._night.host(host)
        session = found.sessions.get(session_id)
        if session is None:
            raise NotFoundError("no such session")
        self._night.world.sign_out(found, session)


class NightMachines:
    def __init__(self, night: "Night") -> None:
        self._night = night

    async def machine(self, vm_id: str) -> MachineSeen:
        vm = next(h.vm for h in self._night.pool.hosts.values() if h.vm.id == vm_id)
        return MachineSeen(bool(vm.busy), None if vm.busy else vm.changed_at, vm.power)

    async def tags(self, vm_id: str) -> Mapping[str, str]:
        self._night.record("tags")
        return dict(self._host(vm_id).vm.tags)

    async def tags_of(self, vm_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        return {vm_id: dict(self._host(vm_id).vm.tags) for vm_id in vm_ids}

    async def set_tag(self, vm_id: str, name: str, value: str, *, on: bool) -> None:
        self._night.record("set_tag")
        vm = self._host(vm_id).vm
        if on:
            vm.tags[name] = value
        elif vm.tags.get(name) == value:
            del vm.tags[name]
        self._night.record("set_tag", before=False)

    def _host(self, vm_id: str) -> Host:
        return next(h for h in self._night.pool.hosts.values() if h.vm.id == vm_id)

    async def power(self, vm_id: str, what: PowerAction) -> str | None:
        night = self._night
        night.record("restart")
        host = self._host(vm_id)
        came: list[str] = []
        night.world.power(host, what, came.append)
        address = f"operation-{len(night.operations)}"
        night.operations[address] = came
        night.record("restart", before=False)
        return address

    async def operation(self, pool: HostPoolId, address: str) -> OperationSeen:
        came = self._night.operations[address]
        if not came:
            return OperationSeen(OperationState.RUNNING)
        state = OperationState.FAILED if came[0] else OperationState.SUCCEEDED
        return OperationSeen(state, came[0])


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
        update_state="Succeeded",
    )
