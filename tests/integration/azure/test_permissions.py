"""Every call of Azure's ports, by the real adapters, against a simulated Azure that allows what the table of
rights lists: what the calls need is what is listed, no action more and none less."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from local.sim.__main__ import application
from local.sim.estate.file import read_estate
from local.sim.estate.things import Host
from local.sim.server import Simulator
from local.sim.services.topics import GROUP
from local.sim.side.emitting import emit
from shared.adapters.azure.arm.clients import ArmClients, NoCredential, StaticToken
from shared.adapters.azure.conditions import AzureConditions
from shared.adapters.azure.controlplane import AzureControlPlane
from shared.adapters.azure.eventsources import AzureEventSources
from shared.adapters.azure.machines import AzureMachines
from shared.adapters.azure.rights import AzureRights
from shared.adapters.azure.runcommands import AzureRunCommands
from shared.adapters.azure.updateruns import AzureUpdateRuns
from shared.core.access.allowed import Script
from shared.core.conditions import Condition
from shared.core.conditions.alertfiring import NoAlertFiring
from shared.core.conditions.asking import Ask, AskAddress
from shared.core.conditions.serviceissue import NoServiceIssue
from shared.core.host.actions import PowerAction
from shared.core.start.permissions import TABLE, Right, Scope
from shared.core.values.hostpool import HostPoolId
from shared.errors import DeniedError
from shared.ports import azure
from tests.support import least_rights

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
POOL = HostPoolId(SUBSCRIPTION, "rg-desktops", "hp-finance")
POOLS_GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-desktops"
MACHINES_GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-machines"
HOST = "avd-fin-0.contoso.example"
LEFT_OUT = [
    right
    for right in TABLE
    if right.scope is Scope.SUBSCRIPTION and not right.action.startswith("Microsoft.ResourceGraph/")
]
"""Without these nothing is refused: Resource Graph leaves out the rows."""
Needed = set[tuple[str, Scope]]


@dataclass
class Side:
    sim: Simulator
    plane: AzureControlPlane
    machines: AzureMachines
    scripts: AzureRunCommands
    runs: AzureUpdateRuns
    rights: AzureRights
    sources: AzureEventSources
    conditions: AzureConditions
    run: str

    @property
    def hosts(self) -> list[Host]:
        return list(self.sim.world.pools[0].hosts.values())

    @property
    def vm(self) -> str:
        return self.hosts[0].vm.id

    @property
    def session(self) -> str:
        return next(iter(self.sim.world.pools[0].hosts[HOST].sessions))

    def hold(self, listed: list[Right]) -> None:
        """The app's identity may do this and nothing else."""

        def at(scope: Scope) -> list[str]:
            return [right.action for right in listed if right.scope is scope]

        for pool in self.sim.world.pools:
            pool.rights, pool.vm_rights = at(Scope.POOLS), at(Scope.MACHINES)
        self.sim.world.rights = {
            "subscriptions": at(Scope.SUBSCRIPTION),
            "configurations": at(Scope.CONFIGURATIONS),
            "sources": at(Scope.SOURCES),
        }

    async def rows(self, ask: Ask) -> tuple[Any, ...]:
        return (await self.conditions.reply(POOL, ask)).rows

    async def needs(self, call: str) -> Needed:
        self.sim.needed.clear()
        await CALLS[call](self)
        return {(action.lower(), _kind(scope)) for action, scope in self.sim.needed}


def _kind(scope: str) -> Scope:
    low = scope.lower()
    if "/maintenanceconfigurations/" in low:
        return Scope.CONFIGURATIONS
    if low == GROUP.lower():
        return Scope.SOURCES
    if low.startswith(POOLS_GROUP.lower()):
        return Scope.POOLS
    if low.startswith(MACHINES_GROUP.lower()):
        return Scope.MACHINES
    assert low == f"/subscriptions/{SUBSCRIPTION}", scope
    return Scope.SUBSCRIPTION


async def _power(side: Side) -> None:
    for host, what in zip(side.hosts, PowerAction, strict=True):
        await side.machines.power(host.vm.id, what)


async def _operation(side: Side) -> None:
    address = await side.machines.power(side.vm, PowerAction.RESTART)
    assert address is not None
    side.sim.needed.clear()
    await side.machines.operation(POOL, address)


async def _sessions_on(side: Side) -> None:
    """Of some hosts alone, where the list of all is long; what is refused there is asked of all."""
    side.plane._session_pages[POOL.key] = 2
    if await side.plane.sessions_on(POOL, [HOST]) is None:
        await side.plane.sessions(POOL)


async def _script(side: Side, do: Callable[[str, str], Awaitable[Any]]) -> None:
    await _run(side)
    side.sim.needed.clear()
    await do(side.vm, "run-1")


async def _run(side: Side) -> None:
    await side.scripts.run(side.vm, "run-1", "patch", {}, 600)


async def _conditions(side: Side) -> None:
    for kind in get_args(Condition):
        ask = kind(**_GIVEN.get(kind().kind, {})).ask()
        if not isinstance(ask, AskAddress):  # a stranger's address needs no right of Azure's
            await side.conditions.reply(POOL, ask)


async def _permissions(side: Side) -> None:
    await side.rights.permissions(POOL.resource_id)
    await side.rights.permissions(MACHINES_GROUP)


async def _subscriptions(side: Side) -> None:
    for topic in side.sim.world.topics:
        assert await side.sources.subscriptions(topic.id)


