"""The control plane and the VMs, on the simulated world without HTTP between them."""

from collections.abc import Collection, Mapping
from datetime import time, timedelta

from local.sim.estate.things import Host
from shared.core.host.actions import PowerAction
from shared.core.observation.seen import (
    HostSeen,
    MachineSeen,
    OperationSeen,
    OperationState,
    PlanPhase,
    PlanSeen,
    PoolSeen,
    PoolType,
    SessionSeen,
)
from shared.core.values.hostpool import HostPoolId
from shared.errors import NotFoundError, PassingError
from shared.ports import Work
from tests.support.night.estate import Estate, hosts_of, sessions_of

EVERY_DAY = frozenset(range(7))
RAMP_UP = PlanPhase("ramp-up", EVERY_DAY, time(0), 50, 80)


class NightQueue:
    def __init__(self, night: Estate) -> None:
        self._night = night

    async def send(self, work: Work, delay: timedelta) -> None:
        self._night.deliver(work, delay)


class NightPlane:
    """The control plane, on the world without HTTP."""

    def __init__(self, night: Estate) -> None:
        self._night = night

    async def pool(self, pool: HostPoolId) -> PoolSeen:
        self._night.record("pool")
        return PoolSeen(pool.name, PoolType(self._night.pool.type), 10)

    async def pools(self, scope: str) -> tuple[HostPoolId, ...]:
        self._night.record("pools")
        return (HostPoolId.parse(self._night.pool.id),)

    async def plans(self, pool: HostPoolId) -> tuple[PlanSeen, ...]:
        self._night.record("plans")
        tag = self._night.pool.exclusion_tag
        return (PlanSeen("plan", True, tag, "Europe/Berlin", (RAMP_UP,)),) if tag else ()

    async def host_update(self, pool: HostPoolId) -> str:
        self._night.record("host_update")
        return self._night.pool.host_update

    async def hosts(self, pool: HostPoolId) -> tuple[HostSeen, ...]:
        night = self._night
        night.record("hosts")
        night.world.advance(night.clock.at)
        found = hosts_of(night)
        night.listed()
        return found

    async def sessions(self, pool: HostPoolId) -> tuple[SessionSeen, ...]:
        self._night.record("sessions")
        return sessions_of(self._night)

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
    def __init__(self, night: Estate) -> None:
        self._night = night

    async def machine(self, vm_id: str) -> MachineSeen:
        vm = self._host(vm_id).vm
        asleep = vm.power == "hibernated"
        power = "deallocated" if asleep else vm.power
        return MachineSeen(bool(vm.busy), None if vm.busy else vm.changed_at, power, asleep)

    async def tags(self, vm_id: str) -> Mapping[str, str]:
        self._night.record("tags")
        return dict(self._host(vm_id).vm.tags)

    async def tags_of(self, vm_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        return {vm_id: dict(self._host(vm_id).vm.tags) for vm_id in vm_ids}

    async def set_tag(self, vm_id: str, name: str, value: str, *, on: bool) -> None:
        self._night.record("set_tag")
        host = self._host(vm_id)
        if on:
            self._night.world.tag(host, name, value, "the app")
        elif host.vm.tags.get(name) == value:  # the service compares the value, too
            self._night.world.tag(host, name, None, "the app")
        self._night.record("set_tag", before=False)

    def _host(self, vm_id: str) -> Host:
        return self._night.host_of(vm_id)

    async def power(self, vm_id: str, what: PowerAction) -> str | None:
        night = self._night
        night.record("restart")
        host = self._host(vm_id)
        if host.vm.busy:
            raise PassingError(f"the VM is busy with '{host.vm.busy}'")
        if what in (PowerAction.RESTART, PowerAction.REDEPLOY) and host.vm.power != "running":
            raise PassingError(f"'{what}' is not allowed on a VM that is not running")
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
