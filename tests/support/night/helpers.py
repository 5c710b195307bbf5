"""The engine's other ports on the simulated world: rights, conditions, maintenance runs, scripts,
webhooks, a topic, receivers of notifications."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from local.sim.estate.things import Run
from local.sim.services import access, runcommands
from shared.core.conditions import Ask, Reply
from shared.core.drain.announcements import Announcement
from shared.core.notifications.message import Message
from shared.core.observation.seen import (
    OperationState,
    RunSeen,
    ScriptSeen,
)
from shared.core.start.doctor.sources import SubscriptionSeen, TopicSeen
from shared.core.start.rights import Permission
from shared.core.values.hostpool import HostPoolId
from shared.errors import NotFoundError, PassingError, RejectedError
from shared.ports import WebhookCall
from tests.support.night.estate import Estate, NightAnswer


class NightRights:
    def __init__(self, night: Estate) -> None:
        self._night = night

    async def permissions(self, scope: str) -> tuple[Permission, ...]:
        self._night.record("permissions")
        return (Permission(access.actions(self._night.pool.rights)),)


class NightSources:
    """Nothing brings events."""

    def __init__(self, night: Estate) -> None:
        self._night = night

    async def topics(self, group: str) -> tuple[TopicSeen, ...]:
        self._night.record("topics")
        return ()

    async def subscriptions(self, topic: str) -> tuple[SubscriptionSeen, ...]:
        self._night.record("subscriptions")
        return ()


class NightConditions:
    """Conditions that hold unless the night says otherwise."""

    def __init__(self, night: Any) -> None:
        self._night = night

    async def reply(self, pool: HostPoolId, ask: Ask) -> Reply:
        self._night.record("reply")
        replies: Mapping[type[Ask], Reply] = getattr(self._night, "replies", {})
        return replies.get(type(ask), Reply(status=200))


class NightRuns:
    """The maintenance runs of the world."""

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
    """Webhooks that reply later, if the night says so. A repeated call for the same work is one
    work."""

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
        """A subscriber, which records what it is sent."""
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
    """An Event Grid topic that accepts all events, unless it is away."""

    def __init__(self, night: Estate) -> None:
        self._night = night

    async def publish(self, announcements: Sequence[Announcement]) -> None:
        self._night.record("publish")
        for each in announcements:
            self._night.world.note("announced", type=each.type, id=each.id, data=dict(each.data))
        self._night.record("publish", before=False)


class NightReceivers:
    """Receivers of notifications. Each records what it is sent, unless it is away."""

    def __init__(self, night: Estate) -> None:
        self._night = night

    async def notify(self, receiver: str, message: Message) -> None:
        night = self._night
        night.record("notify")
        items = [
            {"id": it.happening.id, "times": it.times, "host": it.happening.host,
             "drain": it.happening.drain, "at": it.happening.at.isoformat()}
            for it in message.items
        ]  # fmt: skip
        night.world.note(
            "notified", receiver=receiver, id=message.id, kind=str(message.kind), items=items
        )
        night.record("notify", before=False)


class NightStorage:
    """Storage that works, at the night's own time."""

    tables = ("pools", "index")
    queues = ("work",)

    def __init__(self, night: Any) -> None:
        self._night = night

    async def table(self, name: str) -> datetime:
        self._night.record("table")
        now: datetime = self._night.clock.now()
        return now

    async def queue(self, name: str) -> int:
        self._night.record("queue")
        return 0
