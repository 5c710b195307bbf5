"""The engine's ports, over the simulated world directly: no HTTP between them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from local.sim import runcommands
from local.sim.things import Host, Pool, Run
from local.sim.world import World
from shared.core.actions import PowerAction
from shared.core.announcements import Announcement
from shared.core.conditions import Ask, Reply
from shared.core.hostnames import host_key
from shared.core.hostpool import HostPoolId
from shared.core.rights import Permission
from shared.core.seen import (
    HostSeen,
    MachineSeen,
    OperationSeen,
    OperationState,
    PlanPhase,
    PlanSeen,
    PoolSeen,
    PoolType,
    RunSeen,
    ScriptSeen,
    SessionSeen,
)
from shared.errors import NotFoundError, PassingError, RejectedError
from shared.ports import WebhookCall, Work

EVERY_DAY = frozenset(range(7))
RAMP_UP = PlanPhase("ramp-up", EVERY_DAY, time(0), 50, 80)


class TimeOfDay(Protocol):
    """The true time of the estate."""

    @property
    def at(self) -> datetime: ...


class Estate(Protocol):
    """What the ports are over: a world with one pool, and what the tests want of it."""

    pool: Pool
    operations: dict[str, list[str]]
    answers: "list[NightAnswer]"
    answer_after: timedelta | None

    @property
    def world(self) -> World: ...

    @property
    def clock(self) -> TimeOfDay: ...

    def host(self, name: str) -> Host:
        """Raises NotFoundError."""
        ...

    def host_of(self, vm_id: str) -> Host:
        """Raises NotFoundError."""
        ...

    def record(self, name: str, *, before: bool = True) -> None:
        """Called around each call by its name; may raise what the call is to raise."""
        ...

    def listed(self) -> None:
        """Called after each listing of hosts."""
        ...

    def deliver(self, work: Work, delay: timedelta) -> None: ...


class NightQueue:
    def __init__(self, night: Estate) -> None:
        self._night = night

    async def send(self, work: Work, delay: timedelta) -> None:
        self._night.deliver(work, delay)


class NightPlane:
    """The control plane, over the world directly."""

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
        return MachineSeen(bool(vm.busy), None if vm.busy else vm.changed_at, vm.power)

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


class NightRights:
    def __init__(self, night: Estate) -> None:
        self._night = night

    async def permissions(self, scope: str) -> tuple[Permission, ...]:
        self._night.record("permissions")
        actions = {"all": ("*",), "read": ("*/read",), "none": ()}
        return (Permission(actions[self._night.pool.rights]),)


class NightConditions:
    """Everything is well unless the night says otherwise."""

    def __init__(self, night: Any) -> None:
        self._night = night

    async def reply(self, pool: HostPoolId, ask: Ask) -> Reply:
        self._night.record("reply")
        replies: Mapping[type[Ask], Reply] = getattr(self._night, "replies", {})
        return replies.get(type(ask), Reply(status=200))


class NightRuns:
    """Maintenance runs of the world."""

    def __init__(self, night: Estate) -> None:
        self._night = night

    async def machines(self, run: str, subscriptions: Collection[str]) -> tuple[str, ...]:
        self._night.record("machines")
        found = self._night.world.runs.get(run.lower())
        return tuple(host.vm.id for host in found.hosts) if found is not None else ()

    async def state(self, run: str) -> RunSeen:
        self._night.record("run_state")
        return RunSeen(self._run(run).status)

    async def cancel(self, run: str) -> None:
        self._night.record("cancel_run")
        found = self._run(run)
        if found.status != "Cancelled" and self._night.clock.at >= found.cut_off:
            raise RejectedError("the cut-off time has passed")
        if found.status != "Cancelled":
            found.status = "Cancelled"
            self._night.world.note("run cancelled", run=run)
        self._night.record("cancel_run", before=False)

    def _run(self, run: str) -> Any:
        found = self._night.world.runs.get(run.lower())
        if found is None:
            raise NotFoundError("no such run")
        return found


class NightScripts:
    def __init__(self, night: Estate) -> None:
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
        vm = night.host_of(vm_id).vm
        if vm.busy or vm.power != "running":
            raise PassingError("'runCommand' is not allowed on a VM that is not running")
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

    def __init__(self, night: Estate) -> None:
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

    async def post(self, url: str, body: Mapping[str, Any], key: str) -> None:
        """A subscriber: it hears what it is told."""
        night = self._night
        night.record("post")
        if "schedule" in body:
            night.world.note("reported", schedule=body["schedule"], key=key)
            night.record("post", before=False)
            return
        status, changes = body["status"], len(body["changes"])
        over = "result" in body or "error" in body
        night.world.note("told", subscription=key, status=status, changes=changes, over=over)
        night.record("post", before=False)


class NightTopic:
    """An Event Grid topic: it takes what it is given, unless it is away."""

    def __init__(self, night: Estate) -> None:
        self._night = night

    async def publish(self, announcements: Sequence[Announcement]) -> None:
        self._night.record("publish")
        for each in announcements:
            self._night.world.note("announced", type=each.type, id=each.id, data=dict(each.data))
        self._night.record("publish", before=False)


@dataclass(slots=True)
class NightAnswer:
    at: datetime
    drain: str
    token: str
    given: bool = False


def hosts_of(night: Estate) -> tuple[HostSeen, ...]:
    """All hosts, as a listing shows them now."""
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