_GIVEN = {"poolTag": {"name": "hold"}}
CALLS: dict[str, Callable[[Side], Awaitable[Any]]] = {
    "ControlPlane.pool": lambda side: side.plane.pool(POOL),
    "ControlPlane.pools": lambda side: side.plane.pools(POOLS_GROUP),
    "ControlPlane.plans": lambda side: side.plane.plans(POOL),
    "ControlPlane.host_update": lambda side: side.plane.host_update(POOL),
    "ControlPlane.hosts": lambda side: side.plane.hosts(POOL),
    "ControlPlane.sessions": lambda side: side.plane.sessions(POOL),
    "ControlPlane.sessions_on": _sessions_on,
    "ControlPlane.set_allow_new_session": lambda side: side.plane.set_allow_new_session(
        POOL, HOST, False
    ),
    "ControlPlane.send_message": lambda side: side.plane.send_message(
        POOL, HOST, side.session, "title", "text"
    ),
    "ControlPlane.sign_out": lambda side: side.plane.sign_out(POOL, HOST, side.session, False),
    "Machines.machine": lambda side: side.machines.machine(side.vm),
    "Machines.tags": lambda side: side.machines.tags(side.vm),
    "Machines.tags_of": lambda side: side.machines.tags_of([side.vm]),
    "Machines.set_tag": lambda side: side.machines.set_tag(side.vm, "name", "value", on=True),
    "Machines.power": _power,
    "Machines.operation": _operation,
    "UpdateRuns.machines": lambda side: side.runs.machines(side.run, [SUBSCRIPTION]),
    "UpdateRuns.state": lambda side: side.runs.state(side.run),
    "UpdateRuns.cancel": lambda side: side.runs.cancel(side.run),
    "Conditions.reply": _conditions,
    "Rights.permissions": _permissions,
    "EventSources.topics": lambda side: side.sources.topics(GROUP),
    "EventSources.subscriptions": _subscriptions,
    "Scripts.run": _run,
    "Scripts.script": lambda side: _script(side, side.scripts.script),
    "Scripts.forget": lambda side: _script(side, side.scripts.forget),
}


@pytest_asyncio.fixture(loop_scope="session")
async def side(tmp_path: Path) -> AsyncIterator[Side]:
    sim = Simulator(read_estate(least_rights.estate(tmp_path), datetime.now(UTC), 100.0))
    emit(
        sim.world,
        {"what": "updateRun", "hosts": {"hp-lab": ["avd-lab-1"]}, "startsIn": 9000, "cutOff": 100},
    )
    [run] = sim.world.runs.values()
    async with TestServer(application(sim)) as server:
        clients = ArmClients(str(server.make_url("")), NoCredential(), StaticToken("t"))
        yield Side(
            sim,
            AzureControlPlane(clients),
            AzureMachines(clients),
            AzureRunCommands(clients, {"patch": Script("echo hello")}),
            AzureUpdateRuns(clients),
            AzureRights(clients),
            AzureEventSources(clients),
            AzureConditions(clients),
            run.id,
        )
        await clients.close()


async def test_every_call_of_every_port_of_azure_is_made_here() -> None:
    ports = [
        port
        for _, port in inspect.getmembers(azure, inspect.isclass)
        if port.__module__ == azure.__name__
    ]
    methods = {
        f"{port.__name__}.{name}"
        for port in ports
        for name, _ in inspect.getmembers(port, inspect.iscoroutinefunction)
    }
    assert set(CALLS) == methods


@pytest.mark.parametrize("call", CALLS)
async def test_a_call_needs_what_the_table_lists_for_it_and_no_more(side: Side, call: str) -> None:
    listed = {(right.action.lower(), right.scope) for right in TABLE if call in right.calls}
    assert listed
    assert await side.needs(call) == listed


@pytest.mark.parametrize(
    ("right", "call"),
    [(right, call) for right in TABLE for call in right.calls if right not in LEFT_OUT],
    ids=lambda told: told.action if isinstance(told, Right) else told,
)
async def test_without_a_right_each_of_its_calls_is_refused_by_its_name(
    side: Side, right: Right, call: str
) -> None:
    side.hold([each for each in TABLE if each is not right])
    with pytest.raises(DeniedError) as told:
        await side.needs(call)
    assert right.action.lower() in str(told.value).lower()


@pytest.mark.parametrize("right", LEFT_OUT, ids=lambda right: right.action)
async def test_what_resource_graph_may_not_tell_looks_as_if_it_were_not_there(
    side: Side, right: Right
) -> None:
    side.sim.world.alerts.add("sign-ins fail")
    side.sim.world.issues["sign-ins fail"] = "Azure Virtual Desktop"
    told: Callable[[], Awaitable[tuple[Any, ...]]] = {
        "Microsoft.Maintenance/applyUpdates/read": lambda: side.runs.machines(
            side.run, [SUBSCRIPTION]
        ),
        "Microsoft.AlertsManagement/alerts/read": lambda: side.rows(NoAlertFiring().ask()),
        "Microsoft.ResourceHealth/events/read": lambda: side.rows(NoServiceIssue().ask()),
    }[right.action]
    assert await told()
    side.hold([each for each in TABLE if each is not right])
    assert not await told()


async def test_a_right_on_the_pools_is_none_on_their_vms(side: Side) -> None:
    side.sim.world.pools[0].vm_rights = []
    side.sim.world.pools[1].vm_rights = []
    with pytest.raises(DeniedError, match="virtualMachines/restart/action"):
        await side.machines.power(side.vm, PowerAction.RESTART)
    await side.plane.pool(POOL)
