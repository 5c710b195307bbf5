"""What the control plane may say that it does not usually say, spoken by the simulator over HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from local.sim.__main__ import application
from local.sim.estate.file import SAMPLE, read_estate
from local.sim.server import Simulator
from shared.adapters.azure.arm.clients import ArmClients, NoCredential, StaticToken
from shared.adapters.azure.controlplane import AzureControlPlane
from shared.adapters.azure.machines import AzureMachines
from shared.core.host.actions import PowerAction
from shared.core.values.hostpool import HostPoolId
from shared.errors import (
    DeniedError,
    NotFoundError,
    PassingError,
    RejectedError,
    ThrottledError,
)

POOL = HostPoolId("11111111-2222-3333-4444-555555555555", "rg-desktops", "hp-finance")
HOST = "avd-fin-0.contoso.example"


class Wire:
    """Both sides of it."""

    def __init__(self, sim: Simulator, clients: ArmClients) -> None:
        self.sim = sim
        self.plane = AzureControlPlane(clients)
        self.machines = AzureMachines(clients)

    def says(self, **rule: Any) -> None:
        self.sim.faults.add({"effect": "rewrite", **rule})

    @property
    def vm(self) -> str:
        return self.sim.world.pools[0].hosts[HOST].vm.id


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def served() -> AsyncIterator[tuple[Simulator, str]]:
    sim = Simulator(read_estate(SAMPLE, datetime.now(UTC), 100.0))
    async with TestServer(application(sim)) as server:
        yield sim, str(server.make_url(""))


@pytest_asyncio.fixture(loop_scope="session")
async def wire(served: tuple[Simulator, str]) -> AsyncIterator[Wire]:
    """Clients of each test's own: they remember a wait that they were told."""
    sim, address = served
    sim.faults.lift("")
    clients = ArmClients(address, NoCredential(), StaticToken("t"))
    yield Wire(sim, clients)
    await clients.close()


@pytest.mark.parametrize(
    "odd", [{"raw": "<html>gone</html>"}, {"raw": ""}, {"raw": '{"value": [{'},
            {"set": {"/value": None}}, {"set": {"/value": 3}}, {"remove": ["/value"]}],
)  # fmt: skip
async def test_a_list_that_is_none_is_not_read(wire: Wire, odd: dict[str, Any]) -> None:
    wire.says(path="*/hp-finance/sessionhosts*", **odd)
    with pytest.raises(PassingError):
        await wire.plane.hosts(POOL)
    assert await wire.plane.hosts(POOL)


async def test_a_host_that_is_no_vm_is_read_and_its_power_is_refused(wire: Wire) -> None:
    arc = "/subscriptions/s/resourceGroups/g/providers/Microsoft.HybridCompute/machines/a"
    wire.says(
        operation="sessionHosts.list",
        set={
            "/value/avd-fin-0/properties/resourceId": arc,
            "/value/*/properties/lastHeartBeat": "2026-11-25T01:02:03",
        },
    )
    hosts = {host.key: host for host in await wire.plane.hosts(POOL)}
    assert {host.last_heartbeat for host in hosts.values()} == {
        datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC)
    }
    assert hosts[HOST].vm_id == arc
    with pytest.raises(RejectedError, match=r"not the resource id of a Microsoft\.Compute VM"):
        await wire.machines.power(arc, PowerAction.RESTART)


async def test_a_refusal_lasts_until_it_is_lifted(wire: Wire) -> None:
    rule = wire.sim.faults.add(
        {"effect": "status", "path": "*/usersessions*", "status": 403,
         "code": "AuthorizationFailed", "times": -1}
    )  # fmt: skip
    for _ in range(2):
        with pytest.raises(DeniedError):
            await wire.plane.sessions(POOL)
    wire.sim.faults.lift(str(rule.id))
    await wire.plane.sessions(POOL)


async def test_a_vm_is_gone_under_a_host_that_stays(wire: Wire) -> None:
    wire.sim.faults.add(
        {"effect": "status", "path": "*/virtualmachines/avd-fin-0/*", "status": 404,
         "code": "ResourceNotFound"}
    )  # fmt: skip
    with pytest.raises(NotFoundError):
        await wire.machines.machine(wire.vm)
    assert HOST in {host.key for host in await wire.plane.hosts(POOL)}


async def test_a_retired_version_is_a_refusal(wire: Wire) -> None:
    wire.sim.faults.add(
        {"effect": "status", "path": "*/scalingplans*api-version=*", "status": 400,
         "code": "InvalidApiVersionParameter"}
    )  # fmt: skip
    with pytest.raises(RejectedError, match="InvalidApiVersionParameter"):
        await wire.plane.plans(POOL)


async def test_a_wait_may_be_told_as_a_date(wire: Wire) -> None:
    wire.says(
        operation="hostPools.get",
        status=429,
        headers={"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"},
    )
    with pytest.raises(ThrottledError):
        await wire.plane.pool(POOL)


async def test_the_next_page_is_not_fetched_from_another_origin(wire: Wire) -> None:
    wire.says(operation="sessionHosts.list", set={"/nextLink": "http://127.0.0.1:1/next"})
    with pytest.raises(RejectedError, match="not the control plane's"):
        await wire.plane.hosts(POOL)


async def test_a_vm_that_hibernates_says_so_until_it_starts(wire: Wire) -> None:
    vm = wire.sim.world.pools[0].hosts[HOST].vm
    vm.power, vm.hibernated = "deallocated", True
    assert (await wire.machines.machine(vm.id)).hibernated
    await wire.machines.power(vm.id, PowerAction.START)
    assert not (await wire.machines.machine(vm.id)).hibernated
