"""The outside as a night has it: the engine's ports, over the simulated world directly."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from local.sim import runcommands
from local.sim.things import Host, Run
from local.sim.world import World
from shared.core.actions import PowerAction
from shared.core.hostnames import host_key
from shared.core.hostpool import HostPoolId
from shared.core.rights import Permission
from shared.core.seen import (
    HostSeen,
    MachineSeen,
    OperationSeen,
    OperationState,
    PlanSeen,
    PoolSeen,
    PoolType,
    ScriptSeen,
    SessionSeen,
)
from shared.errors import NotFoundError
from shared.ports import WebhookCall, Work

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
        vm = self._host(vm_id).vm
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
        return self._night.host_of(vm_id)

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


class NightRights:
    def __init__(self, night: "Night") -> None:
        self._night = night

    async def permissions(self, scope: str) -> tuple[Permission, ...]:
        self._night.record("permissions")
        actions = {"all": ("*",), "read": ("*/read",), "none": ()}
        return (Permission(actions[self._night.pool.rights]),)


class NightScripts:
    def __init__(self, night: "Night") -> None:
        self._night = night

    async def run(
        self,
        vm_id: str,
        run: str,
        command: str,
        parameters: Mapping[str, str],
        time_limit: int,
    ) -> None:
        night = self._night
        night.record("run")
        given = [{"name": name, "value": value} for name, value in parameters.items()]
        begun = Run({"script": command}, given, night.world.now)
        runcommands.begin(night.world, night.host_of(vm_id), run, begun, time_limit)
        night.record("run", before=False)

    async def script(self, vm_id: str, run: str) -> ScriptSeen:
        self._night.record("script")
        found = self._night.host_of(vm_id).vm.runs.get(run)
        if found is None:
            raise NotFoundError("no such run")
        states = {"Running": OperationState.RUNNING, "Succeeded": OperationState.SUCCEEDED}
        state = states.get(found.state, OperationState.FAILED)
        return ScriptSeen(state, found.output + found.error, found.state)

    async def forget(self, vm_id: str, run: str) -> None:
        self._night.record("forget")
        host = self._night.host_of(vm_id)
        if run not in host.vm.runs:
            raise NotFoundError("no such run")
        runcommands.remove(self._night.world, host, run)
        self._night.record("forget", before=False)


class NightWebhooks:
    """Answers later, if the night says so; a repeated call for the same work is one work."""

    def __init__(self, night: "Night") -> None:
        self._night = night

    async def call(self, url: str, what: WebhookCall) -> None:
        night = self._night
        night.record("webhook")
        night.world.note("webhook called", night.host(what.host), time=what.time)
        token = what.callback.rsplit("/", 1)[-1]
        known = any(token == answer.token for answer in night.answers)
        if night.answer_after is not None and not known:
            at = night.clock.at + night.answer_after
            night.answers.append(NightAnswer(at, what.drain, token))
        night.record("webhook", before=False)


@dataclass(slots=True)
class NightAnswer:
    at: datetime
    drain: str
    token: str
    given: bool = False


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
